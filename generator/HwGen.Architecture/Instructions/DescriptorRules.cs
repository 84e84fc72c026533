using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Instructions;

/// <summary>What values a descriptor field may have when a layer is run.</summary>
/// <param name="Field">The field.</param>
/// <param name="Least">The least value.</param>
/// <param name="Greatest">The greatest value.</param>
public readonly record struct DescriptorRule(DescriptorField Field, long Least, long Greatest);

/// <summary>The descriptors that <c>run</c> takes: no count is 0, and nothing is larger than what is built. Other fields may have any value of their width.</summary>
public static class DescriptorRules
{
    /// <summary>The rules of a core.</summary>
    public static ImmutableArray<DescriptorRule> Of(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        const int Pixels = (1 << DescriptorLayout.PixelBits) - 1;
        DescriptorRule[] ofSkipping = configuration.OperandSkipping ? [new(DescriptorField.SegmentGroups, 0, configuration.Groups - 1), new(DescriptorField.SegmentLanes, 0, configuration.Lanes - 1)] : [];
        DescriptorRule[] ofWindows = configuration.PacksWindows
            ? [
                .. new[] { DescriptorField.WindowRows, DescriptorField.WindowColumns, DescriptorField.StepColumns, DescriptorField.PixelWords }.Select(count => new DescriptorRule(count, 1, Pixels)),
                new(DescriptorField.PixelColumns, 1, configuration.Columns), new(DescriptorField.PositionBits, 0, configuration.Columns - 1), new(DescriptorField.RingWords, 1, configuration.WindowWords),
            ]
            : [];
        return
        [
            new(DescriptorField.Planes, 1, configuration.InputBits),
            new(DescriptorField.WeightPlanes, 1, (1L << configuration.WeightBits) - 1),
            new(DescriptorField.ChannelWords, 1, Pixels),
            new(DescriptorField.LastWordColumns, 1, configuration.Columns),
            new(DescriptorField.KernelWidth, 1, Pixels),
            new(DescriptorField.KernelHeight, 1, Pixels),
            new(DescriptorField.PoolWidth, 1, Pixels),
            new(DescriptorField.PoolHeight, 1, Pixels),
            new(DescriptorField.OutputWidth, 1, Pixels),
            new(DescriptorField.OutputHeight, 1, Pixels),
            new(DescriptorField.GroupBase, 0, configuration.Groups - 1),
            new(DescriptorField.GroupsPerTile, 0, configuration.Groups - 1),
            new(DescriptorField.Tiles, 1, (2L << configuration.GroupAddressBits) - 1),
            new(DescriptorField.TileFilters, 1, configuration.TotalLanes),
            new(DescriptorField.LastTileFilters, 1, configuration.TotalLanes),
            new(DescriptorField.SectorLanes, 1, configuration.Lanes),
            new(DescriptorField.InitialBase, 0, configuration.InitialDepth - 1),
            new(DescriptorField.FirstOutputBit, 0, configuration.Columns - 1),
            new(DescriptorField.OutputPlanes, 0, configuration.InputBits),
            new(DescriptorField.FinishCycles, 1, (1L << DescriptorLayout.WaitBits) - 1),
            .. ofSkipping,
            .. ofWindows,
        ];
    }

    /// <summary>True when a descriptor keeps them.</summary>
    public static bool Keeps(ArrayConfiguration configuration, LayerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return Of(configuration).All(rule => descriptor[rule.Field] >= rule.Least && descriptor[rule.Field] <= rule.Greatest);
    }
}
