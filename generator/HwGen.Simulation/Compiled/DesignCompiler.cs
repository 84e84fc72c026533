using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>Compiles a design, children before the modules that instantiate them.</summary>
internal static class DesignCompiler
{
    public static CompiledModel Compile(Design design, SimulationInterface description, SimulationOptions options)
    {
        var graphs = new Dictionary<ModuleGraph, FlatGraph>(ReferenceEqualityComparer.Instance);
        foreach (var module in design.Modules)
            graphs.Add(module, new FlatGraph(module, graphs));
        var needed = Needed(graphs[design.Top]);
        var split = FindSplitModules(needed, options.Tracing);
        var plans = new Dictionary<FlatGraph, ModulePlan>(ReferenceEqualityComparer.Instance);
        var compiled = new Dictionary<FlatGraph, CompiledModule>(ReferenceEqualityComparer.Instance);
        var controls = description.Clocks
            .Concat(design.Top.Domains.Where(design.Top.UsesReset).Select(domain => domain.Reset)).Distinct(StringComparer.Ordinal)
            .Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
        foreach (var module in needed)
        {
            // A frame has its size when the module is compiled: plans of modules around it come after that.
            var plan = new ModulePlan(module, plans, split.Contains(module), options.Tracing);
            plans.Add(module, plan);
            compiled.Add(module, new ModuleCompiler(plan, compiled, controls).Compile());
        }

        return new CompiledModel(design, graphs[design.Top], compiled, controls, description, options.Seed);
    }

    /// <summary>The modules of which an instance's output is needed to make an input of the same instance.</summary>
    private static HashSet<FlatGraph> FindSplitModules(IReadOnlyList<FlatGraph> modules, bool isTracing)
    {
        var split = new HashSet<FlatGraph>(ReferenceEqualityComparer.Instance);
        while (true)
        {
            var plans = new Dictionary<FlatGraph, ModulePlan>(ReferenceEqualityComparer.Instance);
            try
            {
                foreach (var module in modules)
                    plans.Add(module, new ModulePlan(module, plans, split.Contains(module), isTracing));
                return split;
            }
            catch (NeedsSplitException exception) when (exception.Modules.Any(module => !split.Contains(module)))
            {
                split.UnionWith(exception.Modules);
            }
        }
    }

    /// <summary>The graphs that still have instances, or are the top: children first.</summary>
    private static List<FlatGraph> Needed(FlatGraph top)
    {
        var needed = new List<FlatGraph>();
        Visit(top);
        return needed;

        void Visit(FlatGraph graph)
        {
            foreach (var instance in graph.Instances)
            {
                if (!needed.Contains(instance.Module))
                    Visit(instance.Module);
            }

            needed.Add(graph);
        }
    }
}
