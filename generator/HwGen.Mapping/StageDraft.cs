using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

/// <summary>A stage while it is put together: the steps up to the one whose values are those of a network layer.</summary>
internal sealed class StageDraft
{
    private readonly List<string> _layers = [];
    private readonly List<string> _kinds = [];
    private long _products, _cellOperations, _bound;

    public List<ProgramPass> Passes { get; } = [];

    public void Add(Step step, StepBuilder builder, IReadOnlyList<ProgramPass> passes)
    {
        Passes.AddRange(passes);
        foreach (var layer in step.Layers.Where(layer => !_layers.Contains(layer)))
        {
            _layers.Add(layer);
        }

        _kinds.AddRange(step.Kinds.Where(kind => !_kinds.Contains(kind)));
        var (products, operations, bound) = builder.Work();
        _products += products;
        _cellOperations += operations;
        _bound += bound;
    }

    public (ProgramStage Stage, LayerCost Cost) Done(Step step, ArrayConfiguration configuration, FeatureMapLayout? output, bool isResident)
    {
        var rows = Passes.Sum(pass => pass.Rows.Length);
        var passes = isResident ? Passes.Select(pass => pass with { Rows = [], Initials = [], Levels = [] }) : Passes;
        var channels = output is not null ? 0 : step.IsArgmax ? 1 : step.Channels;
        var results = output is not null ? 0 : step.IsArgmax ? 1 : channels * step.OutputHeight * step.OutputWidth;
        var stage = new ProgramStage(step.Name!, [.. _layers], [.. passes], output, results, channels);
        var capacity = (double)stage.Cycles * configuration.TotalLanes * configuration.Columns;
        var memory = new MemoryUse(
            (long)rows * configuration.Columns,
            (Passes.Sum(p => (long)p.Initials.Length) * (configuration.AccumulatorBits + 1)) + (Passes.Sum(p => (long)p.Levels.Length) * configuration.LevelBits),
            output is not null ? (long)output.Words * output.Columns : (long)results * configuration.AccumulatorBits);
        return (stage, new LayerCost(
            stage.Name, string.Join(" + ", _kinds), rows, stage.Passes.Length, stage.RowLoads, _products, stage.Passes.Sum(pass => pass.Descriptor.RowActivations), _cellOperations,
            stage.Cycles, stage.Passes.Sum(pass => pass.Descriptor.EvaluationCycles), 0, _bound, _cellOperations / capacity, memory)
        {
            PaddingOperands = stage.Passes.Sum(pass => pass.Descriptor.PaddingOperands),
        });
    }
}
