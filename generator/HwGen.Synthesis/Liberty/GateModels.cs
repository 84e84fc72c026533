using System.Globalization;
using System.Text;
using HwGen.Tools;

namespace HwGen.Synthesis.Liberty;

/// <summary>Simulation models of cells, written from their Liberty functions: Verilog-2005 without delays, for Verilator, Icarus and Yosys alike.</summary>
public static class GateModels
{
    /// <summary>Writes the models of some cells of a library.</summary>
    /// <param name="library">The library.</param>
    /// <param name="cells">The names of the cells.</param>
    /// <exception cref="InputException">A cell is not in the library, or the library does not say what it does.</exception>
    public static string Of(CellLibrary library, IEnumerable<string> cells)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(cells);
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"// Models of the cells of {library.Name}, from its Liberty functions.\n"));
        foreach (var name in cells.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var cell = library.Find(name) ?? throw new InputException(new InputError($"has no cell {name}, which the netlist instantiates") { File = library.File });
            text.Append('\n');
            Write(library, cell, text);
        }
        return text.ToString();
    }

    private static void Write(CellLibrary library, LibraryCell cell, StringBuilder text)
    {
        text.Append("module ").Append(cell.Name).Append('(').AppendJoin(", ", cell.Pins.Select(pin => (pin.IsOutput ? "output " : "input ") + pin.Name)).Append(");\n");
        if (cell.State is { } state)
        {
            text.Append(CultureInfo.InvariantCulture, $"  reg {state.State};\n");

            // A cell powers up with 0 or 1. Unknown values would never leave a netlist whose gates do not know that x ^ x is 0; Verilator draws values of its own.
            text.Append(CultureInfo.InvariantCulture, $"`ifdef __ICARUS__\n  initial {state.State} = $random;\n`endif\n");
            if (state.InvertedState.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"  wire {state.InvertedState} = ~{state.State};\n");
            if (state.IsLatch)
                WriteLatch(state, text);
            else
                WriteFlipFlop(state, text);
        }
        foreach (var output in cell.Outputs)
        {
            if (output.Function is not { } function)
                throw new InputException(new InputError($"does not say what output {output.Name} of cell {cell.Name} is: there is no model of it") { File = library.File });
            text.Append(CultureInfo.InvariantCulture, $"  assign {output.Name} = {function.ToVerilog(Same)};\n");
        }
        text.Append("endmodule\n");
    }

    private static void WriteFlipFlop(CellState state, StringBuilder text)
    {
        var (clock, edge) = state.Clock.Inputs is [var pin] ? (pin, state.Clock.Table(state.Clock.Inputs) == 0b10 ? "posedge" : "negedge") : throw new FormatException("a clock of several pins");
        var events = new List<string> { $"{edge} {clock}" };
        var branches = new List<string>();
        foreach (var (condition, value) in new[] { (state.Clear, "1'b0"), (state.Preset, "1'b1") })
        {
            if (condition is null)
                continue;
            events.Add(condition.Inputs is [var set] ? (condition.Table(condition.Inputs) == 0b10 ? "posedge " : "negedge ") + set : throw new FormatException("a set or reset of several pins"));
            branches.Add($"if ({condition.ToVerilog(Same)}) {state.State} <= {value}; else ");
        }
        text.Append(CultureInfo.InvariantCulture, $"  always @({string.Join(" or ", events)}) {string.Concat(branches)}{state.State} <= {state.Next.ToVerilog(Same)};\n");
    }

    private static void WriteLatch(CellState state, StringBuilder text)
    {
        text.Append("  always @* ");
        if (state.Clear is { } clear)
            text.Append(CultureInfo.InvariantCulture, $"if ({clear.ToVerilog(Same)}) {state.State} = 1'b0; else ");
        if (state.Preset is { } preset)
            text.Append(CultureInfo.InvariantCulture, $"if ({preset.ToVerilog(Same)}) {state.State} = 1'b1; else ");
        text.Append(CultureInfo.InvariantCulture, $"if ({state.Clock.ToVerilog(Same)}) {state.State} = {state.Next.ToVerilog(Same)};\n");
    }

    private static string Same(string name) => name;
}
