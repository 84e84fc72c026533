using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>How Verilator spells Verilog names in C++.</summary>
internal static class VerilatorNames
{
    /// <summary>The member of the model's class that is a port, looked up in the class's header.</summary>
    /// <exception cref="ToolException">The top module has no such port of that width.</exception>
    public static string Member(string header, string top, PortDescription port)
    {
        // A double underscore is Verilator's own escape, and words of C++ get a prefix.
        var plain = port.Name.Replace("__", "___05F", StringComparison.Ordinal);
        var kind = port.Direction == PortDirection.Input ? "VL_IN" : "VL_OUT";
        var (suffix, words) = port.Width switch
        {
            <= 8 => ("8", ""),
            <= 16 => ("16", ""),
            <= 32 => ("", ""),
            <= 64 => ("64", ""),
            _ => ("W", FormattableString.Invariant($",{(port.Width + 31) / 32}")),
        };
        foreach (var member in new[] { plain, "__SYM__" + plain })
        {
            if (header.Contains(FormattableString.Invariant($"{kind}{suffix}(&{member},{port.Width - 1},0{words});"), StringComparison.Ordinal))
                return member;
        }

        throw new ToolException(
            "verilator",
            $"the top module '{top}' has no {(port.Direction == PortDirection.Input ? "input" : "output")} '{port.Name}' of {port.Width} bits");
    }
}
