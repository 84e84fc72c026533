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
    public string Name { get; }

    internal SourceLocation Location { get; }

    /// <summary>The instance that this port belongs to, once the module around it sees it; null inside the module.</summary>
    internal InstanceInfo? Instance { get; set; }

    internal int Index { get; set; }
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
    /// <summary>Connects the input of an instance to a signal of the module around it.</summary>
    public void Drive(Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DriveInput(this, value, new SourceLocation(file, line));

    /// <summary>Ties the input of an instance to a constant that fits its width.</summary>
    public void Drive(long value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DriveInput(this, Constant(value), new SourceLocation(file, line));
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
    /// <summary>Drives the output from inside its module.</summary>
    public void Drive(Signal value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Elaboration.DriveOutput(this, value, new SourceLocation(file, line));
}

/// <summary>A named wire that is driven after its declaration.</summary>
public sealed class Wire : Signal
{
    internal Wire(Elaboration elaboration, ModuleGraph graph, WireInfo info)
        : base(elaboration, graph, info.Node) => Info = info;

    internal WireInfo Info { get; }

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

/// <summary>A memory: see <see cref="MemoryInfo"/> for what a read and a write do.</summary>
public sealed class Memory
{
    private readonly Elaboration _elaboration;
    private readonly ModuleGraph _graph;
    private readonly int _index;
    private readonly Module _module;

    internal Memory(Elaboration elaboration, ModuleGraph graph, int index, Module module)
    {
        _elaboration = elaboration;
        _graph = graph;
        _index = index;
        _module = module;
    }

    private MemoryInfo Info => _graph.MemoryList[_index];

    /// <summary>Bits of an address: ⌈log2 depth⌉, at least 1.</summary>
    public int AddressWidth => Widths.Index(Info.Depth);

    /// <summary>The word at an address, at once. Register it for a synchronous read.</summary>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    public Signal Read(Signal address)
    {
        CheckAddress(address);
        return new Signal(_elaboration, _graph, _graph.Add(NodeKind.MemoryRead, Info.Width, _index, [address.Node]));
    }

    /// <summary>Adds a write port; inside <see cref="Module.When"/> it writes only where the condition holds.</summary>
    /// <param name="enable">1 bit.</param>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    /// <param name="data">Of the word's width.</param>
    public void Write(Signal enable, Signal address, Signal data)
    {
        CheckAddress(address);
        _elaboration.CheckWidth(_graph, enable, 1, "a write enable");
        _elaboration.CheckWidth(_graph, data, Info.Width, "a word");
        var condition = _module.Condition;
        var gated = condition < 0 ? enable.Node : _graph.Add(NodeKind.And, 1, 0, [condition, enable.Node]);
        foreach (var node in (ReadOnlySpan<int>)[gated, address.Node, data.Node])
        {
            _graph.MarkRead(node);
        }

        Info.WriteList.Add(new MemoryWrite(gated, address.Node, data.Node));
    }

    private void CheckAddress(Signal address)
    {
        if (_elaboration.IsLocal(_graph, address) && address.Width != AddressWidth)
        {
            _elaboration.Report(
                DiagnosticCodes.MemoryAddress, _graph, $"an address of {address.Width} bits for memory {Info.Name} of {Info.Depth} words", $"use {AddressWidth} bits");
        }
    }
}
