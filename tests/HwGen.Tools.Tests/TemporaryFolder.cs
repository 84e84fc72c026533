using System.Runtime.Versioning;

[assembly: UnsupportedOSPlatform("windows")]

namespace HwGen.Tools.Tests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("hwgen-test-").FullName;

    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Writes an executable script.</summary>
    public string Script(string name, string text)
    {
        var path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    public void Dispose()
    {
        foreach (var folder in Directory.EnumerateDirectories(FullPath, "*", SearchOption.AllDirectories).Where(path => new DirectoryInfo(path).LinkTarget is null))
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_000_000);
        Directory.Delete(FullPath, recursive: true);
    }
}
