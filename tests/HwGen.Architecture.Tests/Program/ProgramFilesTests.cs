using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Tests.Program;

public sealed class ProgramFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen-program-").FullName;

    private string Json => Path.Combine(_folder, ProgramFiles.ProgramName);

    private string Rows => Path.Combine(_folder, ProgramFiles.RowsName);

    private string Initials => Path.Combine(_folder, ProgramFiles.InitialsName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_back_as_it_was()
    {
        foreach (var columns in (int[])[4, 11, 32, 64, 65, 130])
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var program = Programs.Random(seed, Programs.Configuration(columns: columns) with { WindowWords = seed % 3 == 0 ? 64 : 0 });
                ProgramFiles.Write(program, _folder);

                // Fields of windows are there where the core has a window memory.
                ProgramFiles.Texts(program)[0].Text.Contains("ringWords", StringComparison.Ordinal).ShouldBe(seed % 3 == 0);
                var read = ProgramFiles.Read(_folder);
                // Records of lists compare by reference: the texts hold all of a program, and the parts that matter most are looked at one by one.
                ProgramFiles.Texts(read).ShouldBe(ProgramFiles.Texts(program));
                read.Network.ShouldBe(program.Network);
                read.Cycles.ShouldBe(program.Cycles);
                read.Batch.ShouldBe(program.Batch);
                read.TransferCycles().ShouldBe(program.TransferCycles());
                read.Parts().SelectMany(p => p.Passes).ShouldBe(program.Parts().SelectMany(p => p.Passes));
                read.Rows.SelectMany(r => r.Bits).ShouldBe(program.Rows.SelectMany(r => r.Bits));
                read.Initials.ShouldBe(program.Initials);
                read.Levels.ShouldBe(program.Levels);
                read.Stages.Select(s => s.Output).ShouldBe(program.Stages.Select(s => s.Output));
                read.Stages.SelectMany(s => s.Passes).SelectMany(p => p.Descriptor.Values).ShouldBe(program.Stages.SelectMany(s => s.Passes).SelectMany(p => p.Descriptor.Values));
                read.Stages.SelectMany(s => s.Passes).Select(p => p.Rows.Length).ShouldBe(program.Stages.SelectMany(s => s.Passes).Select(p => p.Rows.Length));
            }
        }
    }

    [Fact]
    public void A_row_is_a_line_that_a_person_can_read()
    {
        var row = new RowImage(2, 3, RowOperation.Xor, [0b101_0000_0001]);
        ProgramFiles.Write(Programs.Random(1) with { Rows = [row] }, _folder);
        File.ReadLines(Rows).First(line => !line.StartsWith("//", StringComparison.Ordinal)).ShouldBe("0 2 3 xor 501");
        File.ReadLines(Rows).ShouldContain("// load group lane operation data");
    }

    [Fact]
    public void An_edited_bit_is_read_as_edited()
    {
        ProgramFiles.Write(Programs.Random(1) with { Rows = [new RowImage(2, 3, RowOperation.Xor, [0x501])] }, _folder);
        Edit(Rows, "0 2 3 xor 501", "0 2 3 XOR 500 // a comment");
        ProgramFiles.Read(_folder).Rows[0].Bits[0].ShouldBe(0x500UL);
    }

    [Theory]
    [InlineData("0 2 3 xor 501", "0 4 3 xor 501", "rows.hex:6: group = 4: ", "0 to 3")]
    [InlineData("0 2 3 xor 501", "0 2 -1 xor 501", "rows.hex:6: lane = -1: ", "0 to 3")]
    [InlineData("0 2 3 xor 501", "0 2 3 nor 501", "rows.hex:6: operation = nor: ", "nand, and, xor, or")]
    [InlineData("0 2 3 xor 501", "0 2 3 xor 50", "rows.hex:6: data = 50: ", "3 hexadecimal digits")]
    [InlineData("0 2 3 xor 501", "0 2 3 xor 801", "rows.hex:6: data = 801: ", "no bit beyond column 10")]
    [InlineData("0 2 3 xor 501", "0 2 3 xor 50g", "rows.hex:6: data = 50g: ", "hexadecimal")]
    [InlineData("0 2 3 xor 501", "0 2 3 501", "rows.hex:6: the line has 4 fields", "load group lane operation data")]
    [InlineData("0 2 3 xor 501", "", "rows.hex: has ", "as program.json says")]
    [InlineData("0 2 3 xor 501", "99 2 3 xor 501", "rows.hex: load = 99: ", "named there")]
    [InlineData("0 2 3 xor 501", "0x 2 3 xor 501", "rows.hex:6: load = 0x: ", "0 to 2147483647")]
    public void A_wrong_row_is_named_by_line_value_and_what_is_allowed(string line, string wrong, string where, string allowed)
    {
        ProgramFiles.Write(Programs.Random(1) with { Rows = [new RowImage(2, 3, RowOperation.Xor, [0x501])] }, _folder);
        Edit(Rows, line, wrong);
        Refused(where, allowed);
    }

    [Theory]
    [InlineData("0 8 3 5 1", "initials.hex:5: address = 8: ", "0 to 7")]
    [InlineData("0 7 4 5 1", "initials.hex:5: lane = 4: ", "0 to 3")]
    [InlineData("0 7 3 99999999 1", "initials.hex:5: value = 99999999: ", "whole number from")]
    [InlineData("0 7 3 5 2", "initials.hex:5: direction = 2: ", "0 to 1")]
    [InlineData("0 7 3 5", "initials.hex:5: the line has 4 fields", "load address lane value direction")]
    public void A_wrong_initial_value_is_named_by_line_value_and_what_is_allowed(string wrong, string where, string allowed)
    {
        ProgramFiles.Write(Programs.Random(1) with { Initials = [new InitialImage(7, 3, 5, true)] }, _folder);
        Edit(Initials, "0 7 3 5 1", wrong);
        Refused(where, allowed);
    }

    [Theory]
    [InlineData("0 16 5 0", "levels.hex:6: address = 16: ", "0 to 15")]
    [InlineData("0 7 99999999999 0", "levels.hex:6: value = 99999999999: ", "whole number from")]
    [InlineData("0 7 5 64", "levels.hex:6: shift = 64: ", "0 to 63")]
    [InlineData("0 7", "levels.hex:6: the line has 2 fields", "load address value shift")]
    public void A_wrong_level_is_named_by_line_value_and_what_is_allowed(string wrong, string where, string allowed)
    {
        ProgramFiles.Write(Programs.Random(1) with { Levels = [new LevelImage(7, 5)] }, _folder);
        Edit(Path.Combine(_folder, ProgramFiles.LevelsName), "0 7 5 0", wrong);
        Refused(where, allowed);
    }

    /// <summary>Windows that go with the input of <see cref="Programs"/>, but for one key.</summary>
    private static string Windows(string changed)
    {
        var keys = new JsonObject
        {
            ["channels"] = 1,
            ["height"] = 2,
            ["width"] = 4096,
            ["kernelHeight"] = 3,
            ["kernelWidth"] = 1,
            ["strideY"] = 1,
            ["strideX"] = 1,
            ["dilationY"] = 1,
            ["dilationX"] = 1,
            ["top"] = 0,
            ["left"] = 0,
        };
        foreach (var (key, value) in JsonNode.Parse("{" + changed + "}")!.AsObject().ToList())
        {
            keys[key] = value!.DeepClone();
        }

        return keys.ToJsonString();
    }

    public static TheoryData<string, string?, string, string> WrongKeys => new()
    {
        { "formatVersion", "1", "formatVersion = 1", "4 to 4" },
        { "network", "7", "network = 7", "a text" },
        { "extra", "1", "extra: unknown key", "formatVersion, network" },
        { "rows", null, "rows: is missing", "every key" },
        { "rows", "1000", "rows.hex: has", "1000" },
        { "input", "[]", "input: has the wrong type", "an object" },
        { "input.base", "64", "input.base = 64", "0 to 63" },
        { "input.height", "1000000", "input: needs", "64 operand words" },
        { "input.planes", "5", "input.planes = 5", "1 to 4" },
        { "windows", null, "windows: is missing", "every key" },
        { "windows", "7", "windows = 7: has the wrong type", "an object" },
        { "windows", Windows("\"channels\": 2"), "windows: does not go with input", "windows of input.channels = 3 values" },
        { "windows", Windows("\"strideY\": 0"), "windows.strideY = 0", "1 to 4096" },
        { "windows", Windows("\"left\": -1"), "windows.left = -1", "0 to 4096" },
        { "windows", Windows("\"channels\": 3, \"kernelHeight\": 1, \"height\": 4096"), "windows: is an input of too many values", "at most" },
        { "stages", "[]", "stages: has too few or too many items", "1 to 10000 items" },
        { "stages.0.results", "17", "stages[0].results = 17", "0 to 16" },
        { "stages.0.channels", "[0]", "stages[0].channels: does not go with constants", "both empty, or each channel" },
        { "stages.0.constants", "[{\"channel\": 0, \"value\": 3}]", "stages[0].channels: does not go with constants", "both empty, or each channel" },
        { "stages.0.constants", "[{\"channel\": 0}]", "stages[0].constants[0].value: is missing", "every key" },
        { "stages.0.constants", "[{\"channel\": -1, \"value\": 3}]", "stages[0].constants[0].channel = -1", "0 to" },
        { "stages.0.constants", "[{\"channel\": 0, \"value\": 0.5}]", "stages[0].constants[0].value = 0.5", "a whole number" },
        { "stages.0.name", "\"\"", "stages[0].name", "1 to 200 characters" },
        { "stages.0.passes.0.initialLoad", "50", "stages[0].passes[0].initialLoad = 50: has no entries in initials.hex", "or null" },
        { "stages.0.passes.0.rowLoad", "50", "stages[0].passes[0].rowLoad = 50: has no entries in rows.hex", "or null" },
        { "stages.0.passes.0.descriptor.planes", "100000", "stages[0].passes[0].descriptor.planes = 100000", "1 to 7" },
        { "stages.0.passes.0.descriptor.planes", "-1", "descriptor.planes = -1", "1 to 7" },
        { "stages.0.passes.0.descriptor.planes", null, "descriptor.planes: is missing", "every key" },
        { "stages.0.passes.0.descriptor.width", "1", "descriptor.width: unknown key", "operandBase" },
        { "stages.0.passes.0.descriptor.outputWidth", "0", "descriptor.outputWidth = 0", "1 to 4095" },
        { "configuration.array.lanes", "5", "array.lanes = 5", "a divisor of rows" },
        { "configuration.frob", "5", "frob: unknown key", "name" },
    };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void A_wrong_key_is_named_with_its_value_and_what_is_allowed(string key, string? value, string where, string allowed)
    {
        ProgramFiles.Write(Programs.Random(1), _folder);
        var root = JsonNode.Parse(File.ReadAllText(Json))!;
        var path = key.Split('.');
        var node = path[..^1].Aggregate(root, (at, part) => int.TryParse(part, out var index) ? at[index]! : at[part]!);
        if (value is null)
        {
            node.AsObject().Remove(path[^1]).ShouldBeTrue();
        }
        else
        {
            node[path[^1]] = JsonNode.Parse(value);
        }

        File.WriteAllText(Json, root.ToJsonString());
        Refused(where, allowed);
    }

    [Fact]
    public void Counts_whose_product_leaves_64_bits_are_refused()
    {
        ProgramFiles.Write(Programs.Random(1), _folder);
        var root = JsonNode.Parse(File.ReadAllText(Json))!;
        var descriptor = root["stages"]![0]!["passes"]![0]!["descriptor"]!.AsObject();
        foreach (var field in (string[])["outputWidth", "outputHeight", "poolWidth", "poolHeight", "kernelWidth", "kernelHeight", "channelWords"])
        {
            descriptor[field] = 4095;
        }

        File.WriteAllText(Json, root.ToJsonString());
        Refused("stages[0].passes[0].descriptor: takes too many cycles", "4294967295");
    }

    [Fact]
    public void A_cut_file_is_refused_by_line()
    {
        ProgramFiles.Write(Programs.Random(1), _folder);
        var text = File.ReadAllText(Json);
        File.WriteAllText(Json, text[..(text.Length / 2)]);
        Refused("program.json:", "JSON");
    }

    [Fact]
    public void The_line_of_a_mistake_in_the_configuration_is_that_of_the_file()
    {
        ProgramFiles.Write(Programs.Random(1), _folder);
        Edit(Json, "\"lanes\": 4", "\"lanes\": 5");
        var line = File.ReadLines(Json).TakeWhile(text => !text.Contains("\"lanes\"", StringComparison.Ordinal)).Count() + 1;
        Refused(FormattableString.Invariant($"program.json:{line}:"), "a divisor of rows");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        ProgramFiles.Write(Programs.Random(1), _folder);
        File.Delete(Initials);
        Refused("initials.hex: there is no such file", "hwgen map");
    }

    [Fact]
    public void A_file_without_end_is_refused() =>
        Should.Throw<ProgramFileException>(() => ProgramFiles.Read(EndlessFolder())).Message.ShouldContain("the file is too long");

    private string EndlessFolder()
    {
        File.CreateSymbolicLink(Json, "/dev/zero");
        return _folder;
    }

    private void Refused(string where, string allowed)
    {
        var error = Should.Throw<Exception>(() => ProgramFiles.Read(_folder));
        (error is ProgramFileException or ConfigurationException).ShouldBeTrue(error.ToString());
        error.Message.ShouldContain(where);
        error.Message.ShouldContain(allowed);
    }

    private static void Edit(string path, string old, string replacement)
    {
        var text = File.ReadAllText(path);
        text.ShouldContain(old);
        File.WriteAllText(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }
}
