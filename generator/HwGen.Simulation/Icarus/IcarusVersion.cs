using HwGen.Tools;

namespace HwGen.Simulation.Icarus;

/// <summary>The version of the installed Icarus Verilog, asked once for each search path.</summary>
internal static class IcarusVersion
{
    private static readonly Lock s_lock = new();
    private static (string? Path, string Version)? s_found;

    /// <summary>As it prints itself.</summary>
    /// <exception cref="ToolException">It is missing.</exception>
    public static string Find()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        lock (s_lock)
        {
            if (s_found is { } found && found.Path == path)
                return found.Version;
            var version = ToolCatalogue.Icarus.VersionAsync().GetAwaiter().GetResult();
            s_found = (path, version);
            return version;
        }
    }
}
