using HwGen.Architecture.Program;

namespace HwGen.Mapping;

/// <summary>One line of the layer table.</summary>
/// <param name="Layer">The stage: the layer whose output it makes.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Rows">Rows used, over all passes.</param>
/// <param name="Passes">Runs of the sequencer an image.</param>
/// <param name="RowLoads">Rows that the host loads for each image.</param>
/// <param name="MultiplyAccumulates">Products of one image, those with padding included.</param>
/// <param name="RowActivations">Rows that change an accumulator for one image.</param>
/// <param name="Cycles">Cycles of one image, predicted.</param>
/// <param name="ScheduleBound">Cycles that no schedule of this packing can do without.</param>
/// <param name="Utilisation">Useful cell operations ÷ (cycles × lanes × columns), 0 to 1.</param>
public sealed record LayerCost(
    string Layer, string Kind, int Rows, int Passes, long RowLoads, long MultiplyAccumulates, long RowActivations, long Cycles, long ScheduleBound, double Utilisation);

/// <summary>A network on an array.</summary>
/// <param name="Program">What the core runs.</param>
/// <param name="Layers">What each stage costs.</param>
/// <param name="IsResident">True when all rows are loaded once; false when they are loaded again for each image.</param>
public sealed record MappedNetwork(CoreProgram Program, IReadOnlyList<LayerCost> Layers, bool IsResident)
{
    /// <summary>Cycles of one image, predicted exactly.</summary>
    public long Cycles => Program.Cycles;
}
