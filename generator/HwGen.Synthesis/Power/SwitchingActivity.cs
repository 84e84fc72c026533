using System.Globalization;
using HwGen.Tools;

namespace HwGen.Synthesis.Power;

/// <summary>How often signals change, counted in a value change dump (IEEE 1364-2005, 18) of a simulation.</summary>
public sealed class SwitchingActivity
{
    private readonly Dictionary<string, long> _toggles;

    private SwitchingActivity(Dictionary<string, long> toggles, long cycles)
    {
        _toggles = toggles;
        Cycles = cycles;
    }

    /// <summary>Clock cycles that were counted.</summary>
    public long Cycles { get; }

    /// <summary>Signals, each bit one.</summary>
    public int Signals => _toggles.Count;

    /// <summary>Changes a cycle of a signal's bit, by its path below the top module; null when the dump does not have it.</summary>
    public double? Of(string signal) => _toggles.TryGetValue(signal, out var toggles) ? (double)toggles / Cycles : null;

    /// <summary>The mean over the signals that begin with a prefix; null when there are none.</summary>
    internal double? Mean(string prefix)
    {
        var found = prefix.Length == 0 ? _toggles : _toggles.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary();
        return found.Count == 0 ? null : found.Values.Average() / Cycles;
    }

    /// <summary>Counts a dump.</summary>
    /// <param name="file">The dump.</param>
    /// <param name="clock">The clock's name below the top module.</param>
    /// <param name="active">A signal of one bit: only cycles in which it is 1 are counted; null for all.</param>
    /// <exception cref="InputException">The file cannot be read, is no dump, or has no cycle to count.</exception>
    public static SwitchingActivity Read(string file, string clock, string? active = null)
    {
        try
        {
            using var text = new StreamReader(file);
            return Read(file, text, clock, active);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(new InputError("cannot be read: " + exception.Message) { File = file }, exception);
        }
    }

    /// <summary>Counts a dump that is read from a text.</summary>
    public static SwitchingActivity Read(string file, TextReader text, string clock, string? active = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new DumpLines(file, text);
        var variables = ReadHeader(file, lines);
        var byId = variables.GetAlternateLookup<ReadOnlySpan<char>>();
        var clocks = variables.Values.Where(v => v.Names.Contains(clock)).ToList();
        var activities = active is null ? [] : variables.Values.Where(v => v.Names.Contains(active)).ToList();
        if (clocks.Count != 1)
            throw new InputException(new InputError($"has no signal {clock}") { File = file, Allowed = "the waveform of a simulation of the same top module" });
        if (active is not null && activities.Count != 1)
            throw new InputException(new InputError($"has no signal {active}") { File = file });
        var (clockBit, activeBit) = (clocks[0], active is null ? null : activities[0]);
        long cycles = 0;
        while (lines.Next(out var line))
        {
            if (line.Length == 0 || line[0] is '#' or '$')
                continue;
            var space = line[0] is 'b' or 'B' ? line.IndexOf(' ') : 1;
            if (space < 1 || space == 1 && line[0] is 'b' or 'B')
                continue;
            var value = line[0] is 'b' or 'B' ? line[1..space] : line[..1];
            if (!byId.TryGetValue(line[space..].Trim(), out var variable))
                continue;
            var counts = activeBit is null || activeBit.IsOne;
            if (ReferenceEquals(variable, clockBit) && value is "1" && variable.IsZero && counts)
                cycles++;
            variable.Change(value, counts);
        }
        if (cycles == 0)
            throw new InputException(new InputError(active is null ? $"has no cycle of {clock}" : $"has no cycle of {clock} in which {active} is 1") { File = file });
        var toggles = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var variable in variables.Values)
        {
            foreach (var name in variable.Names)
            {
                for (var bit = 0; bit < variable.Width; bit++)
                    toggles[variable.IsVector ? string.Create(CultureInfo.InvariantCulture, $"{name}[{bit + variable.Low}]") : name] = variable.Toggles[bit];
            }
        }
        return new SwitchingActivity(toggles, cycles);
    }

    private static Dictionary<string, Variable> ReadHeader(string file, DumpLines lines)
    {
        var variables = new Dictionary<string, Variable>(StringComparer.Ordinal);
        var scopes = new List<string>();
        var isDump = false;
        while (lines.Next(out var line))
        {
            var words = line.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["$scope", _, var name, ..]:
                    scopes.Add(name.TrimStart('\\'));
                    break;
                case ["$upscope", ..] when scopes.Count > 0:
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case ["$var", _, var width, var id, var name, .. var rest] when int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits is > 0 and < 1 << 20:
                    isDump = true;

                    // The wrapper that some simulators put around the design, and the design itself, are no part of a path.
                    var outer = scopes.Count > 0 && scopes[0] is "TOP" or "bench" or "hwgen_bench" ? 2 : 1;
                    var path = string.Join('.', scopes.Skip(outer).Append(name.TrimStart('\\')));
                    var bracket = path.EndsWith(']') ? path.LastIndexOf('[') : -1;
                    var range = rest.FirstOrDefault(word => word.StartsWith('[')) ?? (bracket > 0 && path[bracket..].Contains(':', StringComparison.Ordinal) ? path[bracket..] : null);
                    if (range is not null && bracket > 0 && path[bracket..] == range)
                        path = path[..bracket];
                    if (!variables.TryGetValue(id, out var variable))
                        variables.Add(id, variable = new Variable(bits, range is not null || bits > 1, LowOf(range)));
                    variable.Names.Add(path);
                    break;
                case ["$enddefinitions", ..]:
                    return isDump ? variables : throw new InputException(new InputError("declares no signal") { File = file });
            }
        }
        throw new InputException(new InputError("is no value change dump") { File = file });
    }

    private static int LowOf(string? range) =>
        range is not null && int.TryParse(range.Trim('[', ']').Split(':')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var low) ? low : 0;

    private sealed class Variable(int width, bool isVector, int low)
    {
        // Nothing is known before the first value.
        private readonly char[] _value = new char[width];

        public int Width => width;

        public bool IsVector => isVector;

        public int Low => low;

        public List<string> Names { get; } = [];

        public long[] Toggles { get; } = new long[width];

        public bool IsZero => _value is ['0'];

        public bool IsOne => _value is ['1'];

        /// <summary>Takes a value, the highest bit first; what was unknown before is no change.</summary>
        public void Change(ReadOnlySpan<char> value, bool counts)
        {
            // Left out in front are zeros, or more of what is unknown.
            var fill = value[0] is '1' ? '0' : value[0];
            for (var bit = 0; bit < width; bit++)
            {
                var now = bit < value.Length ? value[^(bit + 1)] : fill;
                ref var before = ref _value[^(bit + 1)];
                if (counts && before != now && before is '0' or '1' && now is '0' or '1')
                    Toggles[bit]++;
                before = now;
            }
        }
    }
}
