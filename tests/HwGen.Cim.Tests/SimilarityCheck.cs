using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>
/// A core and a host that writes the rows of a small layer, its valid bits and a command, starts it and waits; beside it what the command comes to, by definition, of the same rows.
/// Rows, valid bits and the limit are any.
/// </summary>
/// <param name="configuration">The core; a filter takes one row.</param>
/// <param name="filters">Filters of the layer.</param>
/// <param name="control">The rule, and whether the threshold is fixed.</param>
/// <param name="threshold">The fixed threshold; 0 where there is none.</param>
/// <param name="isFaulty">True for a definition in which a distance that equals the threshold is similar.</param>
internal sealed class SimilarityCheck(ArrayConfiguration configuration, int filters, SimilarityControl control, int threshold = 0, bool isFaulty = false) : Module
{
    public const int Mantissa = 1, Exponent = 2;

    private const int StepBits = 8, Bits = 24;

    private readonly SimilarityPlacement _placement = SimilarityPlacement.TryPlace(configuration, filters, configuration.Columns, 1, out _)!;

    /// <summary>The rows, those of filter 0 in the lowest bits.</summary>
    public Input Rows { get; } = new(filters * configuration.Columns);

    /// <summary>Which filters are alive.</summary>
    public Input Alive { get; } = new(filters);

    /// <summary>The most similar partners that a filter may have.</summary>
    public Input Limit { get; } = new(2);

    /// <summary>1 when the command is done.</summary>
    public Output Ended { get; } = new(1);

    /// <summary>1 when the valid bits are those of the definition.</summary>
    public Output Same { get; } = new(1);

    /// <summary>Pairs of filters that are alive, the sum of their distances and of the squares, by definition.</summary>
    public Output Pairs { get; } = new(Bits);

    public Output Sum { get; } = new(Bits);

    public Output Squares { get; } = new(Bits);

    /// <summary>Cycles from the first row to the start of the command.</summary>
    public int Begin => filters + 1 + SimilarityLayout.Fields.Count;

    protected override void Build()
    {
        Register(out var step, StepBits, reset: 0);
        When(~step.EqualTo((1 << StepBits) - 1), () => step.Drive(step + 1));
        Register(out var heldRows, Rows, enable: step.EqualTo(0));
        Register(out var heldAlive, Alive, enable: step.EqualTo(0));
        Register(out var heldLimit, Limit, enable: step.EqualTo(0));
        Instance(out var core, new Core(configuration));
        var host = core.Similarity!;
        var driven = Host(step, core, heldRows, heldAlive, heldLimit);
        foreach (var input in Ports<Input>(core).Where(input => !driven.Contains(input)))
        {
            input.Drive(Constant(0, input.Width));
        }

        foreach (var output in Ports<Output>(core))
        {
            Discard(output);
        }

        Discard(host.Cycles);
        Discard(host.Stalls);
        Discard(host.DistanceValid);
        Discard(host.DistanceData);
        Discard(host.Busy);
        Wire(out var expected, Definition(heldRows, heldAlive, heldLimit));
        Register(out var ended, step.AtLeast(Begin + 2) & host.Done, reset: 0);
        Ended.Drive(ended);
        Same.Drive(host.ValidReadData.Truncate(filters).EqualTo(expected));
        Discard(host.ValidReadData.Bits(filters, 32 - filters));
    }

    /// <summary>What the host says in each step: a row, the valid bits, the fields of the command, the start.</summary>
    private HashSet<Port> Host(Register step, Core core, Signal rows, Signal alive, Signal limit)
    {
        var (host, columns) = (core.Similarity!, configuration.Columns);
        var fields = _placement.Fields(configuration);
        fields[SimilarityField.Control] = (int)(threshold > 0 ? control | SimilarityControl.FixedThreshold : control);
        (fields[SimilarityField.Threshold], fields[SimilarityField.MinimumAlive], fields[SimilarityField.Quota]) = (threshold, 1, 1);
        (fields[SimilarityField.Mantissa], fields[SimilarityField.Exponent]) = (Mantissa, Exponent);
        var command = SimilarityCommand.Create(configuration, fields);
        Wire(out var row, step - 1);
        Wire(out var field, step - (filters + 2));
        Signal OfRow(Func<int, Signal> value) => Choice(row, filters, value);
        core.RowWrite.Drive(step.AtLeast(1) & row.LessThan(filters));
        core.RowData.Drive(OfRow(f => rows.Bits(f * columns, columns)));
        core.RowLane.Drive(OfRow(f => Constant(_placement.RowOf(configuration, f, 0, 0).Lane, core.RowLane.Width)));
        core.RowGroup!.Drive(OfRow(f => Constant(_placement.RowOf(configuration, f, 0, 0).Group, core.RowGroup.Width)));
        host.ValidWrite.Drive(step.EqualTo(filters + 1));
        host.ValidAddress.Drive(Constant(0, host.ValidAddress.Width));
        host.ValidData.Drive(alive.ZeroExtend(32));
        host.Write.Drive(step.AtLeast(filters + 2) & field.LessThan(SimilarityLayout.Fields.Count));
        host.Address.Drive(field.Truncate(SimilarityLayout.AddressBits));
        host.Data.Drive(Choice(field, SimilarityLayout.Fields.Count, f => (SimilarityField)f == SimilarityField.Limit ? limit.ZeroExtend(32) : Constant(command.Values[f], 32)));
        host.Start.Drive(step.EqualTo(Begin + 1));
        host.DistanceReady.Drive(Constant(1, 1));
        return [core.RowWrite, core.RowData, core.RowLane, core.RowGroup];
    }

    /// <summary>The filters that are alive behind the command.</summary>
    private Signal Definition(Signal rows, Signal alive, Signal limit)
    {
        var columns = configuration.Columns;
        Signal Distance(int f, int g) => PopCount(rows.Bits(f * columns, columns) ^ rows.Bits(g * columns, columns)).ZeroExtend(Bits);
        Signal Both(int f, int g) => alive[f] & alive[g];
        Signal pairs = Constant(0, Bits), sum = Constant(0, Bits), squares = Constant(0, Bits);
        var all = Enumerable.Range(0, filters).SelectMany(f => Enumerable.Range(f + 1, filters - f - 1).Select(g => (F: f, G: g))).ToArray();
        foreach (var (f, g) in all)
        {
            var counted = Distance(f, g) & Repeat(Both(f, g), Bits);
            pairs += Both(f, g).ZeroExtend(Bits);
            sum += counted;
            squares += counted * counted;
        }

        Wire(out var pairCount, pairs);
        Wire(out var distanceSum, sum);
        Wire(out var squareSum, squares);
        Pairs.Drive(pairCount);
        Sum.Drive(distanceSum);
        Squares.Drive(squareSum);

        // P²·d < P·Σd − b·(P·Σd² − (Σd)²), everything times 2^exponent.
        Signal Similar(int f, int g)
        {
            var distance = Distance(f, g);
            (Signal left, Signal right) = threshold > 0
                ? (distance, Constant(threshold, Bits))
                : ((pairCount * pairCount * distance).ShiftLeft(Exponent), (pairCount * distanceSum).ShiftLeft(Exponent) - (Constant(Mantissa, Bits) * ((pairCount * squareSum) - (distanceSum * distanceSum))));
            return Both(f, g) & (isFaulty ? ~right.LessThanSigned(left) : left.LessThanSigned(right));
        }

        var similar = all.ToDictionary(pair => pair, pair =>
        {
            Wire(out var isSimilar, Similar(pair.F, pair.G), name: FormattableString.Invariant($"similar_{pair.F}_{pair.G}"));
            return (Signal)isSimilar;
        });
        Signal Partner(int f, int g) => similar[f < g ? (f, g) : (g, f)];
        var counts = new Signal[filters];
        var over = new Signal[filters];
        for (var f = 0; f < filters; f++)
        {
            Signal count = Constant(0, Bits);
            foreach (var g in Enumerable.Range(0, filters).Where(g => g != f))
            {
                count += Partner(f, g).ZeroExtend(Bits);
            }

            Wire(out var counted, count, name: FormattableString.Invariant($"count_{f}"));
            Wire(out var isOver, alive[f] & limit.ZeroExtend(Bits).LessThan(counted), name: FormattableString.Invariant($"over_{f}"));
            (counts[f], over[f]) = (counted, isOver);
        }

        var stays = new Signal[filters];
        for (var f = 0; f < filters; f++)
        {
            if (control == (SimilarityControl)(int)SimilarityRule.KeepOne)
            {
                Signal isSimilarToKept = Constant(0, 1);
                for (var g = 0; g < f; g++)
                {
                    isSimilarToKept |= stays[g] & Partner(f, g);
                }

                stays[f] = alive[f] & ~(over[f] & isSimilarToKept);
                continue;
            }

            // Where all are over the limit the one of the lowest count stays, the first of several.
            Signal isLowest = alive[f];
            Signal someStay = Constant(0, 1);
            for (var g = 0; g < filters; g++)
            {
                someStay |= alive[g] & ~over[g];
                isLowest &= g == f ? Constant(1, 1) : ~alive[g] | (g < f ? counts[f].LessThan(counts[g]) : ~counts[g].LessThan(counts[f]));
            }

            stays[f] = alive[f] & (~over[f] | (~someStay & isLowest));
        }

        return Concatenate([.. stays.Reverse()]);
    }

    private Signal Choice(Signal index, int count, Func<int, Signal> value)
    {
        var bits = Widths.Index(count);
        return Select(index.Truncate(bits), [.. Enumerable.Range(0, 1 << bits).Select(i => value(Math.Min(i, count - 1)))]);
    }

    private static IEnumerable<T> Ports<T>(Core core)
        where T : Port => typeof(Core).GetProperties().Where(p => p.PropertyType == typeof(T)).Select(p => (T?)p.GetValue(core)).OfType<T>();
}
