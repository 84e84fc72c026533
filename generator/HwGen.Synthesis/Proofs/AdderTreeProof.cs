using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Tools;

namespace HwGen.Synthesis.Proofs;

/// <summary>Proves popcount trees as they were emitted, and as they were mapped.</summary>
public static class AdderTreeProof
{
    /// <summary>Proves the emitted Verilog of a popcount: its adder modules exhaustively by SAT, the tree by composition on what Yosys reads.</summary>
    /// <param name="source">The popcount; its adder modules are files named <c>…full_adder.v</c> and <c>…half_adder.v</c>.</param>
    /// <param name="folder">Where files and logs go.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="ToolException">Yosys fails, or an adder module does not add.</exception>
    public static async Task<AdderTreeFinding> EmittedAsync(SynthesisSource source, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var run = new ToolRun(folder, TimeSpan.FromMinutes(10));
        var adders = new Dictionary<string, AdderCellPins>(StringComparer.Ordinal);
        foreach (var file in source.Files)
        {
            var module = Path.GetFileNameWithoutExtension(file);
            var isFull = module.EndsWith(AdderMaps.FullAdder, StringComparison.Ordinal);
            if (!isFull && !module.EndsWith(AdderMaps.HalfAdder, StringComparison.Ordinal))
                continue;
            adders.Add(module, new AdderCellPins(isFull ? ["a", "b", "c"] : ["a", "b"], "sum", "carry"));
            run.Write(module + "_proof.v", $$"""
                module adder_proof (input a, input b, input c, output adds);
                  wire sum, carry;
                  {{module}} adder (.sum(sum), .carry(carry), .a(a), .b(b){{(isFull ? ", .c(c)" : string.Empty)}});
                  assign adds = {carry, sum} == {1'b0, a} + {1'b0, b}{{(isFull ? " + {1'b0, c}" : string.Empty)}};
                endmodule

                """);
            await run.YosysAsync(
                module + "_proof", [$"read_verilog {file} {module}_proof.v", "prep -flatten -top adder_proof", "sat -verify -prove adds 1"], cancellationToken).ConfigureAwait(false);
        }
        await run.YosysAsync(
            "emitted",
            [
                .. source.Files.Select(file => $"read_verilog {file}"), $"hierarchy -check -top {source.Top}",
                .. adders.Count > 0 ? (string[])[$"blackbox {string.Join(' ', adders.Keys)}"] : [],
                "proc", "flatten", "opt_clean", "write_verilog -noattr -noexpr -nohex emitted.v",
            ],
            cancellationToken).ConfigureAwait(false);
        return AdderTreeCheck.Run(MappedNetlist.Read(run.PathOf("emitted.v")), adders);
    }

    /// <summary>Proves a popcount that was mapped to the adder cells of a library, whose functions were looked at for all inputs when they were chosen.</summary>
    /// <param name="netlist">The mapped popcount.</param>
    /// <param name="library">Its library.</param>
    public static AdderTreeFinding Mapped(MappedNetlist netlist, CellLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        var adders = new Dictionary<string, AdderCellPins>(StringComparer.Ordinal);
        foreach (var adder in new[] { library.FullAdder, library.HalfAdder }.OfType<AdderPins>())
            adders.Add(adder.Cell.Name, new AdderCellPins(adder.Inputs, adder.Sum, adder.Carry));
        return AdderTreeCheck.Run(netlist, adders);
    }
}
