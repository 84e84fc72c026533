using System.Globalization;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Timing;
using HwGen.Tools;

namespace HwGen.Synthesis.Power;

/// <summary>The power that OpenSTA reports, with one activity for all nets: what <see cref="PowerSum"/> is checked against.</summary>
public static class PowerCheck
{
    /// <summary>Asks OpenSTA.</summary>
    /// <param name="netlistFile">The netlist.</param>
    /// <param name="library">Its library.</param>
    /// <param name="options">Loads and transitions at the ports; give a transition, not a driving cell, where it is compared.</param>
    /// <param name="activity">Changes a cycle.</param>
    /// <param name="period">The clock period in nanoseconds.</param>
    /// <param name="folder">Where files and logs go.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="ToolException">OpenSTA fails or reports no power.</exception>
    public static async Task<PowerShares> RunAsync(
        string netlistFile, CellLibrary library, SynthesisOptions options, double activity, double period, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(library);
        var run = new ToolRun(folder, TimeSpan.FromMinutes(10));
        var netlist = MappedNetlist.Read(netlistFile);
        var constraints = Constraints.Of(netlist, library, options) with { DrivingCell = null };
        run.Write("power.v", FlatVerilog.Of(netlist));
        run.Write("power.tcl", string.Create(CultureInfo.InvariantCulture, $"""
            read_liberty {library.File}
            read_verilog power.v
            link_design {netlist.Top}
            {constraints.ToSdc(period.ToString(CultureInfo.InvariantCulture))}
            set_power_activity -global -activity {activity} -duty 0.5
            report_power -digits 6
            exit

            """));
        var result = await run.RunAsync("sta", ["-no_splash", "-exit", "power.tcl"], "power", cancellationToken).ConfigureAwait(false);
        StaticTiming.EnsureRead(result);
        foreach (var line in result.Output.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Total", var inside, var switching, var leakage, ..]
                && double.TryParse(inside, NumberStyles.Float, CultureInfo.InvariantCulture, out var internalPower))
                return new PowerShares(internalPower, double.Parse(switching, CultureInfo.InvariantCulture), double.Parse(leakage, CultureInfo.InvariantCulture));
        }
        throw new ToolException("sta", $"sta reported no power\n  log: {result.Request.LogFile}");
    }
}
