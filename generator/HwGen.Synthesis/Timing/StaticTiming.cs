using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Tools;

namespace HwGen.Synthesis.Timing;

/// <summary>Static timing of a mapped netlist by OpenSTA: the shortest clock period, searched for, and the path that decides it.</summary>
internal static partial class StaticTiming
{
    private const string Tool = "sta";
    private const string TimingNetlist = "timing.v";

    /// <summary>The file of what was constrained, with the shortest period.</summary>
    public const string ConstraintsName = "constraints.sdc";

    // Each step halves the interval, to a tenth of a picosecond; no interval needs more.
    private const int SearchSteps = 60;

    /// <summary>Looks at a netlist.</summary>
    /// <param name="run">Where files and logs go.</param>
    /// <param name="netlist">The netlist.</param>
    /// <param name="library">Its cells.</param>
    /// <param name="constraints">Its constraints.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="ToolException">OpenSTA fails, or reports no path.</exception>
    public static async Task<TimingResult> RunAsync(
        ToolRun run, MappedNetlist netlist, CellLibrary library, Constraints constraints, CancellationToken cancellationToken)
    {
        run.Write(TimingNetlist, FlatVerilog.Of(netlist));
        run.Write("timing.tcl", $$"""
            read_liberty {{library.File}}
            read_verilog {{TimingNetlist}}
            link_design {{netlist.Top}}
            proc constrain {period} {
            {{constraints.ToSdc("$period")}}}
            proc fits {period} {
              constrain $period
              return [expr {[worst_slack] >= 0}]
            }
            # The slack of a long period tells where to look; the interval around it is widened until it holds the answer, then halved.
            constrain 1000.0
            set guess [expr {1000.0 - [worst_slack]}]
            set wide 0.0001
            set high [expr {max($guess, 0.001)}]
            while {![fits $high] && $high < 1e6} { set wide [expr {$wide * 4}]; set high [expr {$high + $wide}] }
            set wide 0.0001
            set low [expr {max($high - $wide, 0.0)}]
            while {$low > 0 && [fits $low]} { set high $low; set wide [expr {$wide * 4}]; set low [expr {max($low - $wide, 0.0)}] }
            for {set step 0} {$step < {{SearchSteps}} && $high - $low > 0.0001} {incr step} {
              set middle [expr {($low + $high) / 2}]
              if {[fits $middle]} { set high $middle } else { set low $middle }
            }
            constrain $high
            puts "hwgen period $high"
            report_checks -path_delay max -format full -digits 4
            exit

            """);
        var result = await run.RunAsync(Tool, ["-no_splash", "-exit", "timing.tcl"], "timing", cancellationToken).ConfigureAwait(false);
        EnsureRead(result);
        var lines = result.Output.Split('\n');
        var period = lines.Select(line => line.Split(' ')).FirstOrDefault(words => words is ["hwgen", "period", _])?[2];
        if (period is null || !double.TryParse(period, NumberStyles.Float, CultureInfo.InvariantCulture, out var shortest)
            || result.Output.Contains("No paths found", StringComparison.Ordinal))
            throw new ToolException(Tool, PlainText.Escape($"{Tool} found no path to look at\n  log: {result.Request.LogFile}\n{result.Error}", keepLines: true));
        run.Write(ConstraintsName, constraints.ToSdc(shortest.ToString("0.####", CultureInfo.InvariantCulture)));
        var path = PathOf(lines, netlist, library);
        return new TimingResult(constraints.Clock is null ? path.Arrival : shortest, path, "OpenSTA");
    }

    /// <summary>What the tool could not read it leaves out and goes on without.</summary>
    internal static void EnsureRead(ProgramResult result)
    {
        var wrong = (result.Output + result.Error).Split('\n').FirstOrDefault(line => line.Contains("syntax error", StringComparison.Ordinal));
        if (wrong is not null)
            throw new ToolException(Tool, PlainText.Escape($"{Tool} could not read all of the netlist: {wrong}\n  log: {result.Request.LogFile}", keepLines: true));
    }

    private static TimingPath PathOf(string[] lines, MappedNetlist netlist, CellLibrary library)
    {
        var instances = netlist.Instances.ToDictionary(instance => instance.Name, StringComparer.Ordinal);
        var steps = new List<TimingStep>();
        var arrival = 0.0;
        string? end = null;
        foreach (var line in lines)
        {
            if (line.Contains("data arrival time", StringComparison.Ordinal))
            {
                arrival = double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
                break;
            }
            if (Step().Match(line) is not { Success: true } match)
                continue;
            var delay = double.Parse(match.Groups["delay"].Value, CultureInfo.InvariantCulture);
            var time = double.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture);
            var place = match.Groups["place"].Value;
            var cell = match.Groups["cell"].Value;
            if (cell is "in" or "out")
            {
                if (cell == "in")
                    steps.Add(new TimingStep(place, cell, delay, time));
                end = place;
                continue;
            }
            var slash = place.LastIndexOf('/');
            var (name, pin) = (place[..slash], place[(slash + 1)..]);
            if (!instances.TryGetValue(name, out var instance))
                continue;
            end = RegisterOf(instance, library) ?? instance.Net(pin) ?? place;
            if (library.Find(cell)?.Pin(pin) is { IsOutput: true })
                steps.Add(new TimingStep(instance.Net(pin) ?? place, cell, delay, time));
        }
        return new TimingPath(steps.Count > 0 ? steps[0].Signal : end ?? string.Empty, end ?? string.Empty, arrival, steps);
    }

    /// <summary>What a flip-flop holds, by the name of its output; null for other cells.</summary>
    private static string? RegisterOf(NetlistInstance instance, CellLibrary library) =>
        library.Find(instance.Cell) is { State: not null } cell
            ? cell.Outputs.Select(output => instance.Net(output.Name)).OfType<string>().OrderByDescending(TimingPath.IsOfTheSource).FirstOrDefault()
            : null;

    [GeneratedRegex(@"^\s*(?<delay>-?[\d.]+)\s+(?<time>-?[\d.]+)\s+[\^v]\s+(?<place>\S+)\s+\((?<cell>\S+)\)\s*$")]
    private static partial Regex Step();
}
