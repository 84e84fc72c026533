namespace HwGen.Netlist;

/// <summary>The pages of docs/diagnostics.md, one a code.</summary>
public static class DiagnosticPages
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Pages = new(Load);

    /// <summary>The codes that have a page, ascending.</summary>
    public static IReadOnlyList<string> Codes => [.. Pages.Value.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The page of a code in Markdown: what it means, why, an example, what to do. Null where there is no such code.</summary>
    public static string? Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Pages.Value.GetValueOrDefault(code.Trim().ToUpperInvariant());
    }

    private static Dictionary<string, string> Load()
    {
        using var stream = typeof(DiagnosticPages).Assembly.GetManifestResourceStream("diagnostics.md")
            ?? throw new InvalidOperationException("diagnostics.md is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var pages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var section in reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n## ").Skip(1))
        {
            pages.Add(section[..section.IndexOf(':', StringComparison.Ordinal)], $"## {section.TrimEnd()}\n");
        }

        return pages;
    }
}
