using System.Numerics;
using System.Text;

namespace HwGen.Simulation;

/// <summary>Draws the end of a value change dump as text, in the manner of <see cref="TextWaveform"/>: a line a signal, a column a cycle.</summary>
public static class DumpText
{
    private const int WidestSignal = 64;

    /// <summary>
    /// Draws the signals of a module and of the modules right below it that change in the last cycles. A column shows what a rising edge of the clock finds. Signals that
    /// always have the same values are drawn once.
    /// </summary>
    /// <param name="dump">The dump.</param>
    /// <param name="top">The name of the module; of its signals those of at most 64 bits are drawn.</param>
    /// <param name="clock">The name of its clock.</param>
    /// <param name="cycles">The most cycles that are drawn.</param>
    /// <returns>Lines ended by a line feed; empty where the clock does not rise.</returns>
    public static string Draw(ValueChangeDump dump, string top, string clock, int cycles)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var scope = ScopeOf(dump, top, clock);
        var edges = dump.ChangesOf(scope + "." + clock).Where((change, i) => i > 0 && change.Value == "1").Select(change => change.Time).TakeLast(cycles).ToList();
        var lines = new List<(string Name, int Width, List<string> Values)>();
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in dump.Names.Where(name => name.StartsWith(scope + ".", StringComparison.Ordinal)).OrderBy(name => name.Count(c => c == '.')))
        {
            var own = name[(scope.Length + 1)..];
            if (own.Count(c => c == '.') > 1 || dump.WidthOf(name) > WidestSignal || own.Split('.')[^1] == clock)
                continue;
            var values = Before(dump.ChangesOf(name), edges);
            if (values.Distinct(StringComparer.Ordinal).Count() > 1 && drawn.Add(FormattableString.Invariant($"{dump.WidthOf(name)} {string.Join(' ', values)}")))
                lines.Add((own, dump.WidthOf(name), values));
        }

        return Text(lines, edges.Count);
    }

    /// <summary>The innermost scope of the module that has the clock.</summary>
    private static string ScopeOf(ValueChangeDump dump, string top, string clock)
    {
        var scopes = dump.Names.Where(name => name.EndsWith("." + clock, StringComparison.Ordinal)).Select(name => name[..^(clock.Length + 1)]).ToList();
        return scopes.Where(scope => scope == top || scope.EndsWith("." + top, StringComparison.Ordinal)).MaxBy(scope => scope.Length)
            ?? scopes.MinBy(scope => scope.Length)
            ?? throw new ArgumentException($"the dump has no signal '{clock}'", nameof(clock));
    }

    /// <summary>The value of a signal before each of some times.</summary>
    private static List<string> Before(IReadOnlyList<(long Time, string Value)> changes, List<long> times)
    {
        var values = new List<string>();
        var next = 0;
        foreach (var time in times)
        {
            while (next < changes.Count && changes[next].Time < time)
                next++;
            values.Add(next == 0 ? "x" : changes[next - 1].Value);
        }

        return values;
    }

    private static string Text(List<(string Name, int Width, List<string> Values)> lines, int cycles)
    {
        var nameWidth = lines.Select(line => line.Name.Length).DefaultIfEmpty(0).Max();
        var columns = Enumerable.Range(0, cycles).Select(i => lines.Select(line => line.Width == 1 ? 1 : Shown(line.Values[i]).Length).DefaultIfEmpty(1).Max()).ToList();
        var text = new StringBuilder();
        foreach (var (name, width, values) in lines)
        {
            text.Append(name.PadRight(nameWidth)).Append("  ");
            for (var i = 0; i < cycles; i++)
            {
                var stays = i > 0 && values[i] == values[i - 1];
                if (width == 1)
                    text.Append(values[i] switch { "1" => '#', "0" => '_', _ => 'x' }, columns[i] + 1);
                else
                    text.Append((stays ? "." : Shown(values[i])).PadRight(columns[i] + 1, stays ? '.' : ' '));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Shown(string bits)
    {
        if (bits.Any(bit => bit is not ('0' or '1')))
            return "x";
        var value = BigInteger.Zero;
        foreach (var bit in bits)
            value = (value << 1) + (bit - '0');
        var text = value.ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0');
        return text.Length == 0 ? "0" : text;
    }
}
