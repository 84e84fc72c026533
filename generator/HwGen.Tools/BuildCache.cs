namespace HwGen.Tools;

/// <summary>
/// Folders named by the content that they were built from. An entry is built once, by one process at a time, and appears
/// whole by a rename; it never changes after that, so a library in it may stay mapped. The least recently used entries go
/// when the size cap is passed.
/// </summary>
/// <remarks>Only builds belong here. A value that a run compares is computed again on every run.</remarks>
public sealed class BuildCache
{
    /// <summary>The size cap where none is given: 4 GiB.</summary>
    public const long DefaultSizeLimit = 4L << 30;

    private readonly string _entries;
    private readonly string _locks;
    private readonly string _partials;

    /// <summary>Opens a cache; its folders are made when the first entry is.</summary>
    /// <param name="name">The name of this cache inside the folder: <c>verilator</c>.</param>
    /// <param name="root">The folder of all caches; null: the user's (<see cref="UserFolders.Cache"/>).</param>
    /// <param name="sizeLimit">Bytes that the entries may have together, files counted by their length.</param>
    public BuildCache(string name, string? root = null, long sizeLimit = DefaultSizeLimit)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeLimit);
        Folder = Path.Combine(root ?? UserFolders.Cache, name);
        SizeLimit = sizeLimit;
        _entries = Path.Combine(Folder, "entries");
        _locks = Path.Combine(Folder, "locks");
        _partials = Path.Combine(Folder, "partial");
    }

    /// <summary>The folder of this cache.</summary>
    public string Folder { get; }

    /// <summary>Bytes that the entries may have together.</summary>
    public long SizeLimit { get; }

    /// <summary>Gives the folder of a key, building it first when it is not there.</summary>
    /// <param name="key">The content key of all that the build depends on, the tools' versions among it: letters and digits (see <see cref="ContentKey"/>).</param>
    /// <param name="build">Fills the empty folder whose path it is given. When it throws, nothing stays.</param>
    /// <param name="cancellationToken">Ends the waiting for another process that builds the same key.</param>
    /// <returns>The full path of the entry.</returns>
    public string GetOrCreate(string key, Action<string> build, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(build);
        if (!key.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException($"a cache key is letters and digits, not {key}", nameof(key));
        var entry = Path.Combine(_entries, key);
        if (Use(entry))
            return entry;
        Directory.CreateDirectory(_entries);
        Directory.CreateDirectory(_partials);
        using (FileLock.Wait(LockOf(key), cancellationToken))
        {
            // Another process may have built it while this one waited.
            if (Use(entry))
                return entry;
            // Under the lock nobody else writes here: what is left is from a process that was killed.
            var partial = Path.Combine(_partials, key);
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            Directory.CreateDirectory(partial);
            try
            {
                build(partial);
                Directory.Move(partial, entry);
            }
            catch
            {
                if (Directory.Exists(partial))
                    Directory.Delete(partial, recursive: true);
                throw;
            }
            Use(entry);
        }
        Trim(keep: key);
        return entry;
    }

    /// <summary>Whether an entry is there now.</summary>
    /// <param name="key">The content key.</param>
    /// <returns>True when <see cref="GetOrCreate"/> would not build.</returns>
    public bool Contains(string key) => Directory.Exists(Path.Combine(_entries, key));

    /// <summary>The entries, the most recently used first.</summary>
    /// <returns>Key, size in bytes, time of the last use (UTC).</returns>
    public IReadOnlyList<(string Key, long Size, DateTime LastUse)> List()
    {
        if (!Directory.Exists(_entries))
            return [];
        return [.. new DirectoryInfo(_entries).EnumerateDirectories()
            .Select(entry => (entry.Name, SizeOf(entry), entry.LastWriteTimeUtc))
            .OrderByDescending(entry => entry.LastWriteTimeUtc).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>Removes every entry that no process is building right now.</summary>
    /// <returns>How many entries and bytes went.</returns>
    public (int Entries, long Bytes) Clear() => RemoveUntil(0, keep: null);

    private void Trim(string keep) => RemoveUntil(SizeLimit, keep);

    private (int Entries, long Bytes) RemoveUntil(long limit, string? keep)
    {
        var entries = List();
        var total = entries.Sum(entry => entry.Size);
        var (count, bytes) = (0, 0L);
        foreach (var (key, size, _) in entries.Reverse())
        {
            if (total <= limit && limit > 0)
                break;
            if (key == keep)
                continue;
            using var held = FileLock.Try(LockOf(key));
            if (held is null)
                continue;
            // Renamed first: no other process can find half an entry.
            var going = Path.Combine(_partials, key + ".going");
            Directory.CreateDirectory(_partials);
            try
            {
                if (Directory.Exists(going))
                    Directory.Delete(going, recursive: true);
                Directory.Move(Path.Combine(_entries, key), going);
                Directory.Delete(going, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Another process was faster.
            }
            total -= size;
            count++;
            bytes += size;
        }
        return (count, bytes);
    }

    /// <summary>Notes the use of an entry; false when it is not there.</summary>
    private static bool Use(string entry)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow);
            return true;
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // A cache that may only be read still serves.
            return Directory.Exists(entry);
        }
    }

    private string LockOf(string key) => Path.Combine(_locks, key);

    private static long SizeOf(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or FileNotFoundException)
        {
            return 0;
        }
    }
}
