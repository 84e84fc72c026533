using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Maps a network onto an array: placement, program, memory images, predicted cycles.</summary>
public static class Mapper
{
    /// <summary>Maps a network.</summary>
    /// <exception cref="MappingException">A layer cannot be mapped; the reason is named.</exception>
    public static MappedNetwork Map(QuantisedNetwork network, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(configuration);
        var (input, steps) = Lowering.Of(network, configuration);
        var memory = new OperandMemoryPlan(configuration, input, steps);

        // All rows at once if they fit, else what does not fit is loaded again for each image.
        return Build(network, configuration, input, steps, memory, isResident: true) ?? Build(network, configuration, input, steps, memory, isResident: false)!;
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, FeatureTensor input, IReadOnlyList<Step> steps, OperandMemoryPlan memory, bool isResident)
    {
        var space = new LoadSpace(configuration);
        var loaded = new List<ProgramPass>();
        var stages = ImmutableArray.CreateBuilder<ProgramStage>();
        var costs = new List<LayerCost>();
        var stage = new StageDraft();
        foreach (var step in steps)
        {
            var builder = new StepBuilder(configuration, step, memory);
            if (builder.Build(space, isResident) is not { } passes)
            {
                return null;
            }

            stage.Add(step, builder, passes);
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
        return new MappedNetwork(program, costs, isResident);
    }
}
