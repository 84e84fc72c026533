using System.Text;
using HwGen.Tools;

namespace HwGen.Simulation;

/// <summary>
/// Entries of a build cache whose important files are checked against their hashes before they are used: a library that was cut short (a full disk, a
/// crash of the machine) would otherwise end the process that loads it.
/// </summary>
internal static class CheckedEntry
{
    private const string ManifestName = "sha256sums";

    /// <summary>Finds an entry with undamaged files, or makes it.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The content key.</param>
    /// <param name="files">The files of the entry that are checked.</param>
    /// <param name="make">Fills the folder that it is given.</param>
    /// <param name="cancellationToken">Ends the waiting for another process that makes the same entry.</param>
    /// <returns>The entry's folder, and whether this call made it.</returns>
    public static (string Folder, bool WasMade) FindOrMake(BuildCache cache, string key, IReadOnlyList<string> files, Action<string> make, CancellationToken cancellationToken = default)
    {
        var wasMade = false;
        string GetOrMake() => cache.GetOrCreate(key, folder =>
        {
            make(folder);
            File.WriteAllText(Path.Combine(folder, ManifestName), Manifest(folder, files));
            wasMade = true;
        }, cancellationToken);

        var entry = GetOrMake();
        if (!wasMade && !IsWhole(entry, files))
        {
            // Removed, not overwritten: a process that has the old file mapped keeps what it has.
            Directory.Delete(entry, recursive: true);
            entry = GetOrMake();
        }

        return (entry, wasMade);
    }

    private static bool IsWhole(string folder, IReadOnlyList<string> files)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, ManifestName)) == Manifest(folder, files);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Manifest(string folder, IReadOnlyList<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
            text.Append(ContentKey.Sha256OfFile(Path.Combine(folder, file))).Append("  ").Append(file).Append('\n');
        return text.ToString();
    }
}
