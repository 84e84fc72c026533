using System.Globalization;
using System.Text;

namespace HwGen.Tools;

/// <summary>A text that grows without end but keeps only its beginning and its end: the first error and the last words are what matters.</summary>
internal sealed class BoundedText(int keptCharacters)
{
    private readonly int _headLimit = keptCharacters / 2;
    private readonly int _tailLimit = keptCharacters - keptCharacters / 2;
    private readonly StringBuilder _head = new();
    private readonly StringBuilder _tail = new();
    private long _total;

    /// <summary>Adds characters at the end.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        _total += text.Length;
        var forHead = Math.Min(text.Length, _headLimit - _head.Length);
        _head.Append(text[..forHead]);
        _tail.Append(text[forHead..]);
        // Cutting only at twice the limit keeps the cost of a character constant.
        if (_tail.Length > 2 * (long)_tailLimit)
            _tail.Remove(0, _tail.Length - _tailLimit);
    }

    /// <summary>The text; where something was left out in the middle, a line says how much.</summary>
    public override string ToString()
    {
        if (_tail.Length > _tailLimit)
            _tail.Remove(0, _tail.Length - _tailLimit);
        var leftOut = _total - _head.Length - _tail.Length;
        return leftOut == 0
            ? string.Concat(_head, _tail)
            : string.Create(CultureInfo.InvariantCulture, $"{_head}\n... {leftOut} characters left out ...\n{_tail}");
    }
}
