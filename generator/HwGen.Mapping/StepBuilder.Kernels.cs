using HwGen.Architecture.Configuration;

namespace HwGen.Mapping;

// Kernels of filters, and how many lanes and rows they take.
internal sealed partial class StepBuilder
{
    /// <summary>Runs of filters that read the same operand words: all of them, or groups whose channels lie together.</summary>
    private IEnumerable<(int First, int Count)> Slices()
    {
        for (var first = 0; first < _step.Channels;)
        {
            var count = 1;
            while (first + count < _step.Channels && _step.Terms.All(term => Words(term, first + count) == Words(term, first)))
            {
                count++;
            }

            yield return (first, count);
            first += count;
        }
    }

    /// <summary>The operand words of a pixel that a filter reads.</summary>
    private (int First, int Count) Words(Term term, int filter)
    {
        var (first, count) = term.Weights.Channels(filter);
        var word = first / _configuration.Columns;
        return (word, ((first + count - 1) / _configuration.Columns) - word + 1);
    }

    /// <summary>The kernel of a filter as it lies in one lane: all of its bit-planes, or one where each has a lane; lanes are for all planes from the lowest to the highest.</summary>
    private KernelPart Kernel(Term term, int filter, int filterLanes = 1)
    {
        var (word, words) = Words(term, filter);
        return new KernelPart(0, term.Window.KernelHeight, 0, term.Window.KernelWidth, word, words, PlanesOfLane(term, filterLanes));
    }

    private static int PlanesOfLane(Term term, int filterLanes) => filterLanes > 1 ? 1 << term.Weights.Planes.Lowest : term.Weights.Planes.Set;

    /// <summary>Operands of a window of a step of one term, of all of its channels.</summary>
    private long WordsOf(KernelPart kernel)
    {
        var input = _memory[_step.Terms[0].Source];
        return kernel.DenseWords > 0 ? (long)kernel.DenseWords * input.Planes : (long)kernel.Rows * kernel.Columns * input.PixelWords;
    }

    /// <summary>A placement of whole filters of a step of one term, and their kernel; none where they find no room.</summary>
    /// <param name="filter">The first filter.</param>
    /// <param name="left">Filters that are left.</param>
    /// <param name="kernel">The kernel, of any bit-planes.</param>
    /// <param name="groups">Row groups that are free.</param>
    private (KernelPart Kernel, ArrayPlacement? Whole) Whole(int filter, int left, KernelPart kernel, int groups)
    {
        var term = _step.Terms[0];
        var filterLanes = FilterLanes(left, WordsOf(kernel));
        KernelPart Of(int lanes) => kernel with { PlaneSet = PlanesOfLane(term, lanes) };
        ArrayPlacement? Fit(int lanes) => _step.Terms.Count > 1 ? null : ArrayPlacement.Fit(_configuration, left, RowsOf(term, Of(lanes)), groups, MostFilters, lanes);
        var whole = Fit(filterLanes);
        if (whole is null && filterLanes > 1 && !IsLongAt(filter))
        {
            // Planes under each other find room where lanes are the fewer.
            filterLanes = 1;
            whole = Fit(filterLanes);
        }

        return (Of(filterLanes), whole);
    }

    /// <summary>Rows that one filter takes of a part of a kernel.</summary>
    private static int RowsOf(Term term, KernelPart part) => (term.RepeatsRows ? part.Words : part.Segments) * part.Planes;

    /// <summary>
    /// Lanes of a filter: one for each weight bit-plane where that takes fewer cycles, as it does where there are lanes that would idle. The sums of the planes leave one after
    /// another, or, where a filter has as many lanes as a weight has planes at most, all in one cycle; planes beyond the highest repeat the sign.
    /// </summary>
    /// <param name="filters">Filters that are left.</param>
    /// <param name="words">Operands of a window, of all input bit-planes.</param>
    private int FilterLanes(int filters, long words)
    {
        if (_isBits || _step.Terms.Count > 1 || _step.Terms[0] is not { RepeatsRows: false, Weights.Planes: { Count: > 1, Span: var planes } } || planes > _configuration.TotalLanes)
        {
            return 1;
        }

        var term = _step.Terms[0];
        var tile = Math.Min(filters, _configuration.TotalLanes);
        long Rounds(long operands, int filtersOfTile, int cyclesOfFilter) =>
            (((filters - 1) / filtersOfTile) + 1) * Math.Max(operands, (long)Math.Min(filters, filtersOfTile) * cyclesOfFilter);
        var (lanes, least) = (1, Rounds(words * term.Weights.Planes.Count, tile, ValueCycles));
        foreach (var apart in _configuration.JoinsAtOnce ? (int[])[planes, _configuration.WeightBits] : [planes])
        {
            if (Rounds(words, _configuration.TotalLanes / apart, JoinCycles(apart) + ValueCycles) is var cycles && cycles < least)
            {
                (lanes, least) = (apart, cycles);
            }
        }

        return lanes;
    }

    private bool JoinsAtOnce(int filterLanes) => _configuration.JoinsAtOnce && filterLanes == _configuration.WeightBits;

    /// <summary>Cycles in which planes of a filter leave before its last.</summary>
    private int JoinCycles(int filterLanes) => JoinsAtOnce(filterLanes) ? 0 : filterLanes - 1;

    /// <summary>True when a filter is longer than the array.</summary>
    private bool IsLongAt(int filter) => _step.Terms.Any(term =>
        ArrayPlacement.Fit(_configuration, 1, RowsOf(term, Kernel(term, filter)), _configuration.Groups, 1) is null) && !FitsDensely(filter);

    private int MostFilters => _step.Function.Words == 0 ? int.MaxValue : _configuration.LevelWords / _step.Function.Words;

    private static RowOperation Operation(Term term) => term.Source.IsBipolar ? RowOperation.Xor : RowOperation.And;
}
