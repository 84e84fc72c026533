using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>The installed Verilator and compiler.</summary>
/// <param name="VerilatorVersion">As it prints itself.</param>
/// <param name="CompilerVersion">As it prints itself.</param>
/// <param name="IncludeFolder">Where Verilator's runtime sources are.</param>
internal sealed record VerilatorToolchain(string VerilatorVersion, string CompilerVersion, string IncludeFolder)
{
    private static readonly Lock s_lock = new();
    private static (string? Path, VerilatorToolchain Value)? s_found;

    /// <summary>Asks the tools once for each search path.</summary>
    /// <exception cref="ToolException">One is missing.</exception>
    public static VerilatorToolchain Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        lock (s_lock)
        {
            if (s_found is { } found && found.Path == path)
                return found.Value;
            var root = OutsideProgram.Run(new ProgramRequest("verilator", ["--getenv", "VERILATOR_ROOT"]) { TimeLimit = TimeSpan.FromSeconds(20) })
                .EnsureSucceeded().Output.Trim();
            var value = new VerilatorToolchain(
                ToolCatalogue.Verilator.VersionAsync().GetAwaiter().GetResult(),
                ToolCatalogue.CppCompiler.VersionAsync().GetAwaiter().GetResult(),
                Path.Combine(root, "include"));
            s_found = (path, value);
            return value;
        }
    }
}
