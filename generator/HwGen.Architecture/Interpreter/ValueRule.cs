using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Interpreter;

/// <summary>How a run makes a value of a sum: by definition, in numbers that have no width until the end.</summary>
internal sealed class ValueRule(ArrayConfiguration configuration, CoreState state, LayerDescriptor descriptor)
{
    private bool Is(ControlBits bit) => descriptor.Control.HasFlag(bit);

    /// <summary>The value of a filter.</summary>
    public long Value(long accumulated, int tile, int filter, bool falls)
    {
        var sum = Wrapped(accumulated);
        sum = Is(ControlBits.Relu) ? Math.Max(0, sum) : sum;
        Int128 value = Is(ControlBits.LevelOutput) ? LevelsReached(sum, tile, filter, falls) : Is(ControlBits.Requantise) ? Scaled(sum, tile, filter) : sum;
        value += Signed(FirstValue);
        if (Is(ControlBits.Saturate))
        {
            value = Int128.Max(Signed(LeastValue), Int128.Min(Signed(GreatestValue), value));
        }

        return Wrapped((long)value);
    }

    private long LevelsReached(long sum, int tile, int filter, bool falls)
    {
        var reached = 0;
        if (Is(ControlBits.SearchLevels))
        {
            // Thresholds that do not ascend count as they are met.
            for (var step = 1 << BitOperations.Log2((uint)descriptor[Levels]); step > 0 && descriptor[Levels] > 0; step >>= 1)
            {
                reached += reached + step <= descriptor[Levels] && sum >= Word(tile, filter, reached + step - 1).Value ? step : 0;
            }
        }
        else
        {
            for (var i = 0; i < descriptor[DrainCycles]; i++)
            {
                reached += sum >= Word(tile, filter, i).Value ? 1 : 0;
            }
        }

        return falls ? descriptor[Levels] - reached : reached;
    }

    private Int128 Scaled(long sum, int tile, int filter)
    {
        var scale = Word(tile, filter, 0);
        var half = scale.Shift == 0 ? 0 : Int128.One << (scale.Shift - 1);
        return (((Int128)sum * scale.Value) + half) >> scale.Shift;
    }

    private LevelImage Word(int tile, int filter, int index) =>
        state.Level((descriptor[LevelBase] + (tile * descriptor[TileLevels]) + (filter * (Is(ControlBits.SearchLevels) ? descriptor[Levels] : descriptor[DrainCycles])) + index) % configuration.LevelWords);

    /// <summary>A field that is a number in two's complement.</summary>
    private long Signed(DescriptorField field)
    {
        var unused = 64 - field.Width(configuration);
        return (long)descriptor[field] << unused >> unused;
    }

    /// <summary>A sum modulo the accumulator.</summary>
    private long Wrapped(long value)
    {
        var unused = 64 - configuration.AccumulatorBits;
        return value << unused >> unused;
    }
}
