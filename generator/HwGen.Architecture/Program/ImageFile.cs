using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>
/// The text of memory images: an entry a line, its fields parted by blanks, comments behind <c>//</c>. The first field is the load: 0 is
/// loaded once, the others before the pass of program.json that names them.
/// </summary>
internal static class ImageFile
{
    private const int LargestFile = 1 << 28;

    public static string RowsText(ArrayConfiguration configuration, IEnumerable<(int Load, RowImage Row)> rows)
    {
        var text = new StringBuilder(FormattableString.Invariant($"""
            // Rows of the array {configuration.Name}, one a line; lane {configuration.Lanes} * m + n is lane n of macro m, and its row is group * {configuration.Lanes} + n.
            // load: 0 is loaded once, the others before the pass of program.json that names them
            // operation: the row operation, {string.Join(", ", configuration.RowOperations).ToLowerInvariant()}
            // data: the cells, hexadecimal, column {configuration.Columns - 1} first and column 0 last
            // load group lane operation data

            """));
        foreach (var (load, row) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{load} {row.Group} {row.Lane} {row.Operation.ToString().ToLowerInvariant()} ");
            for (var digit = ((configuration.Columns + 3) / 4) - 1; digit >= 0; digit--)
            {
                text.Append("0123456789abcdef"[(int)(row.Bits[digit / 16] >> (4 * (digit % 16))) & 15]);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public static string InitialsText(ArrayConfiguration configuration, IEnumerable<(int Load, InitialImage Initial)> initials)
    {
        var text = new StringBuilder(FormattableString.Invariant($"""
            // Initial values of the accumulators of {configuration.Name}, one a line: a filter with threshold T begins at -T, and its bit = (accumulator >= 0) xor direction.
            // load: 0 is loaded once, the others before the pass of program.json that names them
            // value: decimal; in memory {configuration.AccumulatorBits} bits, two's complement, with the direction above them
            // load address lane value direction

            """));
        foreach (var (load, initial) in initials)
        {
            text.Append(CultureInfo.InvariantCulture, $"{load} {initial.Address} {initial.Lane} {initial.Value} {(initial.Direction ? 1 : 0)}\n");
        }

        return text.ToString();
    }

    public static string LevelsText(ArrayConfiguration configuration, IEnumerable<(int Load, LevelImage Level)> levels)
    {
        var text = new StringBuilder(FormattableString.Invariant($"""
            // The level memory of {configuration.Name}, a word a line: a filter's thresholds, its level being the number of them that its accumulator reaches, or its multiplier and shift.
            // load: 0 is loaded once, the others before the pass of program.json that names them
            // value: decimal, a threshold of {configuration.AccumulatorBits} bits or a multiplier of {configuration.MultiplierBits} bits, two's complement
            // shift: decimal, of a multiplier; 0 with a threshold
            // load address value shift

            """));
        foreach (var (load, level) in levels)
        {
            text.Append(CultureInfo.InvariantCulture, $"{load} {level.Address} {level.Value} {level.Shift}\n");
        }

        return text.ToString();
    }

    /// <summary>The rows of each load, by its number; a number without rows is not in the table.</summary>
    public static Dictionary<int, ImmutableArray<RowImage>> ReadRows(string path, ArrayConfiguration configuration) =>
        Read(path, 5, "load group lane operation data", line =>
        {
            var load = line.Integer(0, "load", 0, int.MaxValue);
            var group = (int)line.Integer(1, "group", 0, configuration.Groups - 1);
            var lane = (int)line.Integer(2, "lane", 0, configuration.TotalLanes - 1);
            return ((int)load, new RowImage(group, lane, Operation(line, configuration), Bits(line, configuration.Columns)));
        });

    /// <summary>The initial values of each load, by its number; a number without any is not in the table.</summary>
    public static Dictionary<int, ImmutableArray<InitialImage>> ReadInitials(string path, ArrayConfiguration configuration)
    {
        var limit = 1L << (configuration.AccumulatorBits - 1);
        return Read(path, 5, "load address lane value direction", line =>
        {
            var load = line.Integer(0, "load", 0, int.MaxValue);
            var address = (int)line.Integer(1, "address", 0, configuration.InitialDepth - 1);
            var lane = (int)line.Integer(2, "lane", 0, configuration.TotalLanes - 1);
            var value = line.Integer(3, "value", -limit, limit - 1);
            return ((int)load, new InitialImage(address, lane, value, line.Integer(4, "direction", 0, 1) == 1));
        });
    }

    /// <summary>The words of the level memory of each load, by its number; a number without any is not in the table.</summary>
    public static Dictionary<int, ImmutableArray<LevelImage>> ReadLevels(string path, ArrayConfiguration configuration)
    {
        var limit = 1L << (configuration.LevelValueBits - 1);
        return Read(path, 4, "load address value shift", line =>
        {
            var load = line.Integer(0, "load", 0, int.MaxValue);
            var address = (int)line.Integer(1, "address", 0, configuration.LevelWords - 1);
            return ((int)load, new LevelImage(address, line.Integer(2, "value", -limit, limit - 1), (int)line.Integer(3, "shift", 0, configuration.MultiplierBits > 0 ? (1 << ArrayConfiguration.ScaleShiftBits) - 1 : 0)));
        });
    }

    private static Dictionary<int, ImmutableArray<T>> Read<T>(string path, int fields, string columns, Func<ImageLine, (int Load, T Entry)> parse)
    {
        var loads = new Dictionary<int, ImmutableArray<T>.Builder>();
        var number = 0;
        foreach (var range in ProgramText.Read(path, LargestFile).Split('\n'))
        {
            number++;
            var comment = range.IndexOf("//", StringComparison.Ordinal);
            var parts = (comment < 0 ? range : range[..comment]).Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                continue;
            }

            if (parts.Length != fields)
            {
                throw new ProgramFileException(path, number, string.Empty, string.Empty, FormattableString.Invariant($"the line has {parts.Length} fields"), FormattableString.Invariant($"{fields} fields: {columns}"));
            }

            var (load, entry) = parse(new ImageLine(path, number, parts));
            if (!loads.TryGetValue(load, out var entries))
            {
                loads.Add(load, entries = ImmutableArray.CreateBuilder<T>());
            }

            entries.Add(entry);
        }

        return loads.ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutable());
    }

    private static RowOperation Operation(ImageLine line, ArrayConfiguration configuration)
    {
        foreach (var operation in configuration.RowOperations)
        {
            if (string.Equals(line.Fields[3], operation.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return operation;
            }
        }

        throw line.Error(3, "operation", "is not a row operation of the array", string.Join(", ", configuration.RowOperations).ToLowerInvariant());
    }

    private static ImmutableArray<ulong> Bits(ImageLine line, int columns)
    {
        var digits = (columns + 3) / 4;
        var text = line.Fields[4];
        var bits = new ulong[((columns - 1) / 64) + 1];
        var fits = text.Length == digits && text.All(char.IsAsciiHexDigit);
        for (var digit = 0; fits && digit < digits; digit++)
        {
            var c = text[digits - 1 - digit];
            var value = (ulong)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
            fits = digit < digits - 1 || columns % 4 == 0 || value >> (columns % 4) == 0;
            bits[digit / 16] |= value << (4 * (digit % 16));
        }

        return fits
            ? ImmutableArray.Create(bits)
            : throw line.Error(4, "data", "is not the content of a row", FormattableString.Invariant($"{digits} hexadecimal digits, no bit beyond column {columns - 1}"));
    }

    /// <summary>One line of an image.</summary>
    private readonly record struct ImageLine(string Path, int Number, string[] Fields)
    {
        public long Integer(int field, string name, long minimum, long maximum) =>
            long.TryParse(Fields[field], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum
                ? value
                : throw Error(field, name, "is out of range or not a whole number", FormattableString.Invariant($"a whole number from {minimum} to {maximum}"));

        public ProgramFileException Error(int field, string name, string problem, string allowed) => new(Path, Number, name, Fields[field], problem, allowed);
    }
}
