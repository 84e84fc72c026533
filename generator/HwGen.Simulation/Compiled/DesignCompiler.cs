using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>Compiles a design, children before the modules that instantiate them.</summary>
internal static class DesignCompiler
{
    public static CompiledModel Compile(Design design, SimulationInterface description, SimulationOptions options)
    {
        var split = FindSplitModules(design, options.Tracing);
        var plans = new Dictionary<ModuleGraph, ModulePlan>(ReferenceEqualityComparer.Instance);
        var compiled = new Dictionary<ModuleGraph, CompiledModule>(ReferenceEqualityComparer.Instance);
        var controls = description.Clocks
            .Concat(design.Top.Domains.Where(design.Top.UsesReset).Select(domain => domain.Reset)).Distinct(StringComparer.Ordinal)
            .Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        foreach (var module in design.Modules)
        {
            // A frame has its size when the module is compiled: plans of modules around it come after that.
            var plan = new ModulePlan(module, plans, split.Contains(module), options.Tracing);
            plans.Add(module, plan);
            compiled.Add(module, new ModuleCompiler(plan, compiled, controls).Compile());
        }

        return new CompiledModel(design, compiled, controls, description, options.Seed);
    }

    /// <summary>The modules of which an instance's output is needed to make an input of the same instance.</summary>
    private static HashSet<ModuleGraph> FindSplitModules(Design design, bool isTracing)
    {
        var split = new HashSet<ModuleGraph>(ReferenceEqualityComparer.Instance);
        while (true)
        {
            var plans = new Dictionary<ModuleGraph, ModulePlan>(ReferenceEqualityComparer.Instance);
            try
            {
                foreach (var module in design.Modules)
                    plans.Add(module, new ModulePlan(module, plans, split.Contains(module), isTracing));
                return split;
            }
            catch (NeedsSplitException exception) when (exception.Modules.Any(module => !split.Contains(module)))
            {
                split.UnionWith(exception.Modules);
            }
        }
    }
}
