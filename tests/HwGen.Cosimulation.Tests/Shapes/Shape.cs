using HwGen.Architecture.Configuration;
using HwGen.Cim;

namespace HwGen.Cosimulation.Tests.Shapes;

/// <summary>The shapes that every version must give: one lane and all lanes, narrow and wide rows, one row group and many.</summary>
public sealed record Shape(int Rows, int Columns, int Lanes)
{
    public static TheoryData<Shape> All => new()
    {
        new Shape(8, 4, 1),
        new Shape(64, 8, 64),
        new Shape(32, 512, 32),
        new Shape(512, 32, 1),
        new Shape(512, 32, 64),
        new Shape(512, 32, 512),
        new Shape(1024, 64, 16),
    };

    internal ArrayConfiguration Configuration => new(
        FormattableString.Invariant($"r{Rows}_c{Columns}_l{Lanes}"), Rows, Columns, Lanes, ArrayConfiguration.AllOperations, OperandWords: 64, ResultWords: Math.Max(2, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Lanes)));

    internal GeneratedCore Generate() => CoreGenerator.Generate(Configuration);

    public override string ToString() => FormattableString.Invariant($"{Rows} x {Columns} x {Lanes}");
}
