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
    /// <param name="packing">How the host writes the input; by default as it takes fewer cycles an image, transfers included.</param>
    /// <exception cref="MappingException">A layer cannot be mapped; the reason is named.</exception>
    public static MappedNetwork Map(QuantisedNetwork network, ArrayConfiguration configuration, int batch = 1, InputPacking packing = InputPacking.Fewest)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (packing == InputPacking.Dense)
        {
            return Dense(network, configuration, batch) ?? throw new MappingException(
                network.Input.Name, "its windows cannot be packed densely: that is for an input that one convolution alone reads, of more than single pixels");
        }

        MappedNetwork? channel = null;
        MappingException? problem = null;
        try
        {
            channel = Packed(network, configuration, batch, Lowering.Of(network, configuration, packsDensely: false));
        }
        catch (MappingException e) when (packing == InputPacking.Fewest)
        {
            problem = e;
        }

        if (packing == InputPacking.Channel)
        {
            return channel!;
        }

        try
        {
            var dense = Dense(network, configuration, batch);
            return (channel, dense) switch
            {
                (null, null) => throw problem!,
                (null, _) => dense,
                (_, null) => channel,
                _ when dense.ImageCycles < channel.ImageCycles => dense with { OtherPackingCycles = channel.ImageCycles },
                _ => channel with { OtherPackingCycles = dense.ImageCycles },
            };
        }
        catch (MappingException) when (channel is not null)
        {
            // Windows take room that pixels do not.
            return channel;
        }
        catch (MappingException) when (problem is not null)
        {
            throw problem;
        }
    }

    /// <summary>The network with the windows of its first convolution as input; null where there are none.</summary>
    private static MappedNetwork? Dense(QuantisedNetwork network, ArrayConfiguration configuration, int batch) =>
        Lowering.Of(network, configuration, packsDensely: true) is { Windows: not null } lowered ? Packed(network, configuration, batch, lowered) : null;

    private static MappedNetwork Packed(
        QuantisedNetwork network, ArrayConfiguration configuration, int batch, (FeatureTensor Input, InputWindows? Windows, IReadOnlyList<Step> Steps) lowered)
    {
        var memory = new OperandMemoryPlan(configuration, lowered.Input, lowered.Steps);

        // All rows at once if they fit, else what does not fit is loaded again for each image, or for each batch.
        if (Build(network, configuration, lowered, memory, isResident: true) is { } resident)
        {
            return resident;
        }

        MappedNetwork[] reloaded = [.. new[] { false, true }.Select(keepsLanesFull => Build(network, configuration, lowered, memory, isResident: false, keepsLanesFull)!)];
        var each = reloaded.MinBy(mapped => mapped.ImageCycles)!;
        if (batch == 1)
        {
            return each;
        }

        var together = each.With(each.Program with { Batch = batch });
        long eachCycles = each.Layers.Sum(layer => layer.TransferCycles), togetherCycles = together.Layers.Sum(layer => layer.TransferCycles);
        return togetherCycles < eachCycles ? together with { OtherTransferCycles = eachCycles } : each with { OtherTransferCycles = togetherCycles };
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, (FeatureTensor Input, InputWindows? Windows, IReadOnlyList<Step> Steps) lowered, OperandMemoryPlan memory,
        bool isResident, bool keepsLanesFull = false)
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
            var builder = new StepBuilder(configuration, step, memory, keepsLanesFull);
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
        var rests = (pass.Overwrites || before < 0) && (pass.Descriptor.Control & Continues) == 0 && (isFirstOfStep || step.Output is not null);
        return rests ? pass with { Restores = [.. memory.Between(before, behind)] } : pass;
    }
}
