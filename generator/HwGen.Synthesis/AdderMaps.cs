using System.Globalization;
using System.Text;
using HwGen.Synthesis.Liberty;

namespace HwGen.Synthesis;

/// <summary>The map that puts a library's adder cells in the place of adder modules, and of the adders that Yosys finds.</summary>
internal static class AdderMaps
{
    /// <summary>How the names of our adder modules end, whatever prefix they have.</summary>
    public const string FullAdder = "full_adder";

    /// <inheritdoc cref="FullAdder"/>
    public const string HalfAdder = "half_adder";

    /// <summary>The map; empty of what the library has no cell for, so that it stays logic.</summary>
    /// <param name="library">The library.</param>
    /// <param name="files">The Verilog files, each named after its module.</param>
    public static string Of(CellLibrary library, IReadOnlyList<string> files)
    {
        var text = new StringBuilder();
        var names = files.Select(Path.GetFileNameWithoutExtension).OfType<string>().ToList();
        var (fullNames, halfNames) = (Named(FullAdder), Named(HalfAdder));
        if (library.FullAdder is { } full)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                (* techmap_celltype = "{{fullNames}}" *)
                module adder_map_full (output sum, output carry, input a, input b, input c);
                  {{full.Cell.Name}} _TECHMAP_REPLACE_ (.{{full.Inputs[0]}}(a), .{{full.Inputs[1]}}(b), .{{full.Inputs[2]}}(c), .{{full.Sum}}(sum), .{{full.Carry}}(carry));
                endmodule

                (* techmap_celltype = "$fa" *)
                module adder_map_fa (A, B, C, X, Y);
                  parameter WIDTH = 1;
                  input [WIDTH-1:0] A, B, C;
                  output [WIDTH-1:0] X, Y;
                  genvar i;
                  generate for (i = 0; i < WIDTH; i = i + 1) begin : bits
                    {{full.Cell.Name}} adder (.{{full.Inputs[0]}}(A[i]), .{{full.Inputs[1]}}(B[i]), .{{full.Inputs[2]}}(C[i]), .{{full.Sum}}(Y[i]), .{{full.Carry}}(X[i]));
                  end endgenerate
                endmodule

                """);
        }
        if (library.HalfAdder is { } half)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""

                (* techmap_celltype = "{{halfNames}}" *)
                module adder_map_half (output sum, output carry, input a, input b);
                  {{half.Cell.Name}} _TECHMAP_REPLACE_ (.{{half.Inputs[0]}}(a), .{{half.Inputs[1]}}(b), .{{half.Sum}}(sum), .{{half.Carry}}(carry));
                endmodule

                """);
        }
        return text.ToString();

        string Named(string kind) => string.Join(' ', names.Where(name => name == kind || name.EndsWith("_" + kind, StringComparison.Ordinal)).DefaultIfEmpty(kind));
    }
}
