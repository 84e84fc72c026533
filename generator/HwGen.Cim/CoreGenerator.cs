using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;

namespace HwGen.Cim;

/// <summary>A generated core: its netlist and its Verilog.</summary>
/// <param name="Configuration">What was asked for.</param>
/// <param name="Design">The netlist.</param>
/// <param name="Files">The Verilog, one file a module, children first.</param>
public sealed record GeneratedCore(ArrayConfiguration Configuration, Design Design, IReadOnlyList<SourceFile> Files)
{
    /// <summary>The name of the top module.</summary>
    public string TopModule => Design.Top.Name;
}

/// <summary>Builds a core from a configuration.</summary>
public static class CoreGenerator
{
    /// <summary>Elaborates the core, checks it and writes its Verilog.</summary>
    /// <exception cref="DesignException">A fault of the hardware library: the configuration was checked before.</exception>
    public static GeneratedCore Generate(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var design = configuration.HasBus
            ? Design.Elaborate(new BusCore(configuration), configuration.Name + "_", BusCore.Clock)
            : Design.Elaborate(new Core(configuration), configuration.Name + "_");
        return new GeneratedCore(configuration, design, VerilogWriter.Write(design));
    }
}
