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

        // All rows at once if they fit, else each stage alone, its rows loaded again for each image.
        return Build(network, configuration, stages, memory, resident: true) ?? Build(network, configuration, stages, memory, resident: false)!;
    }

    private static MappedNetwork? Build(
        QuantisedNetwork network, ArrayConfiguration configuration, IReadOnlyList<Stage> stages, OperandMemoryPlan memory, bool resident)
    {
        var rows = ImmutableArray.CreateBuilder<RowImage>();
        var initials = ImmutableArray.CreateBuilder<InitialImage>();
        var levels = ImmutableArray.CreateBuilder<LevelImage>();
        var program = ImmutableArray.CreateBuilder<ProgramStage>();
        var costs = new List<LayerCost>();
        int group = 0, initial = 0, level = 0;
        foreach (var stage in stages)
        {
            var builder = new StageBuilder(network, configuration, stage, memory);
            ImmutableArray<ProgramPass> passes;
            if (resident)
            {
                if (builder.Resident(group, initial, level) is not var (pass, placement))
                {
                    return null;
                }

                group += placement.Groups;
                initial += placement.Tiles;
                rows.AddRange(pass.Rows);
                initials.AddRange(pass.Initials);
                levels.AddRange(pass.Levels);
                level += pass.Levels.Length;
                passes = [pass];
            }
            else
            {
                passes = builder.Alone();
            }

            var images = passes;
            if (resident)
            {
                passes = [passes[0] with { Rows = [], Initials = [], Levels = [] }];
            }

            var programStage = new ProgramStage(stage.Name, [.. stage.Layers], passes, memory.OutputOf(stage), memory.ResultsOf(stage));
            program.Add(programStage);
            costs.Add(builder.Cost(programStage, images));
        }

        var core = new CoreProgram(configuration, network.Name, rows.ToImmutable(), initials.ToImmutable(), levels.ToImmutable(), memory.Input, program.ToImmutable());
        return new MappedNetwork(core, costs, resident);
    }
}
