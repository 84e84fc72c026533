using System.Diagnostics;
using System.Text;
using HwGen.Simulation.Netlists;
using HwGen.Templates;
using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>Makes the shared library of one design, or finds it made.</summary>
internal sealed class VerilatorBuild(VerilatorEngine engine, SimulationSource source, bool isTracing)
{
    private const string LibraryName = "model.so";

    // SystemVerilog, for its bind.
    private const string PowerUpName = "power_up.sv";

    private static readonly string[] s_compilerOptions =
    [
        "-std=c++17", "-fPIC",
        // Without these two, models in one process would share their static variables.
        "-fvisibility=hidden", "-fno-gnu-unique",
    ];

    /// <summary>Options without which the shim would not fit; the engine's own come after them.</summary>
    private static readonly string[] s_verilatorOptions =
    [
        "--cc", "--prefix", "Vdesign", "-O3", "--x-initial", "unique", "--assert", "--no-timing", "--timescale-override", "1ns/1ns",
        // Verilator 5.006 takes a ^ b ^ ~a for b: found by the random circuits, against all other engines.
        "-fno-const-bit-op-tree",
        // Lint has its own command; here only errors count. The warnings stay in the log.
        "-Wno-fatal",
    ];

    public VerilatorBuildReport FindOrMake()
    {
        var watch = Stopwatch.StartNew();
        var toolchain = VerilatorToolchain.Find(engine.Tools);
        using var content = new ContentKey();
        content.Add("kind", "verilator model 1")
            .Add("verilator", toolchain.VerilatorVersion)
            .Add("compiler", toolchain.CompilerVersion)
            .Add("tracing", isTracing ? "yes" : "no")
            .Add("coverage", engine.CoverageFolder is null ? "no" : "yes")
            .Add("shim", EmbeddedText.Read("testbenches/verilator_shim.cpp"))
            .Add("print", EmbeddedText.Read("testbenches/verilator_print.h"))
            // The members are not known before Verilator runs; their ports' names stand for them here.
            .Add("ports", PortTable(port => port.Name))
            .Add("top", source.Interface.Top);
        foreach (var option in s_verilatorOptions.Concat(engine.VerilatorOptions))
            content.Add("verilator option", option);
        foreach (var option in s_compilerOptions.Concat(engine.CompilerOptions))
            content.Add("compiler option", option);
        foreach (var memory in source.Interface.Memories)
            content.Add("memory", memory.ToString());
        foreach (var file in source.Files)
            content.Add(file.Name, file.Text);
        if (PowerUpFile() is { } powerUp)
            content.Add("values at power-up", powerUp);
        var cache = new BuildCache("verilator", engine.CacheFolder);
        var (entry, wasMade) = CheckedEntry.FindOrMake(cache, content.ToHex(), [LibraryName], folder => Make(folder, toolchain, cache), engine.CancellationToken);
        return new VerilatorBuildReport(Path.Combine(entry, LibraryName), wasMade, watch.Elapsed);
    }

    private void Make(string folder, VerilatorToolchain toolchain, BuildCache cache)
    {
        var runtime = VerilatorRuntime.FindOrMake(toolchain, cache, engine.Tools);
        var sources = Directory.CreateDirectory(Path.Combine(folder, "rtl")).FullName;
        foreach (var file in source.Files)
            File.WriteAllText(Path.Combine(sources, file.Name), file.Text);
        File.WriteAllText(Path.Combine(folder, "public.vlt"), PublicVariables());
        var powerUp = PowerUpFile();
        if (powerUp is not null)
            File.WriteAllText(Path.Combine(folder, PowerUpName), powerUp);

        engine.Tools.RunIn(folder, "verilator",
        [
            .. s_verilatorOptions, .. engine.VerilatorOptions, .. isTracing ? ["--trace"] : Array.Empty<string>(), .. engine.CoverageFolder is null ? Array.Empty<string>() : ["--coverage-line", "--coverage-toggle"],
            "--top-module", source.Interface.Top, "-Mdir", "cpp", "public.vlt",
            .. source.Files.Where(file => !file.Name.EndsWith(".vh", StringComparison.Ordinal)).Select(file => "rtl/" + file.Name), .. powerUp is null ? Array.Empty<string>() : [PowerUpName], "-Irtl",
        ]);
        WriteShim(folder);
        engine.Tools.RunIn(folder, "g++",
        [
            .. s_compilerOptions, .. engine.CompilerOptions, "-Icpp", "-I" + toolchain.IncludeFolder,
            "-I" + Path.Combine(toolchain.IncludeFolder, "vltstd"), $"-DHWGEN_TRACE={(isTracing ? 1 : 0)}", $"-DHWGEN_COVERAGE={(engine.CoverageFolder is null ? 0 : 1)}",
            "-shared", "-Wl,-z,defs", "-o", LibraryName, "all.cpp", .. runtime.Objects(isTracing, engine.CoverageFolder is not null),
        ]);
        // What only the build needed is large, and the log says how to make it again.
        Directory.Delete(Path.Combine(folder, "cpp"), recursive: true);
    }

    /// <summary>What sets the values at power-up of a design whose netlist is known, bound into its top module; else null.</summary>
    private string? PowerUpFile() => source.Design is { } design
        ? $"{PowerUpText.Of(design, source.Interface.Top)}bind {source.Interface.Top} {PowerUpText.ModuleName} {PowerUpText.ModuleName} ();\n"
        : null;

    private void WriteShim(string folder)
    {
        var generated = Path.Combine(folder, "cpp");
        var header = File.ReadAllText(Path.Combine(generated, "Vdesign.h"));
        File.WriteAllText(
            Path.Combine(folder, "design_ports.h"), PortTable(port => VerilatorNames.Member(header, source.Interface.Top, port)));
        File.WriteAllText(Path.Combine(folder, "verilator_print.h"), EmbeddedText.Read("testbenches/verilator_print.h"));
        File.WriteAllText(Path.Combine(folder, "verilator_shim.cpp"), EmbeddedText.Read("testbenches/verilator_shim.cpp"));

        // One translation unit: the headers, which take most of the time of a small design, are read once. What runs
        // only at the start is not worth optimising.
        var all = new StringBuilder("#include \"verilator_print.h\"\n#include \"verilator_shim.cpp\"\n");
        var files = Directory.EnumerateFiles(generated, "*.cpp").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();
        foreach (var file in files.Where(file => !IsSlow(file)))
            all.Append("#include \"").Append(file).Append("\"\n");
        all.Append("#pragma GCC optimize(\"O1\")\n");
        foreach (var file in files.Where(IsSlow))
            all.Append("#include \"").Append(file).Append("\"\n");
        File.WriteAllText(Path.Combine(folder, "all.cpp"), all.ToString());
    }

    private string PortTable(Func<PortDescription, string> member)
    {
        var ports = source.Interface.Ports.Select((port, index) => new
        {
            index,
            width = port.Width,
            member = member(port),
            isInput = port.Direction == PortDirection.Input,
        }).ToArray();
        return TextTemplates.Render(
            "simulation/design_ports.h.hbs",
            new { top = source.Interface.Top, portCount = ports.Length, ports, inputs = ports.Where(port => port.isInput).ToArray() });
    }

    private static bool IsSlow(string file) =>
        file.EndsWith("__Slow.cpp", StringComparison.Ordinal) || file.EndsWith("__Syms.cpp", StringComparison.Ordinal);

    private string PublicVariables()
    {
        var text = new StringBuilder("`verilator_config\n");
        foreach (var (module, variable) in source.Interface.Memories
            .Select(memory => (memory.Module, memory.Path[(memory.Path.LastIndexOf('.') + 1)..])).Distinct())
        {
            text.Append("public_flat_rw -module \"").Append(module).Append("\" -var \"").Append(variable).Append("\"\n");
        }

        return text.ToString();
    }
}
