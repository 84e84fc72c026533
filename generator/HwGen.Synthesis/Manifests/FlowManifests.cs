using System.Globalization;
using HwGen.Templates;

namespace HwGen.Synthesis.Manifests;

/// <summary>What manifests need to know of a generated folder.</summary>
/// <param name="Top">The outermost module.</param>
/// <param name="Clock">The clock's port.</param>
/// <param name="Ports">The ports without the clock.</param>
/// <param name="Rtl">The files for synthesis, popcounts as sums, relative to the folder.</param>
/// <param name="Cells">The files for synthesis, popcounts as adder cells.</param>
/// <param name="Simulation">The files for simulation.</param>
/// <param name="Period">The clock period that flows are asked for, in nanoseconds.</param>
public sealed record ManifestContent(
    string Top, string Clock, IReadOnlyList<ModulePort> Ports, IReadOnlyList<string> Rtl, IReadOnlyList<string> Cells, IReadOnlyList<string> Simulation, double Period);

/// <summary>The files by which other flows take a generated folder: LibreLane, OpenROAD-flow-scripts, FuseSoC.</summary>
public static class FlowManifests
{
    /// <summary>The clock period where nothing else is asked for, in nanoseconds.</summary>
    public const double DefaultPeriod = 20;

    /// <summary>LibreLane's file.</summary>
    public const string LibreLane = "librelane/config.json";

    /// <summary>The file of OpenROAD-flow-scripts.</summary>
    public const string OpenRoad = "orfs/config.mk";

    /// <summary>The constraints that both take.</summary>
    public const string Constraint = "orfs/constraint.sdc";

    /// <summary>Every manifest: its path in the folder, and its text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Of(ManifestContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var model = new
        {
            top = content.Top,
            clock = content.Clock,
            period = content.Period.ToString("0.0###", CultureInfo.InvariantCulture),
            rtl = Paths(content.Rtl),
            cells = Paths(content.Cells),
            sim = Paths(content.Simulation),
            inputs = Patterns(content.Ports.Where(port => port.IsInput)),
            outputs = Patterns(content.Ports.Where(port => !port.IsInput)),
        };
        return
        [
            (LibreLane, TextTemplates.Render("manifests/librelane.json.hbs", model)),
            (OpenRoad, TextTemplates.Render("manifests/orfs_makefile.hbs", model)),
            (Constraint, TextTemplates.Render("manifests/constraint.sdc.hbs", model)),
            (content.Top + ".core", TextTemplates.Render("manifests/fusesoc.core.hbs", model)),
        ];
    }

    private static IReadOnlyList<object> Paths(IReadOnlyList<string> files) => [.. files.Select(path => new { path })];

    /// <summary>A port of several bits is named by all of them.</summary>
    private static string Patterns(IEnumerable<ModulePort> ports) => string.Join(' ', ports.Select(port => port.Width > 1 ? port.Name + "[*]" : port.Name));
}
