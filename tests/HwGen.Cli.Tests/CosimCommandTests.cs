using System.Text.Json;
using System.Text.RegularExpressions;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary><c>hwgen cosim</c> as it is shipped: equal where all is well, and planted faults caught by layer, position and both values.</summary>
public sealed partial class CosimCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CosimCommandTests() => TinyNetwork.Write(_folder["in"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("verilator")]
    [InlineData("icarus")]
    [InlineData("compiled")]
    public async Task A_network_on_the_hardware_equals_golden_on_every_engine(string engine)
    {
        var run = await Cosim("--images", engine == "icarus" ? "2" : "12", "--engine", engine, "-o", _folder["out"]);
        run.Error.ShouldNotContain("hwgen:");
        run.Code.ShouldBe(ExitCode.Good);
        Line().Match(run.Output.TrimEnd().Split('\n')[^1]).Success.ShouldBeTrue(run.Output);
        var result = Summary().GetProperty("result");
        result.GetProperty("mismatches").GetInt64().ShouldBe(0);
        // 6·4·4 + 10·2·2 values of the maps, and 4 logits, of each image.
        result.GetProperty("compared").GetInt64().ShouldBe(result.GetProperty("images").GetInt64() * ((6 * 16) + (10 * 4) + 4));
        result.GetProperty("cyclesPerImage").GetDouble().ShouldBe(result.GetProperty("predictedCyclesPerImage").GetDouble());
        result.GetProperty("rowActivationsPerImage").GetDouble().ShouldBe(result.GetProperty("predictedRowActivationsPerImage").GetDouble());
        result.GetProperty("rowActivationsPerImage").GetDouble().ShouldBe(Summary().GetProperty("mapping").GetProperty("rowActivations").GetInt64());
        File.ReadAllLines(_folder["out/layers.csv"]).Length.ShouldBe(4);
        NpyArray.Read(_folder["out/logits.npy"]).Shape.ShouldBe([engine == "icarus" ? 2 : 12, 4]);
        File.ReadAllLines(_folder["out/comparison.csv"]).Length.ShouldBe(4);
        File.ReadAllLines(_folder["out/mismatches.csv"]).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Results_do_not_depend_on_jobs_nor_on_power_up()
    {
        var texts = new List<string>();
        foreach (var (jobs, seed) in new[] { (1, 1), (3, 1), (2, 77) })
        {
            var run = await Cosim("--engine", "compiled", "--images", "11", "-o", _folder["out"], "--force", "--jobs", $"{jobs}", "--seed", $"{seed}");
            run.Code.ShouldBe(ExitCode.Good);
            var result = Summary().GetProperty("result");
            texts.Add(result.GetRawText());
        }
        texts.Distinct().Count().ShouldBe(1);
    }

    public static TheoryData<string, string, string, string> Faults => new()
    {
        // What is broken, the module's file, what is found there, what it becomes.
        { "one wrong row operation: XOR gives XNOR", "lane", @"(2'd2:\s+\w+ = )([^;]+);", "$1~($2);" },
        { "one wrong shift", "shift_add", @"<< (\w+);", "<< ($1 ^ 1);" },
        { "one dropped accumulate: a filter never adds", "macro", @"(?<=shift_add\w* \w+_3 \([^;]*)\.add\(\w+\)", ".add(1'b0)" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_in_the_emitted_text_is_caught(string fault, string module, string pattern, string replacement)
    {
        (await Command("generate", _folder["in/tiny.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        var file = Directory.GetFiles(_folder["core/rtl"], $"tiny_{module}_*.v").ShouldHaveSingleItem();
        var text = File.ReadAllText(file);
        var changed = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(10)).Replace(text, replacement, 1);
        changed.ShouldNotBe(text, fault);
        File.WriteAllText(file, changed);
        var run = await Cosim("--images", "2", "--rtl", _folder["core"], "-o", _folder["out"]);
        Caught(run);

        // The program is right, the Verilog is not: the ladder says where to look, and the waveform around it is there.
        Verdicts().ShouldBe([("import = source", "not run"), ("golden = import", "SUCCESS"), ("interpreter = golden", "SUCCESS"), ("rtl = golden", "FAIL")]);
        run.Output.ShouldContain("interpreter = golden: SUCCESS, 280 values compared, 0 differ");
        run.Output.ShouldContain("waveform around the first difference: mismatch.vcd, ");
        var first = Regex.Match(run.Output, "^MISMATCH (.*)$", RegexOptions.Multiline).Groups[1].Value;
        var drawn = File.ReadAllLines(_folder["out/mismatch.txt"]);
        drawn[0].ShouldBe(first);
        drawn.ShouldContain(line => line.StartsWith("operand_read_address ", StringComparison.Ordinal), string.Join('\n', drawn));
        File.ReadLines(_folder["out/mismatch.vcd"]).Take(200).ShouldContain(line => line.Contains("$var"));
    }

    [Fact]
    public async Task An_unedited_folder_is_as_good_as_none()
    {
        (await Command("generate", _folder["in/tiny.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        (await Map()).Code.ShouldBe(ExitCode.Good);
        var run = await Cosim("--images", "2", "--rtl", _folder["core"], "--program", _folder["program"]);
        run.Code.ShouldBe(ExitCode.Good);
        run.Output.ShouldContain(" 0 mismatches");
    }

    [Fact]
    public async Task One_flipped_stored_bit_is_caught()
    {
        (await Map()).Code.ShouldBe(ExitCode.Good);
        var lines = File.ReadAllLines(_folder["program/rows.hex"]);
        // A row of the first layer: nine of its cells are read at every position.
        var row = Array.FindIndex(lines, line => !line.StartsWith("//", StringComparison.Ordinal));
        var digit = Convert.ToInt32(lines[row][^1..], 16) ^ 1;
        lines[row] = lines[row][..^1] + digit.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllLines(_folder["program/rows.hex"], lines);
        Caught(await Cosim("--engine", "compiled", "--images", "12", "--program", _folder["program"], "-o", _folder["out"]));

        // The program is wrong: the interpreter finds the same.
        Verdicts().ShouldBe([("import = source", "not run"), ("golden = import", "SUCCESS"), ("interpreter = golden", "FAIL"), ("rtl = golden", "FAIL")]);
        var mismatches = File.ReadAllLines(_folder["out/mismatches.csv"]).Skip(1).Select(line => line.Split(',', 2)).ToList();
        string[] Of(string step) => [.. mismatches.Where(line => line[0] == step).Select(line => line[1])];
        Of("interpreter = golden").ShouldNotBeEmpty();
        Of("interpreter = golden").ShouldBe(Of("rtl = golden"));
    }

    [Theory]
    [InlineData(@"cycles \+ 32'd1", "cycles + 32'd2", "cycles")]
    [InlineData(@"row_activations \+ ", "row_activations - ", "row activations")]
    public async Task Wrong_counters_are_caught_where_all_values_are_right(string pattern, string replacement, string counter)
    {
        (await Map()).Code.ShouldBe(ExitCode.Good);
        (await Command("generate", _folder["in/tiny.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        var file = Directory.GetFiles(_folder["core/rtl"], "tiny_sequencer*.v").ShouldHaveSingleItem();
        var text = File.ReadAllText(file);
        var changed = Regex.Replace(text, pattern, replacement);
        changed.ShouldNotBe(text);
        File.WriteAllText(file, changed);
        var run = await Cosim("--images", "1", "--rtl", _folder["core"], "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.Differs);
        run.Output.ShouldContain(" 0 mismatches");
        Regex.IsMatch(run.Output, @"COUNTER DIFFERS image 0, layer pool1, pass 0: predicted \d+ " + counter + @", hardware \d+").ShouldBeTrue(run.Output);
    }

    [Fact]
    public async Task Logits_from_elsewhere_are_compared_and_counted()
    {
        (await Cosim("--engine", "compiled", "--images", "5", "-o", _folder["out"])).Code.ShouldBe(ExitCode.Good);
        var logits = _folder["out/logits.npy"];
        var equal = await Cosim("--engine", "compiled", "--images", "4", "--against", logits);
        equal.Code.ShouldBe(ExitCode.Good);
        equal.Output.ShouldContain("rtl = --against: SUCCESS, 16 values compared, 0 differ");

        var array = NpyArray.Read(logits);
        var values = array.Values.ToArray();
        values[6]++;
        (array with { Values = values }).Write(_folder["other.npy"]);
        var unequal = await Cosim("--engine", "compiled", "--images", "4", "--against", _folder["other.npy"]);
        unequal.Code.ShouldBe(ExitCode.Differs);
        unequal.Output.ShouldContain("rtl = --against: FAIL, 16 values compared, 1 differ");
        unequal.Output.ShouldContain(FormattableString.Invariant($"MISMATCH of rtl = --against: image 1, layer logits, channel 2, row 0, column 0: expected {values[6]}, found {values[6] - 1}"));

        var few = await Cosim("--engine", "compiled", "--images", "6", "--against", logits);
        few.Code.ShouldBe(ExitCode.WrongInput);
        few.Error.ShouldContain("shape: is (5, 4); allowed: (images, 4) with at least 6 images");
    }

    [Fact]
    public async Task A_waveform_of_the_first_image_is_written_on_demand()
    {
        var run = await Cosim("--engine", "compiled", "--images", "1", "--trace", _folder["first.vcd"]);
        run.Code.ShouldBe(ExitCode.Good);
        File.ReadLines(_folder["first.vcd"]).Take(200).ShouldContain(line => line.Contains("$var"));
        (await Cosim("--engine", "compiled", "--images", "1", "--trace", _folder["first.vcd"])).Code.ShouldBe(ExitCode.WrongInput);
        Directory.GetFileSystemEntries(_folder.FullPath, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_leaves_what_went_in_and_what_was_expected()
    {
        (await Cosim("--engine", "compiled", "--images", "3", "-o", _folder["out"])).Code.ShouldBe(ExitCode.Good);
        var input = NpyArray.Read(_folder["out/input.npy"]);
        (input.Type, string.Join(',', input.Shape)).ShouldBe(("u1", "3,1,8,8"));
        input.Values.ShouldBe([.. File.ReadAllBytes(_folder["in/images.idx"]).Skip(16).Take(3 * 64).Select(pixel => (long)pixel)]);
        NpyArray.Read(_folder["out/labels.npy"]).Shape.ShouldBe([3]);
        NpyArray.Read(_folder["out/expected.npy"]).Values.ShouldBe(NpyArray.Read(_folder["out/logits.npy"]).Values);

        // The files are inputs again, with and without labels.
        var again = await Cosim("--engine", "compiled", "--images", "3", "--data", $"{_folder["out/input.npy"]},{_folder["out/labels.npy"]}", "--against", _folder["out/expected.npy"]);
        again.Code.ShouldBe(ExitCode.Good, again.Error);
        again.Output.ShouldContain("; accuracy ");
        var unlabelled = await Cosim("--engine", "compiled", "--images", "3", "--data", _folder["out/input.npy"]);
        unlabelled.Code.ShouldBe(ExitCode.Good, unlabelled.Error);
        unlabelled.Output.ShouldNotContain("accuracy");
        new NpyArray([1, 64], "i2", [.. Enumerable.Range(0, 64).Select(i => i == 9 ? 256L : 0)]).Write(_folder["wide.npy"]);
        var refused = await Cosim("--data", _folder["wide.npy"]);
        refused.Code.ShouldBe(ExitCode.WrongInput);
        refused.Error.ShouldContain("value 9: is 256; allowed: 0 to 255");
    }

    [Fact]
    public async Task An_onnx_file_climbs_the_whole_ladder()
    {
        var builder = new Golden.Tests.OnnxBuilder(1, 1, 8, 8);
        var signs = Enumerable.Range(0, 36).Select(i => i * 7 % 5 < 2 ? -1.0 : 1).ToArray();
        var x = builder.Node("Conv", [builder.Quant("image", 1 / 8.0, 0, 3, signed: false), builder.Floats([4, 1, 3, 3], signs)]);
        x = builder.Node("Flatten", [builder.Quantised("BipolarQuant", [builder.Node("Add", [x, builder.Floats([1, 4, 1, 1], -0.3, 0.2, -0.1, 0.4)]), builder.Float(1)])]);
        x = builder.Node("MatMul", [x, builder.Floats([144, 3], [.. Enumerable.Range(0, 432).Select(i => i * 11 % 7 < 3 ? -0.5 : 0.5)])]);
        File.WriteAllBytes(_folder["net.onnx"], builder.Output(x).Bytes());
        string[] arguments = ["cosim", _folder["net.onnx"], "--config", _folder["in/tiny.yaml"], "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}", "--images", "12", "--engine", "compiled"];
        var run = await Command([.. arguments, "-o", _folder["out"]]);
        run.Code.ShouldBe(ExitCode.Good, run.Error + run.Output);
        Verdicts().ShouldBe([("import = source", "SUCCESS"), ("golden = import", "SUCCESS"), ("interpreter = golden", "SUCCESS"), ("rtl = golden", "SUCCESS")]);
        run.Output.ShouldContain("import = source: SUCCESS, 36 values compared, 0 differ (every output of 12 images)");

        var scaled = await Command([.. arguments, "--input-scaling", "pixels"]);
        scaled.Code.ShouldBe(ExitCode.Good, scaled.Error);
        var ours = await Cosim("--input-scaling", "pixels");
        ours.Code.ShouldBe(ExitCode.WrongInput);
        ours.Error.ShouldContain("--input-scaling");
    }

    public static TheoryData<string[], string> WrongInputs => new()
    {
        { ["--engine", "modelsim"], "verilator" },
        { ["--images", "0"], "at least 1" },
        { ["--images", "13"], "--images = 13: the set has fewer images; allowed: 1 to 12" },
        { ["--data", "cifar"], "--data = cifar: is not known; allowed: mnist" },
        { ["--data", "drawn-digits:x"], "the seed is not a number" },
        { ["--data", "drawn-digits:1"], "images of 1×8×8, the input of the network" },
        { ["--data", "nowhere.idx,nothing.idx"], "nowhere.idx: there is no such file" },
        { ["--config", "nowhere.yaml"], "nowhere.yaml: there is no such file; allowed: a YAML file" },
        { ["--against", "nowhere.npy"], "nowhere.npy: there is no such file" },
        { ["--rtl", "nowhere"], "nowhere/sim.f: there is no such file" },
        { ["--program", "nowhere"], "nowhere/program.json: there is no such file" },
        { ["--rtl", "nowhere", "--engine", "compiled"], "reads no Verilog" },
    };

    [Theory]
    [MemberData(nameof(WrongInputs))]
    public async Task Wrong_input_ends_with_2_and_says_what_is_allowed(string[] arguments, string message)
    {
        var run = await Cosim(["-o", _folder["out"], .. arguments]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain(message);
        run.Output.ShouldBeEmpty();
        Directory.Exists(_folder["out"]).ShouldBeFalse();
        Directory.GetFileSystemEntries(_folder.FullPath, ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_truncated_idx_file_is_named_with_what_was_expected()
    {
        var images = _folder["in/images.idx"];
        File.WriteAllBytes(images, File.ReadAllBytes(images)[..^7]);
        var run = await Cosim("-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("images.idx: is cut: 784 bytes are expected");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_batch_of_a_program_is_its_own()
    {
        (await Command("map", _folder["in/net.hwnet"], "--config", _folder["in/tiny.yaml"], "--batch", "3", "-o", _folder["program"])).Code.ShouldBe(ExitCode.Good);
        var refused = await Cosim("--engine", "compiled", "--program", _folder["program"], "--batch", "7");
        refused.Code.ShouldBe(ExitCode.WrongInput);
        refused.Error.ShouldContain("--batch = 7: the program says its own batch; allowed: 3, or no --batch");
        (await Cosim("--engine", "compiled", "--program", _folder["program"], "--images", "7", "--batch", "3")).Code.ShouldBe(ExitCode.Good);
    }

    [Fact]
    public async Task Both_strategies_of_a_reloaded_network_stand_in_the_table_and_the_choice_is_taken()
    {
        // Fewer rows than the network takes.
        File.WriteAllText(_folder["in/small.yaml"], TinyNetwork.Configuration.Replace("rows: 128", "rows: 32", StringComparison.Ordinal));
        foreach (var (batch, expected) in ((string? Batch, int? Expected)[])[(null, null), ("1", 1), ("5", 5)])
        {
            var run = await Cosim(["--engine", "compiled", "--images", "12", "--config", _folder["in/small.yaml"], "-o", _folder["out"], "--force", .. batch is null ? (string[])[] : ["--batch", batch]]);
            run.Code.ShouldBe(ExitCode.Good, run.Error + run.Output);
            var mapping = Summary().GetProperty("mapping");
            var reloads = mapping.GetProperty("reloads").EnumerateArray().ToList();
            reloads.Select(reload => reload.GetProperty("strategy").GetString()).ShouldBe(["reloadAnImage", "batchAPass"]);
            var chosen = reloads.Single(reload => reload.GetProperty("chosen").GetBoolean());
            chosen.GetProperty("batch").GetInt32().ShouldBe(mapping.GetProperty("batch").GetInt32());
            if (expected is { } said)
                chosen.GetProperty("batch").GetInt32().ShouldBe(said);
            else
                chosen.GetProperty("cyclesPerImage").GetInt64().ShouldBe(reloads.Min(reload => reload.GetProperty("cyclesPerImage").GetInt64()));
            run.Output.ShouldContain("| for each image");
            run.Output.ShouldContain("| for each batch of ");

            // The table of the layers has both, and those that were taken.
            var lines = File.ReadAllLines(_folder["out/layers.csv"]).Select(line => line.Split(',')).ToList();
            long Sum(string column) => lines.Skip(1).Sum(line => long.Parse(line[Array.IndexOf(lines[0], column)], System.Globalization.CultureInfo.InvariantCulture));
            reloads.Select(reload => reload.GetProperty("transferCyclesPerImage").GetInt64()).ShouldBe([Sum("transfer_cycles_reload_an_image"), Sum("transfer_cycles_batch_a_pass")]);
            Sum("transfer_cycles").ShouldBe(chosen.GetProperty("transferCyclesPerImage").GetInt64());
        }
    }

    [Fact]
    public async Task A_program_of_another_network_or_array_is_refused()
    {
        (await Map()).Code.ShouldBe(ExitCode.Good);
        var other = await Command("cosim", "zoo:drawn-digits", "--config", _folder["in/tiny.yaml"], "--data", "drawn-digits:1", "--images", "1", "--program", _folder["program"]);
        other.Code.ShouldBe(ExitCode.WrongInput);
        other.Error.ShouldContain("the program is of another network");
        File.WriteAllText(_folder["in/tiny.yaml"], TinyNetwork.Configuration.Replace("rows: 128", "rows: 136", StringComparison.Ordinal));
        var array = await Cosim("--program", _folder["program"]);
        array.Code.ShouldBe(ExitCode.WrongInput);
        array.Error.ShouldContain("the program is for another configuration");
    }

    [Fact]
    public async Task A_file_list_cannot_lead_out_of_its_folder()
    {
        Directory.CreateDirectory(_folder["core"]);
        foreach (var line in (string[])["../in/tiny.yaml", "/etc/hostname", "-y /", "+incdir+/"])
        {
            File.WriteAllText(_folder["core/sim.f"], "// a list\n" + line + "\n");
            var run = await Cosim("--rtl", _folder["core"]);
            run.Code.ShouldBe(ExitCode.WrongInput);
            run.Error.ShouldContain("sim.f:2: ");
            run.Error.ShouldContain("is not a file of the list's folder");
        }
    }

    [Fact]
    public async Task Verilog_that_the_simulator_refuses_is_a_tool_failure_with_its_words()
    {
        (await Command("generate", _folder["in/tiny.yaml"], "-o", _folder["core"])).Code.ShouldBe(ExitCode.Good);
        File.AppendAllText(_folder["core/rtl/tiny_core.v"], "this is no Verilog\n");
        var run = await Cosim("--rtl", _folder["core"], "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.ToolFailed);
        run.Error.ShouldContain("tiny_core.v");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_interrupted_run_ends_with_130_and_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        using var error = new InterruptingWriter(source, "simulating 200 images: 10 %");
        var code = await Hosting.Application.RunAsync(
            ["cosim", "zoo:drawn-digits", "--config", "edge64", "--data", "drawn-digits:4", "--images", "200", "--engine", "compiled", "-o", _folder["out"]],
            TextWriter.Null, error, source.Token);
        code.ShouldBe(ExitCode.Interrupted);
        error.ToString().ShouldContain("interrupted");
        error.ToString().ShouldNotContain("100 %");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
        Directory.GetFileSystemEntries(_folder.FullPath, ".*").ShouldBeEmpty();
    }

    /// <summary>Interrupts the run when it has said something: in the middle of its work, on every machine.</summary>
    private sealed class InterruptingWriter(CancellationTokenSource source, string cue) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value == cue)
                source.Cancel();
        }
    }

    private static void Caught(CommandRun run)
    {
        run.Code.ShouldBe(ExitCode.Differs, run.Error);
        Regex.IsMatch(run.Output, @"^MISMATCH image \d+, layer \w+, channel \d+, row \d+, column \d+: expected -?\d+, found -?\d+$", RegexOptions.Multiline).ShouldBeTrue(run.Output);
        Regex.IsMatch(run.Output.TrimEnd().Split('\n')[^1], @"^compared [\d,]+ values over \d+ images: [1-9][\d,]* mismatches; ").ShouldBeTrue(run.Output);
    }

    private Task<CommandRun> Map() => Command("map", _folder["in/net.hwnet"], "--config", _folder["in/tiny.yaml"], "-o", _folder["program"]);

    private Task<CommandRun> Cosim(params string[] arguments)
    {
        // What a test names itself takes the place of what it did not.
        string[] defaults = [];
        if (!arguments.Contains("--config"))
            defaults = [.. defaults, "--config", _folder["in/tiny.yaml"]];
        if (!arguments.Contains("--data"))
            defaults = [.. defaults, "--data", $"{_folder["in/images.idx"]},{_folder["in/labels.idx"]}"];
        if (!arguments.Contains("--images"))
            defaults = [.. defaults, "--images", "1"];
        return Command(["cosim", _folder["in/net.hwnet"], .. defaults, .. arguments]);
    }

    private static Task<CommandRun> Command(params string[] arguments) => CommandRun.Of(arguments);

    private List<(string Step, string Verdict)> Verdicts() => [.. Summary().GetProperty("result").GetProperty("ladder").EnumerateArray()
        .Select(step => (step.GetProperty("step").GetString()!, step.GetProperty("verdict").GetString()!))];

    private JsonElement Summary() => JsonDocument.Parse(File.ReadAllText(_folder["out/summary.json"])).RootElement;

    [GeneratedRegex(@"^compared [\d,]+ values over \d+ images: 0 mismatches; accuracy \d+\.\d\d %; ([\d,]+) cycles an image \(predicted \1\)$")]
    private static partial Regex Line();
}
