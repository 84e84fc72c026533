using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Tools;

namespace HwGen.Synthesis.Layout;

/// <summary>A layout: placed, routed, timed with its wires.</summary>
/// <param name="Def">The routed DEF file.</param>
/// <param name="Logs">The folder of the logs of qflow's steps.</param>
/// <param name="FailedRoutes">Nets that the router could not connect.</param>
/// <param name="Width">Of the die, in micrometres.</param>
/// <param name="Height">Of the die, in micrometres.</param>
/// <param name="FrequencyBefore">The highest clock in megahertz before routing, as qflow's own timing tool sees it; null where it says none.</param>
/// <param name="FrequencyAfter">The same with the wires of the layout.</param>
public sealed record LayoutResult(string Def, string Logs, int FailedRoutes, double Width, double Height, double? FrequencyBefore, double? FrequencyAfter)
{
    /// <summary>The share of the area that is cells and not room for wires.</summary>
    public required double Density { get; init; }

    /// <summary>What else was tried: how dense, and how many nets were not connected.</summary>
    public IReadOnlyList<(double Density, int FailedRoutes)> Others { get; init; } = [];
}

/// <summary>Lays out a mapped netlist with qflow: graywolf places, qrouter routes, vesta looks at the timing before and after.</summary>
public static partial class QflowLayout
{
    /// <summary>The share of the area that cells take where nothing else is asked for: packed as close as they go, they leave the router without room.</summary>
    public const double StartDensity = 0.65;

    // Where nets find no way, the cells are placed again with more room, this much at a time, as long as it is not the most of the area.
    private const double DensityStep = 0.15;
    private const double LeastDensity = 0.3;

    /// <summary>Lays out a netlist; where nets find no way, once more with more room.</summary>
    /// <param name="netlistFile">The netlist, of cells of the technology.</param>
    /// <param name="top">Its module.</param>
    /// <param name="technology">The name of a qflow technology, or the path of the folder of one.</param>
    /// <param name="folder">Where everything goes, logs too: a folder a try.</param>
    /// <param name="density">The share of the area that cells take in the first try, more than 0 to 1.</param>
    /// <param name="timeLimit">The time of each step.</param>
    /// <param name="progress">Told of a try that left nets unconnected, and that another follows; null for nobody.</param>
    /// <param name="cancellationToken">Ends the tools.</param>
    /// <returns>The first layout with every net connected, or the one with the fewest that are not.</returns>
    /// <exception cref="ToolException">A step fails; the message names the log.</exception>
    public static async Task<LayoutResult> RunAsync(
        string netlistFile, string top, string technology, string folder, double density, TimeSpan timeLimit, Action<string>? progress = null, CancellationToken cancellationToken = default)
    {
        var tries = new List<LayoutResult>();
        while (true)
        {
            var place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"density_{density * 100:0}"));
            var layout = await TryAsync(netlistFile, top, technology, new ToolRun(place, timeLimit), density, cancellationToken).ConfigureAwait(false);
            tries.Add(layout);
            var next = Math.Round(density - DensityStep, 4);
            if (layout.FailedRoutes == 0 || next < LeastDensity)
            {
                var best = tries.MinBy(attempt => attempt.FailedRoutes)!;
                return best with { Others = [.. tries.Where(attempt => attempt != best).Select(attempt => (attempt.Density, attempt.FailedRoutes))] };
            }
            progress?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{layout.FailedRoutes} nets found no way with {density * 100:0} % of the area for cells: once more with {next * 100:0} %"));
            density = next;
        }
    }

    private static async Task<LayoutResult> TryAsync(string netlistFile, string top, string technology, ToolRun run, double density, CancellationToken cancellationToken)
    {
        foreach (var place in (string[])["source", "synthesis", "layout"])
            Directory.CreateDirectory(run.PathOf(place));
        run.Write("project_vars.sh", string.Create(CultureInfo.InvariantCulture, $"set initial_density = {density}\n"));
        File.Copy(netlistFile, run.PathOf(Path.Combine("source", top + ".v")), overwrite: true);
        foreach (var step in (string[])["synthesize", "place", "sta", "route", "backanno"])
        {
            await run.RunAsync("qflow", [step, top, "-T", technology], "qflow_" + step, cancellationToken).ConfigureAwait(false);

            // qflow's own exit code says little: what the step leaves is looked at.
            var product = step switch
            {
                "synthesize" => Path.Combine("synthesis", top + ".rtlnopwr.v"),
                "place" => Path.Combine("layout", top + "_unroute.def"),
                "route" => Path.Combine("layout", top + ".def"),
                _ => null,
            };
            if (product is not null && !File.Exists(run.PathOf(product)))
                throw new ToolException("qflow", $"qflow {step} left no {product}\n  log: {LogOf(run, step)}\n{Tail(LogOf(run, step))}");
        }
        var def = run.PathOf(Path.Combine("layout", top + ".def"));
        var route = await File.ReadAllTextAsync(run.PathOf(Path.Combine("log", "route.log")), cancellationToken).ConfigureAwait(false);
        var failed = FailedNets(route) ?? throw new ToolException("qflow", $"the router does not say whether it connected everything\n  log: {LogOf(run, "route")}");
        var (width, height) = await SizeAsync(def, cancellationToken).ConfigureAwait(false);
        return new LayoutResult(def, run.PathOf("log"), failed, width, height, Frequency(run, "sta"), Frequency(run, "post_sta")) { Density = density };
    }

    /// <summary>The nets without a way at the end of a router's log; null where it says nothing of them. Each of its rounds says how many it left to the next: the last word counts.</summary>
    public static int? FailedNets(string log) =>
        RouterSum().Matches(log) is { Count: > 0 } sums ? sums[^1].Groups[1] is { Success: true } failed ? int.Parse(failed.Value, CultureInfo.InvariantCulture) : 0 : null;

    private static string LogOf(ToolRun run, string step) => run.PathOf(Path.Combine("log", (step == "synthesize" ? "synth" : step) + ".log"));

    private static string Tail(string log) => File.Exists(log) ? PlainText.Escape(string.Join('\n', File.ReadLines(log).TakeLast(10).Select(line => "    " + line)), keepLines: true) : string.Empty;

    private static double? Frequency(ToolRun run, string log)
    {
        var file = run.PathOf(Path.Combine("log", log + ".log"));
        return File.Exists(file) && HighestClock().Matches(File.ReadAllText(file)) is { Count: > 0 } found
            ? double.Parse(found[^1].Groups[1].Value, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The die, from the beginning of the DEF file.</summary>
    private static async Task<(double Width, double Height)> SizeAsync(string def, CancellationToken cancellationToken)
    {
        var units = 100.0;
        await foreach (var line in File.ReadLinesAsync(def, cancellationToken).ConfigureAwait(false))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["UNITS", "DISTANCE", "MICRONS", var unit, ..])
                units = double.Parse(unit, CultureInfo.InvariantCulture);
            if (words is ["DIEAREA", "(", var x0, var y0, ")", "(", var x1, var y1, ")", ..])
                return ((Number(x1) - Number(x0)) / units, (Number(y1) - Number(y0)) / units);
        }
        throw new ToolException("qflow", $"{def} has no DIEAREA");

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Failed net routes: (\d+)|No failed routes")]
    private static partial Regex RouterSum();

    [GeneratedRegex(@"Computed maximum clock frequency \(zero margin\) = ([\d.]+) MHz")]
    private static partial Regex HighestClock();
}
