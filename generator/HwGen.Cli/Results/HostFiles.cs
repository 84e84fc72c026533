using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;

namespace HwGen.Cli.Results;

/// <summary>What a host of a core with a bus needs: its registers, in three languages.</summary>
internal static class HostFiles
{
    /// <summary>The files: their names and texts.</summary>
    public static IEnumerable<(string Path, string Text)> Of(ArrayConfiguration configuration)
    {
        var map = RegisterMap.Of(configuration);
        return
        [
            (map.Prefix + "_registers.h", RegisterMapText.Header(map)),
            (map.Prefix + "_registers.rdl", RegisterMapText.SystemRdl(map)),
            ("registers.md", $"# Registers of {map.Prefix}\n\n" + RegisterMapText.Markdown(map)),
        ];
    }
}
