namespace HwGen.Netlist.Passes;

/// <summary>A named pass from a design to an equal one.</summary>
/// <param name="Name">What it does, in one word.</param>
/// <param name="Run">The pass.</param>
public sealed record DesignPass(string Name, Func<Design, Design> Run);

/// <summary>
/// The passes between an elaborated design and its text. Each gives a whole design, which every engine can simulate: it computes what the one before computes.
/// </summary>
public static class DesignPasses
{
    /// <summary>The passes of the writer in their order.</summary>
    public static IReadOnlyList<DesignPass> OfWriter { get; } = [new("prettify", Prettify), new("legalise", design => Legalise(design))];

    /// <summary>
    /// Optional: writes expressions as a person would. Concatenations within concatenations and extensions of extensions are joined, and operands that do nothing
    /// (<c>a + 0</c>, <c>a &amp; ones</c>, <c>c ? 1 : 0</c>) go. Nothing goes that would leave a signal unread.
    /// </summary>
    public static Design Prettify(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        return design.Rewrite((graph, modules) => new Prettifier(graph, modules).Run());
    }

    /// <summary>Mandatory: gives a wire to each expression for which Verilog needs a name. After it, printing decides nothing.</summary>
    /// <param name="design">The design.</param>
    /// <param name="systemVerilog">True for simulation twins, where the number of ones is an expression.</param>
    public static Design Legalise(Design design, bool systemVerilog = false)
    {
        ArgumentNullException.ThrowIfNull(design);
        return design.Rewrite((graph, modules) => new Legaliser(graph, modules, systemVerilog).Run());
    }
}
