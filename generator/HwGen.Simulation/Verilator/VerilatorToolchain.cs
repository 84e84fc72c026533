using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>The installed Verilator and compiler.</summary>
/// <param name="VerilatorVersion">As it prints itself.</param>
/// <param name="CompilerVersion">As it prints itself.</param>
/// <param name="IncludeFolder">Where Verilator's runtime sources are.</param>
internal sealed record VerilatorToolchain(string VerilatorVersion, string CompilerVersion, string IncludeFolder)
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, VerilatorToolchain> s_found = new(StringComparer.Ordinal);

    /// <summary>Asks the tools once for each search path.</summary>
    /// <exception cref="ToolException">One is missing.</exception>
    public static VerilatorToolchain Find(ToolPath tools)
    {
        lock (s_lock)
        {
            if (s_found.TryGetValue(tools.SearchPath, out var found))
                return found;
            var root = tools.Run("verilator", ["--getenv", "VERILATOR_ROOT"]).Output.Trim();
            return s_found[tools.SearchPath] = new VerilatorToolchain(
                tools.Version("verilator"), tools.Version("g++"), Path.Combine(root, "include"));
        }
    }
}
