using System.Numerics;
using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <summary>
/// A port of a module, named after the property that holds it. A port is a detached object until its module is
/// elaborated; then it is a signal inside the module, and once the module is an instance, a signal of the module around it.
/// </summary>
public abstract class Port : Signal
{
    private protected Port(int width, string name, SourceLocation location)
        : base(width)
    {
        Name = name;
        Location = location;
    }

    /// <summary>The name in Verilog.</summary>
    public string Name { get; internal set; }

    internal SourceLocation Location { get; }

    /// <summary>The instance that this port belongs to, once the module around it sees it; null inside the module.</summary>
    internal InstanceInfo? Instance { get; set; }

    internal int Index { get; set; }

    /// <summary>The bundle that gave its name to the port's; null for a port outside bundles, or not yet named.</summary>
    internal string? Bundle { get; set; }

    /// <summary>Drives an output from inside its module, or an input of an instance from the module around it.</summary>
    public void Drive(Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DrivePort(this, value, new SourceLocation(file, line));
}

/// <summary>An input port.</summary>
/// <param name="width">Its width in bits.</param>
/// <param name="name">Its name in Verilog; from the property when not given.</param>
/// <param name="property">Filled in by the compiler.</param>
/// <param name="file">Filled in by the compiler.</param>
/// <param name="line">Filled in by the compiler.</param>
public sealed class Input(
    int width, string? name = null, [CallerMemberName] string property = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    : Port(width, name ?? Names.ToSnakeCase(property), new SourceLocation(file, line))
{
    /// <summary>Ties the input of an instance to a constant that fits its width.</summary>
    public void Drive(long value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DrivePort(this, Constant(value), new SourceLocation(file, line));
}

/// <summary>An output port.</summary>
/// <param name="width">Its width in bits.</param>
/// <param name="name">Its name in Verilog; from the property when not given.</param>
/// <param name="property">Filled in by the compiler.</param>
/// <param name="file">Filled in by the compiler.</param>
/// <param name="line">Filled in by the compiler.</param>
public sealed class Output(
    int width, string? name = null, [CallerMemberName] string property = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    : Port(width, name ?? Names.ToSnakeCase(property), new SourceLocation(file, line))
{
    /// <summary>Drives some bits of the output from inside its module; each bit once in all.</summary>
    /// <param name="low">The lowest bit.</param>
    /// <param name="value">As many bits from there.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public void DriveBits(int low, Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DrivePart(Graph, Graph.PortList[Index].PartList, Width, $"output {Name}", 0, low, value, new SourceLocation(file, line));
}

/// <summary>A named wire that is driven after its declaration.</summary>
public sealed class Wire : Signal
{
    internal Wire(Elaboration elaboration, ModuleGraph graph, WireInfo info)
        : base(elaboration, graph, info.Node) => Info = info;

    internal WireInfo Info { get; }

    /// <summary>Drives some bits of the wire; each bit once in all.</summary>
    /// <param name="low">The lowest bit.</param>
    /// <param name="value">As many bits from there.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public void DriveBits(int low, Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DrivePart(Graph, Info.PartList, Width, $"wire {Info.Name}", Info.Branch, low, value, new SourceLocation(file, line));

    /// <summary>Drives the wire; once.</summary>
    public void Drive(Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DriveWire(Graph, Info, value, new SourceLocation(file, line));
}

/// <summary>A register. It keeps its value in cycles in which nothing drives it.</summary>
public sealed class Register : Signal
{
    private readonly Module _module;

    internal Register(Elaboration elaboration, ModuleGraph graph, RegisterInfo info, Module module)
        : base(elaboration, graph, info.Node)
    {
        Info = info;
        _module = module;
    }

    internal RegisterInfo Info { get; }

    /// <summary>The value after the next rising edge; inside <see cref="Module.When"/> only where its condition holds. The last drive that holds wins.</summary>
    public void Drive(Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DriveRegister(Graph, Info, _module.Condition, _module.Guards, value, new SourceLocation(file, line));

    /// <summary>A constant after the next rising edge, as <see cref="Drive(Signal, string, int)"/>.</summary>
    public void Drive(BigInteger value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Drive(Constant(value), file, line);
}
