using System.Globalization;
using System.Text;

namespace HwGen.Simulation.Netlists;

/// <summary>Writes a value change dump (IEEE 1364-2005, 18.2) of the named signals of a model.</summary>
internal sealed class ValueChangeWriter : IDisposable
{
    private readonly INetlistModel _model;
    private readonly ulong[][] _inputs;
    private readonly int[] _inputOfSignal;
    private readonly ulong[][] _last;
    private readonly StreamWriter _file;
    private bool _isFirst = true;

    public ValueChangeWriter(string path, InterfaceTable table, INetlistModel model, ulong[][] inputs)
    {
        _model = model;
        _inputs = inputs;
        _last = [.. model.Signals.Select(signal => new ulong[BitWords.Count(signal.Width)])];
        // What the top module gets from outside, its clocks above all, is known here: the model does not see a clock fall.
        _inputOfSignal = [.. model.Signals.Select(signal =>
            signal.Scopes.Count == 1 || signal.IsClockOrReset ? Array.FindIndex(table.Ports, port => port.Name == signal.Name && port.Direction == PortDirection.Input) : -1)];
        _file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        WriteHeader();
    }

    /// <summary>Writes what has changed until a time, ns.</summary>
    public void Write(long time)
    {
        var hasTime = false;
        for (var signal = 0; signal < _last.Length; signal++)
        {
            var last = _last[signal];
            var width = _model.Signals[signal].Width;
            var words = new ulong[last.Length];
            if (_inputOfSignal[signal] is >= 0 and var input)
                _inputs[input].CopyTo(words, 0);
            else
                _model.ReadSignal(signal, words);
            if (!_isFirst && words.AsSpan().SequenceEqual(last))
                continue;
            if (!hasTime)
                _file.Write(string.Create(CultureInfo.InvariantCulture, $"#{time}\n"));
            hasTime = true;
            words.CopyTo(last, 0);
            _file.Write(Change(words, width, Code(signal)));
        }

        _isFirst = false;
    }

    public void Dispose() => _file.Dispose();

    private static string Change(ulong[] words, int width, string code)
    {
        if (width == 1)
            return $"{words[0]}{code}\n";
        var text = new StringBuilder("b");
        for (var bit = width - 1; bit >= 0; bit--)
            text.Append((char)('0' + ((words[bit >> 6] >> (bit & 63)) & 1)));
        return text.Append(' ').Append(code).Append('\n').ToString();
    }

    /// <summary>The short name of a signal: digits to the base 94 of the printable characters.</summary>
    private static string Code(int signal)
    {
        var code = new StringBuilder();
        for (; ; signal = (signal / 94) - 1)
        {
            code.Append((char)('!' + (signal % 94)));
            if (signal < 94)
                return code.ToString();
        }
    }

    private void WriteHeader()
    {
        _file.Write("$timescale 1ns $end\n");
        IReadOnlyList<string> open = [];
        for (var signal = 0; signal < _last.Length; signal++)
        {
            var (scopes, name, width, isRegister, _) = _model.Signals[signal];
            var common = 0;
            while (common < open.Count && common < scopes.Count && open[common] == scopes[common])
                common++;
            for (var level = open.Count; level > common; level--)
                _file.Write("$upscope $end\n");
            foreach (var scope in scopes.Skip(common))
                _file.Write($"$scope module {scope} $end\n");
            open = scopes;
            var range = width == 1 ? "" : FormattableString.Invariant($" [{width - 1}:0]");
            _file.Write(FormattableString.Invariant($"$var {(isRegister ? "reg" : "wire")} {width} {Code(signal)} {name}{range} $end\n"));
        }

        for (var level = open.Count; level > 0; level--)
            _file.Write("$upscope $end\n");
        _file.Write("$enddefinitions $end\n");
    }
}
