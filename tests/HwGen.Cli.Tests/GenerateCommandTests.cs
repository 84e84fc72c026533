using System.Text.Json;
using System.Text.RegularExpressions;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary><c>hwgen generate</c> and <c>hwgen map</c>: what they write, and what they refuse.</summary>
public sealed class GenerateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_folder_holds_what_its_lists_and_its_summary_say()
    {
        var run = await CommandRun.Of("generate", "edge64", "-o", _folder["core"], "--json");
        run.Code.ShouldBe(ExitCode.Good);
        var summary = JsonDocument.Parse(run.Output).RootElement;
        File.ReadAllText(_folder["core/summary.json"]).ShouldContain("\"topModule\": \"edge64_core\"");
        summary.GetProperty("cells").GetInt64().ShouldBe(512 * 32);
        foreach (var file in summary.GetProperty("files").EnumerateArray())
        {
            var path = _folder["core/" + file.GetProperty("path").GetString()];
            File.ReadAllText(path).Count(c => c == '\n').ShouldBe(file.GetProperty("lines").GetInt32());
            ContentKey.Sha256OfFile(path).ShouldBe(file.GetProperty("sha256").GetString());
        }
        var synthesis = File.ReadAllLines(_folder["core/rtl.f"]);
        var simulation = File.ReadAllLines(_folder["core/sim.f"]);
        var cells = File.ReadAllLines(_folder["core/cells.f"]);
        synthesis.Concat(simulation).Concat(cells).ShouldAllBe(path => File.Exists(_folder["core/" + path]));
        // Every file is in a list, and a twin stands in one list where its module stands in the other.
        Directory.GetFiles(_folder["core"], "*.*v", SearchOption.AllDirectories).Length.ShouldBe(synthesis.Union(simulation).Union(cells).Count());
        cells.ShouldContain("cells/edge64_full_adder.v");
        cells.ShouldContain("cells/edge64_popcount_n32.v");
        cells.ShouldNotContain("rtl/edge64_popcount_n32.v");
        simulation.Where(path => path.StartsWith("sim/", StringComparison.Ordinal)).ShouldNotBeEmpty();
        foreach (var twin in simulation.Where(path => path.StartsWith("sim/", StringComparison.Ordinal)))
        {
            var module = "rtl/" + Path.GetFileNameWithoutExtension(twin) + ".v";
            synthesis.ShouldContain(module);
            simulation.ShouldNotContain(module);
        }
        synthesis[^1].ShouldBe("rtl/edge64_core.v");
        Directory.GetFileSystemEntries(_folder.FullPath, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_document_names_the_ports_of_the_top_module_and_no_others()
    {
        (await CommandRun.Of("generate", "edge64", "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        var document = File.ReadAllText(_folder["core/core.md"]);
        var module = File.ReadAllText(_folder["core/rtl/edge64_core.v"]);
        var declared = Regex.Matches(module[..module.IndexOf(");", StringComparison.Ordinal)], @"(input|output)\s+(?:wire|reg)\s+(?:\[(\d+):0\])?\s*(\w+)")
            .ToDictionary(m => m.Groups[3].Value, m => $"{m.Groups[1].Value} | {(m.Groups[2].Success ? int.Parse(m.Groups[2].Value) + 1 : 1)}");
        var rows = Regex.Matches(document, @"^\| `(\w+)` \| (input|output) \| (\d+) \| (.+) \|$", RegexOptions.Multiline);
        rows.ToDictionary(m => m.Groups[1].Value, m => $"{m.Groups[2].Value} | {m.Groups[3].Value}").OrderBy(p => p.Key)
            .ShouldBe(declared.OrderBy(p => p.Key));
        rows.ShouldAllBe(m => m.Groups[4].Value.Length > 5);
        // What the text says of driving the core names ports that there are.
        var driving = document[document.IndexOf("## How a host drives it", StringComparison.Ordinal)..document.IndexOf("## Descriptor fields", StringComparison.Ordinal)];
        foreach (Match port in Regex.Matches(driving, "`([a-z_]+)`"))
            declared.Keys.ShouldContain(port.Groups[1].Value);
        document.ShouldNotContain("&");
        Regex.Matches(document, @"^\| \d+ \| `\w+` \| \d+ \| .+ \|$", RegexOptions.Multiline).Count.ShouldBe((int)Architecture.Program.DescriptorField.Control + 1);
    }

    [Fact]
    public async Task Equal_configurations_give_equal_bytes()
    {
        foreach (var name in (string[])["one", "two"])
            (await CommandRun.Of("generate", "edge64", "-o", _folder[name])).Code.ShouldBe(ExitCode.Good);
        Content("two").ShouldBe(Content("one"));
    }

    [Fact]
    public async Task An_existing_folder_is_refused_and_force_replaces_it()
    {
        Directory.CreateDirectory(_folder["core"]);
        File.WriteAllText(_folder["core/mine"], "mine");
        var refused = await CommandRun.Of("generate", "edge64", "-o", _folder["core"]);
        refused.Code.ShouldBe(ExitCode.WrongInput);
        refused.Error.ShouldContain("--force");
        File.Exists(_folder["core/mine"]).ShouldBeTrue();
        (await CommandRun.Of("generate", "edge64", "-o", _folder["core"], "--force")).Code.ShouldBe(ExitCode.Good);
        File.Exists(_folder["core/mine"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Init_writes_a_configuration_that_generate_takes()
    {
        var run = await CommandRun.Of("generate", "--init");
        run.Code.ShouldBe(ExitCode.Good);
        run.Output.ShouldStartWith("# ");
        (await CommandRun.Of("generate", "--init", "-o", _folder["my.yaml"])).Code.ShouldBe(ExitCode.Good);
        File.ReadAllText(_folder["my.yaml"]).ShouldBe(run.Output);
        (await CommandRun.Of("generate", "--init", "-o", _folder["my.yaml"])).Code.ShouldBe(ExitCode.WrongInput);
        (await CommandRun.Of("generate", "--init", "-o", _folder["my.yaml"], "--force")).Code.ShouldBe(ExitCode.Good);
        (await CommandRun.Of("generate", _folder["my.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        File.ReadAllText(_folder["core/configuration.yaml"]).ShouldBe(run.Output);
    }

    [Theory]
    [InlineData("name: a\narray: { rows: 0, columns: 8, lanes: 1 }", "bad.yaml:2:16: array.rows = 0: ", "1 to 65536")]
    [InlineData("name: a\narray: { rows: 8, columns: 0, lanes: 1 }", "array.columns = 0: ", "4 to 8192")]
    [InlineData("name: a\narray: { rows: 8, columns: 8, lanes: 3 }", "array.lanes = 3: does not divide the 8 rows", "a divisor of rows")]
    [InlineData("name: a\narray: { rows: 1048576, columns: 1048576, lanes: 1 }", "array.rows = 1048576: ", "1 to 65536")]
    [InlineData("name: a\narray: { rows: 65536, columns: 8192, lanes: 1 }", "65536 rows of 8192 cells are too many", "at most 16777216 cells")]
    [InlineData("name: a\narray: { rows: 8, columns: 8, lanes: 2 }\nfrob: 1", "frob: unknown key", "rowOperations")]
    [InlineData("name: a\narray: { rows: many, columns: 8, lanes: 2 }", "array.rows = many: is out of range or not a whole number", "1 to 65536")]
    [InlineData("name: a\narray: [8, 8, 2]", "array = sequence: is not a mapping", "key: value")]
    [InlineData("name: a\n", "array.rows: is missing", "1 to 65536")]
    [InlineData("name: a\narray: { rows: 8", "is not YAML", "YAML")]
    [InlineData("name: a\narray: { rows: '8', columns: 8, lanes: 2 }", "array.rows = 8: is out of range or not a whole number", "1 to 65536")]
    [InlineData("name: a\narray: { rows: 010, columns: 8, lanes: 2 }", "array.rows = 010: ", "1 to 65536")]
    [InlineData("a: &x [1]\nb: *x", "is nested too deeply, or is an alias", "no aliases")]
    public async Task What_cannot_work_is_one_clear_error_and_leaves_nothing(string text, string message, string allowed)
    {
        File.WriteAllText(_folder["bad.yaml"], text);
        var run = await CommandRun.Of("generate", _folder["bad.yaml"], "-o", _folder["parent/core"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain(message);
        run.Error.ShouldContain(allowed);
        run.Error.ShouldNotContain("   at ");
        run.Output.ShouldBeEmpty();
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["bad.yaml"]]);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("generate", "edge64")]
    [InlineData("generate", "--init", "edge64")]
    [InlineData("map", "zoo:mnist-binary", "-o", "x")]
    [InlineData("map", "--config", "edge64", "-o", "x")]
    [InlineData("cosim", "zoo:mnist-binary", "--config", "edge64")]
    [InlineData("demo", "--images", "0")]
    [InlineData("generate", "edge64", "-o", "x", "-o", "y")]
    public async Task An_incomplete_command_line_is_wrong_input(params string[] arguments) =>
        (await CommandRun.Of(arguments)).Code.ShouldBe(ExitCode.WrongInput);

    [Fact]
    public async Task A_configuration_nested_a_hundred_thousand_levels_deep_is_refused()
    {
        File.WriteAllText(_folder["deep.yaml"], "name: " + new string('[', 100_000));
        var run = await CommandRun.Of("generate", _folder["deep.yaml"], "-o", _folder["core"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("at most 16 levels");
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["deep.yaml"]]);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_key()
    {
        File.WriteAllText(_folder["mark.yaml"], "name: x\r\narray: { rows: 8, columns: 4, lanes: 1 }\r\n", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        (await CommandRun.Of("generate", _folder["mark.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
    }

    [Fact]
    public async Task A_missing_configuration_is_named_with_what_is_shipped()
    {
        var run = await CommandRun.Of("generate", _folder["nowhere.yaml"], "-o", _folder["core"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("nowhere.yaml: there is no such file");
        run.Error.ShouldContain("edge64");
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mapped_network_is_program_files_a_table_and_a_summary()
    {
        var run = await CommandRun.Of("map", "zoo:mnist-binary", "--config", "edge64", "-o", _folder["program"]);
        run.Code.ShouldBe(ExitCode.Good);
        var program = Architecture.Program.ProgramFiles.Read(_folder["program"]);
        run.Output.ShouldContain(FormattableString.Invariant($"{program.Cycles:N0} cycles an image predicted"));
        run.Output.ShouldContain("reloaded: the network takes ");
        var lines = File.ReadAllLines(_folder["program/layers.csv"]);
        lines.Length.ShouldBe(1 + program.Stages.Length);
        long Sum(string column) => lines.Skip(1).Sum(line => long.Parse(line.Split(',')[Array.IndexOf(lines[0].Split(','), column)]));
        Sum("cycles").ShouldBe(program.Cycles);
        Sum("row_activations").ShouldBe(program.Stages.Sum(s => s.Passes.Sum(p => p.Descriptor.RowActivations)));
        var mapping = JsonDocument.Parse(File.ReadAllText(_folder["program/summary.json"])).RootElement.GetProperty("mapping");
        mapping.GetProperty("cyclesPerImage").GetInt64().ShouldBe(program.Cycles);
        mapping.GetProperty("resident").GetBoolean().ShouldBe(program.RowLoads == 0);
        foreach (var (name, column) in new[] { ("multiplyAccumulates", "multiply_accumulates"), ("rowActivations", "row_activations"), ("cellOperations", "cell_operations"), ("memoryBits", "memory_bits") })
            mapping.GetProperty(name).GetInt64().ShouldBe(Sum(column), name);

        // Half the clock, half the images; the bottleneck is named.
        var rate = mapping.GetProperty("throughput").GetProperty("imagesPerSecond").GetDouble();
        run.Output.ShouldContain(" images/s at 100 MHz: ");
        run.Output.ShouldContain("bottleneck: layer maxPool2, its rows meeting operands, ");
        var slow = await CommandRun.Of("map", "zoo:mnist-binary", "--config", "edge64", "-o", _folder["slow"], "--clock", "50");
        slow.Output.ShouldContain(" images/s at 50 MHz: ");
        JsonDocument.Parse(File.ReadAllText(_folder["slow/summary.json"])).RootElement.GetProperty("mapping").GetProperty("throughput")
            .GetProperty("imagesPerSecond").GetDouble().ShouldBe(rate / 2, 0.001);
        var refused = await CommandRun.Of("map", "zoo:mnist-binary", "--config", "edge64", "-o", _folder["none"], "--clock", "0");
        refused.Code.ShouldBe(ExitCode.WrongInput);
        refused.Error.ShouldContain("--clock = 0: must be above 0");

        TinyNetwork.Write(_folder["in"]);
        var resident = await CommandRun.Of("map", _folder["in/net.hwnet"], "--config", "edge64", "-o", _folder["resident"]);
        resident.Code.ShouldBe(ExitCode.Good);
        resident.Output.ShouldContain("resident: the array has 512 rows and the network's ");
    }

    [Fact]
    public async Task A_network_that_does_not_fit_is_refused_by_layer_and_reason()
    {
        File.WriteAllText(_folder["small.yaml"], "name: small\narray: { rows: 8, columns: 4, lanes: 1 }\nmemories: { operandWords: 16 }");
        var run = await CommandRun.Of("map", "zoo:mnist-binary", "--config", _folder["small.yaml"], "-o", _folder["program"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("operandWords is 16");
        Directory.Exists(_folder["program"]).ShouldBeFalse();
        var unknown = await CommandRun.Of("map", "zoo:alexnet", "--config", "edge64", "-o", _folder["program"]);
        unknown.Code.ShouldBe(ExitCode.WrongInput);
        unknown.Error.ShouldContain("zoo:mnist-binary");
    }

    private List<string> Content(string folder) =>
        [.. Directory.GetFiles(_folder[folder], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(_folder[folder], file) + " " + ContentKey.Sha256OfFile(file))];
}
