using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests.Tools;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hwgen-netlist-").FullName;

    /// <summary>Writes the files and gives their names, without those of a role that is left out.</summary>
    public string[] Write(IEnumerable<SourceFile> files, SourceRole leftOut)
    {
        var names = new List<string>();
        foreach (var file in files.Where(f => f.Role != leftOut))
        {
            Write(file.FileName, file.Text);
            names.Add(file.FileName);
        }

        return [.. names];
    }

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
