using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>Cores with a bus, by the command: what <c>generate</c>, <c>map</c>, <c>cosim</c>, <c>assemble</c> and <c>disassemble</c> do with them.</summary>
public sealed class BusCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BusCommandTests() => TinyNetwork.Write(_folder["in"]);

    public void Dispose() => _folder.Dispose();

    private string Configuration(string bus)
    {
        var path = _folder[$"{bus}.yaml"];
        File.WriteAllText(path, TinyNetwork.Configuration + $"\nbus: {bus}\n");
        return path;
    }

    [Theory]
    [InlineData("axi", "s_axil_awaddr")]
    [InlineData("wishbone", "s_wb_adr")]
    public async Task Generate_writes_the_registers_beside_the_Verilog(string bus, string port)
    {
        (await CommandRun.Of("generate", Configuration(bus), "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        var files = Directory.GetFiles(_folder["core"]).Select(Path.GetFileName).ToList();
        var header = files.Single(f => f!.EndsWith("_registers.h", StringComparison.Ordinal))!;
        files.ShouldContain("registers.md");
        files.ShouldContain(header.Replace(".h", ".rdl", StringComparison.Ordinal));
        File.ReadAllText(_folder["core/" + header]).ShouldContain("_CONTROL_START_MASK 0x00000001u");
        var document = File.ReadAllText(_folder["core/core.md"]);
        document.ShouldContain($"| `{port}` |");
        document.ShouldContain("aclk");
        document.ShouldNotContain("row_write");
    }

    [Theory]
    [InlineData("axi")]
    [InlineData("wishbone")]
    public async Task Cosim_compares_over_the_bus(string bus)
    {
        var run = await CommandRun.Of("cosim", _folder["in/net.hwnet"], "-c", Configuration(bus), "--data", _folder["in/images.idx"] + "," + _folder["in/labels.idx"], "--images", "2", "--engine", "compiled", "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error + run.Output);
        run.Output.ShouldContain("0 mismatches");
    }

    [Fact]
    public async Task Map_writes_programs_that_assemble_to_their_words()
    {
        var run = await CommandRun.Of("map", _folder["in/net.hwnet"], "-c", Configuration("axi"), "-o", _folder["map"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        foreach (var name in (string[])["load", "image"])
        {
            (await CommandRun.Of("assemble", _folder[$"map/{name}.asm"], "-o", _folder[name + ".hex"])).Code.ShouldBe(ExitCode.Good);
            File.ReadAllText(_folder[name + ".hex"]).ShouldBe(File.ReadAllText(_folder[$"map/{name}.hex"]));
            var back = await CommandRun.Of("disassemble", _folder[name + ".hex"]);
            back.Output.ShouldBe(File.ReadAllText(_folder[$"map/{name}.asm"]));
        }

        File.ReadAllText(_folder["map/image.asm"]).ShouldEndWith("end\n");
        File.WriteAllText(_folder["wrong.asm"], "end\nfrob\n");
        var wrong = await CommandRun.Of("assemble", _folder["wrong.asm"]);
        wrong.Code.ShouldBe(ExitCode.WrongInput);
        wrong.Error.ShouldContain("line 2");
    }
}
