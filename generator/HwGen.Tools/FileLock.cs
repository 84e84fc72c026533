namespace HwGen.Tools;

/// <summary>A lock between processes, held by an open file: the operating system lets go of it when its holder ends, however it ends.</summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    /// <param name="path">The lock file; it and its folder are made, and stay.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The lock; dispose of it.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static FileLock Wait(string path, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Try(path) is { } held)
                return held;
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(25));
        }
    }

    /// <summary>Takes the lock when it is free.</summary>
    /// <param name="path">The lock file; it and its folder are made, and stay.</param>
    /// <returns>The lock, or null when somebody holds it.</returns>
    public static FileLock? Try(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or PathTooLongException or FileNotFoundException))
        {
            return null;
        }
    }

    /// <summary>Lets go.</summary>
    public void Dispose() => _file.Dispose();
}
