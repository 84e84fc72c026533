using System.Numerics;
using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <summary>
/// A hardware module. A subclass holds its ports in properties and its logic in <see cref="Build"/>; its Verilog
/// name is the class's name in snake_case with the parameters behind it.
/// </summary>
public abstract partial class Module
{
    private readonly List<Signal> _conditions = [];
    private readonly List<Guard> _guards = [];
    private readonly List<string> _scopes = [];
    private Elaboration? _elaboration;
    private ModuleGraph? _graph;

    /// <summary>Makes a module; it becomes hardware once it is elaborated or instantiated.</summary>
    /// <param name="parameters">What tells this module from others of its class, such as <c>c512</c>; part of its name. Null for none.</param>
    protected Module(string? parameters = null)
    {
        Parameters = parameters;
        MadeModules.Note(this);
    }

    internal string? Parameters { get; }

    /// <summary>The clock and reset of registers and memories that name none: unless a module says otherwise, those that the design was elaborated with.</summary>
    protected virtual ClockDomain Domain => _elaboration?.Domain ?? ClockDomain.Default;

    /// <summary>
    /// True for a module that synthesis takes from elsewhere, a memory macro for one: the writer gives it a stub for synthesis, and what
    /// <see cref="Build"/> describes as its behavioural model.
    /// </summary>
    protected internal virtual bool IsExternal => false;

    /// <summary>The node of the conjunction of all conditions in force; −1 outside <see cref="When"/>.</summary>
    internal int Condition => _conditions.Count == 0 ? -1 : _conditions[^1].Node;

    /// <summary>The arms around the present statement, outermost first.</summary>
    internal Guard[] Guards => [.. _guards];

    private Elaboration Elaboration => _elaboration ?? throw Elaboration.Detached();

    private ModuleGraph Graph => _graph ?? throw Elaboration.Detached();

    /// <summary>Describes the module's logic; called once by elaboration.</summary>
    protected abstract void Build();

    /// <summary>A constant of a width; negative values become two's complement.</summary>
    protected Signal Constant(BigInteger value, int width) => new(Elaboration, Graph, Graph.AddConstant(Elaboration.Fit(Graph, value, width), width));

    /// <summary>All ones.</summary>
    protected Signal Ones(int width) => Constant((BigInteger.One << width) - 1, width);

    /// <summary>Names a value: <c>Wire(out var sum, a + b)</c> makes <c>wire sum</c>.</summary>
    protected void Wire(out Signal wire, Signal value, string? name = null,
        [CallerArgumentExpression(nameof(wire))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var location = new SourceLocation(file, line);
        var declared = NewWire(value.Width, name ?? Names.FromOutArgument(argument), location);
        declared.Drive(value, file, line);
        wire = declared;
    }

    /// <summary>Declares a wire that is driven later.</summary>
    protected void Wire(out Wire wire, int width, string? name = null,
        [CallerArgumentExpression(nameof(wire))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        wire = NewWire(width, name ?? Names.FromOutArgument(argument), new SourceLocation(file, line));

    /// <summary>Declares a register that is driven later.</summary>
    /// <param name="register">The register.</param>
    /// <param name="width">Its width in bits.</param>
    /// <param name="reset">Its value after reset; null for none.</param>
    /// <param name="domain">Its clock and reset; the module's when null.</param>
    /// <param name="name">Its name; from the argument when null.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void Register(out Register register, int width, BigInteger? reset = null, ClockDomain? domain = null, string? name = null,
        [CallerArgumentExpression(nameof(register))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        register = NewRegister(width, reset, domain ?? Domain, name ?? Names.FromOutArgument(argument), new SourceLocation(file, line));

    /// <summary>A register that takes a value at each rising edge, or at those where <paramref name="enable"/> is 1.</summary>
    protected void Register(out Register register, Signal value, BigInteger? reset = null, Signal? enable = null, ClockDomain? domain = null, string? name = null,
        [CallerArgumentExpression(nameof(register))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var declared = NewRegister(value.Width, reset, domain ?? Domain, name ?? Names.FromOutArgument(argument), new SourceLocation(file, line));
        if (enable is null)
        {
            declared.Drive(value, file, line);
        }
        else
        {
            When(enable, () => declared.Drive(value, file, line));
        }

        register = declared;
    }

    /// <summary>Instantiates a module: <c>Instance(out var lane, new Lane(32), index: 3)</c> gives <c>lane_3</c>. Its ports are then signals here.</summary>
    protected void Instance<T>(out T instance, T module, int? index = null, string? name = null,
        [CallerArgumentExpression(nameof(instance))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where T : Module
    {
        var graph = Elaboration.Elaborate(module);
        var instanceName = Scoped(name ?? Names.FromOutArgument(argument)) + (index is { } i ? FormattableString.Invariant($"_{i}") : string.Empty);
        var ports = Elaboration.PortsOf(module);
        var connections = new int[ports.Count];
        var outputs = new int[ports.Count];
        Array.Fill(connections, -1);
        Array.Fill(outputs, -1);
        var info = new InstanceInfo(instanceName, new SourceLocation(file, line)) { Module = graph, ConnectionList = connections, OutputNodes = outputs, ConnectionLocations = new SourceLocation[ports.Count], Branch = Elaboration.Branch };
        Graph.InstanceList.Add(info);
        foreach (var port in ports)
        {
            if (port is Output)
            {
                Graph.InstanceOutputList.Add((Graph.InstanceList.Count - 1, port.Index));
                outputs[port.Index] = Graph.Add(NodeKind.InstanceOutput, port.Width, Graph.InstanceOutputList.Count - 1, []);
            }

            port.Instance = info;
            port.Bind(Elaboration, Graph, outputs[port.Index]);
        }

        foreach (var domain in graph.DomainList)
        {
            UseDomain(domain, graph.UsesReset(domain));
        }

        instance = module;
    }

    /// <summary>The number of ones; width ⌊log2 w⌋ + 1.</summary>
    protected Signal PopCount(Signal value) => value.Width == 1 ? value : value.New(NodeKind.PopCount, Widths.Count(value.Width), 0, value.Node);

    /// <summary>Signals side by side, the most significant first.</summary>
    protected Signal Concatenate(params ReadOnlySpan<Signal> parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        var nodes = new int[parts.Length];
        var width = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            nodes[i] = Elaboration.IsLocal(Graph, parts[i]) ? parts[i].Node : Graph.AddConstant(0, parts[i].Width);
            width += parts[i].Width;
        }

        return parts[0].New(NodeKind.Concatenate, width, 0, nodes);
    }

    /// <summary>A signal repeated <paramref name="count"/> times.</summary>
    protected Signal Repeat(Signal bit, int count) => bit.Width == 1 ? (count == 1 ? bit : bit.SignExtend(count)) : Concatenate([.. Enumerable.Repeat(bit, count)]);

    /// <summary>Option <paramref name="selector"/> of the options, the first for 0; a selector past the last takes the last.</summary>
    /// <param name="selector">Wide enough for as many options, at least.</param>
    /// <param name="options">At least one, of equal widths.</param>
    protected Signal Select(Signal selector, params ReadOnlySpan<Signal> options)
    {
        if (options.Length == 1)
        {
            return options[0];
        }

        if (selector.Width < 31 && options.Length > 1 << selector.Width)
        {
            Elaboration.Report(DiagnosticCodes.Width, Graph, FormattableString.Invariant($"a selector of {selector.Width} bits for {options.Length} options"), $"a selector of {Widths.Index(options.Length)} bits");
        }

        if (!Elaboration.IsLocal(Graph, selector))
        {
            return options[0];
        }

        var nodes = new int[options.Length + 1];
        nodes[0] = selector.Node;
        for (var i = 0; i < options.Length; i++)
        {
            nodes[i + 1] = Elaboration.CheckWidth(Graph, options[i], options[0].Width, "an option") ? options[i].Node : options[0].Node;
        }

        if (Graph.Nodes[selector.Node].Kind == NodeKind.Constant)
        {
            return options[(int)BigInteger.Min(Graph.ConstantValue(selector.Node), options.Length - 1)];
        }

        return selector.New(NodeKind.Select, options[0].Width, 0, nodes);
    }

    /// <summary><paramref name="whenOne"/> where the 1-bit condition holds, else <paramref name="whenZero"/>.</summary>
    protected Signal Choose(Signal condition, Signal whenOne, Signal whenZero)
    {
        Elaboration.CheckWidth(Graph, condition, 1, "a condition");
        return Select(condition, whenZero, whenOne);
    }

    /// <summary>Names made inside carry the scope's name in front.</summary>
    protected IDisposable Scope(string name)
    {
        _scopes.Add(Names.ToSnakeCase(name));
        return new ScopeEnd(this);
    }

    /// <summary>States that a value, or a part of it, is ignored on purpose.</summary>
    protected void Discard(Signal value)
    {
        if (Elaboration.IsLocal(Graph, value))
        {
            Graph.MarkRead(value.Node);
            Graph.DiscardedList.Add(value.Node);
        }
    }

    /// <summary>
    /// States that a condition holds at every rising edge at which the reset is not active; inside <see cref="When"/> only where its condition holds. Spaces in the
    /// name become underscores.
    /// </summary>
    protected void Assert(Signal condition, string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AddProperty(PropertyKind.Assert, condition, name, new SourceLocation(file, line));

    /// <summary>States that a condition may be taken to hold at every rising edge at which the reset is not active.</summary>
    protected void Assume(Signal condition, string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AddProperty(PropertyKind.Assume, condition, name, new SourceLocation(file, line));

    /// <summary>States that a condition should be reached.</summary>
    protected void Cover(Signal condition, string name, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        AddProperty(PropertyKind.Cover, condition, name, new SourceLocation(file, line));

    internal void Bind(Elaboration elaboration, ModuleGraph graph)
    {
        if (_graph is not null)
        {
            throw new InvalidOperationException($"The {GetType().Name} was instantiated before: make a new one for each instance.");
        }

        _elaboration = elaboration;
        _graph = graph;
    }

    internal bool IsBound => _graph is not null;

    internal void RunBuild() => Build();

    private void AddProperty(PropertyKind kind, Signal condition, string name, SourceLocation location)
    {
        if (Elaboration.CheckWidth(Graph, condition, 1, $"property {name}", location))
        {
            UseDomain(Domain, reset: false);
            if (_conditions.Count > 0)
            {
                condition = kind == PropertyKind.Cover ? _conditions[^1] & condition : ~_conditions[^1] | condition;
            }

            Graph.MarkRead(condition.Node);
            Graph.PropertyList.Add(new PropertyInfo(kind, Scoped(Names.ToSnakeCase(name.Replace(' ', '_'))), condition.Node, Domain) { Location = location });
        }
    }

    private Wire NewWire(int width, string name, SourceLocation location)
    {
        var info = new WireInfo(Scoped(name), width, Graph.Add(NodeKind.Wire, width, Graph.WireList.Count, []), location) { Branch = Elaboration.Branch };
        Graph.WireList.Add(info);
        return new Wire(Elaboration, Graph, info);
    }

    private Register NewRegister(int width, BigInteger? reset, ClockDomain domain, string name, SourceLocation location)
    {
        var node = Graph.Add(NodeKind.Register, width, Graph.RegisterList.Count, []);
        var info = new RegisterInfo(Scoped(name), width, node, domain, reset is { } value ? Elaboration.Fit(Graph, value, width) : null, location);
        UseDomain(domain, reset is not null);
        Graph.RegisterList.Add(info);
        return new Register(Elaboration, Graph, info, this);
    }

    internal void UseDomain(ClockDomain domain, bool reset)
    {
        if (!Graph.DomainList.Contains(domain))
        {
            Graph.DomainList.Add(domain);
        }

        if (reset && !Graph.ResetDomainList.Contains(domain))
        {
            Graph.ResetDomainList.Add(domain);
        }
    }

    private string Scoped(string name) => _scopes.Count == 0 ? name : string.Join('_', _scopes) + "_" + name;

    private sealed class ScopeEnd(Module module) : IDisposable
    {
        public void Dispose() => module._scopes.RemoveAt(module._scopes.Count - 1);
    }
}
