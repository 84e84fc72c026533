using System.Text.Json;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>
/// A network on the netlist of standard cells: every gate by its model, every value compared with golden. An image on Icarus; all of them on Verilator with
/// <c>HWGEN_FULL=1</c>, where the C++ compiler takes minutes for so many gates.
/// </summary>
public sealed class GateLevelTests : IDisposable
{
    private const string Configuration = """
        name: tiny
        array: { rows: 64, columns: 8, lanes: 4, storage: memory, memoryMacro: external }
        rowOperations: [and, xor]
        memories: { operandWords: 1024, resultWords: 16, initialWords: 32, levelWords: 4 }
        arithmetic: { largestFanIn: 64, inputBits: 8, weightBits: 1, multiplierBits: 0 }
        """;

    private readonly TemporaryFolder _folder = new();

    public GateLevelTests()
    {
        TinyNetwork.Write(_folder["in"]);
        File.WriteAllText(_folder["in/small.yaml"], Configuration);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_network_on_the_mapped_netlist_equals_golden()
    {
        (await CommandRun.Of("generate", _folder["in/small.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        var synth = await CommandRun.Of("synth", _folder["core"], "--target", "osu018", "--period", "20", "-o", _folder["gates"], "--json");
        synth.Code.ShouldBe(ExitCode.Good, synth.Error);
        var summary = JsonDocument.Parse(synth.Output).RootElement;
        summary.GetProperty("cells").GetInt32().ShouldBeGreaterThan(2000);
        summary.GetProperty("notes").EnumerateArray().Select(note => note.GetString()).ShouldContain(note => note!.Contains("static configuration are false"));

        var isFull = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1";
        var (images, engine) = isFull ? (TinyNetwork.Images, "verilator") : (1, "icarus");
        var run = await Cosim(images, engine, isTraced: !isFull);
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        var result = JsonDocument.Parse(File.ReadAllText(_folder["out/summary.json"])).RootElement.GetProperty("result");
        result.GetProperty("mismatches").GetInt64().ShouldBe(0);
        result.GetProperty("compared").GetInt64().ShouldBe(images * ((6 * 16) + (10 * 4) + 4));

        // The power of that image: the waveform of the netlist has its nets, each by its own name.
        if (!isFull)
        {
            var power = await CommandRun.Of(
                "synth", _folder["core"], "--target", "osu018", "--period", "20", "--activity", _folder["wave.vcd"], "--active", "busy", "-o", _folder["power"], "--json");
            power.Code.ShouldBe(ExitCode.Good, power.Error);
            var figures = JsonDocument.Parse(power.Output).RootElement.GetProperty("power");
            figures.GetProperty("measuredNets").GetDouble().ShouldBeGreaterThan(0.99);
            figures.GetProperty("cycles").GetInt64().ShouldBeGreaterThan(100);
            return;
        }

        // Two pins exchanged are noticed.
        var netlist = File.ReadAllText(_folder["gates/netlist.v"]);
        var place = netlist.IndexOf("  HAX1 ", StringComparison.Ordinal);
        place.ShouldBeGreaterThan(0);
        var pins = netlist[place..netlist.IndexOf(");\n", netlist.IndexOf(".YS(", place, StringComparison.Ordinal), StringComparison.Ordinal)];
        File.WriteAllText(_folder["gates/netlist.v"], netlist.Replace(pins, pins.Replace(".YS(", ".Y?(").Replace(".YC(", ".YS(").Replace(".Y?(", ".YC(")));
        (await Cosim(1, "icarus")).Code.ShouldBe(ExitCode.Differs);
    }

    private Task<CommandRun> Cosim(int images, string engine, bool isTraced = false) => CommandRun.Of(
        [
            "cosim", _folder["in/net.hwnet"], "--config", _folder["in/small.yaml"], "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}",
            "--images", $"{images}", "--engine", engine, "--rtl", _folder["gates"], "-o", _folder["out"], "--force", .. isTraced ? ["--trace", _folder["wave.vcd"]] : Array.Empty<string>(),
        ]);
}
