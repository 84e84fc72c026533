using HwGen.Netlist;
using HwGen.Netlist.Verilog;

namespace HwGen.Simulation;

/// <summary>Describes elaborated designs to the engines.</summary>
public static class NetlistSource
{
    /// <summary>
    /// The emitted Verilog of a design, with its simulation twins, and the design itself. Ports come in the order of the netlist, then clocks and resets. Every
    /// memory can be reached, by its path below the top module: <c>lane_3.store.cells</c>.
    /// </summary>
    public static SimulationSource Of(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        var files = VerilogWriter.Write(design).Where(file => file.Role.IsForSimulation(twins: true))
            .Select(file => new SourceFile(file.FileName, file.Text)).ToArray();
        return new SimulationSource(InterfaceOf(design), files) { Design = design };
    }

    /// <summary>
    /// A design with its Verilog as it was emitted, reached through its ports alone: no memory is opened, which would cost the engines speed.
    /// </summary>
    /// <param name="design">The design.</param>
    /// <param name="files">Its Verilog.</param>
    /// <param name="twins">True for the simulation twins in place of the modules that have one; false for what synthesis gets.</param>
    public static SimulationSource Of(Design design, IReadOnlyList<Netlist.Verilog.SourceFile> files, bool twins = true)
    {
        ArgumentNullException.ThrowIfNull(design);
        return new SimulationSource(
            InterfaceOf(design) with { Memories = [] }, [.. files.Where(file => file.Role.IsForSimulation(twins)).Select(file => new SourceFile(file.FileName, file.Text))])
        {
            Design = design,
        };
    }

    /// <summary>The netlist of a source, for engines that run it.</summary>
    internal static Design DesignOf(SimulationSource source)
    {
        var design = source.Design ?? throw new ArgumentException($"'{source.Interface.Top}' is given as text only; this engine runs a netlist");
        return design.Modules.FirstOrDefault(module => module.BlackBox is not null) is { } box
            ? throw new ArgumentException($"'{box.Name}' is a black box: its behaviour is not in the netlist; take an engine for text and add its model")
            : design;
    }

    private static SimulationInterface InterfaceOf(Design design)
    {
        var top = design.Top;
        var ports = top.Ports.Select(port => new PortDescription(port.Name, port.Width, port.IsInput ? PortDirection.Input : PortDirection.Output)).ToList();
        // Domains may share a clock or a reset.
        var clocks = top.Domains.Select(domain => domain.Clock).Distinct(StringComparer.Ordinal).ToArray();
        var resets = top.Domains.Where(top.UsesReset).Select(domain => domain.Reset).Distinct(StringComparer.Ordinal).ToArray();
        ports.AddRange(clocks.Concat(resets).Select(name => new PortDescription(name, 1, PortDirection.Input)));
        var memories = new List<MemoryDescription>();
        AddMemories(top, "");
        return new SimulationInterface
        {
            Top = top.Name,
            Ports = ports,
            Clocks = clocks,
            Reset = resets is [var first, ..] ? new ResetDescription(first, ActiveLow: true) : null,
            Memories = memories,
        };

        void AddMemories(ModuleGraph module, string path)
        {
            foreach (var memory in module.Memories)
                memories.Add(new MemoryDescription(path + memory.Name, module.Name, path + memory.Name, memory.Width, memory.Depth));
            foreach (var instance in module.Instances)
                AddMemories(instance.Module, $"{path}{instance.Name}.");
        }
    }
}
