using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Maps a network onto an array: placement, program, memory images, predicted cycles.</summary>
public static class Mapper
{
    /// <summary>Maps a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="configuration">The core.</param>
    /// <param name="batch">
    /// Images that come together. Where rows are loaded again, the passes of a batch may share them, each image put aside in between; that is
    /// chosen where it takes fewer cycles an image.
    /// </param>
    /// <exception cref="MappingException">A layer cannot be mapped; the reason is named.</exception>
    public static MappedNetwork Map(QuantisedNetwork network, ArrayConfiguration configuration, int batch = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        var (input, steps) = Lowering.Of(network, configuration);
        var memory = new OperandMemoryPlan(configuration, input, steps);

        // All rows at once if they fit, else what does not fit is loaded again for each image, or for each batch.
        if (Build(network, configuration, input, steps, memory, isResident: true) is { } resident)
        {
            return resident;
        }

        var each = Build(network, configuration, input, steps, memory, isResident: false)!;
        if (batch == 1)
        {
            return each;
        }

        var together = each.With(each.Program with { Batch = batch });
        long eachCycles = each.Layers.Sum(layer => layer.TransferCycles), togetherCycles = together.Layers.Sum(layer => layer.TransferCycles);
        return togetherCycles < eachCycles ? together with { OtherTransferCycles = eachCycles } : each with { OtherTransferCycles = togetherCycles };
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, FeatureTensor input, IReadOnlyList<Step> steps, OperandMemoryPlan memory, bool isResident)
    {
        var space = new LoadSpace(configuration);
        var loaded = new List<ProgramPass>();
        var stages = ImmutableArray.CreateBuilder<ProgramStage>();
        var costs = new List<LayerCost>();
        var stage = new StageDraft();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var builder = new StepBuilder(configuration, step, memory);
            if (builder.Build(space, isResident) is not { } passes)
            {
                return null;
            }

            stage.Add(step, builder, [.. passes.Select((pass, at) => isResident ? pass : Resting(pass, at == 0, step, at == 0 ? i - 1 : i, i, memory))]);
            if (step.Name is null)
            {
                continue;
            }

            loaded.AddRange(stage.Passes);
            var done = stage.Done(step, configuration, step.Output is { } output ? memory[output] : null, isResident);
            stages.Add(done.Stage);
            costs.Add(done.Cost);
            stage = new StageDraft();
        }

        ImmutableArray<T> Once<T>(Func<ProgramPass, ImmutableArray<T>> loads) => isResident ? [.. loaded.SelectMany(pass => loads(pass))] : [];
        var program = new CoreProgram(
            configuration, network.Name, Once(p => p.Rows), Once(p => p.Initials), Once(p => p.Levels), memory[input], stages.ToImmutable());
        return new MappedNetwork(program, costs, isResident).With(program);
    }

    /// <summary>A pass with the maps that an image keeps when it is put aside before it: where everything is loaded anew, and the core holds no sums or results of the image.</summary>
    private static ProgramPass Resting(ProgramPass pass, bool isFirstOfStep, Step step, int before, int behind, OperandMemoryPlan memory)
    {
        const ControlBits Continues = ControlBits.KeepAccumulators | ControlBits.AddSums | ControlBits.KeepGreatest;
        var rests = (pass.Overwrites || before < 0) && (pass.Descriptor.Control & Continues) == 0 && (isFirstOfStep || step.Output is not null);
        return rests ? pass with { Restores = [.. memory.Between(before, behind)] } : pass;
    }
}
