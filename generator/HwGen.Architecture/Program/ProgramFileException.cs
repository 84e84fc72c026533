using System.Globalization;

namespace HwGen.Architecture.Program;

/// <summary>A file of a program folder that cannot be read: which file, where in it, what was found and what is allowed.</summary>
public sealed class ProgramFileException : Exception
{
    /// <summary>An error at a place of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, from 1; 0 where no line can be named.</param>
    /// <param name="place">The key or column; empty for the file as a whole.</param>
    /// <param name="value">The value that was found; empty where there is none.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="allowed">What is allowed.</param>
    /// <param name="inner">The cause, when another exception told of it.</param>
    public ProgramFileException(string file, int line, string place, string value, string problem, string allowed, Exception? inner = null)
        : base(Text(file, line, place, value, problem, allowed), inner)
    {
        File = file;
        Line = line;
        Place = place;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The line, from 1; 0 where no line can be named.</summary>
    public int Line { get; }

    /// <summary>The key or column; empty for the file as a whole.</summary>
    public string Place { get; }

    private static string Text(string file, int line, string place, string value, string problem, string allowed)
    {
        var where = line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}:{line}: ") : $"{file}: ";
        var shown = value.Length <= 60 ? value : value[..57] + "...";
        var what = place.Length == 0 ? string.Empty : value.Length == 0 ? $"{place}: " : $"{place} = {shown}: ";
        return $"{where}{what}{problem}; allowed: {allowed}";
    }
}
