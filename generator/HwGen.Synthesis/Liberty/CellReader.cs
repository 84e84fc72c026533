using System.Globalization;

namespace HwGen.Synthesis.Liberty;

/// <summary>Makes a cell of its group.</summary>
internal static class CellReader
{
    public static LibraryCell Read(LibertyGroup cell, IReadOnlyDictionary<string, LibertyGroup> templates, double leakageUnit)
    {
        CellState? state = null;
        foreach (var group in cell.Groups.Where(group => group.Kind is "ff" or "latch"))
        {
            var isLatch = group.Kind == "latch";
            var clock = group.Text(isLatch ? "enable" : "clocked_on");
            var next = group.Text(isLatch ? "data_in" : "next_state");
            if (clock is null || next is null)
                continue;
            state = new CellState(
                group.Name, group.Arguments.Count > 1 ? group.Arguments[1] : string.Empty, BooleanFunction.Parse(clock), BooleanFunction.Parse(next),
                Optional(group.Text("clear")), Optional(group.Text("preset")), isLatch);
        }
        var pins = new List<CellPin>();
        foreach (var pin in cell.Of("pin"))
        {
            foreach (var name in pin.Arguments.SelectMany(argument => argument.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)))
                pins.Add(Pin(name, pin, templates));
        }
        return new LibraryCell(
            cell.Name, Number(cell, "area"), Leakage(cell) * leakageUnit, pins, state, cell.Text("dont_use") != "true");
    }

    private static CellPin Pin(string name, LibertyGroup pin, IReadOnlyDictionary<string, LibertyGroup> templates)
    {
        var arcs = new List<TimingArc>();
        foreach (var timing in pin.Of("timing"))
        {
            var rise = Table(timing, "rise_transition", templates);
            var fall = Table(timing, "fall_transition", templates);
            if (rise is null && fall is null)
                continue;
            var sense = timing.Text("timing_sense") switch
            {
                "positive_unate" => TimingSense.Positive,
                "negative_unate" => TimingSense.Negative,
                _ => TimingSense.Both,
            };
            bool? edge = timing.Text("timing_type") switch
            {
                "rising_edge" => true,
                "falling_edge" => false,
                _ => null,
            };
            foreach (var related in Related(timing))
                arcs.Add(new TimingArc(related, sense, rise, fall, edge));
        }
        var powers = new List<InternalPower>();
        foreach (var power in pin.Of("internal_power"))
        {
            var both = Table(power, "power", templates);
            var rise = Table(power, "rise_power", templates) ?? both;
            var fall = Table(power, "fall_power", templates) ?? both;
            var related = Related(power).ToList();
            foreach (var from in related.Count > 0 ? related.Cast<string?>() : [null])
                powers.Add(new InternalPower(from, Optional(power.Text("when")), rise, fall));
        }
        return new CellPin(
            name, pin.Text("direction") is "output" or "inout", Number(pin, "capacitance"), Optional(pin.Text("function")), arcs, powers);
    }

    /// <summary>The cell's own figure, or the mean of what is said for its states.</summary>
    private static double Leakage(LibertyGroup cell)
    {
        if (cell.Text("cell_leakage_power") is not null)
            return Number(cell, "cell_leakage_power");
        var states = cell.Of("leakage_power").Select(group => Number(group, "value")).ToList();
        return states.Count == 0 ? 0 : states.Average();
    }

    private static IEnumerable<string> Related(LibertyGroup group) =>
        (group.Text("related_pin") ?? string.Empty).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    private static LookupTable? Table(LibertyGroup group, string kind, IReadOnlyDictionary<string, LibertyGroup> templates) =>
        group.Of(kind).FirstOrDefault() is { } table && table.Values("values").Count > 0 ? LookupTable.Read(table, templates) : null;

    private static BooleanFunction? Optional(string? text) => string.IsNullOrWhiteSpace(text) ? null : BooleanFunction.Parse(text);

    private static double Number(LibertyGroup group, string attribute) =>
        group.Text(attribute) is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : 0;
}
