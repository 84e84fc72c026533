using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;
using HwGen.Templates;

namespace HwGen.Cli.Results;

/// <summary>What a host of a core with a bus needs: its registers, in three languages, and a driver in C.</summary>
internal static class HostFiles
{
    /// <summary>The files: their names and texts.</summary>
    public static IEnumerable<(string Path, string Text)> Of(ArrayConfiguration configuration)
    {
        var map = RegisterMap.Of(configuration);
        var model = new { name = map.Prefix, upper = map.Prefix.ToUpperInvariant(), skips = configuration.OperandSkipping };
        return
        [
            (map.Prefix + "_registers.h", RegisterMapText.Header(map)),
            (map.Prefix + "_registers.rdl", RegisterMapText.SystemRdl(map)),
            (map.Prefix + "_driver.h", TextTemplates.Render("host/driver.h.hbs", model)),
            (map.Prefix + "_driver.c", TextTemplates.Render("host/driver.c.hbs", model)),
            ("registers.md", $"# Registers of {map.Prefix}\n\n" + RegisterMapText.Markdown(map)),
        ];
    }
}
