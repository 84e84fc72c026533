using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>A result that is one file: it appears whole or not at all, and replaces nothing unless asked to.</summary>
internal static class SingleFile
{
    /// <summary>Writes a text.</summary>
    /// <exception cref="InputException">There is something of that name and <paramref name="force"/> is off.</exception>
    public static void Write(string path, string text, bool force) => Make(path, force, partial => File.WriteAllText(partial, text));

    /// <summary>Makes a file by a function that is given the path to write to.</summary>
    /// <exception cref="InputException">There is something of that name and <paramref name="force"/> is off.</exception>
    public static void Make(string path, bool force, Action<string> write)
    {
        Check(path, force);
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var partial = Path.Combine(Path.GetDirectoryName(full)!, FormattableString.Invariant($".{Path.GetFileName(full)}.partial-{Environment.ProcessId}"));
        using var undo = ForcedEnd.Register(() => File.Delete(partial));
        try
        {
            write(partial);
            File.Move(partial, full, overwrite: force);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Whether the file may be written: asked before work that would be lost.</summary>
    /// <exception cref="InputException">It may not.</exception>
    public static void Check(string path, bool force)
    {
        if (Directory.Exists(path) || (File.Exists(path) && !force))
        {
            throw new InputException(new InputError(Directory.Exists(path) ? "there is a folder of that name" : "the file exists already; --force replaces it")
            {
                Key = "output file",
                Value = path,
            });
        }
    }
}
