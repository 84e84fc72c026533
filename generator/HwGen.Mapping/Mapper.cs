using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Maps a network onto an array: placement, program, memory images, predicted cycles.</summary>
public static class Mapper
{
    /// <summary>The largest batch that is chosen where nobody says one: images wait for each other.</summary>
    public const int LargestChosenBatch = 64;

    /// <summary>Maps a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="configuration">The core.</param>
    /// <param name="batch">
    /// Images of a batch, where rows are loaded again: 1 loads them for each image, more share them pass by pass, each image put aside in between. Null leaves the choice to the
    /// mapper: the fewest cycles an image.
    /// </param>
    /// <param name="packing">How the host writes the input; by default as it takes fewer cycles an image, transfers included.</param>
    /// <param name="images">Images that come together, where it is known: the mapper chooses no larger batch.</param>
    /// <exception cref="MappingException">A layer cannot be mapped; the reason is named.</exception>
    public static MappedNetwork Map(
        QuantisedNetwork network, ArrayConfiguration configuration, int? batch = null, InputPacking packing = InputPacking.Fewest, int images = LargestChosenBatch)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var compaction = Compaction.Of(network);
        return compaction.Complete(Mapped(compaction.Network, configuration, new Batches(batch, Math.Min(images, LargestChosenBatch)), packing));
    }

    private static MappedNetwork Mapped(QuantisedNetwork network, ArrayConfiguration configuration, Batches batches, InputPacking packing)
    {
        if (packing == InputPacking.Dense)
        {
            return Dense(network, configuration, batches) ?? throw new MappingException(
                network.Input.Name, "its windows cannot be packed densely: that is for an input that one convolution alone reads, of more than single pixels");
        }

        MappedNetwork? Channel() => Packed(network, configuration, batches, Lowering.Of(network, configuration, packsDensely: false), packing != InputPacking.Channel);
        if (packing == InputPacking.Channel)
        {
            return Channel()!;
        }

        // Windows may take room that pixels do not; where neither finds any, it is said of the pixels.
        var (channel, problem) = Attempt(Channel);
        var (dense, _) = Attempt(() => Dense(network, configuration, batches));
        return (channel, dense) switch
        {
            (null, null) => throw problem!,
            (null, _) => dense,
            (_, null) => channel,
            _ when dense.ImageCycles < channel.ImageCycles => dense with { OtherPackingCycles = channel.ImageCycles },
            _ => channel with { OtherPackingCycles = dense.ImageCycles },
        };
    }

    private static (MappedNetwork? Mapped, MappingException? Problem) Attempt(Func<MappedNetwork?> map)
    {
        try
        {
            return (map(), null);
        }
        catch (MappingException e)
        {
            return (null, e);
        }
    }

    /// <summary>The network with the windows of its first convolution as input; null where there are none.</summary>
    private static MappedNetwork? Dense(QuantisedNetwork network, ArrayConfiguration configuration, Batches batches) =>
        Lowering.Of(network, configuration, packsDensely: true) is { Windows: not null } lowered ? Packed(network, configuration, batches, lowered, packsWindows: true) : null;

    private static MappedNetwork Packed(
        QuantisedNetwork network, ArrayConfiguration configuration, Batches batches, (FeatureTensor Input, InputWindows? Windows, IReadOnlyList<Step> Steps) lowered, bool packsWindows)
    {
        var memory = new OperandMemoryPlan(configuration, lowered.Input, lowered.Steps);

        // All rows at once if they fit, else what does not fit is loaded again for each image, or for each batch.
        if (Build(network, configuration, lowered, memory, packsWindows, isResident: true) is { } resident)
        {
            return resident;
        }

        return new[] { false, true }
            .Select(keepsLanesFull => batches.Choose(Build(network, configuration, lowered, memory, packsWindows, isResident: false, keepsLanesFull)!))
            .MinBy(mapped => mapped.ImageCycles)!;
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, (FeatureTensor Input, InputWindows? Windows, IReadOnlyList<Step> Steps) lowered, OperandMemoryPlan memory,
        bool packsWindows, bool isResident, bool keepsLanesFull = false)
    {
        var (input, windows, steps) = lowered;
        var space = new LoadSpace(configuration);
        var loaded = new List<ProgramPass>();
        var stages = ImmutableArray.CreateBuilder<ProgramStage>();
        var costs = new List<LayerCost>();
        var stage = new StageDraft();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            var builder = new StepBuilder(configuration, step, memory, keepsLanesFull, packsWindows);
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
            configuration, network.Name, Once(p => p.Rows), Once(p => p.Initials), Once(p => p.Levels), memory[input], stages.ToImmutable())
        {
            Windows = windows,
        };
        return new MappedNetwork(program, costs, isResident).With(program);
    }

    /// <summary>A pass with the maps that an image keeps when it is put aside before it: where everything is loaded anew, and the core holds no sums or results of the image.</summary>
    private static ProgramPass Resting(ProgramPass pass, bool isFirstOfStep, Step step, int before, int behind, OperandMemoryPlan memory)
    {
        const ControlBits Continues = ControlBits.KeepAccumulators | ControlBits.AddSums | ControlBits.KeepGreatest;

        // Behind the first values of an argmax the core holds the greatest, also while a pass only sums.
        var holdsNothing = isFirstOfStep || (step.Output is not null && !step.IsArgmax);
        var rests = (pass.Overwrites || before < 0) && (pass.Descriptor.Control & Continues) == 0 && holdsNothing;
        return rests ? pass with { Restores = [.. memory.Between(before, behind)] } : pass;
    }
}
