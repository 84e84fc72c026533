using System.Text.RegularExpressions;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>The bench that a co-simulation leaves: one make, no .NET, both simulators; a fault in the Verilog makes it fail.</summary>
public sealed class BenchFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BenchFolderTests() => TinyNetwork.Write(_folder["in"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_make_runs_both_simulators_and_a_planted_fault_makes_it_fail()
    {
        // An array of many columns, few enough rows that they are loaded again: wide ports, and several passes.
        File.WriteAllText(_folder["in/wide.yaml"], """
            name: wide
            array: { rows: 32, columns: 70, lanes: 8 }
            memories: { operandWords: 1024, resultWords: 64, initialWords: 64, levelWords: 16 }
            """);
        var run = await CommandRun.Of(
            "cosim", _folder["in/net.hwnet"], "--config", _folder["in/wide.yaml"], "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}",
            "--images", "3", "--engine", "compiled", "--bench-images", "2", "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error);

        var good = await MakeAsync();
        good.ExitCode.ShouldBe(0, good.Output + good.Error);
        var lines = Regex.Matches(good.Output, @"^(verilator|icarus): compared (\d+) words over (\d+) runs: 0 mismatches$", RegexOptions.Multiline).Select(m => (m.Groups[1].Value, int.Parse(m.Groups[2].Value), int.Parse(m.Groups[3].Value))).ToList();
        lines.Select(line => line.Item1).ShouldBe(["verilator", "icarus"]);
        // Both compare the same: two counters a run, the words of the maps, four results an image.
        lines[0].Item2.ShouldBe(lines[1].Item2);
        lines[0].Item2.ShouldBeGreaterThan(2 * (16 + 4 + 4));

        // A fault in a module that both lists have: each bench finds it by itself.
        var file = Directory.GetFiles(_folder["out/bench/rtl"], "wide_shift_add_*.v").ShouldHaveSingleItem();
        var text = File.ReadAllText(file);
        File.WriteAllText(file, new Regex(@"<< (\w+);").Replace(text, "<< ($1 ^ 1);", 1));
        File.ReadAllText(file).ShouldNotBe(text);
        foreach (var simulator in new[] { "verilator", "icarus" })
        {
            var bad = await MakeAsync(simulator);
            bad.ExitCode.ShouldNotBe(0, simulator);
            Regex.IsMatch(bad.Output, simulator + @": compared \d+ words over \d+ runs: [1-9]\d* mismatches").ShouldBeTrue(bad.Output + bad.Error);
            bad.Output.ShouldContain("MISMATCH image 0, layer 0, ");
        }
        File.WriteAllText(file, text);

        // A counter that counts wrong, where every value is right; an expected value that is changed; nothing to compare.
        var sequencer = Directory.GetFiles(_folder["out/bench/rtl"], "wide_sequencer*.v").ShouldHaveSingleItem();
        var right = File.ReadAllText(sequencer);
        File.WriteAllText(sequencer, Regex.Replace(right, @"cycles \+ 32'd1", "cycles + 32'd2"));
        (await MakeAsync("icarus")).Output.ShouldContain("cycles: expected ");
        File.WriteAllText(sequencer, right);
        var vectors = File.ReadAllLines(_folder["out/bench/vectors.txt"]);
        var value = Array.FindLastIndex(vectors, line => line.StartsWith("v ", StringComparison.Ordinal));
        vectors[value] = vectors[value][..^1] + (vectors[value][^1] == '0' ? '1' : '0');
        File.WriteAllLines(_folder["out/bench/vectors.txt"], vectors);
        foreach (var simulator in new[] { "verilator", "icarus" })
        {
            var changed = await MakeAsync(simulator);
            changed.ExitCode.ShouldNotBe(0);
            changed.Output.ShouldContain(": 1 mismatches");
        }
        File.WriteAllText(_folder["out/bench/vectors.txt"], "");
        (await MakeAsync("verilator")).Output.ShouldContain("nothing was compared: that is a failure");
        (await MakeAsync("icarus")).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task The_bench_programs_resistive_rows_too()
    {
        File.WriteAllText(_folder["in/rram.yaml"], """
            name: resistive
            array: { rows: 32, columns: 70, lanes: 8, storage: rram, spareRows: 2 }
            operandSkipping: true
            memories: { operandWords: 1024, resultWords: 64, initialWords: 64, levelWords: 16 }
            """);
        var run = await CommandRun.Of(
            "cosim", _folder["in/net.hwnet"], "--config", _folder["in/rram.yaml"], "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}",
            "--images", "2", "--engine", "compiled", "--bench-images", "1", "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        var good = await MakeAsync();
        good.ExitCode.ShouldBe(0, good.Output + good.Error);
        Regex.Count(good.Output, @"compared [1-9]\d* words over \d+ runs: 0 mismatches").ShouldBe(2);
    }

    [Fact]
    public async Task The_bench_of_several_macros_runs_and_finds_a_filter_in_the_wrong_macro()
    {
        File.WriteAllText(_folder["in/macros.yaml"], """
            name: macros
            array: { rows: 32, columns: 9, lanes: 4, macros: 3 }
            memories: { operandWords: 1024, resultWords: 64, initialWords: 64, levelWords: 16 }
            """);
        var run = await CommandRun.Of(
            "cosim", _folder["in/net.hwnet"], "--config", _folder["in/macros.yaml"], "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}",
            "--images", "2", "--engine", "compiled", "--bench-images", "1", "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        var good = await MakeAsync();
        good.ExitCode.ShouldBe(0, good.Output + good.Error);
        Regex.Count(good.Output, @"^(verilator|icarus): compared [1-9]\d* words over [1-9]\d* runs: 0 mismatches$", RegexOptions.Multiline).ShouldBe(2, good.Output);

        // A row that is written to another macro than it is for.
        var vectors = File.ReadAllLines(_folder["out/bench/vectors.txt"]);
        var row = Array.FindIndex(vectors, line => line.StartsWith("r ", StringComparison.Ordinal) && line.Split(' ')[2] == "0");
        vectors[row] = Regex.Replace(vectors[row], @"^(r \w+) 0 ", "$1 4 ");
        File.WriteAllLines(_folder["out/bench/vectors.txt"], vectors);
        (await MakeAsync("icarus")).ExitCode.ShouldNotBe(0);
    }

    /// <summary>Runs make where a program in the place of dotnet would tell that it was called.</summary>
    private async Task<ProgramResult> MakeAsync(params string[] targets)
    {
        var dotnet = _folder["bin/dotnet"];
        Directory.CreateDirectory(_folder["bin"]);
        File.WriteAllText(dotnet, $"#!/bin/sh\ntouch '{_folder["called"]}'\nexit 1\n");
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var result = await OutsideProgram.RunAsync(new ProgramRequest("/usr/bin/make", targets)
        {
            WorkingDirectory = _folder["out/bench"],
            Environment = new Dictionary<string, string?> { ["PATH"] = _folder["bin"] + ":/usr/local/bin:/usr/bin:/bin", ["DOTNET_ROOT"] = null },
            TimeLimit = TimeSpan.FromMinutes(5),
        });
        File.Exists(_folder["called"]).ShouldBeFalse();
        return result;
    }
}
