using HwGen.Netlist.Passes;

namespace HwGen.Netlist.Verilog;

/// <summary>
/// Writes a design as Verilog-2005, one file a module, in three stages: <see cref="DesignPasses.Prettify"/>, <see cref="DesignPasses.Legalise"/>, and a printer that
/// decides nothing. A <see cref="NodeKind.PopCount"/> becomes an instance of a module of its
/// own that has two texts under one name: adders for synthesis (<see cref="VerilogOptions.Popcounts"/>) and <c>$countones</c> for simulation. Black boxes get no file,
/// modules that synthesis takes from elsewhere a stub and a model.
/// </summary>
public static class VerilogWriter
{
    /// <summary>The files of a design, children before the modules that instantiate them.</summary>
    public static IReadOnlyList<SourceFile> Write(Design design) => Write(design, new VerilogOptions());

    /// <summary>As <see cref="Write(Design)"/>, with options.</summary>
    public static IReadOnlyList<SourceFile> Write(Design design, VerilogOptions options)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(options);
        var widths = new SortedSet<int>();
        var files = Print(design, SourceRole.Common);
        var counters = new List<SourceFile>();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var width in widths)
        {
            counters.AddRange(Print(Design.Elaborate(new Popcount(width, structure: null), design.Prefix), SourceRole.Simulation));
            counters.AddRange(Print(Design.Elaborate(new Popcount(width, options.Popcounts), design.Prefix), SourceRole.Synthesis).Where(file => written.Add(file.Module)));
        }

        return [.. counters, .. files];

        List<SourceFile> Print(Design part, SourceRole role)
        {
            var pretty = options.IsPrettified ? DesignPasses.Prettify(part) : part;
            return [.. DesignPasses.Legalise(pretty, role == SourceRole.Simulation).Modules.Where(m => m.BlackBox is null).SelectMany(m => PrintModule(m, role))];
        }

        IEnumerable<SourceFile> PrintModule(ModuleGraph module, SourceRole role)
        {
            if (!module.IsExternal)
            {
                return [PrintText(module, role)];
            }

            return [new SourceFile(module.Name, ModuleText.PrintStub(module), SourceRole.Stub), PrintText(module, SourceRole.Model)];
        }

        SourceFile PrintText(ModuleGraph module, SourceRole role)
        {
            var (text, origins) = ModuleText.Print(module, role == SourceRole.Simulation, PopcountName, options.Locations == SourceLocations.Comments);
            return new SourceFile(module.Name, text, role) { Origins = origins };
        }

        string PopcountName(int width)
        {
            widths.Add(width);
            return FormattableString.Invariant($"{design.Prefix}popcount_n{width}");
        }
    }
}
