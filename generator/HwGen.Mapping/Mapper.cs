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
        var stages = Stage.Split(network);
        var memory = new OperandMemoryPlan(network, configuration, stages);

        // The choice: all rows at once if they fit, else each stage alone, loaded again for each image. Of
        // several ways that work the one with the fewest cycles an image, row loads counted as a cycle each.
        MappedNetwork? best = null;
        MappingException? refusal = null;
        foreach (var (resident, dense) in ((bool, bool)[])[(true, false), (true, true), (false, false), (false, true)])
        {
            try
            {
                if (Build(network, configuration, stages, memory, resident, dense) is { } mapped
                    && (best is null || mapped.Cycles + mapped.Program.RowLoads < best.Cycles + best.Program.RowLoads))
                {
                    best = mapped;
                }
            }
            catch (MappingException e)
            {
                refusal = e;
            }
        }

        return best ?? throw refusal!;
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, IReadOnlyList<Stage> stages, OperandMemoryPlan memory, bool resident, bool dense)
    {
        var thresholdCount = stages.Sum(s => s.Threshold is null ? 0L : s.Weighted.Weights.Filters);
        var thresholdsResident = thresholdCount <= configuration.ThresholdWords;
        var rows = ImmutableArray.CreateBuilder<RowImage>();
        var thresholds = ImmutableArray.CreateBuilder<ThresholdImage>();
        var program = ImmutableArray.CreateBuilder<ProgramStage>();
        var costs = new List<LayerCost>();
        var group = 0;
        foreach (var stage in stages)
        {
            var builder = new StageBuilder(network, configuration, stage, memory);
            var thresholdBase = thresholdsResident ? thresholds.Count : 0;
            var own = builder.Thresholds(thresholdBase);
            ImmutableArray<ProgramPass> passes;
            int rowsUsed;
            if (resident)
            {
                if (builder.Resident(group, thresholdBase, dense) is not var (pass, groups))
                {
                    return null;
                }

                group += groups;
                rowsUsed = pass.Rows.Length;
                rows.AddRange(pass.Rows);
                passes = [pass with { Rows = [] }];
            }
            else
            {
                passes = builder.Alone(thresholdBase, dense);
                rowsUsed = passes.Sum(p => p.Rows.Length);
            }

            if (thresholdsResident)
            {
                thresholds.AddRange(own);
            }

            var programStage = new ProgramStage(
                stage.Name, [.. stage.Layers], thresholdsResident ? [] : own, passes, memory.OutputOf(stage), memory.ResultsOf(stage));
            program.Add(programStage);
            costs.Add(builder.Cost(programStage, rowsUsed));
        }

        var core = new CoreProgram(configuration, network.Name, rows.ToImmutable(), thresholds.ToImmutable(), memory.Input, program.ToImmutable());
        return new MappedNetwork(core, costs, core.RowLoads == 0);
    }
}
