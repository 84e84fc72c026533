using HwGen.Tools;

namespace HwGen.Synthesis.Power;

/// <summary>The lines of a text of any length, one after the other in one buffer: a waveform of a netlist has hundreds of millions.</summary>
/// <param name="file">The name for errors.</param>
/// <param name="text">The text.</param>
internal sealed class DumpLines(string file, TextReader text)
{
    // A value of the widest signal that is read, and its name.
    private const int LongestLine = 1 << 21;

    private char[] _buffer = new char[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The next line without its end; it stands until the next is asked for. False after the last.</summary>
    /// <exception cref="InputException">A line is longer than any value.</exception>
    public bool Next(out ReadOnlySpan<char> line)
    {
        var searched = _start;
        while (true)
        {
            var found = _buffer.AsSpan(searched, _end - searched).IndexOf('\n');
            if (found >= 0)
            {
                line = _buffer.AsSpan(_start, searched + found - _start).TrimEnd('\r');
                _start = searched + found + 1;
                return true;
            }
            if (_isAtEnd)
            {
                line = _buffer.AsSpan(_start, _end - _start);
                _start = _end;
                return line.Length > 0;
            }
            searched = Fill();
        }
    }

    /// <summary>Moves what is left to the beginning and reads more behind it; returns where that begins.</summary>
    private int Fill()
    {
        var kept = _end - _start;
        if (kept >= LongestLine)
            throw new InputException(new InputError("is no value change dump: a line is too long") { File = file, Allowed = FormattableString.Invariant($"lines of at most {LongestLine} characters") });
        if (kept == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        else
            _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        var count = text.Read(_buffer, kept, _buffer.Length - kept);
        (_start, _end, _isAtEnd) = (0, kept + count, count == 0);
        return kept;
    }
}
