namespace HwGen.Networks;

/// <summary>
/// Where data sets are looked for, in this order: the folder named on the command line, <c>$HWGEN_DATA</c>, <c>../shared/data</c> beside the repository
/// (or beside the current folder), and <c>hwgen/data</c> in the user's cache (<c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>).
/// </summary>
public static class DataFolders
{
    /// <summary>The folders that are looked at, in order; not all of them exist.</summary>
    /// <param name="commandLine">The value of <c>--data-dir</c>; null when not given.</param>
    public static IReadOnlyList<string> Candidates(string? commandLine = null)
    {
        var folders = new List<string>();
        if (!string.IsNullOrEmpty(commandLine))
            folders.Add(commandLine);
        string? variable = Environment.GetEnvironmentVariable("HWGEN_DATA");
        if (!string.IsNullOrEmpty(variable))
            folders.Add(variable);
        if (RepositoryRoot() is { } root)
            folders.Add(Beside(root));
        folders.Add(Beside(Environment.CurrentDirectory));
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        folders.Add(Path.Combine(cache, "hwgen", "data"));
        return [.. folders.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The folder of one data set in the first place that has it; null when none has.</summary>
    /// <param name="set">The set's folder name, such as <c>mnist</c>: letters, digits and dashes.</param>
    /// <param name="commandLine">The value of <c>--data-dir</c>; null when not given.</param>
    public static string? Find(string set, string? commandLine = null)
    {
        if (set.Length == 0 || set.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            throw new ArgumentException(Invariant($"'{set}' is not the name of a data set: letters, digits and dashes"), nameof(set));
        return Candidates(commandLine).Select(folder => Path.Combine(folder, set)).FirstOrDefault(Directory.Exists);
    }

    /// <summary>
    /// A data set of idx files by its folder name: <c>mnist</c> and <c>fashion-mnist</c> hold <c>train-images-idx3-ubyte</c> and three like it, plain or with <c>.gz</c>.
    /// </summary>
    /// <param name="set">The set's folder name.</param>
    /// <param name="train">The training half, or the test half.</param>
    /// <param name="commandLine">The value of <c>--data-dir</c>; null when not given.</param>
    /// <returns>The images; null when no folder has the set.</returns>
    /// <exception cref="InputFileException">The folder is there but a file is missing or damaged.</exception>
    public static ImageSet? LoadIdx(string set, bool train, string? commandLine = null)
    {
        if (Find(set, commandLine) is not { } folder)
            return null;
        string half = train ? "train" : "t10k";
        return ImageSet.ReadIdx(set, PlainOrPacked(folder, half + "-images-idx3-ubyte"), PlainOrPacked(folder, half + "-labels-idx1-ubyte"));
    }

    private static string PlainOrPacked(string folder, string name)
    {
        string plain = Path.Combine(folder, name);
        return File.Exists(plain) ? plain : plain + ".gz";
    }

    private static string Beside(string folder) => Path.GetFullPath(Path.Combine(folder, "..", "shared", "data"));

    private static string? RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
                return folder.FullName;
        }
        return null;
    }
}
