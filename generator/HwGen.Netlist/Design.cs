using HwGen.Netlist.Checks;

namespace HwGen.Netlist;

/// <summary>A module and all that it instantiates, elaborated and checked.</summary>
public sealed class Design
{
    /// <summary>
    /// The checks of a whole design in their order, after names, widths, constants, partial drives and equal modules have been looked at while it was built. All
    /// of them run, whatever the others find.
    /// </summary>
    private static readonly (string Name, Action<IReadOnlyList<ModuleGraph>, Elaboration> Run)[] s_checks =
    [
        ("drivers", EachModule(DriverCheck.Run)),
        ("combinational loops", LoopCheck.Run),
        ("clock crossings", CrossingCheck.Run),
        ("unused", EachModule(UnusedCheck.Run)),
    ];

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

    /// <summary>The names of the checks of a whole design, in their order.</summary>
    public static IReadOnlyList<string> Checks => [.. s_checks.Select(check => check.Name)];

    private static Action<IReadOnlyList<ModuleGraph>, Elaboration> EachModule(Action<ModuleGraph, Elaboration> check) => (modules, elaboration) =>
    {
        foreach (var module in modules)
        {
            check(module, elaboration);
        }
    };

    /// <summary>The design with each module rewritten, children first.</summary>
    internal Design Rewrite(Func<ModuleGraph, IReadOnlyDictionary<ModuleGraph, ModuleGraph>, ModuleGraph> pass)
    {
        var rewritten = new Dictionary<ModuleGraph, ModuleGraph>(ReferenceEqualityComparer.Instance);
        foreach (var module in Modules)
        {
            var graph = pass(module, rewritten);
            WidthLaws.Hold(graph);
            rewritten.Add(module, graph);
        }

        return new Design(Prefix, rewritten[Top], [.. Modules.Select(m => rewritten[m])], NotChecked);
    }

    /// <summary>Elaborates a module: builds every graph, joins equal modules, checks all of them.</summary>
    /// <param name="top">The outermost module.</param>
    /// <param name="prefix">Put before every module's name, so that two designs fit into one chip; may be empty.</param>
    /// <param name="domain">The clock and reset of modules that name none; <see cref="ClockDomain.Default"/> when null.</param>
    /// <exception cref="DesignException">The design has mistakes; all of them are listed.</exception>
    public static Design Elaborate(Module top, string prefix = "", ClockDomain? domain = null)
    {
        ArgumentNullException.ThrowIfNull(top);
        var elaboration = new Elaboration(prefix, domain ?? ClockDomain.Default);
        var graph = elaboration.Elaborate(top);
        foreach (var check in s_checks)
        {
            check.Run(elaboration.Modules, elaboration);
        }

        var limits = CheckLimits.Of(graph, elaboration.Modules);
        if (elaboration.Diagnostics is { Count: > 0 } diagnostics)
        {
            throw new DesignException(diagnostics, [.. CheckLimits.OfMistakes(diagnostics), .. limits]);
        }

        elaboration.Modules.ForEach(WidthLaws.Hold);
        return new Design(prefix, graph, elaboration.Modules, limits);
    }
}
