using System.Collections.Concurrent;
using HwGen.Tools;

namespace HwGen.Simulation;

/// <summary>Runs an engine's tools from one search path, under one time limit.</summary>
internal sealed class ToolPath(string? searchPath, TimeSpan timeLimit, CancellationToken cancellationToken = default)
{
    private static readonly ConcurrentDictionary<(string SearchPath, string Program), string> s_versions = new();

    /// <summary>Folders parted by colons.</summary>
    public string SearchPath { get; } = searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "";

    public TimeSpan TimeLimit { get; } = timeLimit;

    /// <summary>Ends a tool that runs.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>What a tool of the catalogue says of its version; asked once in this process.</summary>
    /// <exception cref="ToolException">It is missing; the message says which package brings it.</exception>
    public string Version(string program) => s_versions.GetOrAdd((SearchPath, program), _ =>
    {
        var tool = ToolCatalogue.All.Single(tool => tool.Program == program);
        var result = Run(program, tool.VersionArguments);
        return (result.Output + "\n" + result.Error).Split('\n').First(line => line.Any(char.IsAsciiDigit)).Trim();
    });

    /// <summary>Runs a tool.</summary>
    /// <exception cref="ToolException">It is missing, or it failed.</exception>
    public ProgramResult Run(string program, IReadOnlyList<string> arguments) => Run(program, arguments, null);

    /// <summary>Runs a tool in a folder; what it says goes to <c>PROGRAM.log</c> there.</summary>
    /// <exception cref="ToolException">It is missing, or it failed.</exception>
    public void RunIn(string folder, string program, IReadOnlyList<string> arguments) => Run(program, arguments, folder);

    private ProgramResult Run(string program, IReadOnlyList<string> arguments, string? folder)
    {
        var path = ProgramPath.Find(program, SearchPath);
        if (path is null)
        {
            var package = ToolCatalogue.All.FirstOrDefault(tool => tool.Program == program)?.Package ?? program;
            throw new ToolException(program, $"{program}: no such program on the PATH; the package '{package}' of Debian and Ubuntu brings it");
        }

        return OutsideProgram.Run(new ProgramRequest(path, arguments)
        {
            WorkingDirectory = folder,
            // What an interrupted compiler leaves behind goes with the folder of the build.
            Environment = folder is null ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["TMPDIR"] = folder },
            TimeLimit = TimeLimit,
            LogFile = folder is null ? null : Path.Combine(folder, program + ".log"),
        }, CancellationToken).EnsureSucceeded();
    }
}
