using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Formal;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>
/// What counters count, as properties of one cycle and the next. The high bits of those of performance are beyond any simulation, and some waits are longer than they need be without harm: a proof from any state
/// has them all.
/// </summary>
internal static class CounterRules
{
    // The phases of the instruction unit and the states of the sequencer, by number.
    private const int Idle = 0, Fetch = 1, Head = 4, Take = 5, Store = 6, Give = 9, Layer = 10, Stop = 11, Program = 12, Computing = 2;

    /// <summary>The sequencer: cycles since the start, and the filters of the tile for each operand.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Sequencer(ArrayConfiguration configuration)
    {
        var (activations, filters) = (configuration.ActivationCounterBits, configuration.FilterCountBits);
        var module = new WatchedBlock(
            new Sequencer(configuration),
            new("state", 3, "state"), new("cycles", 32, "cycles"), new("row_activations", activations, "row_activations"), new("tile", DescriptorField.Tiles.Width(configuration), "tile"),
            new("waited", DescriptorLayout.WaitBits, "waited"), new("preload_window", 1, "preload_window"), new("start", 1, "start"), new("tiles", DescriptorField.Tiles.Width(configuration), "tiles"), new("filters", filters, "tile_filters"), new("last_filters", filters, "last_tile_filters"));
        var tile = DescriptorField.Tiles.Width(configuration);
        var started = $"past_state == {Idle} && past_start";
        return (module, module.Properties(
            // A word of each bit-plane is taken over once at least, whichever comes first.
            $"now_preload_window == (now_state == 1 && now_waited + {DescriptorLayout.WaitBits}'d{(2 * configuration.InputBits) + 2} >= preload_cycles)",
            $"now_cycles == ({started} ? 32'd0 : past_state == {Idle} ? past_cycles : past_cycles + 32'd1)",
            $"now_row_activations == ({started} ? {activations}'d0 : past_state == {Computing} ? past_row_activations + ((past_tile + {tile}'d1) == past_tiles ? past_last_filters : past_filters) : past_row_activations)"));
    }

    /// <summary>The check of descriptors: it takes those that keep <see cref="DescriptorRules"/>, and no other.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Descriptors(ArrayConfiguration configuration)
    {
        var module = new WatchedBlock(new DescriptorCheck(configuration), new Watched("legal", 1, "legal"));
        var ports = module.Ports.Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        var rules = DescriptorRules.Of(configuration).Select(rule => (Name: Names.ToSnakeCase(rule.Field.ToString()), rule.Least, rule.Greatest)).Where(rule => ports.Contains(rule.Name));
        return (module, module.Properties($"now_legal == ({string.Join(" && ", rules.Select(rule => FormattableString.Invariant($"{rule.Name} >= 64'd{rule.Least} && {rule.Name} <= 64'd{rule.Greatest}")))})"));
    }

    /// <summary>The drain unit: how long words are written, and the bit of a word that a value takes.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Drain(ArrayConfiguration configuration)
    {
        var (planes, places, sums) = (DescriptorField.OutputPlanes.Width(configuration), DescriptorField.FirstOutputBit.Width(configuration), configuration.ResultAddressBits);
        var module = new WatchedBlock(
            new DrainUnit(configuration),
            new("start", 1, "start"), new("value_next", 1, "value_next"), new("completes", 1, "completes"), new("output_last", 1, "output_last"), new("pool_last", 1, "round_pool_last"), new("fills", 1, "fills_words"),
            new("writing", planes, "writing"), new("output_planes", planes, "output_planes"), new("place", places, "place"), new("first_bit", places, "first_output_bit"),
            new("sum", sums, "sum_address"), new("sum_base", DescriptorField.SumBase.Width(configuration), "sum_base"));
        return (module, module.Properties(
            $"now_writing == (past_start ? {planes}'d0 : past_value_next && past_completes ? past_output_planes - {planes}'d1 : past_writing != 0 ? past_writing - {planes}'d1 : {planes}'d0)",
            $"now_place == (past_start ? past_first_bit : past_value_next && past_completes ? (past_output_last ? past_first_bit : {places}'d0) : past_value_next && past_pool_last && past_fills ? past_place + {places}'d1 : past_place)",
            $"now_sum == (past_start ? past_sum_base[{sums - 1}:0] : past_value_next ? past_sum + {sums}'d1 : past_sum)"));
    }

    /// <summary>The instruction unit: cycles of programs and layers, row activations, and waits.</summary>
    public static (Module Module, IReadOnlyList<StateProperty> Properties) Instructions(ArrayConfiguration configuration)
    {
        var starts = $"past_phase == {Idle} && past_start && !past_abort";
        var layerEnds = $"past_phase == {Layer} && !past_layer_busy";
        List<Watched> watched =
        [
            new("phase", 4, "phase"), new("start", 1, "start"), new("abort", 1, "abort"), new("in_valid", 1, "in_valid"), new("out_ready", 1, "out_ready"), new("layer_busy", 1, "layer_busy"), new("layer_time", 32, "layer_time"),
            new("layer_activations", configuration.ActivationCounterBits, "layer_activations"), new("stopping", 5, "stopping"),
        ];
        List<string> rules = [$"now_stopping == (past_phase != {Stop} ? 5'd0 : past_stopping == 5'd31 ? 5'd31 : past_stopping + 5'd1)"];
        Count("program_cycles", $"past_phase != {Idle} && past_phase != {Program}", "64'd1");
        Count("layer_cycles", layerEnds, "past_layer_time");
        Count("row_activations", layerEnds, "past_layer_activations");
        Count("input_stalls", $"(past_phase == {Head} || past_phase == {Take}) && !past_in_valid", "64'd1");
        Count("output_stalls", $"past_phase == {Give} && !past_out_ready", "64'd1");
        if (configuration.OperandSkipping)
        {
            watched.Add(new("layer_skips", configuration.SkippedCounterBits, "layer_skips"));
            Count("skipped_operands", layerEnds, "past_layer_skips");
        }

        if (configuration.ArrayMayBeBusy)
        {
            watched.AddRange([new("array_busy", 1, "array_busy"), new("store_ready", 1, "store_ready")]);
            Count("array_stalls", $"past_array_busy && (past_phase == {Fetch} || (past_phase == {Store} && !past_store_ready))", "64'd1");
        }

        var module = new WatchedBlock(new InstructionUnit(configuration), watched);
        return (module, module.Properties(rules));

        void Count(string counter, string when, string step)
        {
            watched.Add(new(counter, 64, counter + "_count"));
            rules.Add($"now_{counter} == ({starts} ? 64'd0 : {when} ? past_{counter} + {step} : past_{counter})");
        }
    }
}
