using HwGen.Tools;

namespace HwGen.House.Tests;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The files that git tracks, and those that it would: relative paths.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } =
        OutsideProgram.Run(ProgramRequest.Of("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard") with { WorkingDirectory = Root, KeptCharacters = 1 << 24 })
            .EnsureSucceeded().Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Path.Combine(Root, path))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

    /// <summary>Whether a file is text: no zero byte in its beginning.</summary>
    public static bool IsText(string path)
    {
        using var stream = File.OpenRead(path);
        var start = new byte[8000];
        return !start.AsSpan(0, stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).Contains((byte)0);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
