using System.Text;
using HwGen.Tools;

namespace HwGen.Simulation;

/// <summary>Reads the Verilog that a file list names: one path a line, relative to the list's folder; empty lines and <c>//</c> or <c>#</c> comments are passed over.</summary>
public static class FileList
{
    private const int MostFiles = 10_000;
    private const long LargestList = 1 << 20;
    private const long LargestFile = 1L << 26;

    /// <summary>Reads the files of a list, in its order.</summary>
    /// <param name="list">The path of the list.</param>
    /// <exception cref="InputException">The list or a file is missing or too long, or a path leads out of the folder; list, line and path are named.</exception>
    public static IReadOnlyList<SourceFile> Read(string list) =>
        [.. ReadPaths(list).Select(file => new SourceFile(Path.GetFileName(file.Path), file.Text))];

    /// <summary>Reads the files of a list, in its order, with their paths as the list has them.</summary>
    /// <param name="list">The path of the list.</param>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static IReadOnlyList<(string Path, string Text)> ReadPaths(string list)
    {
        var folder = Path.GetFullPath(Path.GetDirectoryName(Path.GetFullPath(list))!);
        var files = new List<(string Path, string Text)>();
        var number = 0;
        foreach (var text in ReadText(list, LargestList, new InputError("") { File = list }).Split('\n'))
        {
            number++;
            var path = text.Trim();
            if (path.Length == 0 || path[0] == '#' || path.StartsWith("//", StringComparison.Ordinal))
                continue;
            var place = new InputError("") { File = list, Line = number, Value = path };
            if (files.Count == MostFiles)
                throw new InputException(place with { Message = FormattableString.Invariant($"the list has more than {MostFiles} files") });
            var full = Path.GetFullPath(Path.Combine(folder, path));
            if (path[0] is '-' or '+' || !full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new InputException(place with { Message = "is not a file of the list's folder", Allowed = "paths inside of the folder, without options" });
            files.Add((path, ReadText(full, LargestFile, place)));
        }
        return files.Count > 0 ? files : throw new InputException(new InputError("the list names no file") { File = list });
    }

    private static string ReadText(string path, long maximumBytes, InputError place)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using var bytes = new MemoryStream();
            var part = new byte[1 << 16];
            for (int count; (count = stream.Read(part)) > 0;)
            {
                if (bytes.Length + count > maximumBytes)
                    throw new InputException(place with { Message = FormattableString.Invariant($"is longer than {maximumBytes} bytes") });
                bytes.Write(part, 0, count);
            }
            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var missing = exception is FileNotFoundException or DirectoryNotFoundException;
            throw new InputException([place with { Message = missing ? "there is no such file" : "cannot be read: " + exception.Message }], exception);
        }
    }
}
