using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Cosimulation;
using HwGen.Golden;
using HwGen.Mapping;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Tools.Tests;
using Xunit.Abstractions;

namespace HwGen.Cli.Tests;

/// <summary>The C driver that <c>generate</c> writes, compiled with the Verilator model of the core: it loads a network and images over AXI, waits for interrupts, and its results are golden's.</summary>
public sealed class CoreDriverTests(ITestOutputHelper output) : IDisposable
{
    private const int Images = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_driver_runs_a_network_over_AXI_and_its_results_are_goldens()
    {
        TinyNetwork.Write(_folder["in"]);
        var text = TinyNetwork.Configuration + "\nbus: axi\n";
        File.WriteAllText(_folder["tiny_axi.yaml"], text);
        (await CommandRun.Of("generate", _folder["tiny_axi.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        (await CommandRun.Of("map", _folder["in/net.hwnet"], "-c", _folder["tiny_axi.yaml"], "-o", _folder["map"])).Code.ShouldBe(ExitCode.Good);

        var network = NetworkFile.Read(_folder["in/net.hwnet"]);
        var program = Mapper.Map(network, ConfigurationReader.Read(text, "text")).Program;
        program.Stages[^1].Results.ShouldBe(4);
        var random = new Random(4);
        var arguments = new List<string> { "load.hex", "load.stream.hex", "image.hex", "image.stream.hex" }.ConvertAll(name => _folder["map/" + name]);
        for (var image = 0; image < Images; image++)
        {
            var pixels = new byte[64];
            random.NextBytes(pixels);
            var words = FeatureMapWords.OfInput(program, network, pixels);
            File.WriteAllText(_folder[$"input{image}.hex"], HexWords.Text(InstructionProgram.InputOf(program with { Stages = [] }, words)));
            File.WriteAllText(_folder[$"expected{image}.hex"], HexWords.Text(GoldenModel.Run(network, pixels)[network.Output].Select(logit => (uint)(int)logit)));
            arguments.AddRange([_folder[$"input{image}.hex"], _folder[$"expected{image}.hex"]]);
        }

        var host = Path.Combine(ProgramRun.Root, "testbenches", "bus_host.cpp");
        // C99, and nothing that a strict compiler would say about it.
        (await OutsideProgram.RunAsync(new ProgramRequest("gcc", ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-O1", "-c", _folder["core/tiny_driver.c"], "-o", _folder["driver.o"]])
        {
            TimeLimit = TimeSpan.FromMinutes(1),
        })).EnsureSucceeded();
        var build = await OutsideProgram.RunAsync(new ProgramRequest(
            "verilator",
            [
                "--cc", "--exe", "--build", "-Wall", "-MAKEFLAGS", "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0", "--x-initial", "unique", "--top-module", "tiny_bus_core", "--prefix", "Vcore", "--Mdir", _folder["build"], "-f", "sim.f",
                host, _folder["driver.o"], "-CFLAGS", "-O0 -Wall -Wextra -DNAME=tiny -DHEADER='\"tiny_driver.h\"' -I" + _folder["core"],
            ])
        {
            WorkingDirectory = _folder["core"],
            TimeLimit = TimeSpan.FromMinutes(5),
        });
        build.EnsureSucceeded();
        build.Error.ShouldNotContain("%Warning");
        var run = await OutsideProgram.RunAsync(new ProgramRequest(_folder["build/Vcore"], arguments) { TimeLimit = TimeSpan.FromMinutes(2) });
        output.WriteLine(run.Output);
        run.Succeeded.ShouldBeTrue(run.Output + run.Error);
        var compared = Regex.Match(run.Output, @"^compared (\d+) values: 0 differ$", RegexOptions.Multiline);
        int.Parse(compared.Groups[1].Value, CultureInfo.InvariantCulture).ShouldBe(Images * 4);
        foreach (Match image in Regex.Matches(run.Output, @"^image \d+: \d+ cycles, (\d+) of layers", RegexOptions.Multiline))
        {
            long.Parse(image.Groups[1].Value, CultureInfo.InvariantCulture).ShouldBe(program.Cycles);
        }
    }
}
