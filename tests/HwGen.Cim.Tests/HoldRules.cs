using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Formal;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>What stands still, as properties of one cycle and the next: what a layer was told stays until the next one starts, and a solver that is idle moves nothing. No result shows either at once: the one would be seen in a layer that is told late, the other in the power.</summary>
internal static class HoldRules
{
    /// <summary>The instruction unit: which operation the rows do.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Instructions(ArrayConfiguration configuration)
    {
        var module = new WatchedBlock(new InstructionUnit(configuration), new("layer_start", 1, "layer_start"), new("instructed", 1, "instructed"), new("row_operation", 2, "row_operation"));
        return (module, module.Properties("past_layer_start || (now_instructed == past_instructed && now_row_operation == past_row_operation)"));
    }

    /// <summary>The solver of the similarity threshold: its factors, its product and its count of digits.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Solver(ArrayConfiguration configuration)
    {
        var solver = new SimilarityThreshold(configuration);
        var widths = Design.Elaborate(solver).Top.Registers.ToDictionary(register => register.Name, register => register.Width, StringComparer.Ordinal);
        string[] held = ["factor", "multiplier", "product", "left", "variance", "quotient", "remainder", "threshold"];
        var module = new WatchedBlock(new SimilarityThreshold(configuration), [new("start", 1, "start"), new("step", widths["step"], "step"), new("loaded", 1, "loaded"), .. held.Select(name => new Watched(name, widths[name], name))]);
        return (
            module,
            [
                // The five products are steps 1 to 5; only they load factors.
                new StateProperty(StatePropertyKind.Invariant, "(now_step >= 1 && now_step <= 5) || !now_loaded"),
                .. module.Properties(held.Select(name => $"past_step != 0 || now_{name} == past_{name}")),
            ]);
    }
}
