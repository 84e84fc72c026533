using System.CommandLine;
using HwGen.Cli.Hosting;
using HwGen.Tools;

namespace HwGen.Cli.Tests;

/// <summary>What a command line printed, and how it ended; run in this process.</summary>
internal sealed record CommandRun(ExitCode Code, string Output, string Error)
{
    public static async Task<CommandRun> Of(string[] arguments, CancellationToken cancellationToken = default, params Command[] more)
    {
        StringWriter output = new(), error = new();
        var code = await Application.RunAsync(arguments, output, error, cancellationToken, more);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    public static Task<CommandRun> Of(params string[] arguments) => Of(arguments, CancellationToken.None);

    /// <summary>Runs a command that fails with an error.</summary>
    public static Task<CommandRun> Failing(Exception exception, params string[] options) =>
        Of(["fail", .. options], CancellationToken.None, new Command("fail").Runs((_, _) => throw exception));
}

/// <summary>The program as a process of its own, as the launcher starts it.</summary>
internal static class ProgramRun
{
    /// <summary>The program in the output folder of its own project: all that it needs lies beside it there.</summary>
    public static string Assembly => Path.Combine(Root, "generator", "HwGen.Cli", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", "hwgen.dll");

    public static ProgramRequest Request(params string[] arguments) => new("dotnet", ["exec", Assembly, .. arguments])
    {
        TimeLimit = TimeSpan.FromMinutes(5),
        Environment = new Dictionary<string, string?> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" },
    };

    /// <summary>The checkout that the tests were built from.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
