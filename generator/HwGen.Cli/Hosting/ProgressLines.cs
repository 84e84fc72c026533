using System.Globalization;

namespace HwGen.Cli.Hosting;

/// <summary>Progress for a log: a line at the start, at each tenth, and at the end, however often it is told.</summary>
internal sealed class ProgressLines
{
    private readonly Lock _lock = new();
    private readonly string _title;
    private readonly Action<string> _say;
    private int _tenths;

    public ProgressLines(string title, Action<string> say)
    {
        _title = title;
        _say = say;
        say(title);
    }

    /// <summary>Takes the fraction done; going back is ignored.</summary>
    public void Report(double fraction)
    {
        var tenths = (int)Math.Floor(10 * Math.Clamp(double.IsNaN(fraction) ? 0 : fraction, 0, 1) + 1e-9);
        lock (_lock)
        {
            if (tenths <= _tenths)
                return;
            _tenths = tenths;
            _say(string.Create(CultureInfo.InvariantCulture, $"{_title}: {10 * tenths} %"));
        }
    }
}
