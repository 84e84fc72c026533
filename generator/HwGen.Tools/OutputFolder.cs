using System.Globalization;

namespace HwGen.Tools;

/// <summary>
/// A result folder that appears whole or not at all: it is written beside its place under a hidden name, and renamed by
/// <see cref="Commit"/>. Disposed without that (an error, Ctrl-C), it disappears.
/// </summary>
/// <example><code>
/// using var output = OutputFolder.Begin("out/demo", force: false);
/// File.WriteAllText(output.PathOf("rtl/top.v"), text);
/// output.Commit();
/// </code></example>
public sealed class OutputFolder : IDisposable
{
    private readonly bool _force;
    private readonly IDisposable _undo;
    private bool _committed;
    private bool _disposed;

    private OutputFolder(string target, string partial, bool force)
    {
        TargetPath = target;
        PartialPath = partial;
        _force = force;
        _undo = ForcedEnd.Register(() => Remove(partial));
    }

    /// <summary>The full path that the folder will have.</summary>
    public string TargetPath { get; }

    /// <summary>The full path where it is written until then, in the same parent folder.</summary>
    public string PartialPath { get; }

    /// <summary>Begins a folder.</summary>
    /// <param name="path">Where it will be; missing parents are made.</param>
    /// <param name="force">Whether a folder that is already there is replaced, at the end and only when all went well.</param>
    /// <returns>The open folder; dispose of it.</returns>
    /// <exception cref="InputException">The path is taken and <paramref name="force"/> is off, or it is not a folder, or it is one that
    /// must never be replaced (a root, the home folder, the current folder or one above it, a symbolic link), or it cannot be written.</exception>
    public static OutputFolder Begin(string path, bool force)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw Refused(path, "an output folder needs a name");
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(target);
        if (parent is null)
            throw Refused(path, "the root of the file system cannot be an output folder");
        if (File.Exists(target))
            throw Refused(path, "there is a file of that name");
        if (new DirectoryInfo(target).LinkTarget is not null)
            throw Refused(path, "it is a symbolic link");
        if (Directory.Exists(target))
        {
            if (!force && Directory.EnumerateFileSystemEntries(target).Any())
                throw Refused(path, "the folder exists already; --force replaces it");
            if (Holds(target, Directory.GetCurrentDirectory()) || Holds(target, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)))
                throw Refused(path, "the current folder, the home folder and those above them are not replaced");
        }
        try
        {
            Directory.CreateDirectory(parent);
            RemoveAbandoned(parent, Path.GetFileName(target));
            var partial = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture,
                $".{Path.GetFileName(target)}.partial-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}"));
            Directory.CreateDirectory(partial);
            return new OutputFolder(target, partial, force);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, $"it cannot be written: {exception.Message}", exception);
        }
    }

    private static int s_count;

    /// <summary>The place of a file inside, to be written now; the folders on the way are made.</summary>
    /// <param name="relativePath">A path inside the folder, with forward slashes.</param>
    /// <returns>Its full path under <see cref="PartialPath"/>.</returns>
    /// <exception cref="ArgumentException">The path leads out of the folder.</exception>
    public string PathOf(string relativePath)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentException.ThrowIfNullOrEmpty(relativePath);
        var path = Path.GetFullPath(Path.Combine(PartialPath, relativePath));
        if (!path.StartsWith(PartialPath + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException($"{relativePath} leads out of the output folder", nameof(relativePath));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Moves the finished folder to its place. What was there (with force) is gone only after that.</summary>
    /// <exception cref="InputException">Somebody else has put something there in the meantime.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_committed)
            return;
        string? old = null;
        if (Directory.Exists(TargetPath))
        {
            if (!_force && Directory.EnumerateFileSystemEntries(TargetPath).Any())
                throw Refused(TargetPath, "the folder has appeared while its content was made; --force replaces it");
            old = PartialPath + ".old";
            Directory.Move(TargetPath, old);
        }
        try
        {
            Directory.Move(PartialPath, TargetPath);
        }
        catch when (old is not null)
        {
            Directory.Move(old, TargetPath);
            throw;
        }
        _committed = true;
        _undo.Dispose();
        if (old is not null)
            Remove(old);
    }

    /// <summary>Removes what was written, unless it was committed.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _undo.Dispose();
        if (!_committed)
            Remove(PartialPath);
    }

    /// <summary>Folders that a killed process left: their names hold its number.</summary>
    private static void RemoveAbandoned(string parent, string name)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, $".{name}.partial-*"))
        {
            var number = Path.GetFileName(folder)[$".{name}.partial-".Length..].Split('-', '.')[0];
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process))
                Remove(folder);
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already: what was wanted.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A hidden folder that could not be removed must not hide the error that led here; the next run tries again.
        }
    }

    private static bool Holds(string folder, string inner) =>
        inner.Length > 0 && (inner + "/").StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static InputException Refused(string path, string message, Exception? inner = null) =>
        new(new InputError(message) { Key = "output folder", Value = path }, inner);
}
