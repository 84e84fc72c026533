namespace HwGen.House.Tests;

/// <summary>The plan of the house: which room may see which. A new room is written down here and in the architecture page.</summary>
internal static class Rooms
{
    /// <summary>The arrows. A room may also see what the rooms that it sees may see, but only by naming it in its project.</summary>
    private static readonly Dictionary<string, string[]> s_arrows = new(StringComparer.Ordinal)
    {
        ["HwGen.Netlist"] = [],
        // Runs inside of the compiler of those who write hardware; it knows the DSL by its names only.
        ["HwGen.Netlist.Analyzers"] = [],
        ["HwGen.Architecture"] = [],
        ["HwGen.Tools"] = [],
        ["HwGen.Templates"] = [],
        ["HwGen.Networks"] = [],
        ["HwGen.Cim"] = ["HwGen.Netlist", "HwGen.Architecture"],
        ["HwGen.Mapping"] = ["HwGen.Architecture", "HwGen.Networks"],
        ["HwGen.Golden"] = ["HwGen.Networks"],
        ["HwGen.Training"] = ["HwGen.Networks", "HwGen.Golden"],
        ["HwGen.Simulation"] = ["HwGen.Netlist", "HwGen.Tools", "HwGen.Templates"],
        ["HwGen.Formal"] = ["HwGen.Netlist", "HwGen.Tools", "HwGen.Templates"],
        ["HwGen.Synthesis"] = ["HwGen.Netlist", "HwGen.Tools", "HwGen.Templates"],
        ["HwGen.Cosimulation"] = ["HwGen.Simulation", "HwGen.Cim", "HwGen.Mapping", "HwGen.Golden", "HwGen.Training"],
        ["HwGen.Cli"] =
        [
            "HwGen.Cosimulation", "HwGen.Simulation", "HwGen.Formal", "HwGen.Synthesis", "HwGen.Mapping", "HwGen.Cim", "HwGen.Netlist",
            "HwGen.Architecture", "HwGen.Tools", "HwGen.Templates", "HwGen.Networks", "HwGen.Golden", "HwGen.Training",
        ],
    };

    /// <summary>The rooms of the plan.</summary>
    public static IReadOnlyCollection<string> All => s_arrows.Keys;

    /// <summary>The rooms that a room may see; null when the plan does not have it.</summary>
    public static IReadOnlySet<string>? VisibleFrom(string room)
    {
        if (!s_arrows.ContainsKey(room))
            return null;
        var visible = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(s_arrows[room]);
        while (open.TryPop(out var next))
        {
            if (visible.Add(next))
                Array.ForEach(s_arrows[next], open.Push);
        }
        return visible;
    }
}
