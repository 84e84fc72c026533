using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Interpreter;

/// <summary>One run of the sequencer: positions, tiles, operands and rows in nested loops.</summary>
internal sealed class PassRun(ArrayConfiguration configuration, CoreState state, LayerDescriptor descriptor, RowOperation? operation, ICollection<long>? roundEnds)
{
    private static readonly ControlBits Known = Enum.GetValues<ControlBits>().Aggregate((all, bit) => all | bit);

    // Weight planes that every operand meets.
    private const int AlwaysMet = 2;

    /// <summary>The significances of the weight planes, the lowest first.</summary>
    private readonly int[] _weightPlanes = [.. Enumerable.Range(0, configuration.WeightBits).Where(plane => (descriptor[WeightPlanes] >> plane & 1) != 0)];

    /// <summary>The windows, where they are packed densely.</summary>
    private readonly WindowStream? _windows = descriptor.PacksWindows ? new(configuration, state, descriptor) : null;

    private readonly WindowSchedule _schedule = new(descriptor);

    private long _operands;
    private long _rowActivations;
    private long _zeroOperands;
    private long _skippedOperands;
    private long _cycles;
    private long? _lastRound;
    private long? _firstOutside;

    public InterpreterCounters Run()
    {
        if ((descriptor.Control & ~Known) != 0)
        {
            throw new NotSupportedException($"the interpreter does not know {descriptor.Control & ~Known}");
        }

        var results = new PassOutput(configuration, state, descriptor);
        var begun = 0L;
        for (var row = 0; row < descriptor[OutputHeight]; row++)
        {
            for (var column = 0; column < descriptor[OutputWidth]; column++)
            {
                // Windows are gathered while the output before is computed.
                var waits = _windows is null ? 0 : WindowSchedule.Wait(column == 0 ? _schedule.FirstReads : _schedule.StepReads, _cycles - begun, descriptor[PreloadCycles]);
                _cycles += descriptor[PreloadCycles] + waits;
                begun = _cycles;
                Output(results, row, column);
            }
        }

        results.EndRun();
        return new InterpreterCounters(_cycles + descriptor[FinishCycles], _operands, _rowActivations, _zeroOperands, _skippedOperands) { FirstOutside = _firstOutside };
    }

    private bool Is(ControlBits bit) => descriptor.Control.HasFlag(bit);

    /// <summary>One output position: each tile of filters at each of the positions that are pooled.</summary>
    private void Output(PassOutput results, int row, int column)
    {
        results.Begin();
        for (var tile = 0; tile < descriptor[Tiles]; tile++)
        {
            var filters = tile == descriptor[Tiles] - 1 ? descriptor[LastTileFilters] : descriptor[TileFilters];
            for (var poolRow = 0; poolRow < descriptor[PoolHeight]; poolRow++)
            {
                for (var poolColumn = 0; poolColumn < descriptor[PoolWidth]; poolColumn++)
                {
                    var address = descriptor[OperandBase] + ((long)row * descriptor[OutputRowStep]) + ((long)column * descriptor[OutputColumnStep])
                        + ((long)poolRow * descriptor[PositionRowStep]) + ((long)poolColumn * descriptor[PositionColumnStep]);
                    var x = Coordinate.Of(descriptor[FirstX]) + (column * descriptor[OutputStrideX]) + (poolColumn * descriptor[StrideX]);
                    var y = Coordinate.Of(descriptor[FirstY]) + (row * descriptor[OutputStrideY]) + (poolRow * descriptor[StrideY]);
                    var begin = _windows?.Begin(column, poolColumn) ?? 0;
                    var isInside = Round(tile, filters, address, x, y, (segment, plane) => _windows!.Operand(begin + ((long)segment * configuration.Columns), row, poolRow, y, plane));

                    // What comes behind the array needs some cycles from the end of a round to the next; the first has none before it.
                    _cycles = Math.Max(_cycles, (_lastRound + descriptor[RoundCycles]) ?? 0);
                    _lastRound = _cycles;
                    roundEnds?.Add(_cycles);
                    if (!Is(ControlBits.HoldAccumulators))
                    {
                        results.Add(tile, filters, isFirst: poolRow == 0 && poolColumn == 0, isInside);
                    }
                }
            }

            if (!Is(ControlBits.HoldAccumulators))
            {
                results.EndTile(tile, filters);
            }
        }
    }

    /// <summary>One tile of filters at one position: each word of the window, each of its bit-planes, each weight bit-plane.</summary>
    /// <returns>Whether the last pixel of the window lies inside the input.</returns>
    private bool Round(int tile, int filters, long address, int x, int y, Func<int, int, ulong[]> packed)
    {
        if (!Is(ControlBits.KeepAccumulators))
        {
            for (var filter = 0; filter < configuration.TotalLanes; filter++)
            {
                var initial = state.Initial((descriptor[InitialBase] + tile) % configuration.InitialDepth, configuration.LaneOf(filter));
                (state.Accumulators[filter], state.Directions[filter]) = (initial.Value, initial.Direction);
            }
        }

        var (segment, words) = (0, 0);
        var isInside = false;
        for (var kernelRow = 0; kernelRow < descriptor[KernelHeight]; kernelRow++)
        {
            for (var kernelColumn = 0; kernelColumn < descriptor[KernelWidth]; kernelColumn++)
            {
                var pixelX = x + (kernelColumn * descriptor[DilationX]);
                var pixelY = y + (kernelRow * descriptor[DilationY]);
                segment = Is(ControlBits.RepeatRows) ? 0 : segment;
                isInside = _windows is not null || pixelX >= 0 && pixelX < descriptor[InputWidth] && pixelY >= 0 && pixelY < descriptor[InputHeight];
                for (var word = 0; word < descriptor[ChannelWords]; word++, words++, segment += SegmentRows)
                {
                    var columns = !isInside ? 0 : word == descriptor[ChannelWords] - 1 ? descriptor[LastWordColumns] : configuration.Columns;
                    for (var plane = 0; plane < descriptor[Planes]; plane++)
                    {
                        var operand = _windows is not null ? packed(words, plane) : state.Operands[Modulo(
                            address + ((long)kernelRow * descriptor[KernelRowStep]) + ((long)kernelColumn * descriptor[KernelColumnStep]) + (word * descriptor[Planes]) + plane,
                            configuration.OperandWords)];
                        var skips = configuration.OperandSkipping && (columns == 0 || (Is(ControlBits.SkipZeroOperands) && Ones(operand, columns) == 0));
                        for (var weightPlane = 0; weightPlane < _weightPlanes.Length; weightPlane++)
                        {
                            var (group, lane) = RowOf(tile, segment + weightPlane);
                            _zeroOperands += IsZero(group, lane, operand, columns) ? 1 : 0;
                            if (skips && weightPlane >= AlwaysMet)
                            {
                                _skippedOperands++;
                                continue;
                            }

                            Operand(tile, group, lane, operand, columns, plane, weightPlane);
                            _operands++;
                            _cycles++;
                            _rowActivations += filters;
                        }
                    }
                }
            }
        }

        return isInside;
    }

    private int Sectors => configuration.Lanes / descriptor[SectorLanes];

    /// <summary>Rows from a segment of a filter to the next: its weight planes; a core that skips operands is told.</summary>
    private int SegmentRows => configuration.OperandSkipping ? (descriptor[SegmentGroups] * Sectors) + (descriptor[SegmentLanes] / descriptor[SectorLanes]) : _weightPlanes.Length;

    /// <summary>Where a row of a tile's filters is: the rows of a filter lie in the sectors of a row group, then in the next group.</summary>
    private (long Group, int Lane) RowOf(int tile, int row) =>
        (descriptor[GroupBase] + ((long)tile * descriptor[GroupsPerTile]) + (row / Sectors), row % Sectors * descriptor[SectorLanes]);

    /// <summary>True when every row's result is 0. An XOR of zeros is the stored row: only ANDs of zeros are zero.</summary>
    private bool IsZero(long group, int firstLane, ulong[] operand, int columns) =>
        columns == 0 || (Ones(operand, columns) == 0 && state.Row((int)Modulo(group, configuration.Groups), configuration.LaneOf(0, firstLane)) is { Operation: RowOperation.And });

    /// <summary>One operand and one row of each filter.</summary>
    private void Operand(int tile, long wantedGroup, int firstLane, ulong[] operand, int columns, int plane, int weightPlane)
    {
        if (wantedGroup >= configuration.Groups || (!Is(ControlBits.KeepAccumulators) && descriptor[InitialBase] + tile >= configuration.InitialDepth))
        {
            _firstOutside ??= _cycles;
        }

        var group = (int)Modulo(wantedGroup, configuration.Groups);
        var reference = Is(ControlBits.SubtractMask) ? columns : Is(ControlBits.SubtractOperand) ? Ones(operand, columns) : 0;
        var isNegative = Is(ControlBits.Negate)
            ^ (Is(ControlBits.SignedPlanes) && plane == descriptor[Planes] - 1)
            ^ (Is(ControlBits.SignedWeights) && weightPlane == _weightPlanes.Length - 1);

        for (var filter = 0; filter < descriptor[SectorLanes] * configuration.Macros; filter++)
        {
            var count = Count(group, configuration.LaneOf(filter, firstLane), operand, columns);
            var contribution = (long)((Is(ControlBits.Double) ? 2 * count : count) - reference) << (plane + _weightPlanes[weightPlane]);
            state.Accumulators[filter] += isNegative ? -contribution : contribution;
        }
    }

    /// <summary>The ones of the row operation in the first columns; a row that was never loaded has none.</summary>
    private int Count(int group, int lane, ulong[] operand, int columns)
    {
        var ones = 0;
        if (state.Row(group, lane) is { } row)
        {
            for (var word = 0; word < operand.Length; word++)
            {
                ones += BitOperations.PopCount(Result(operation ?? row.Operation, operand[word], row.Bits[word]) & Mask(columns, word));
            }
        }

        return ones;
    }

    private static int Ones(ulong[] operand, int columns)
    {
        var ones = 0;
        for (var word = 0; word < operand.Length; word++)
        {
            ones += BitOperations.PopCount(operand[word] & Mask(columns, word));
        }

        return ones;
    }

    private static ulong Result(RowOperation operation, ulong x, ulong w) => operation switch
    {
        RowOperation.Nand => ~(x & w),
        RowOperation.And => x & w,
        RowOperation.Xor => x ^ w,
        RowOperation.Or => x | w,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "is no row operation"),
    };

    /// <summary>The columns below a number, of the 64 columns of a word.</summary>
    private static ulong Mask(int columns, int word)
    {
        var count = Math.Clamp(columns - (word * 64), 0, 64);
        return count == 64 ? ulong.MaxValue : (1UL << count) - 1;
    }

    private static long Modulo(long value, long modulus) => ((value % modulus) + modulus) % modulus;
}
