namespace HwGen.Tools;

/// <summary>The outside tools of HwGen: the one list that commands, <c>doctor</c> and the tests share.</summary>
public static class ToolCatalogue
{
    /// <summary>Compiles the emitted Verilog to C++.</summary>
    public static Tool Verilator { get; } = new("verilator", "verilator", "simulates the emitted Verilog, compiled; lint", "--version");

    /// <summary>Compiles what Verilator writes; Debian's verilator does not bring it.</summary>
    public static Tool CppCompiler { get; } = new("g++", "g++", "compiles Verilator's models", "--version");

    /// <summary>Runs the build of Verilator's models; Debian's verilator does not bring it.</summary>
    public static Tool Make { get; } = new("make", "make", "builds Verilator's models", "--version");

    /// <summary>Reads, checks and synthesizes Verilog.</summary>
    public static Tool Yosys { get; } = new("yosys", "yosys", "reads the emitted Verilog as a synthesizer does", "-V");

    /// <summary>A second simulator, interpreting.</summary>
    public static Tool Icarus { get; } = new("iverilog", "iverilog", "simulates the emitted Verilog, a second opinion", "-V");

    /// <summary>Solves the proofs of yosys-smtbmc.</summary>
    public static Tool Z3 { get; } = new("z3", "z3", "proves properties of the emitted Verilog", "--version");

    /// <summary>Solves the proofs of yosys-smtbmc, raced against <see cref="Z3"/>: each proves what the other does not.</summary>
    public static Tool Cvc4 { get; } = new("cvc4", "cvc4", "proves properties of the emitted Verilog, raced", "--version");

    /// <summary>Static timing of mapped netlists.</summary>
    public static Tool OpenSta { get; } = new("sta", "opensta", "static timing of mapped netlists", "-version");

    /// <summary>Places and routes for iCE40.</summary>
    public static Tool NextpnrIce40 { get; } = new("nextpnr-ice40", "nextpnr-ice40", "places and routes for iCE40 FPGAs", "--version");

    /// <summary>Packs iCE40 bitstreams.</summary>
    public static Tool IcePack { get; } = new("icepack", "fpga-icestorm", "packs iCE40 bitstreams");

    /// <summary>Places and routes standard cells, through graywolf, qrouter and magic; the package brings the 180 nm library as well.</summary>
    public static Tool Qflow { get; } = new("qflow", "qflow-tech-osu018", "brings 180 nm standard cells, places and routes them", "--version");

    /// <summary>Runs ONNX Runtime for the tests.</summary>
    public static Tool Node { get; } = new("node", "nodejs", "runs ONNX Runtime, which the tests compare imported networks with", "--version");

    /// <summary>Installs ONNX Runtime for the tests.</summary>
    public static Tool Npm { get; } = new("npm", "npm", "installs ONNX Runtime for the tests", "--version");

    /// <summary>Every tool, the needed ones first, in the order in which <c>doctor</c> lists them.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        Verilator, CppCompiler, Make, Yosys, Icarus, Z3, Cvc4, OpenSta, NextpnrIce40, IcePack, Qflow, Node, Npm,
        new("ccache", "ccache", "makes repeated Verilator builds faster", "--version") { Optional = true },
    ];

    /// <summary>What the Verilator engine needs.</summary>
    public static IReadOnlyList<Tool> ForVerilator { get; } = [Verilator, CppCompiler, Make];

    /// <summary>What proofs need; yosys-smtbmc comes with Yosys.</summary>
    public static IReadOnlyList<Tool> ForProofs { get; } = [Yosys, Z3, Cvc4];

    /// <summary>What synthesis, timing and layout need.</summary>
    public static IReadOnlyList<Tool> ForSynthesis { get; } = [Yosys, OpenSta, NextpnrIce40, IcePack, Qflow];

    /// <summary>What today's commands and tests need together.</summary>
    public static IReadOnlyList<Tool> Needed { get; } = [.. All.Where(tool => !tool.Optional)];
}
