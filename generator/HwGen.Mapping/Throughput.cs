namespace HwGen.Mapping;

/// <summary>What an image spends its cycles on, of the parts that are told apart.</summary>
public enum CyclePart
{
    /// <summary>Rows meet operands.</summary>
    Evaluation,

    /// <summary>The core waits for sums, drains values one by one, writes words.</summary>
    Output,

    /// <summary>The host loads rows, thresholds and descriptors again.</summary>
    Reload,

    /// <summary>The host writes the input and reads the results.</summary>
    ImageTransfer,
}

/// <summary>Images a second at a clock, and what keeps them from being more.</summary>
/// <param name="ClockMegahertz">The clock.</param>
/// <param name="Cycles">Cycles of the core for one image.</param>
/// <param name="TransferCycles">Cycles of the host for one image: it moves an entry a cycle while the core rests.</param>
/// <param name="Layer">The layer in which most cycles are spent; the network for the transfer of the image.</param>
/// <param name="Part">On what they are spent there.</param>
/// <param name="PartCycles">How many they are.</param>
public sealed record Throughput(double ClockMegahertz, long Cycles, long TransferCycles, string Layer, CyclePart Part, long PartCycles)
{
    /// <summary>Images a second, transfers included.</summary>
    public double ImagesPerSecond => ClockMegahertz * 1e6 / (Cycles + TransferCycles);

    /// <summary>Of all cycles, the share of the part that takes most, 0 to 1.</summary>
    public double PartShare => (double)PartCycles / (Cycles + TransferCycles);

    /// <summary>The throughput of a mapped network.</summary>
    /// <param name="mapped">The network.</param>
    /// <param name="clockMegahertz">The clock, above 0.</param>
    public static Throughput Of(MappedNetwork mapped, double clockMegahertz)
    {
        ArgumentNullException.ThrowIfNull(mapped);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clockMegahertz);
        var image = mapped.Program.ImageTransferCycles;
        var parts = mapped.Layers
            .SelectMany(layer => new (string Layer, CyclePart Part, long Cycles)[]
            {
                (layer.Layer, CyclePart.Evaluation, layer.EvaluationCycles),
                (layer.Layer, CyclePart.Output, layer.Cycles - layer.EvaluationCycles),
                (layer.Layer, CyclePart.Reload, layer.TransferCycles),
            })
            .Append((Layer: mapped.Program.Network, Part: CyclePart.ImageTransfer, Cycles: image));
        var most = parts.MaxBy(part => part.Cycles);
        return new Throughput(clockMegahertz, mapped.Cycles, image + mapped.Layers.Sum(l => l.TransferCycles), most.Layer, most.Part, most.Cycles);
    }
}
