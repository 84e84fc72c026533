using System.Text.Json;
using System.Text.RegularExpressions;
using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>The Verilog that is synthesized.</summary>
/// <param name="Files">The files, full paths, children first.</param>
/// <param name="Top">The outermost module.</param>
public sealed partial record SynthesisSource(IReadOnlyList<string> Files, string Top)
{
    /// <summary>Registers of static configuration, by the beginnings of their names below the outermost module; none where nothing says so.</summary>
    public IReadOnlyList<string> StaticRegisters { get; init; } = [];

    /// <summary>What the generator said about the size of the whole design; null for nothing.</summary>
    public string? SizeNote { get; init; }

    /// <summary>The list of files whose popcounts are sums.</summary>
    public const string SumsList = "rtl.f";

    /// <summary>The list of files whose popcounts are adder cells.</summary>
    public const string CellsList = "cells.f";

    /// <summary>Reads a folder that <c>hwgen generate</c> wrote, or any folder with such lists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="adderCells">Whether the list with adder cells is wanted; where the folder has none, the other is taken.</param>
    /// <param name="top">The outermost module; null for the one that <c>summary.json</c> names.</param>
    /// <exception cref="InputException">There is no such folder, list or file, or no module is named.</exception>
    public static SynthesisSource Read(string folder, bool adderCells, string? top = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new InputException(new InputError("there is no such folder") { File = folder, Allowed = "a folder that `hwgen generate` wrote" });
        var list = Path.Combine(folder, CellsList);
        if (!adderCells || !File.Exists(list))
            list = Path.Combine(folder, SumsList);
        if (!File.Exists(list))
            throw new InputException(new InputError("there is no such list of Verilog files") { File = list, Allowed = "a folder that `hwgen generate` wrote" });
        var files = new List<string>();
        var line = 0;
        foreach (var text in File.ReadLines(list))
        {
            line++;
            var name = text.Trim();
            if (name.Length == 0 || name.StartsWith('#') || name.StartsWith("//", StringComparison.Ordinal))
                continue;
            var path = Path.GetFullPath(Path.Combine(folder, name));
            if (!File.Exists(path))
                throw new InputException(new InputError($"names {name}, which is not there") { File = list, Line = line });
            files.Add(path);
        }
        if (files.Count == 0)
            throw new InputException(new InputError("names no Verilog file") { File = list });
        if (top is not null && NamesIn(files).ToList() is var names && !names.Contains(top))
            throw new InputException(new InputError($"no file of {Path.GetFileName(list)} has this module") { Key = "--top", Value = top, Allowed = Shown(names) });
        var (wholeTop, staticRegisters, note) = top is null || File.Exists(Path.Combine(folder, Summary)) ? SummaryOf(folder) : (top, [], null);

        // The names are those below the whole design: they mean nothing in a part of it.
        return top is null || top == wholeTop
            ? new SynthesisSource(files, wholeTop) { StaticRegisters = staticRegisters, SizeNote = note }
            : new SynthesisSource(files, top);
    }

    private const string Summary = "summary.json";

    // More names than this help nobody.
    private const int MostNames = 40;

    /// <summary>The names of the modules of the files.</summary>
    public IReadOnlySet<string> ModuleNames() => NamesIn(Files).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> NamesIn(IEnumerable<string> files) => files.SelectMany(file => ModuleLine().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

    private static string Shown(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? ", …" : string.Empty);

    [GeneratedRegex(@"(?:^|\*\))\s*module\s+\\?([^\s(;#]+)", RegexOptions.Multiline)]
    private static partial Regex ModuleLine();

    private static (string Top, IReadOnlyList<string> StaticRegisters, string? Note) SummaryOf(string folder)
    {
        var summary = Path.Combine(folder, Summary);
        if (!File.Exists(summary))
            throw new InputException(new InputError("does not name the top module") { File = summary, Allowed = "--top MODULE" });
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(summary));
            var root = document.RootElement;
            if (root.TryGetProperty("topModule", out var top) && top.GetString() is { Length: > 0 } name)
            {
                return (name, root.TryGetProperty("staticRegisters", out var registers)
                    ? [.. registers.EnumerateArray().Select(register => register.GetString()).OfType<string>().Where(register => register.Length > 0)] : [],
                    root.TryGetProperty("note", out var note) ? note.GetString() : null);
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InputException(new InputError("is not as `hwgen generate` wrote it: " + exception.Message) { File = summary }, exception);
        }
        throw new InputException(new InputError("has no topModule") { File = summary, Allowed = "--top MODULE" });
    }
}
