using System.Diagnostics;

namespace HwGen.Netlist.Tests.Tools;

/// <summary>Runs a program in a folder of its own and gives back all that it printed.</summary>
internal static class OutsideProgram
{
    public static string Run(string folder, string program, params string[] arguments)
    {
        var (exitCode, output) = TryRun(folder, program, arguments);
        exitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    public static (int ExitCode, string Output) TryRun(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
