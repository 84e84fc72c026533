using System.Globalization;
using System.Text;
using CsvHelper;

namespace HwGen.Tools;

/// <summary>Writes tables as CSV (RFC 4180, UTF-8 without a mark, line feeds, invariant numbers), through CsvHelper.</summary>
public static class CsvTable
{
    private static readonly CsvWriterOptions s_options = new()
    {
        FormatProvider = CultureInfo.InvariantCulture,
        NewLine = "\n",
        WriteByteOrderMark = false,
        TrueValue = "true",
        FalseValue = "false",
    };

    /// <summary>Writes one line of names and one line a row.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="columns">The names, in order.</param>
    /// <param name="rows">Each with one value a column: text, numbers, truth values, or null for an empty field.</param>
    /// <exception cref="ArgumentException">A row has another number of values than there are columns.</exception>
    public static void Write(string path, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        Write(file, columns, rows);
    }

    /// <summary>Writes one line of names and one line a row.</summary>
    /// <param name="text">Where to; it stays open.</param>
    /// <param name="columns">The names, in order.</param>
    /// <param name="rows">Each with one value a column: text, numbers, truth values, or null for an empty field.</param>
    /// <exception cref="ArgumentException">A row has another number of values than there are columns.</exception>
    public static void Write(TextWriter text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using var writer = CsvWriter.Create(text, s_options, leaveOpen: true);
        writer.WriteHeader([.. columns]);
        foreach (var row in rows)
        {
            if (row.Count != columns.Count)
                throw new ArgumentException(FormattableString.Invariant($"a row has {row.Count} values for {columns.Count} columns"), nameof(rows));
            foreach (var value in row)
                writer.WriteField(value);
            writer.EndRecord();
        }
    }
}
