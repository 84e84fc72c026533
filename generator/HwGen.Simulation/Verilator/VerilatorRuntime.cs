using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>Verilator's own sources, compiled once for all designs.</summary>
internal sealed class VerilatorRuntime
{
    private static readonly string[] s_sources = ["verilated", "verilated_threads", "verilated_dpi", "verilated_vcd_c", "verilated_cov"];

    private static readonly string[] s_options =
        ["-std=c++17", "-fPIC", "-fvisibility=hidden", "-fno-gnu-unique", "-O2", "-include", "verilator_print.h"];

    private readonly string _folder;

    private VerilatorRuntime(string folder) => _folder = folder;

    public static VerilatorRuntime FindOrMake(VerilatorToolchain toolchain, BuildCache cache, ToolPath tools)
    {
        var print = EmbeddedText.Read("testbenches/verilator_print.h");
        using var content = new ContentKey();
        content.Add("kind", "verilator runtime 1").Add("verilator", toolchain.VerilatorVersion).Add("compiler", toolchain.CompilerVersion)
            .Add("include", toolchain.IncludeFolder).Add("print", print);
        foreach (var option in s_options)
            content.Add("option", option);
        foreach (var source in s_sources)
            content.Add("source", source);
        var objects = s_sources.Select(name => name + ".o").ToArray();
        var (entry, _) = CheckedEntry.FindOrMake(cache, content.ToHex(), objects, folder =>
        {
            File.WriteAllText(Path.Combine(folder, "verilator_print.h"), print);
            Parallel.ForEach(s_sources, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, name =>
                tools.RunIn(folder, "g++",
                [
                    .. s_options, "-I" + toolchain.IncludeFolder, "-I" + Path.Combine(toolchain.IncludeFolder, "vltstd"),
                    "-c", Path.Combine(toolchain.IncludeFolder, name + ".cpp"), "-o", name + ".o",
                ]));
        });
        return new VerilatorRuntime(entry);
    }

    public IEnumerable<string> Objects(bool isTracing, bool isCovering) =>
        s_sources.Where(name => name switch { "verilated_vcd_c" => isTracing, "verilated_cov" => isCovering, _ => true }).Select(name => Path.Combine(_folder, name + ".o"));
}
