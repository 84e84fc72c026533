using HwGen.Architecture.Configuration;
using HwGen.Architecture.Interpreter;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Tests.Interpreter;

/// <summary>The interpreter on programs that are worked out by hand.</summary>
public class ProgramInterpreterTests
{
    private static readonly ArrayConfiguration s_array = new("tiny", 8, 4, 2, ArrayConfiguration.AllOperations) { OperandWords = 16, ResultWords = 8, InitialWords = 4, LevelWords = 8 };

    [Theory]
    [InlineData(RowOperation.Nand, 0b1101, 0b1011, 2)]
    [InlineData(RowOperation.And, 0b1101, 0b1011, 2)]
    [InlineData(RowOperation.Xor, 0b1101, 0b1011, 2)]
    [InlineData(RowOperation.Or, 0b1101, 0b1011, 4)]
    [InlineData(RowOperation.Or, 0b0100, 0b0001, 2)]
    public void A_row_operation_is_counted(RowOperation operation, int operand, int row, int ones)
    {
        var core = new ProgramInterpreter(s_array);
        core.Load([new RowImage(0, 0, operation, [(ulong)row])], [new InitialImage(0, 0, 100, false)], []);
        core.WriteOperands(3, [(ulong)operand]);
        var counters = core.Run(Descriptor((DescriptorField.OperandBase, 3), (DescriptorField.OutputBase, 5), (DescriptorField.Control, (int)ControlBits.RawOutput)));
        core.ReadResults(5, 1).ShouldBe([100L + ones]);
        counters.ShouldBe(new InterpreterCounters(1, 1, 1, 0, 0));
    }

    [Theory]
    [InlineData(RowOperation.And, 0b1000, 3, 1)]
    [InlineData(RowOperation.And, 0b0100, 3, 0)]
    [InlineData(RowOperation.Xor, 0b0000, 3, 0)]
    [InlineData(RowOperation.Or, 0b0000, 3, 0)]
    public void An_operand_is_zero_where_every_row_gives_zero_whatever_it_holds(RowOperation operation, int operand, int columns, int zeros)
    {
        // Two positions: one reads the operand, the other lies outside of the input and is always zero.
        var core = new ProgramInterpreter(s_array);
        core.Load([new RowImage(0, 0, operation, [0])], [], []);
        core.WriteOperands(0, [(ulong)operand]);
        core.Run(Descriptor(
            (DescriptorField.LastWordColumns, columns), (DescriptorField.InputWidth, 1), (DescriptorField.OutputWidth, 2), (DescriptorField.OutputStrideX, 1),
            (DescriptorField.Control, (int)ControlBits.RawOutput))).ZeroOperands.ShouldBe(zeros + 1);
    }

    [Fact]
    public void Columns_beyond_the_last_word_do_not_count()
    {
        var core = new ProgramInterpreter(s_array);
        core.Load([new RowImage(0, 0, RowOperation.Nand, [0])], [], []);
        core.Run(Descriptor((DescriptorField.LastWordColumns, 3), (DescriptorField.Control, (int)ControlBits.RawOutput)));
        core.ReadResults(0, 1).ShouldBe([3L]);
    }

    [Fact]
    public void Bit_planes_count_by_their_weights_and_the_sign_planes_are_subtracted()
    {
        // One filter of weights -2 and 1, two planes each, on inputs 3 and -1, three planes each.
        var core = new ProgramInterpreter(s_array);
        core.Load([new RowImage(0, 0, RowOperation.And, [0b10]), new RowImage(1, 0, RowOperation.And, [0b01])], [new InitialImage(0, 0, 7, false)], []);
        core.WriteOperands(0, [0b11, 0b11, 0b10]);
        var counters = core.Run(Descriptor(
            (DescriptorField.Planes, 3), (DescriptorField.WeightPlanes, 0b11), (DescriptorField.LastWordColumns, 2), (DescriptorField.SectorLanes, 2),
            (DescriptorField.Control, (int)(ControlBits.RawOutput | ControlBits.SignedPlanes | ControlBits.SignedWeights))));
        core.ReadResults(0, 1).ShouldBe([7L + (-2 * 3) + (1 * -1)]);
        counters.ShouldBe(new InterpreterCounters(6, 6, 6, 0, 0));
    }

    [Fact]
    public void Plus_and_minus_one_at_a_border_count_only_inside_columns_and_bits_join_a_word()
    {
        // Two filters of one pixel; the first position lies left of the input: K is 0 there, and the threshold alone decides.
        var core = new ProgramInterpreter(s_array);
        core.Load(
            [new RowImage(0, 0, RowOperation.Xor, [0b1111]), new RowImage(0, 1, RowOperation.Xor, [0b0000])],
            [new InitialImage(0, 0, -1, false), new InitialImage(0, 1, 0, true)], []);
        core.WriteOperands(0, [0b1110]);
        core.WriteOperands(8, [0b0001]);
        core.Run(Descriptor(
            (DescriptorField.OperandBase, 15), (DescriptorField.OutputColumnStep, 1), (DescriptorField.OutputStrideX, 1), (DescriptorField.FirstX, (1 << DescriptorLayout.CoordinateBits) - 1),
            (DescriptorField.OutputWidth, 2), (DescriptorField.TileFilters, 2), (DescriptorField.LastTileFilters, 2),
            (DescriptorField.OutputBase, 8), (DescriptorField.OutputStep, 1), (DescriptorField.FirstOutputBit, 1),
            (DescriptorField.Control, (int)(ControlBits.Double | ControlBits.SubtractMask | ControlBits.Negate))));

        // Outside: sums -1 and 0: bits 0, and 1 turned to 0. Inside, 3 ones of 4: 4 - 2 = 2 and -2, so 1 and, turned, 1. Bit 0 stays as it was.
        core.ReadOperands(8, 2).ShouldBe([0b001UL, 0b110UL]);
    }

    [Fact]
    public void Levels_are_counted_pooled_and_written_plane_by_plane()
    {
        // One filter sees 1 and 3 ones at two positions; thresholds 1, 2, 3: levels 1 and 3, the greater plus 1 is 4 of three planes.
        var core = new ProgramInterpreter(s_array);
        core.Load(
            [new RowImage(0, 0, RowOperation.And, [0b1111])], [], [new LevelImage(0, 1), new LevelImage(1, 2), new LevelImage(2, 3)]);
        core.WriteOperands(0, [0b0001, 0b0111]);
        core.Run(Descriptor(
            (DescriptorField.PoolWidth, 2), (DescriptorField.PositionColumnStep, 1), (DescriptorField.InputWidth, 2), (DescriptorField.StrideX, 1),
            (DescriptorField.DrainCycles, 3), (DescriptorField.Levels, 3), (DescriptorField.FirstValue, 1), (DescriptorField.OutputPlanes, 3), (DescriptorField.OutputBase, 4),
            (DescriptorField.Control, (int)(ControlBits.ValueOutput | ControlBits.LevelOutput))));
        core.ReadOperands(4, 3).ShouldBe([0UL, 0UL, 1UL]);
    }

    [Theory]
    [InlineData(5, 3, 2, 0, 4)]
    [InlineData(5, -3, 2, 0, -4)]
    [InlineData(-5, 3, 2, 1, -3)]
    [InlineData(100, 3, 0, 0, 7)]
    [InlineData(100, -3, 0, 0, -8)]
    public void A_sum_is_multiplied_shifted_half_up_moved_and_saturated(int sum, int multiplier, int shift, int zeroPoint, int value)
    {
        var core = new ProgramInterpreter(s_array);
        core.Load([], [new InitialImage(0, 0, sum, false)], [new LevelImage(0, multiplier, shift)]);
        var bits = DescriptorField.FirstValue.Width(s_array);
        core.Run(Descriptor(
            (DescriptorField.FirstValue, zeroPoint), (DescriptorField.LeastValue, (int)((1L << bits) - 8)), (DescriptorField.GreatestValue, 7), (DescriptorField.OutputBase, 3),
            (DescriptorField.Control, (int)(ControlBits.RawOutput | ControlBits.Requantise | ControlBits.Saturate))));
        core.ReadResults(3, 1).ShouldBe([(long)value]);
    }

    [Fact]
    public void The_index_of_the_greatest_value_counts_channel_by_channel_and_the_lowest_wins_a_tie()
    {
        // Two filters at two positions: sums 1, 3 and 1, 3 of filter 0 and 1 (one ones-row each): the tie of 3 is at index 1 (filter 0, position 1) and 3.
        var core = new ProgramInterpreter(s_array);
        core.Load([new RowImage(0, 0, RowOperation.And, [0b1111]), new RowImage(0, 1, RowOperation.And, [0b1111])], [], []);
        core.WriteOperands(0, [0b0001, 0b0111]);
        core.Run(Descriptor(
            (DescriptorField.OutputWidth, 2), (DescriptorField.OutputColumnStep, 1), (DescriptorField.OutputStrideX, 1), (DescriptorField.InputWidth, 2),
            (DescriptorField.TileFilters, 2), (DescriptorField.LastTileFilters, 2), (DescriptorField.IndexStep, 2),
            (DescriptorField.Control, (int)(ControlBits.RawOutput | ControlBits.Argmax))));
        core.ReadResults(0, 1).ShouldBe([1L]);
    }

    [Fact]
    public void What_it_does_not_know_is_refused()
    {
        var core = new ProgramInterpreter(s_array);
        Should.Throw<NotSupportedException>(() => core.Run(Descriptor((DescriptorField.Control, 1 << 30)))).Message.ShouldContain("does not know");
    }

    /// <summary>One filter, one word, one position, unless said otherwise.</summary>
    private static LayerDescriptor Descriptor(params (DescriptorField Field, int Value)[] fields)
    {
        var values = new Dictionary<DescriptorField, int>
        {
            [DescriptorField.Planes] = 1,
            [DescriptorField.WeightPlanes] = 1,
            [DescriptorField.OutputPlanes] = 1,
            [DescriptorField.DrainCycles] = 1,
            [DescriptorField.ChannelWords] = 1,
            [DescriptorField.LastWordColumns] = 4,
            [DescriptorField.KernelWidth] = 1,
            [DescriptorField.KernelHeight] = 1,
            [DescriptorField.InputWidth] = 1,
            [DescriptorField.InputHeight] = 1,
            [DescriptorField.PoolWidth] = 1,
            [DescriptorField.PoolHeight] = 1,
            [DescriptorField.OutputWidth] = 1,
            [DescriptorField.OutputHeight] = 1,
            [DescriptorField.Tiles] = 1,
            [DescriptorField.TileFilters] = 1,
            [DescriptorField.LastTileFilters] = 1,
            [DescriptorField.SectorLanes] = 2,
        };
        foreach (var (field, value) in fields)
        {
            values[field] = value;
        }

        return new LayerDescriptor([.. DescriptorLayout.Fields.Select(field => values.GetValueOrDefault(field))]);
    }
}
