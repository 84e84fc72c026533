using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>The emitted text of a design's modules.</summary>
internal static class Text
{
    /// <summary>The text of the top module.</summary>
    public static string Of(Module top)
    {
        var design = Design.Elaborate(top);
        return VerilogWriter.Write(design).Single(f => f.Module == design.Top.Name && f.Role == SourceRole.Common).Text;
    }

    /// <summary>The text of the top module between its port list and its end, without indentation of the first level.</summary>
    public static string BodyOf(Module top)
    {
        var lines = Of(top).Split('\n').ToList();
        var start = lines.IndexOf(");") + 1;
        return string.Join('\n', lines[start..lines.IndexOf("endmodule")].Select(l => l.StartsWith("    ", StringComparison.Ordinal) ? l[4..] : l));
    }
}
