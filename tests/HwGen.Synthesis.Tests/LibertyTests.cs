using HwGen.Synthesis.Liberty;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

public class LibertyTests
{
    [Fact]
    public void Cells_have_area_leakage_pins_and_state()
    {
        var library = Library.Read();
        library.Name.ShouldBe("small");
        library.Voltage.ShouldBe(1.8);
        library.Find("INV")!.Area.ShouldBe(2);
        library.Find("INV")!.Leakage.ShouldBe(3e-9, 1e-15);
        library.Find("NAND")!.Inputs.Select(pin => pin.Name).ShouldBe(["A", "B"]);
        library.Find("DFF")!.State!.Next.Text.ShouldBe("D");
        library.Find("DFF")!.IsClock("CK").ShouldBeTrue();
        library.StrongestInverter!.Name.ShouldBe("INV");
        Should.NotThrow(() => library.HoldComplete(needsFlipFlop: true));
    }

    [Fact]
    public void A_table_is_linear_between_its_points_and_beyond()
    {
        var table = Library.Read().Find("INV")!.Pin("Y")!.Arcs.Single().RiseTransition!;
        table.At(0, 0).ShouldBe(1);
        table.At(1, 2).ShouldBe(7);
        table.At(0.5, 1).ShouldBe(4);
        table.At(2, 0).ShouldBe(9);
    }

    [Fact]
    public void Adder_cells_are_found_by_what_they_do_the_smallest_first_and_the_lightest_pin_last()
    {
        var full = Library.Read().FullAdder.ShouldNotBeNull();
        full.Cell.Name.ShouldBe("FA");
        full.Inputs.ShouldBe(["Y", "Z", "X"]);
        (full.Sum, full.Carry).ShouldBe(("S", "C"));
        Library.Read().HalfAdder!.Cell.Name.ShouldBe("HA");
    }

    [Theory]
    [InlineData("A", 0b10UL)]
    [InlineData("!A", 0b01UL)]
    [InlineData("A'", 0b01UL)]
    [InlineData("(A B)+(!A !B)", 0b1001UL)]
    [InlineData("A ^ B", 0b0110UL)]
    [InlineData("A + B * C", 0b1110_1010UL)]
    [InlineData("!(A | B) & C", 0b0001_0000UL)]
    [InlineData("A^B C", 0b0110_0000UL)]
    [InlineData("1", 0b1UL)]
    public void Functions_mean_what_Liberty_says(string text, ulong table)
    {
        var function = BooleanFunction.Parse(text);
        function.Table(function.Inputs).ShouldBe(table);
    }

    [Theory]
    [InlineData("A +")]
    [InlineData("(A")]
    [InlineData("A ? B")]
    [InlineData("")]
    public void What_is_no_function_is_refused(string text) => Should.Throw<FormatException>(() => BooleanFunction.Parse(text));

    [Theory]
    [InlineData("module m; endmodule", 1, "is not a Liberty file")]
    [InlineData("library (x) {\n  cell (A) {\n    area : 1;\n", 4, "ends too early")]
    [InlineData("library (x) {\n cell (A) { pin (Y) { direction : output;\n function : \"A +\"; } } }", 2, "no Boolean expression")]
    [InlineData("library (x) { }", null, "has no cells")]
    public void A_wrong_file_is_an_input_error_with_its_line(string text, int? line, string message)
    {
        var error = Should.Throw<InputException>(() => CellLibrary.Parse("wrong.lib", text)).Errors.Single();
        error.File.ShouldBe("wrong.lib");
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void What_is_no_text_is_not_read_into_memory()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder.Of("sparse.lib")))
            file.SetLength(1L << 32);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Should.Throw<InputException>(() => CellLibrary.Read(folder.Of("sparse.lib"))).Message.ShouldContain("is not a Liberty file");
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(50_000_000);
    }

    [Fact]
    public void A_library_that_nothing_can_be_built_of_says_what_it_lacks()
    {
        var library = CellLibrary.Parse("poor.lib", "library (poor) { cell (FA) { area : 1; pin (A) { direction : input; } } }");
        Should.Throw<InputException>(() => library.HoldComplete(needsFlipFlop: true)).Message
            .ShouldContain("lacks an inverter and a 2-input AND, OR, NAND or NOR gate and a D flip-flop");
    }

    [Fact]
    public void Models_are_written_from_functions()
    {
        var text = GateModels.Of(Library.Read(), ["DFF", "NAND", "DFF"]);
        text.ShouldContain("module DFF(input CK, input D, output Q);");
        text.ShouldContain("always @(posedge CK) IQ <= D;");
        text.ShouldContain("`ifdef __ICARUS__\n  initial IQ = $random;\n`endif\n");
        text.ShouldContain("assign Y = ~((A & B));");
        text.Split("endmodule").Length.ShouldBe(3);
        Should.Throw<InputException>(() => GateModels.Of(Library.Read(), ["XYZ"])).Message.ShouldContain("has no cell XYZ");
    }

    [Fact]
    public void The_180_nm_library_is_read_whole()
    {
        var library = CellLibrary.Read(SynthesisOptions.Osu018Liberty);
        library.Cells.Count.ShouldBe(32);
        library.FullAdder!.Cell.Name.ShouldBe("FAX1");
        library.FullAdder.Cell.Area.ShouldBe(120);
        library.FullAdder.Inputs[^1].ShouldBe("C");
        library.HalfAdder!.Cell.Name.ShouldBe("HAX1");
        library.StrongestInverter!.Name.ShouldBe("INVX8");
    }
}
