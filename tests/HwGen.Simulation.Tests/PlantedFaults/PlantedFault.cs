namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>A fault that is planted in the source of the libraries.</summary>
/// <param name="Place">Which part of the libraries it is in.</param>
/// <param name="What">What goes wrong.</param>
/// <param name="File">The source file, below <c>generator/</c>.</param>
/// <param name="Find">Text that stands in the file once; what the fault replaces stands between ⟦ and ⟧.</param>
/// <param name="Fault">What stands there instead: an expression for an expression, statements for statements (what is replaced then ends with a semicolon).</param>
internal sealed record PlantedFault(FaultPlace Place, string What, string File, string Find, string Fault)
{
    /// <summary>What the fault replaces.</summary>
    public string Original => Find[(Find.IndexOf('⟦', StringComparison.Ordinal) + 1)..Find.IndexOf('⟧', StringComparison.Ordinal)];

    /// <summary>The text with the fault in it, switched on by its number.</summary>
    public string Plant(string source, int number)
    {
        var anchor = Find.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal);
        var at = source.IndexOf(anchor, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(anchor, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"the planted fault '{What}' finds its place {(at < 0 ? "not at all" : "more than once")} in {File}: {anchor}");
        var both = Original.TrimEnd().EndsWith(';')
            ? FormattableString.Invariant($"if (HwGen.Netlist.Planted.Is({number})) {{ {Fault} }} else {{ {Original} }}")
            : FormattableString.Invariant($"(HwGen.Netlist.Planted.Is({number}) ? {Fault} : {Original})");
        var start = at + Find.IndexOf('⟦', StringComparison.Ordinal);
        return string.Concat(source.AsSpan(0, start), both, source.AsSpan(start + Original.Length));
    }
}

/// <summary>Where a fault is.</summary>
internal enum FaultPlace
{
    /// <summary>In what makes or rewrites a design: seen by the interpreter on the design.</summary>
    Pass,

    /// <summary>In the compiled engine: seen by it on a sound design.</summary>
    CompiledEngine,

    /// <summary>In the vectors of the compiled engine: seen by it on random arrays of equal cells.</summary>
    Vectors,

    /// <summary>In the printing of Verilog: seen by Icarus on the text.</summary>
    Writer,
}
