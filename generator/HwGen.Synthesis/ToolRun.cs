using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>The folder of a run: scripts, netlists, logs. It stays when a tool fails, so that its log can be read.</summary>
/// <param name="folder">The folder; it is made.</param>
/// <param name="timeLimit">The time of each tool.</param>
internal sealed class ToolRun(string folder, TimeSpan timeLimit)
{
    public string Folder { get; } = Directory.CreateDirectory(folder).FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    /// <summary>Runs a Yosys script to its end.</summary>
    public Task<ProgramResult> YosysAsync(string name, IEnumerable<string> script, CancellationToken cancellationToken)
    {
        Write(name + ".ys", string.Join('\n', script) + "\n");
        return RunAsync("yosys", ["-s", name + ".ys"], name, cancellationToken);
    }

    /// <summary>Runs a tool in the folder; its log is <c>logs/NAME.log</c>.</summary>
    /// <exception cref="ToolException">It is missing or fails; the message has what it said and where the log is.</exception>
    public async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, string name, CancellationToken cancellationToken)
    {
        var request = new ProgramRequest(program, arguments)
        {
            WorkingDirectory = Folder,
            LogFile = PathOf(Path.Combine("logs", name + ".log")),
            TimeLimit = timeLimit,
        };
        return (await OutsideProgram.RunAsync(request, cancellationToken).ConfigureAwait(false)).EnsureSucceeded();
    }
}
