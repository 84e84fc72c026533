using HwGen.Netlist.Checks;

namespace HwGen.Netlist;

/// <summary>A module and all that it instantiates, elaborated and checked.</summary>
public sealed class Design
{
    private Design(string prefix, ModuleGraph top, IReadOnlyList<ModuleGraph> modules, IReadOnlyList<string> notChecked)
    {
        NotChecked = notChecked;
        Prefix = prefix;
        Top = top;
        Modules = modules;
    }

    /// <summary>What every module's name begins with; may be empty.</summary>
    public string Prefix { get; }

    /// <summary>The outermost module.</summary>
    public ModuleGraph Top { get; }

    /// <summary>Every distinct module once, children before the modules that instantiate them; equal modules are one.</summary>
    public IReadOnlyList<ModuleGraph> Modules { get; }

    /// <summary>What the checks did not look at, a sentence each.</summary>
    public IReadOnlyList<string> NotChecked { get; }

    /// <summary>Elaborates a module: builds every graph, joins equal modules, checks all of them.</summary>
    /// <param name="top">The outermost module.</param>
    /// <param name="prefix">Put before every module's name, so that two designs fit into one chip; may be empty.</param>
    /// <exception cref="DesignException">The design has mistakes; all of them are listed.</exception>
    public static Design Elaborate(Module top, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(top);
        var elaboration = new Elaboration(prefix);
        var graph = elaboration.Elaborate(top);
        foreach (var module in elaboration.Modules)
        {
            DriverCheck.Run(module, elaboration);
        }

        // Loops are looked for only where everything is driven: an undriven wire has no way on.
        if (elaboration.Diagnostics.Count == 0)
        {
            LoopCheck.Run(elaboration.Modules, elaboration);
            CrossingCheck.Run(elaboration.Modules, elaboration);
            foreach (var module in elaboration.Modules)
            {
                UnusedCheck.Run(module, elaboration);
            }
        }

        var diagnostics = elaboration.Diagnostics;
        if (diagnostics.Count == 0)
        {
            elaboration.Modules.ForEach(WidthLaws.Hold);
        }

        return diagnostics.Count == 0 ? new Design(prefix, graph, elaboration.Modules, CheckLimits.Of(graph, elaboration.Modules)) : throw new DesignException(diagnostics);
    }
}
