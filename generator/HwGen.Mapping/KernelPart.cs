using System.Numerics;

namespace HwGen.Mapping;

/// <summary>A part of a kernel: some of its rows, columns, channel words and weight bit-planes (bit i of the set for the plane of significance i). Its segments run over words, then columns, then rows.</summary>
internal readonly record struct KernelPart(int FirstRow, int Rows, int FirstColumn, int Columns, int FirstWord, int Words, int PlaneSet = 1)
{
    /// <summary>How many weight bit-planes.</summary>
    public int Planes => BitOperations.PopCount((uint)PlaneSet);

    /// <summary>The significance of a plane, counted from the lowest.</summary>
    public int Plane(int index)
    {
        var left = (uint)PlaneSet;
        for (; index > 0; index--)
        {
            left &= left - 1;
        }

        return BitOperations.TrailingZeroCount(left);
    }

    /// <summary>Words of its window where it is packed densely: the whole kernel, its columns one after another. 0 where it is packed by channel.</summary>
    public int DenseWords { get; init; }

    /// <summary>Words of its window.</summary>
    public int Segments => DenseWords > 0 ? DenseWords : Rows * Columns * Words;

    /// <summary>Splits a kernel into parts of at most so many rows of the array for a filter: whole segments if one fits, else bit-planes.</summary>
    public IEnumerable<KernelPart> SplitRows(int capacity)
    {
        if (Planes <= capacity)
        {
            return Split(capacity / Planes);
        }

        var whole = this;
        return Enumerable.Range(0, Planes).Select(Plane).Chunk(capacity)
            .SelectMany(planes => (whole with { PlaneSet = planes.Sum(plane => 1 << plane) }).Split(1));
    }

    /// <summary>The kernel row, kernel column and channel word of a segment, where windows are packed by channel.</summary>
    public (int Row, int Column, int Word) Segment(int index) =>
        (FirstRow + (index / (Columns * Words)), FirstColumn + (index / Words % Columns), FirstWord + (index % Words));

    /// <summary>Splits a kernel into parts of at most so many segments: whole rows of it if they fit, else columns, else words.</summary>
    public IEnumerable<KernelPart> Split(int capacity)
    {
        if (Columns * Words <= capacity)
        {
            var count = capacity / (Columns * Words);
            for (var row = 0; row < Rows; row += count)
            {
                yield return this with { FirstRow = FirstRow + row, Rows = Math.Min(count, Rows - row) };
            }

            yield break;
        }

        for (var row = 0; row < Rows; row++)
        {
            var one = this with { FirstRow = FirstRow + row, Rows = 1 };
            if (Words <= capacity)
            {
                var count = capacity / Words;
                for (var column = 0; column < Columns; column += count)
                {
                    yield return one with { FirstColumn = FirstColumn + column, Columns = Math.Min(count, Columns - column) };
                }

                continue;
            }

            for (var column = 0; column < Columns; column++)
            {
                for (var word = 0; word < Words; word += capacity)
                {
                    yield return one with { FirstColumn = FirstColumn + column, Columns = 1, FirstWord = FirstWord + word, Words = Math.Min(capacity, Words - word) };
                }
            }
        }
    }
}
