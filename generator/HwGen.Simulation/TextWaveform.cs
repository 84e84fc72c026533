using System.Text;

namespace HwGen.Simulation;

/// <summary>
/// Records some ports cycle by cycle and draws them as text, for tests that keep the expected picture: a line a port, a column a cycle. A
/// bit is drawn as <c>_</c> and <c>#</c>; a wider value is written in hexadecimal where it changes, and dots go on while it stays.
/// </summary>
/// <example><code>
/// enable   __######
/// count    00..1.2.
/// </code></example>
public sealed class TextWaveform
{
    private readonly ISimulator _simulator;
    private readonly PortHandle[] _ports;
    private readonly string[] _names;
    private readonly List<string[]> _samples = [];

    /// <summary>Begins an empty recording.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="ports">The ports, by name, in the order of the lines.</param>
    public TextWaveform(ISimulator simulator, params IReadOnlyList<string> ports)
    {
        _simulator = simulator;
        _names = [.. ports];
        _ports = [.. ports.Select(simulator.Port)];
    }

    /// <summary>Adds the present values as the next column.</summary>
    public void Sample()
    {
        var column = new string[_ports.Length];
        for (var index = 0; index < column.Length; index++)
        {
            var words = new ulong[_ports[index].Words];
            _simulator.Peek(_ports[index], words);
            column[index] = _ports[index].Width == 1 ? (words[0] == 1 ? "#" : "_") : BitWords.ToHexadecimal(words, _ports[index].Width);
        }

        _samples.Add(column);
    }

    /// <summary>Samples, then runs a cycle of the design's first clock; again and again.</summary>
    /// <param name="cycles">How often.</param>
    public void Run(int cycles)
    {
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            Sample();
            _simulator.Step();
        }
    }

    /// <summary>The drawing: lines ended by a line feed, all columns as wide as the widest port's value.</summary>
    public override string ToString()
    {
        var nameWidth = _names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        var columnWidth = _ports.Select(port => (port.Width + 3) / 4).DefaultIfEmpty(1).Max();
        var text = new StringBuilder();
        for (var line = 0; line < _names.Length; line++)
        {
            text.Append(_names[line].PadRight(nameWidth)).Append("  ");
            var before = "";
            foreach (var column in _samples)
            {
                var value = column[line];
                var isBit = _ports[line].Width == 1;
                text.Append(isBit ? new string(value[0], columnWidth) : (value == before ? "." : value).PadRight(columnWidth, '.'));
                before = value;
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
