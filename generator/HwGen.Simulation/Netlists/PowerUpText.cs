using System.Text;
using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <summary>
/// The Verilog that gives the registers and memories of an emitted design the values at power-up that the engines of the netlist give them
/// (<see cref="PowerUp"/>). It is a module of its own, which reaches into the design by names: the design's text stays as it was emitted.
/// </summary>
internal static class PowerUpText
{
    /// <summary>The module's name.</summary>
    public const string ModuleName = "hwgen_power_up";

    /// <summary>The module's file.</summary>
    public const string FileName = ModuleName + ".v";

    /// <summary>What the command line of a run says before the seed.</summary>
    public const string SeedArgument = "hwgen_seed=";

    /// <summary>Writes the module.</summary>
    /// <param name="design">The design.</param>
    /// <param name="top">The instance of its top module, as names from outside reach it.</param>
    public static string Of(Design design, string top)
    {
        var values = new StringBuilder();
        AddState(design.Top, top + ".", string.Empty, values);
        return FormattableString.Invariant($$"""
            // Values at power-up, from a seed and the name of each register and memory.
            module {{ModuleName}};
                reg [63:0] seed;
                integer word;

                function [63:0] mixed;
                    input [63:0] state;
                    /*verilator no_inline_task*/
                    reg [63:0] value;
                    begin
                        value = (state ^ (state >> 30)) * 64'h{{PowerUp.FirstFactor:x}};
                        value = (value ^ (value >> 27)) * 64'h{{PowerUp.SecondFactor:x}};
                        mixed = value ^ (value >> 31);
                    end
                endfunction

                task set_values;
                begin
                    if (!$value$plusargs("{{SeedArgument}}%d", seed)) seed = 0;
                    seed = seed * 64'h{{PowerUp.SeedStep:x}};
            {{values}}    end
                endtask

                initial set_values;
            endmodule

            """);
    }

    private static void AddState(ModuleGraph module, string scope, string path, StringBuilder text)
    {
        foreach (var register in module.Registers)
            text.Append("        ").Append(scope).Append(register.Name).Append(" = ").Append(Value(path + register.Name, register.Width, string.Empty)).Append(";\n");
        foreach (var memory in module.Memories)
        {
            var first = memory.Initial.Count;
            if (first >= memory.Depth)
                continue;
            text.Append(FormattableString.Invariant($"        for (word = {first}; word < {memory.Depth}; word = word + 1)\n"))
                .Append("            ").Append(scope).Append(memory.Name).Append("[word] = ")
                .Append(Value(path + memory.Name, memory.Width, FormattableString.Invariant($" + {{32'd0, word}} * 64'h{PowerUp.WordStep:x}"))).Append(";\n");
        }

        foreach (var instance in module.Instances.Where(instance => instance.Module.BlackBox is null))
            AddState(instance.Module, $"{scope}{instance.Name}.", $"{path}{instance.Name}.", text);
    }

    private static string Value(string path, int width, string word)
    {
        var state = PowerUp.HashOf(path);
        var words = Enumerable.Range(1, BitWords.Count(width)).Reverse()
            .Select(index => FormattableString.Invariant($"mixed(64'h{unchecked(state + ((ulong)index * PowerUp.Step)):x} + seed{word})"));
        return "{" + string.Join(", ", words) + "}";
    }
}
