namespace HwGen.Netlist.Verilog;

/// <summary>
/// Writes a design as Verilog-2005, one file a module. A <see cref="NodeKind.PopCount"/> becomes an instance of a module of its
/// own that has two texts under one name: adders for synthesis and <c>$countones</c> for simulation.
/// </summary>
public static class VerilogWriter
{
    /// <summary>The files of a design, children before the modules that instantiate them.</summary>
    public static IReadOnlyList<SourceFile> Write(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var widths = new SortedSet<int>();
        var files = new List<SourceFile>();
        foreach (var module in design.Modules)
        {
            files.Add(new SourceFile(module.Name, ModuleText.Print(module, systemVerilog: false, PopcountName).Text, SourceRole.Common));
        }

        var counters = new List<SourceFile>();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var width in widths)
        {
            var twin = Design.Elaborate(new Popcount(width, asNode: true), design.Prefix);
            counters.Add(new SourceFile(twin.Top.Name, ModuleText.Print(twin.Top, systemVerilog: true, PopcountName).Text, SourceRole.Simulation));
            foreach (var module in Design.Elaborate(new Popcount(width), design.Prefix).Modules)
            {
                if (written.Add(module.Name))
                {
                    counters.Add(new SourceFile(module.Name, ModuleText.Print(module, systemVerilog: false, PopcountName).Text, SourceRole.Synthesis));
                }
            }
        }

        return [.. counters, .. files];

        string PopcountName(int width)
        {
            widths.Add(width);
            return FormattableString.Invariant($"{design.Prefix}popcount_n{width}");
        }
    }
}
