using System.Collections.Immutable;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>The values of all descriptor fields for one run of the sequencer.</summary>
/// <param name="Values">One value a field, in the order of <see cref="DescriptorLayout.Fields"/>.</param>
public sealed record LayerDescriptor(ImmutableArray<int> Values)
{
    /// <summary>A descriptor from its fields; those that are not named are as <see cref="DescriptorLayout.Unnamed"/> says.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit its field: the network is too large for the configuration.</exception>
    public static LayerDescriptor Create(ArrayConfiguration configuration, IReadOnlyDictionary<DescriptorField, int> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var all = ImmutableArray.CreateBuilder<int>();
        foreach (var field in DescriptorLayout.Fields)
        {
            var value = values.GetValueOrDefault(field, field.Unnamed(configuration));
            var width = field.Width(configuration);
            // Coordinates may be negative, address steps may wrap: two's complement of the field's width.
            if (value >= 1L << width || value < -(1L << (width - 1)))
            {
                throw new ArgumentOutOfRangeException(nameof(values), value, $"{field} has {width} bits");
            }

            all.Add(value & (int)((1L << width) - 1));
        }

        return new LayerDescriptor(all.ToImmutable());
    }

    /// <summary>The value of a field.</summary>
    public int this[DescriptorField field] => Values[(int)field];

    /// <summary>How counts become outputs.</summary>
    public ControlBits Control => (ControlBits)this[DescriptorField.Control];

    /// <summary>True when windows are packed densely.</summary>
    public bool PacksWindows => Control.HasFlag(ControlBits.DenseWindows);

    /// <summary>Weight bit-planes of a lane: rows of a segment of a filter.</summary>
    public int WeightPlanes => System.Numerics.BitOperations.PopCount((uint)this[DescriptorField.WeightPlanes]);

    /// <summary>Operands that one round fetches: the pairs of input and weight bit-planes of all words of a window.</summary>
    public long OperandsPerRound =>
        (long)this[DescriptorField.Planes] * WeightPlanes * this[DescriptorField.ChannelWords] * this[DescriptorField.KernelWidth] * this[DescriptorField.KernelHeight];

    /// <summary>Convolution positions: outputs times the positions that each pools.</summary>
    public long Positions =>
        (long)this[DescriptorField.OutputWidth] * this[DescriptorField.OutputHeight] * this[DescriptorField.PoolWidth] * this[DescriptorField.PoolHeight];

    /// <summary>Lanes that a filter takes: one, or one for each of its weight bit-planes.</summary>
    public int FilterLanes => this[DescriptorField.JoinedPlanes] + 1;

    /// <summary>Cycles in which planes of a filter leave before its last.</summary>
    public int JoinCycles => Control.HasFlag(ControlBits.JoinAtOnce) ? 0 : FilterLanes - 1;

    /// <summary>Filters of all tiles.</summary>
    public long Filters => FiltersInLanes / FilterLanes;

    private long FiltersInLanes => ((long)(this[DescriptorField.Tiles] - 1) * this[DescriptorField.TileFilters]) + this[DescriptorField.LastTileFilters];

    /// <summary>
    /// Cycles that the sequencer is busy when no operand is skipped, exactly: one an operand, the preloads of the outputs, what is missing where a round is shorter than
    /// <see cref="DescriptorField.RoundCycles"/>, the waits for windows that are not gathered yet (<see cref="WindowSchedule"/>), the wait at the end. Values are made while the next round counts. The first round waits for nothing.
    /// </summary>
    public long Cycles
    {
        get
        {
            if (PacksWindows)
            {
                return new WindowSchedule(this).Cycles() + this[DescriptorField.FinishCycles];
            }

            var (operands, least, preload) = (OperandsPerRound, (long)this[DescriptorField.RoundCycles], (long)this[DescriptorField.PreloadCycles]);
            var outputs = (long)this[DescriptorField.OutputWidth] * this[DescriptorField.OutputHeight];
            var further = (Positions * this[DescriptorField.Tiles]) - outputs;
            return preload + operands + ((outputs - 1) * Math.Max(least, preload + operands)) + (further * Math.Max(least, operands)) + this[DescriptorField.FinishCycles];
        }
    }

    /// <summary>Of these cycles, those in which rows meet an operand; the others wait, drain or write.</summary>
    public long EvaluationCycles => Positions * this[DescriptorField.Tiles] * OperandsPerRound;

    /// <summary>Of the operands, those outside of the input, which lie in the padding; none where windows are packed densely, of which every operand has something of several pixels.</summary>
    public long PaddingOperands
    {
        get
        {
            if (PacksWindows)
            {
                return 0;
            }

            // A window position lies inside where its row and its column do.
            long Inside(DescriptorField first, DescriptorField outputs, DescriptorField outputStride, DescriptorField pool, DescriptorField stride, DescriptorField kernel, DescriptorField dilation, DescriptorField size)
            {
                const int Bits = DescriptorLayout.CoordinateBits;
                var start = this[first] >= 1 << (Bits - 1) ? this[first] - (1 << Bits) : this[first];
                long inside = 0;
                for (var output = 0; output < this[outputs]; output++)
                {
                    for (var pooled = 0; pooled < this[pool]; pooled++)
                    {
                        for (var k = 0; k < this[kernel]; k++)
                        {
                            var place = start + (output * this[outputStride]) + (pooled * this[stride]) + (k * this[dilation]);
                            inside += place >= 0 && place < this[size] ? 1 : 0;
                        }
                    }
                }

                return inside;
            }

            var places = Positions * this[DescriptorField.KernelWidth] * this[DescriptorField.KernelHeight];
            places -= Inside(DescriptorField.FirstX, DescriptorField.OutputWidth, DescriptorField.OutputStrideX, DescriptorField.PoolWidth, DescriptorField.StrideX, DescriptorField.KernelWidth, DescriptorField.DilationX, DescriptorField.InputWidth)
                * Inside(DescriptorField.FirstY, DescriptorField.OutputHeight, DescriptorField.OutputStrideY, DescriptorField.PoolHeight, DescriptorField.StrideY, DescriptorField.KernelHeight, DescriptorField.DilationY, DescriptorField.InputHeight);
            return places * this[DescriptorField.ChannelWords] * this[DescriptorField.Planes] * WeightPlanes * this[DescriptorField.Tiles];
        }
    }

    /// <summary>Rows of filters that meet an operand when none is skipped, exactly: the core counts the same.</summary>
    public long RowActivations => Positions * OperandsPerRound * FiltersInLanes;
}
