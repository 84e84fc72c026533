using HwGen.Architecture.Program;

namespace HwGen.Mapping;

/// <summary>One line of the layer table.</summary>
/// <param name="Layer">The stage: the layer whose output it makes.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Rows">Rows used, over all passes.</param>
/// <param name="Passes">Runs of the sequencer an image.</param>
/// <param name="RowLoads">Rows that the host loads again: for each image, or for each batch.</param>
/// <param name="MultiplyAccumulates">Products of one image, those with padding included.</param>
/// <param name="RowActivations">Rows of filters that meet an operand for one image; the core has a counter of them.</param>
/// <param name="CellOperations">Useful cell operations of one image: a product takes one for each pair of an input and a weight bit-plane.</param>
/// <param name="Cycles">Cycles of one image, predicted.</param>
/// <param name="EvaluationCycles">Of these, those in which rows meet an operand.</param>
/// <param name="TransferCycles">Cycles in which the host loads what the layer needs for each image, an entry a cycle; not among <paramref name="Cycles"/>.</param>
/// <param name="ScheduleBound">Cycles that no schedule of this packing can do without.</param>
/// <param name="Utilisation">Useful cell operations ÷ (cycles × lanes × columns), 0 to 1.</param>
/// <param name="Memory">What it takes of the memories.</param>
public sealed record LayerCost(
    string Layer, string Kind, int Rows, int Passes, long RowLoads, long MultiplyAccumulates, long RowActivations, long CellOperations,
    long Cycles, long EvaluationCycles, long TransferCycles, long ScheduleBound, double Utilisation, MemoryUse Memory)
{
    /// <summary>Filters of its layers that are left out, as they have one value whatever the image: their weights are 0, or meet channels that are constant. They take no rows and no cycles, and are among none of the figures.</summary>
    public int ConstantFilters { get; init; }

    /// <summary>Operands that lie outside of the map, in the padding: every row's result of them is 0, whatever the image. They take their cycles.</summary>
    public long PaddingOperands { get; init; }
}

/// <summary>Memory that a layer takes, in bits.</summary>
/// <param name="CellBits">Cells of its rows, unused columns included.</param>
/// <param name="ThresholdBits">Initial values of its accumulators, and thresholds of several levels.</param>
/// <param name="OutputBits">Its output: operand words, unused bits included, or values of the result memory.</param>
public sealed record MemoryUse(long CellBits, long ThresholdBits, long OutputBits)
{
    /// <summary>All of it.</summary>
    public long Bits => CellBits + ThresholdBits + OutputBits;
}

/// <summary>A strategy of the host, where rows are loaded again, and what it costs.</summary>
/// <param name="Batch">1: rows are loaded again for each image, the inputs stay in the core (inputs stationary). More: a batch shares them pass by pass, its images are put aside in between (weights stationary).</param>
/// <param name="CoreCycles">Cycles of the core for an image, the same for both.</param>
/// <param name="TransferCycles">Cycles of the host for an image, layer by layer: loads, descriptors, images put aside and written back.</param>
public sealed record ReloadCost(int Batch, long CoreCycles, IReadOnlyList<long> TransferCycles)
{
    /// <summary>Cycles of core and host for an image, the transfer of the image itself left out, which is the same for both.</summary>
    public long ImageCycles => CoreCycles + TransferCycles.Sum();
}

/// <summary>A network on an array.</summary>
/// <param name="Program">What the core runs.</param>
/// <param name="Layers">What each stage costs.</param>
/// <param name="IsResident">True when all rows are loaded once; false when they are loaded again for each image, or for each batch of the program.</param>
public sealed record MappedNetwork(CoreProgram Program, IReadOnlyList<LayerCost> Layers, bool IsResident)
{
    /// <summary>Cycles of one image, predicted exactly.</summary>
    public long Cycles => Program.Cycles;

    /// <summary>Cycles of one image, transfers of the host included: what two ways of packing are compared by.</summary>
    public long ImageCycles => Cycles + Program.ImageTransferCycles + Layers.Sum(layer => layer.TransferCycles);

    /// <summary>How the host writes the input.</summary>
    public InputPacking Packing => Program.Windows is null ? InputPacking.Channel : InputPacking.Dense;

    /// <summary><see cref="ImageCycles"/> with the packing that was not chosen; null where there was no choice.</summary>
    public long? OtherPackingCycles { get; init; }

    /// <summary>What the two strategies of the host cost where rows are loaded again: a reload an image, then a batch a pass. Empty where all rows are loaded once.</summary>
    public IReadOnlyList<ReloadCost> Reloads { get; init; } = [];

    /// <summary>The same passes with another strategy of the host.</summary>
    internal MappedNetwork With(CoreProgram program)
    {
        var transfers = program.TransferCycles();
        return this with { Program = program, Layers = [.. Layers.Select((layer, i) => layer with { TransferCycles = transfers[i] })] };
    }
}
