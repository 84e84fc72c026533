using HwGen.Netlist.Verilog;
using HwGen.Tools;

namespace HwGen.Formal;

/// <summary>A folder for the files of one proof; gone afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hwgen-proof-").FullName;

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    /// <summary>Writes the files for synthesis, or the texts that take the place of some of them, and gives their names for a Yosys script.</summary>
    public string Write(IReadOnlyList<SourceFile> files, string prefix = "", IReadOnlyDictionary<string, string>? texts = null)
    {
        var names = new List<string>();
        foreach (var file in files.Where(f => f.Role.IsForSimulation(twins: false)))
        {
            names.Add(prefix + file.FileName);
            Write(names[^1], texts?.GetValueOrDefault(file.FileName) ?? file.Text);
        }

        return string.Join(' ', names);
    }

    /// <summary>Runs a Yosys script to its end.</summary>
    /// <exception cref="ToolException">Yosys is missing, or the script fails.</exception>
    public async Task YosysAsync(IReadOnlyList<string> script, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        (await TryYosysAsync(script, timeLimit, cancellationToken).ConfigureAwait(false)).EnsureSucceeded();

    public Task<ProgramResult> TryYosysAsync(IReadOnlyList<string> script, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        Write("script.ys", string.Join('\n', script) + "\n");
        return OutsideProgram.RunAsync(ProgramRequest.Of("yosys", "-s", "script.ys") with { WorkingDirectory = Path, TimeLimit = timeLimit }, cancellationToken);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
