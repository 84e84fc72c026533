using HwGen.Simulation.Verilator;
using HwGen.Tools;

namespace HwGen.Simulation.Tests;

/// <summary>How models are built, kept and found again.</summary>
public sealed class VerilatorBuildTests(VerilatorBuildTests.EmptyCache cache) : IClassFixture<VerilatorBuildTests.EmptyCache>
{
    private static readonly SimulationSource Text = Designs.Counter;

    private readonly string _cache = cache.Folder;

    /// <summary>A cache of this class alone, so that what is built and what is found is known.</summary>
    public sealed class EmptyCache : IDisposable
    {
        public string Folder { get; } = Directory.CreateTempSubdirectory("hwgen-simulation-tests-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }

    [Fact]
    public void A_build_is_found_again_and_a_changed_source_is_built_anew()
    {
        var engine = new VerilatorEngine(_cache);
        var source = Commented("found again");
        Count(engine, source, 3).ShouldBe(3UL);
        var first = engine.LastBuild.ShouldNotBeNull();
        first.Built.ShouldBeTrue();
        var written = File.GetLastWriteTimeUtc(first.LibraryFile);

        Count(engine, source, 3).ShouldBe(3UL);
        engine.LastBuild!.Built.ShouldBeFalse();
        engine.LastBuild.LibraryFile.ShouldBe(first.LibraryFile);
        File.GetLastWriteTimeUtc(first.LibraryFile).ShouldBe(written);

        var byTwo = source with { Files = [new SourceFile("counter.v", source.Files[0].Text.Replace("+ 8'd1", "+ 8'd2"))] };
        Count(engine, byTwo, 3).ShouldBe(6UL);
        engine.LastBuild.Built.ShouldBeTrue();
        // The library of before is still in this process, and still itself.
        Count(engine, source, 3).ShouldBe(3UL);
        engine.LastBuild.Built.ShouldBeFalse();
    }

    [Fact]
    public void A_damaged_build_is_made_again()
    {
        var engine = new VerilatorEngine(_cache);
        // A text of its own: no test has this library in the process already.
        var source = Commented("damaged");
        Count(engine, source, 2).ShouldBe(2UL);
        var library = engine.LastBuild!.LibraryFile;
        // Cut short in a new file: the old one is mapped in this process.
        File.WriteAllBytes(library + ".short", File.ReadAllBytes(library)[..1000]);
        File.Move(library + ".short", library, overwrite: true);
        Count(engine, source, 2).ShouldBe(2UL);
        engine.LastBuild.Built.ShouldBeTrue();
        new FileInfo(library).Length.ShouldBeGreaterThan(1000);

        File.Delete(library);
        Count(engine, source, 2).ShouldBe(2UL);
        engine.LastBuild.Built.ShouldBeTrue();
    }

    [Fact]
    public void Options_ports_and_memories_are_part_of_the_key()
    {
        var libraries = new List<string>();
        foreach (var engine in new[] { new VerilatorEngine(_cache), new VerilatorEngine(_cache) { CompilerOptions = ["-O1"] }, new VerilatorEngine(_cache) { VerilatorOptions = ["--x-assign", "0"] } })
        {
            Count(engine, Text, 1);
            libraries.Add(engine.LastBuild!.LibraryFile);
        }

        var plain = new VerilatorEngine(_cache);
        plain.Start(Text, new SimulationOptions { Tracing = true }).Dispose();
        libraries.Add(plain.LastBuild!.LibraryFile);
        libraries.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Power_up_values_come_from_the_seed_alone()
    {
        var source = Designs.Source(
            """
            module power_up (input wire clock, output wire [63:0] value, output wire [99:0] wide);
                reg [63:0] held;
                reg [99:0] words [0:3];
                always @(posedge clock) begin held <= held; words[0] <= words[0]; end
                assign value = held;
                assign wide = words[3];
            endmodule
            """,
            new SimulationInterface { Top = "power_up", Ports = [Designs.In("clock", 1), Designs.Out("value", 64), Designs.Out("wide", 100)], Clocks = ["clock"] });
        var engine = new VerilatorEngine(_cache);
        string Values(int seed)
        {
            using var simulator = engine.Start(source, new SimulationOptions { Seed = seed });
            simulator.Step(2);
            return BitWords.ToHexadecimal(simulator.PeekWords("value"), 64) + BitWords.ToHexadecimal(simulator.PeekWords("wide"), 100);
        }

        var one = Values(1);
        Values(1).ShouldBe(one);
        var others = Enumerable.Range(2, 8).Select(Values).Append(one).ToArray();
        others.Distinct().Count().ShouldBe(9);
        // Seeds do not lean on each other when models start on several threads at once.
        var parallel = new string[64];
        Parallel.For(0, parallel.Length, index => parallel[index] = Values((index % 8) + 1));
        parallel.ShouldBe(Enumerable.Range(0, 64).Select(index => index % 8 == 0 ? one : others[(index % 8) - 1]));
    }

    [Fact]
    public void A_missing_tool_is_named_with_its_package()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_cache, "no-tools")).FullName;
        var error = Should.Throw<ToolException>(() => new VerilatorEngine(_cache) { SearchPath = empty }.Start(Text, new SimulationOptions()));
        error.Tool.ShouldBe("verilator");
        error.Message.ShouldContain("the package 'verilator'");
        error = Should.Throw<ToolException>(() => new Icarus.IcarusEngine(_cache) { SearchPath = empty }.Start(Text, new SimulationOptions()));
        error.Tool.ShouldBe("iverilog");
    }

    [Fact]
    public void Text_that_a_tool_refuses_is_told_with_its_words_and_leaves_nothing_behind()
    {
        var broken = Text with { Files = [new SourceFile("counter.v", "module counter (input wire clock; endmodule")] };
        foreach (var engine in new ISimulationEngine[] { new VerilatorEngine(_cache), new Icarus.IcarusEngine(_cache) })
        {
            var error = Should.Throw<ToolException>(() => engine.Start(broken, new SimulationOptions()));
            error.Message.ShouldContain("counter.v:1");
            error.Message.ShouldContain("syntax error");
        }

        new[] { "verilator", "icarus" }.SelectMany(name => Directory.EnumerateFileSystemEntries(Path.Combine(_cache, name, "partial"))).ShouldBeEmpty();
    }

    [Fact]
    public void An_interface_that_is_not_the_designs_is_told()
    {
        var engine = new VerilatorEngine(_cache);
        var port = Text with { Interface = Text.Interface with { Ports = [.. Text.Interface.Ports, Designs.Out("carry", 1)] } };
        Should.Throw<ToolException>(() => engine.Start(port, new SimulationOptions())).Message.ShouldContain("no output 'carry' of 1 bits");
        var narrow = Text with { Interface = Text.Interface with { Ports = [Designs.In("clock", 1), Designs.In("reset_n", 1), Designs.In("limit", 7)] } };
        Should.Throw<ToolException>(() => engine.Start(narrow, new SimulationOptions())).Message.ShouldContain("no input 'limit' of 7 bits");
    }

    [Theory]
    [InlineData("counter; $finish", "counter.v", "clock")]
    [InlineData("counter", "../counter.v", "clock")]
    [InlineData("counter", "counter.cpp", "clock")]
    [InlineData("counter", "counter.v", "clock)")]
    public void Names_that_are_no_names_are_refused_before_any_tool_runs(string top, string file, string clock)
    {
        var source = new SimulationSource(
            new SimulationInterface { Top = top, Ports = [Designs.In(clock, 1)], Clocks = [clock] }, [new SourceFile(file, Text.Files[0].Text)]);
        var unused = Path.Combine(_cache, "unused");
        Should.Throw<ArgumentException>(() => new VerilatorEngine(unused).Start(source, new SimulationOptions()));
        Should.Throw<ArgumentException>(() => new Icarus.IcarusEngine(unused).Start(source, new SimulationOptions()));
        Directory.Exists(unused).ShouldBeFalse();
    }

    [Fact]
    public void Port_names_that_Cpp_does_not_take_are_found()
    {
        var source = Designs.Source(
            "module naming (input wire clock, input wire new, input wire a__b, output wire class, output wire x___y);\n    assign class = ~new;\n    assign x___y = ~a__b;\nendmodule\n",
            new SimulationInterface
            {
                Top = "naming",
                Ports = [Designs.In("clock", 1), Designs.In("new", 1), Designs.In("a__b", 1), Designs.Out("class", 1), Designs.Out("x___y", 1)],
                Clocks = ["clock"],
            });
        using var simulator = new VerilatorEngine(_cache) { VerilatorOptions = ["--language", "1364-2005"] }.Start(source, new SimulationOptions());
        simulator.Poke("new", 1);
        simulator.Peek("class").ShouldBe(0UL);
        simulator.Peek("x___y").ShouldBe(1UL);
        simulator.Poke("a__b", 1);
        simulator.Peek("x___y").ShouldBe(0UL);
    }

    private static SimulationSource Commented(string comment) =>
        Text with { Files = [new SourceFile("counter.v", $"// {comment}\n{Text.Files[0].Text}")] };

    private static ulong Count(VerilatorEngine engine, SimulationSource source, int cycles)
    {
        using var simulator = engine.Start(source, new SimulationOptions());
        simulator.Reset();
        simulator.Poke("enable", 1);
        simulator.Step(cycles);
        return simulator.Peek("count");
    }
}
