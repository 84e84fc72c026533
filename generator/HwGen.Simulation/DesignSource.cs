using HwGen.Netlist;
using HwGen.Netlist.Verilog;

namespace HwGen.Simulation;

/// <summary>What a simulator needs to know of a design of the netlist DSL.</summary>
public static class DesignSource
{
    /// <summary>The ports, clocks and reset of a design's top module. Inputs of clocks and resets stand behind the others.</summary>
    public static SimulationInterface InterfaceOf(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var top = design.Top;
        var ports = top.Ports.Select(p => new PortDescription(p.Name, p.Width, p.IsInput ? PortDirection.Input : PortDirection.Output)).ToList();
        var resets = top.Domains.Where(top.UsesReset).Select(d => d.Reset).Distinct().ToList();
        ports.AddRange(resets.Select(r => new PortDescription(r, 1, PortDirection.Input)));
        ports.AddRange(top.Domains.Select(d => new PortDescription(d.Clock, 1, PortDirection.Input)));
        return new SimulationInterface
        {
            Top = top.Name,
            Ports = ports,
            Clocks = [.. top.Domains.Select(d => d.Clock)],
            Reset = resets.Count == 0 ? null : new ResetDescription(resets[0], ActiveLow: true),
        };
    }

    /// <summary>A design as simulators take it: the twins in place of the modules that have one, or what synthesis gets.</summary>
    /// <param name="design">The design.</param>
    /// <param name="files">Its Verilog.</param>
    /// <param name="twins">True for the simulation twins.</param>
    public static SimulationSource Of(Design design, IReadOnlyList<Netlist.Verilog.SourceFile> files, bool twins = true)
    {
        var left = twins ? SourceRole.Synthesis : SourceRole.Simulation;
        return new SimulationSource(InterfaceOf(design), [.. files.Where(f => f.Role != left).Select(f => new SourceFile(f.FileName, f.Text))]);
    }
}
