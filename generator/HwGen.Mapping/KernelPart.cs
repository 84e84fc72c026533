namespace HwGen.Mapping;

/// <summary>A part of a kernel: some of its rows, columns and channel words. Its segments run over words, then columns, then rows.</summary>
internal readonly record struct KernelPart(int FirstRow, int Rows, int FirstColumn, int Columns, int FirstWord, int Words)
{
    public int Segments => Rows * Columns * Words;

    /// <summary>The kernel row, kernel column and channel word of a segment.</summary>
    public (int Row, int Column, int Word) Segment(int index) =>
        (FirstRow + (index / (Columns * Words)), FirstColumn + (index / Words % Columns), FirstWord + (index % Words));

    /// <summary>Splits a kernel into parts of at most so many segments: whole rows of it if they fit, else columns, else words.</summary>
    public static IEnumerable<KernelPart> Split(int rows, int columns, int words, int capacity)
    {
        if (columns * words <= capacity)
        {
            var count = capacity / (columns * words);
            for (var row = 0; row < rows; row += count)
            {
                yield return new KernelPart(row, Math.Min(count, rows - row), 0, columns, 0, words);
            }

            yield break;
        }

        for (var row = 0; row < rows; row++)
        {
            if (words <= capacity)
            {
                var count = capacity / words;
                for (var column = 0; column < columns; column += count)
                {
                    yield return new KernelPart(row, 1, column, Math.Min(count, columns - column), 0, words);
                }

                continue;
            }

            for (var column = 0; column < columns; column++)
            {
                for (var word = 0; word < words; word += capacity)
                {
                    yield return new KernelPart(row, 1, column, 1, word, Math.Min(capacity, words - word));
                }
            }
        }
    }
}
