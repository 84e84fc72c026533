using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace HwGen.Tools.Tests;

public sealed class WritingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_table_is_csv_with_invariant_numbers_under_any_culture() => UnderCommaCulture(() =>
    {
        CsvTable.Write(_folder["a/layers.csv"], ["layer", "cycles", "utilisation", "exact"],
            [["conv1, 3×3", 1234567L, 0.5, true], ["say \"hi\"", -1, null, false], ["two\nlines", 0, 1e-7, true]]);
        File.ReadAllText(_folder["a/layers.csv"]).ShouldBe(
            "layer,cycles,utilisation,exact\n\"conv1, 3×3\",1234567,0.5,true\n\"say \"\"hi\"\"\",-1,,false\n\"two\nlines\",0,1E-07,true\n");
    });

    [Fact]
    public void A_table_has_no_byte_order_mark()
    {
        CsvTable.Write(_folder["a.csv"], ["x"], []);
        File.ReadAllBytes(_folder["a.csv"]).ShouldBe("x\n"u8.ToArray());
    }

    [Fact]
    public void A_row_of_another_length_is_an_error()
    {
        var text = new StringWriter();
        Should.Throw<ArgumentException>(() => CsvTable.Write(text, ["a", "b"], [[1]])).Message.ShouldContain("1 values for 2 columns");
    }

    [Fact]
    public void A_summary_is_the_same_bytes_every_time_under_any_culture() => UnderCommaCulture(() =>
    {
        RunSummary Make() => new RunSummary("demo")
            .Add("accuracy", 0.985)
            .Add("mismatches", 0)
            .AddTools(new Dictionary<string, string> { ["yosys"] = "0.23", ["g++"] = "12 <x>" })
            .Add("layers", new JsonArray("conv1", "conv2"));
        Make().ToJson().ShouldBe("""
            {
              "formatVersion": 1,
              "command": "demo",
              "accuracy": 0.985,
              "mismatches": 0,
              "tools": {
                "g++": "12 <x>",
                "yosys": "0.23"
              },
              "layers": [
                "conv1",
                "conv2"
              ]
            }

            """.ReplaceLineEndings("\n"));
        Make().Write(_folder["summary.json"]);
        File.ReadAllText(_folder["summary.json"]).ShouldBe(Make().ToJson());
        Should.Throw<ArgumentException>(() => Make().Add("mismatches", 1));
    });

    [Fact]
    public void A_content_key_depends_on_every_part_and_on_where_one_part_ends()
    {
        static string Key(params (string Name, string Text)[] parts)
        {
            using var key = new ContentKey();
            foreach (var (name, text) in parts)
                key.Add(name, text);
            return key.ToHex();
        }

        Key(("a", "b")).ShouldBe(Key(("a", "b")));
        Key(("a", "b")).Length.ShouldBe(64);
        new[]
        {
            Key(), Key(("", "")), Key(("a", "b")), Key(("ab", "")), Key(("", "ab")), Key(("a", ""), ("b", "")),
            Key(("b", "a")), Key(("a", "b"), ("c", "d")), Key(("c", "d"), ("a", "b")),
        }.ShouldBeUnique();
    }

    [Fact]
    public void A_content_key_of_a_file_is_that_of_its_content()
    {
        File.WriteAllText(_folder["one"], "text");
        File.WriteAllText(_folder["two"], "text");
        using ContentKey one = new(), two = new();
        one.AddFile("f", _folder["one"]).ToHex().ShouldBe(two.AddFile("f", _folder["two"]).ToHex());
        ContentKey.Sha256("abc"u8).ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-4
        ContentKey.Sha256OfFile(_folder["one"]).ShouldBe(ContentKey.Sha256("text"u8));
    }

    [Fact]
    public void Kept_text_is_the_beginning_and_the_end_whatever_the_pieces() =>
        Prop.ForAll(Gen.Choose(0, 40).ToArbitrary(), Gen.NonEmptyListOf(Gen.Choose(0, 60)).ToArbitrary(), (limit, pieces) =>
        {
            var kept = new BoundedText(limit);
            var whole = new StringBuilder();
            foreach (var length in pieces)
            {
                var piece = string.Concat(Enumerable.Range(whole.Length, length).Select(index => (char)('a' + index % 26)));
                whole.Append(piece);
                kept.Append(piece);
            }
            var text = kept.ToString();
            if (whole.Length <= limit)
                return text == whole.ToString();
            var (head, tail) = (limit / 2, limit - limit / 2);
            return text == FormattableString.Invariant(
                $"{whole.ToString(0, head)}\n... {whole.Length - limit} characters left out ...\n{whole.ToString(whole.Length - tail, tail)}");
        }).QuickCheckThrowOnFailure();

    private static void UnderCommaCulture(Action action)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
