using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Simulation;
using HwGen.Simulation.Verilator;
using ArrayOperation = HwGen.Architecture.Configuration.RowOperation;
using GoldenOperation = HwGen.Golden.RowOperation;

namespace HwGen.Cosimulation.Tests.Shapes;

/// <summary>Random rows, operands and operations through the ports of the emitted Verilog, in Verilator, against golden's definition of a row.</summary>
public class RowResultTests
{
    private const int LeastResults = 1000;

    [Theory]
    [MemberData(nameof(Shape.All), MemberType = typeof(Shape))]
    public void A_thousand_random_results_of_each_shape_equal_golden(Shape shape)
    {
        var configuration = shape.Configuration;
        var core = shape.Generate();
        // Few cycles are run: a quick compilation is worth more than a quick model.
        var engine = new VerilatorEngine { CompilerOptions = ["-O0"] };
        var random = new Random(shape.Rows + shape.Columns + shape.Lanes);
        var results = 0;
        var operations = new HashSet<ArrayOperation>();
        // Each simulator begins with other random values in every register and memory.
        for (var seed = 1; results < LeastResults || seed <= 2; seed++)
        {
            using var simulator = engine.Start(NetlistSource.Of(core.Design, core.Files), new SimulationOptions { Seed = seed });
            var driver = new CoreDriver(simulator, configuration);
            var rows = Rows(configuration, random, seed);
            driver.LoadRows(rows);
            foreach (var row in rows)
            {
                driver.ReadRow(row.Group, row.Lane).AsEnumerable().ShouldBe(row.Bits, customMessage: FormattableString.Invariant($"row {(row.Group * configuration.Lanes) + row.Lane} is not read back"));
            }

            for (var run = 0; run < Math.Max(4, LeastResults / 2 / configuration.Lanes); run++)
            {
                var group = random.Next(configuration.Groups);
                var operand = Bits(configuration.Columns, random);
                var valid = random.Next(1, configuration.Columns + 1);
                var initials = Initials(configuration, random);
                driver.LoadInitials(initials);
                driver.WriteOperands(5, operand.AsSpan());
                var descriptor = OneOperand(configuration, group, valid);
                driver.Run(descriptor).ShouldBe(new CoreCounters(descriptor.Cycles, descriptor.RowActivations));
                var actual = driver.ReadResults(0, configuration.Lanes);
                foreach (var row in rows.Where(r => r.Group == group))
                {
                    var expected = initials[row.Lane].Value + GoldenOperation.Count(
                        Function(row.Operation), Unpacked(row.Bits, configuration.Columns), Unpacked(operand, configuration.Columns),
                        [.. Enumerable.Range(0, configuration.Columns).Select(column => column < valid)]);
                    actual[row.Lane].ShouldBe(expected, FormattableString.Invariant($"{shape}, seed {seed}, run {run}, group {group}, lane {row.Lane}, {row.Operation}, {valid} valid columns"));
                    operations.Add(row.Operation);
                    results++;
                }
            }
        }

        results.ShouldBeGreaterThanOrEqualTo(LeastResults);
        operations.Count.ShouldBe(4);
    }

    /// <summary>One operand, one position, every lane of one row group, the sums as they are.</summary>
    private static LayerDescriptor OneOperand(ArrayConfiguration configuration, int group, int validColumns)
    {
        var values = new Dictionary<DescriptorField, int>
        {
            [DescriptorField.OperandBase] = 5,
            [DescriptorField.LastWordColumns] = validColumns,
            [DescriptorField.GroupBase] = group,
            [DescriptorField.TileFilters] = configuration.Lanes,
            [DescriptorField.LastTileFilters] = configuration.Lanes,
            [DescriptorField.SectorLanes] = configuration.Lanes,
            [DescriptorField.FinishCycles] = configuration.Lanes + 11,
            [DescriptorField.Control] = (int)ControlBits.RawOutput,
        };
        foreach (var count in (DescriptorField[])
            [
                DescriptorField.Planes, DescriptorField.WeightPlanes, DescriptorField.OutputPlanes, DescriptorField.DrainCycles, DescriptorField.ChannelWords, DescriptorField.KernelWidth, DescriptorField.KernelHeight,
                DescriptorField.DilationX, DescriptorField.DilationY, DescriptorField.StrideX, DescriptorField.StrideY,
                DescriptorField.InputWidth, DescriptorField.InputHeight, DescriptorField.PoolWidth, DescriptorField.PoolHeight,
                DescriptorField.OutputWidth, DescriptorField.OutputHeight, DescriptorField.Tiles,
            ])
        {
            values.Add(count, 1);
        }

        return LayerDescriptor.Create(configuration, values);
    }

    private static List<RowImage> Rows(ArrayConfiguration configuration, Random random, int seed) =>
        [.. Enumerable.Range(0, configuration.Rows).Select(row => new RowImage(
            row / configuration.Lanes, row % configuration.Lanes, configuration.RowOperations[(row + seed) % 4], Bits(configuration.Columns, random)))];

    private static List<InitialImage> Initials(ArrayConfiguration configuration, Random random) =>
        [.. Enumerable.Range(0, configuration.Lanes).Select(lane => new InitialImage(0, lane, random.Next(-1000, 1000), false))];

    /// <summary>Random bits; all zeros and all ones come up too.</summary>
    private static ImmutableArray<ulong> Bits(int columns, Random random)
    {
        var words = new ulong[BitWords.Count(columns)];
        var kind = random.Next(10);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = kind switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) };
        }

        words[^1] &= BitWords.TopMask(columns);
        return [.. words];
    }

    private static bool[] Unpacked(ImmutableArray<ulong> words, int columns) =>
        [.. Enumerable.Range(0, columns).Select(column => (words[column / 64] >> (column % 64) & 1) != 0)];

    private static RowFunction Function(ArrayOperation operation) => operation switch
    {
        ArrayOperation.Nand => RowFunction.Nand,
        ArrayOperation.And => RowFunction.And,
        ArrayOperation.Xor => RowFunction.Xor,
        _ => RowFunction.Or,
    };
}
