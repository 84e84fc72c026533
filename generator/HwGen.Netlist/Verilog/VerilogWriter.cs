namespace HwGen.Netlist.Verilog;

/// <summary>
/// Writes a design as Verilog-2005, one file a module. A <see cref="NodeKind.PopCount"/> becomes an instance of a module of its
/// own that has two texts under one name: adders for synthesis and <c>$countones</c> for simulation. Black boxes get no file,
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
        var files = new List<SourceFile>();
        foreach (var module in design.Modules.Where(m => m.BlackBox is null))
        {
            if (module.IsExternal)
            {
                files.Add(new SourceFile(module.Name, ModuleText.PrintStub(module), SourceRole.Stub));
            }

            files.Add(Print(module, module.IsExternal ? SourceRole.Model : SourceRole.Common));
        }

        var counters = new List<SourceFile>();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var width in widths)
        {
            counters.Add(Print(Design.Elaborate(new Popcount(width, asNode: true), design.Prefix).Top, SourceRole.Simulation));
            foreach (var module in Design.Elaborate(new Popcount(width), design.Prefix).Modules)
            {
                if (written.Add(module.Name))
                {
                    counters.Add(Print(module, SourceRole.Synthesis));
                }
            }
        }

        return [.. counters, .. files];

        SourceFile Print(ModuleGraph module, SourceRole role)
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
