using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Synthesis.Timing;
using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>Maps a design to an FPGA, or to gates of no library, with Yosys; for iCE40 places and routes it with nextpnr and packs a bitstream.</summary>
internal sealed partial class FpgaFlow(ToolRun run, SynthesisSource source, SynthesisOptions options)
{
    // The package with the most pins of an HX8K; four pins are left for the clock networks' sake.
    private const int Ice40Pins = 202;
    private const string Ice40Package = "ct256";
    private const string WrapperName = "serial_wrapper";

    // nextpnr does better when it is asked for more than it reaches: the second run asks for the first one's figure and this much more.
    private const double SearchFactor = 1.15;
    private const int MostPlacements = 3;

    public async Task<SynthesisResult> RunAsync(CancellationToken cancellationToken)
    {
        var read = source.Files.Select(file => $"read_verilog {file}").Append($"hierarchy -check -top {source.Top}").ToList();
        var (top, isWrapped) = (source.Top, false);
        if (options.Target == SynthesisTarget.Ice40 && options.SerialWrapper != false)
        {
            await run.YosysAsync("ports", [.. read, "proc", $"write_json ports.json"], cancellationToken).ConfigureAwait(false);
            var ports = SerialWrapper.PortsOf(run.Read("ports.json"), source.Top);
            File.Delete(run.PathOf("ports.json"));
            if (options.SerialWrapper == true || ports.Sum(port => port.Width) > Ice40Pins)
            {
                run.Write(WrapperName + ".v", SerialWrapper.Write(WrapperName, source.Top, ports));
                (top, isWrapped) = (WrapperName, true);
                read.Add($"read_verilog {WrapperName}.v");
                read.Add($"hierarchy -check -top {WrapperName}");
            }
        }
        await run.YosysAsync("synthesis", [.. read, Synthesis(top), "tee -o synthesis.stat stat"], cancellationToken).ConfigureAwait(false);
        var cells = CellsOf(run.Read("synthesis.stat"));
        var modules = source.ModuleNames();
        var blackBoxes = cells.Keys.Where(modules.Contains).ToList();
        if (blackBoxes.Count > 0 && options.Target == SynthesisTarget.Ice40)
        {
            throw new InputException(new InputError($"has nothing for the black boxes {string.Join(", ", blackBoxes)}: they come from elsewhere")
            {
                Key = "--target",
                Value = "ice40",
                Allowed = "a core with array.storage: memory and array.memoryMacro: inferred; another target counts what is around them",
            });
        }
        var result = new SynthesisResult(options.Target, source.Top)
        {
            Cells = cells,
            FlipFlops = Sum(cells, FlipFlop()),
            Fpga = options.Target == SynthesisTarget.Generic ? null : new FpgaUse(Sum(cells, Lut()), null, Sum(cells, BlockRam()), null, isWrapped),
            Folder = run.Folder,
            BlackBoxes = blackBoxes,
            Notes = [.. blackBoxes.Select(name => $"{name} is a black box: it is not in the figures"), .. Notes(isWrapped)],
        };
        return options.Target == SynthesisTarget.Ice40 ? await PlaceAsync(result, cancellationToken).ConfigureAwait(false) : result;
    }

    private string Synthesis(string top) => options.Target switch
    {
        SynthesisTarget.Ice40 => $"synth_ice40 -top {top} -json netlist.json",
        SynthesisTarget.Ecp5 => $"synth_ecp5 -top {top} -json netlist.json",
        SynthesisTarget.Xilinx => $"synth_xilinx -flatten -top {top} -edif netlist.edif",
        SynthesisTarget.Gowin => $"synth_gowin -top {top} -json netlist.json",
        _ => $"synth -flatten -top {top}\nwrite_verilog -noattr netlist.v",
    };

    private async Task<SynthesisResult> PlaceAsync(SynthesisResult result, CancellationToken cancellationToken)
    {
        var best = (Frequency: 0.0, Attempt: -1);
        var asked = 1000 / (options.Period ?? 20);
        for (var attempt = 0; attempt < (options.Period is null ? MostPlacements : 1); attempt++)
        {
            var arguments = new List<string>
            {
                "--hx8k", "--package", Ice40Package, "--json", "netlist.json", "--pcf-allow-unconstrained", "--seed", "1",
                "--asc", FormattableString.Invariant($"placed_{attempt}.asc"), "--report", FormattableString.Invariant($"placed_{attempt}.json"),
                "--freq", asked.ToString("0.###", CultureInfo.InvariantCulture),
            };

            // While the highest clock is searched for, a miss is an answer; where a period was asked for, it is a failure.
            if (options.Period is null)
                arguments.Add("--timing-allow-fail");
            var placed = await run.RunAsync("nextpnr-ice40", arguments, FormattableString.Invariant($"place_{attempt}"), cancellationToken).ConfigureAwait(false);
            var used = LogicCells().Matches(placed.Error + placed.Output);
            var fpga = result.Fpga! with { LogicCells = used.Count > 0 ? int.Parse(used[^1].Groups[1].Value, CultureInfo.InvariantCulture) : null };
            if (Frequency().Matches(placed.Error + placed.Output) is not { Count: > 0 } found)
            {
                // Logic without a clock.
                (best, result) = ((0, attempt), result with { Fpga = fpga });
                break;
            }
            var frequency = double.Parse(found[^1].Groups[1].Value, CultureInfo.InvariantCulture);
            if (frequency > best.Frequency)
            {
                best = (frequency, attempt);
                result = result with
                {
                    Fpga = fpga,
                    Timing = new TimingResult(1000 / frequency, Ice40Report.WorstPath(run.Read(FormattableString.Invariant($"placed_{attempt}.json"))), "nextpnr, after routing"),
                };
            }
            asked = frequency * SearchFactor;
        }
        await run.RunAsync("icepack", [FormattableString.Invariant($"placed_{best.Attempt}.asc"), "design.bin"], "icepack", cancellationToken).ConfigureAwait(false);
        return result with { Fpga = result.Fpga! with { Bitstream = run.PathOf("design.bin") } };
    }

    private IEnumerable<string> Notes(bool isWrapped)
    {
        if (isWrapped)
            yield return $"behind a serial wrapper, whose shift registers are in the figures: the design has more pins than the {Ice40Package} package";
        if (options.Target is SynthesisTarget.Ecp5 or SynthesisTarget.Xilinx or SynthesisTarget.Gowin)
            yield return "synthesis alone: nothing was placed, so there is no clock";
    }

    /// <summary>The cells of the last table of Yosys' statistics.</summary>
    private static SortedDictionary<string, int> CellsOf(string statistics)
    {
        var cells = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var last = statistics.LastIndexOf("Number of cells:", StringComparison.Ordinal);
        foreach (Match match in CellLine().Matches(last < 0 ? string.Empty : statistics[last..]))
            cells[match.Groups[1].Value] = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        cells.Remove("cells:");
        return cells;
    }

    private static int Sum(IReadOnlyDictionary<string, int> cells, Regex kind) => cells.Where(cell => kind.IsMatch(cell.Key)).Sum(cell => cell.Value);

    [GeneratedRegex(@"^     +(\S+) +(\d+)\s*$", RegexOptions.Multiline)]
    private static partial Regex CellLine();

    [GeneratedRegex(@"^(SB_LUT4|LUT\d|TRELLIS_SLICE)$")]
    private static partial Regex Lut();

    [GeneratedRegex(@"^(SB_DFF|TRELLIS_FF|FD[RSCP]E|DFF|\$_S?DFF)")]
    private static partial Regex FlipFlop();

    [GeneratedRegex(@"^(SB_RAM40|DP16KD|RAMB\d+E1|SDP|DPB|SP$)")]
    private static partial Regex BlockRam();

    [GeneratedRegex(@"Max frequency for clock[^:]*: ([\d.]+) MHz")]
    private static partial Regex Frequency();

    [GeneratedRegex(@"ICESTORM_LC: +(\d+)/")]
    private static partial Regex LogicCells();
}
