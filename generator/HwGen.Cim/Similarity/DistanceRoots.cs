using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The roots ⌊√(256·d²)⌋ of a tile's squared distances, all lanes together, one bit a cycle.</summary>
/// <param name="configuration">Lanes and widths.</param>
public sealed class DistanceRoots(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private const int FractionBits = 8;

    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>1 to begin.</summary>
    public Input Start { get; } = new(1);

    /// <summary>The squared distances, lane 0 in the lowest bits.</summary>
    public Input Distances { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).DistanceBits);

    /// <summary>1 when the roots are there: as many cycles later as a root has bits, and one.</summary>
    public Output Done { get; } = new(1);

    /// <summary>The roots, lane 0 in the lowest bits.</summary>
    public Output Roots { get; } = new(new SimilarityWidths(configuration).ComparedLanes * new SimilarityWidths(configuration).StatisticBits);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (bits, rootBits, statisticBits) = (_widths.DistanceBits, _widths.RootBits, _widths.StatisticBits);
        Register(out var left, Widths.Count(rootBits), reset: 0);
        Register(out var done, 1, reset: 0);
        Wire(out var steps, left.AnyOne());
        When(steps, () => left.Drive(left - 1));
        When(Start, () => left.Drive(rootBits));
        done.Drive(left.EqualTo(1));
        for (var lane = 0; lane < _widths.ComparedLanes; lane++)
        {
            Instance(out var root, new IntegerRoot(rootBits), index: lane);
            root.Start.Drive(Start);
            root.Step.Drive(steps);
            var square = Distances.Bits(lane * bits, bits).ZeroExtend(Math.Max(bits, 2 * rootBits));
            Wire(out var value, square.Truncate(2 * rootBits).ShiftLeft(FractionBits), name: FormattableString.Invariant($"value_{lane}"));
            root.Value.Drive(value);
            Roots.DriveBits(lane * statisticBits, root.Root.ZeroExtend(statisticBits));
        }

        Done.Drive(done);
    }

    private static string Name(ArrayConfiguration configuration)
    {
        var widths = new SimilarityWidths(configuration);
        return FormattableString.Invariant($"l{widths.ComparedLanes}_d{widths.DistanceBits}");
    }
}
