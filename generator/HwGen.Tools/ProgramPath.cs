namespace HwGen.Tools;

/// <summary>Finds programs the way a shell does.</summary>
public static class ProgramPath
{
    /// <summary>Looks a program up.</summary>
    /// <param name="program">A name without a slash is looked up on the PATH; with a slash it is a path.</param>
    /// <param name="searchPath">Folders parted by colons; null: the PATH of this process.</param>
    /// <returns>The full path of an executable file, or null when there is none.</returns>
    public static string? Find(string program, string? searchPath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        if (program.Contains('/'))
            return IsExecutable(program) ? Path.GetFullPath(program) : null;
        searchPath ??= System.Environment.GetEnvironmentVariable("PATH") ?? "";
        return searchPath.Split(Path.PathSeparator)
            // An empty entry means the current folder to a shell; a tool taken from there would be a surprise.
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
