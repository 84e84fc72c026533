using System.Numerics;

namespace HwGen.Netlist;

/// <summary>One run that turns a module and all that it instantiates into graphs, and collects every mistake on the way.</summary>
internal sealed class Elaboration(string prefix, ClockDomain domain)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly Dictionary<string, ModuleGraph> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<ModuleGraph, HashSet<string>> _signalNames = new(ReferenceEqualityComparer.Instance);

    private int _branches;

    /// <summary>The clock and reset of modules that name none.</summary>
    public ClockDomain Domain { get; } = domain;

    /// <summary>The branch of When or Switch that is being built; 0 outside of all.</summary>
    public int Branch { get; private set; }

    /// <summary>The distinct modules, children before parents.</summary>
    public List<ModuleGraph> Modules { get; } = [];

    /// <summary>The mistakes so far, sorted by place, then code, then text; each once.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics =>
        [.. _diagnostics.Distinct().OrderBy(d => d.Location).ThenBy(d => d.Code, StringComparer.Ordinal).ThenBy(d => d.Message, StringComparer.Ordinal)];

    public static InvalidOperationException Detached() =>
        new("This port is not part of a module yet: use ports inside Build, and instantiate a module before its ports are used outside.");

    /// <summary>Builds a module's graph, or finds the equal one that was built before.</summary>
    public ModuleGraph Elaborate(Module module)
    {
        var type = module.GetType();
        var name = prefix + Names.ToSnakeCase(type.Name) + (module.Parameters is { Length: > 0 } parameters ? "_" + parameters : string.Empty);
        var graph = new ModuleGraph(name, ModuleSummaries.Of(type));
        module.Bind(this, graph);
        var ports = PortsOf(module);
        foreach (var (port, index) in ports.Select((p, i) => (p, i)))
        {
            AddPort(graph, port, index);
        }

        var around = Branch;
        Branch = 0;
        var unattached = MadeModules.During(module.RunBuild);
        Branch = around;
        foreach (var (made, place) in unattached)
        {
            Report(
                DiagnosticCodes.NeverAttached, graph, $"the {made.GetType().Name} that is made here is never attached", "pass it to Instance, or do not make it", place());
        }

        graph.BlackBox = (module as BlackBox)?.Info;
        graph.IsExternal = module.IsExternal;
        PartialDrives.Join(graph, this);
        CheckName(graph, name, SourceLocation.Unknown, "module");
        var scope = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        foreach (var (declared, location) in DeclaredNames(graph))
        {
            CheckName(graph, declared, location, "name");
            if (!scope.TryAdd(declared, location))
            {
                Report(DiagnosticCodes.DuplicateName, graph, $"the name {declared} stands twice{At(scope[declared])}", "give one of the two another name or a Scope", location);
            }
        }

        foreach (var instance in graph.InstanceList.Where(i => i.Module.BlackBox is null && SignalNames(i.Module).Contains(i.Name)))
        {
            Report(
                DiagnosticCodes.DuplicateName, graph, $"the instance {instance.Name} of {instance.Module.Name} has the name of a signal inside it",
                "name one of the two otherwise: tools take the inner one for a mistake", instance.Location);
        }

        if (!_byName.TryGetValue(name, out var earlier))
        {
            _byName.Add(name, graph);
            Modules.Add(graph);
            return graph;
        }

        if (earlier.Difference(graph) is { } difference)
        {
            Report(DiagnosticCodes.ModuleNameClash, graph, $"two different modules are both named {name}: their {difference} differ", "pass what differs between them as parameters to the Module constructor");
        }

        return earlier;
    }

    /// <summary>The ports that a module's properties hold, alone, in lists or in bundles, in order of declaration.</summary>
    public static List<Port> PortsOf(Module module)
    {
        var ports = new List<Port>();
        Collect(module, string.Empty, ports);
        return ports;
    }

    /// <summary>The ports of a bundle and of those in it, in order of declaration.</summary>
    public static List<Port> PortsOf(Bundle bundle)
    {
        var ports = new List<Port>();
        Collect(bundle, string.Empty, ports);
        return ports;
    }

    private static void Collect(object owner, string prefix, List<Port> ports)
    {
        var properties = owner.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType)).ThenBy(p => p.MetadataToken);
        foreach (var property in properties)
        {
            var type = property.PropertyType;
            if (typeof(Port).IsAssignableFrom(type) || typeof(IEnumerable<Port>).IsAssignableFrom(type))
            {
                foreach (var port in property.GetValue(owner) switch { Port one => [one], IEnumerable<Port> list => list, _ => (IEnumerable<Port>)[] })
                {
                    if (prefix.Length > 0 && port.Bundle is null)
                    {
                        port.Bundle = prefix;
                        port.Name = $"{prefix}_{port.Name}";
                    }

                    ports.Add(port);
                }
            }
            else if (typeof(Bundle).IsAssignableFrom(type) && property.GetValue(owner) is Bundle bundle)
            {
                CollectBundle(bundle, Names.ToSnakeCase(property.Name));
            }
            else if (typeof(IEnumerable<Bundle>).IsAssignableFrom(type) && property.GetValue(owner) is IEnumerable<Bundle> bundles)
            {
                foreach (var (index, one) in bundles.Index())
                {
                    CollectBundle(one, FormattableString.Invariant($"{Names.ToSnakeCase(property.Name)}_{index}"));
                }
            }
        }

        void CollectBundle(Bundle bundle, string ofProperty)
        {
            var name = bundle.Name ?? ofProperty;
            Collect(bundle, prefix.Length == 0 ? name : $"{prefix}_{name}", ports);
        }

        static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);
    }

    public void Report(string code, ModuleGraph graph, string message, string fix, SourceLocation? location = null) =>
        _diagnostics.Add(new Diagnostic(code, location ?? SourceLocation.OfCaller(), graph.Name, message, fix));

    /// <summary>Builds the body of a branch.</summary>
    public void InBranch(Action body)
    {
        var around = Branch;
        Branch = ++_branches;
        body();
        Branch = around;
    }

    /// <summary>A signal that a mistake leaves unread is not a second mistake.</summary>
    public void Forgive(Signal signal)
    {
        signal.Graph.DiscardedList.Add(signal.Node);
    }

    /// <summary>Wires, outputs and inputs of instances have one driver whatever holds: a branch around it would be ignored.</summary>
    private void CheckBranch(ModuleGraph graph, int declared, string what, SourceLocation location)
    {
        if (Branch != declared)
        {
            Report(DiagnosticCodes.DriveInBranch, graph, $"{what} is driven inside a branch, which does not gate it", "drive it once outside, with Choose or Select, or drive a register", location);
        }
    }

    /// <summary>The other side of a mistake.</summary>
    private static string At(SourceLocation location) => location.Line > 0 ? $", first at {location}" : string.Empty;

    /// <summary>True when the signal belongs to the graph; otherwise a mistake is noted.</summary>
    public bool IsLocal(ModuleGraph graph, Signal signal)
    {
        if (ReferenceEquals(signal.Graph, graph))
        {
            return true;
        }

        Report(DiagnosticCodes.ForeignSignal, graph, $"a signal of module {signal.Graph.Name} is used in {graph.Name}", "carry it through ports");
        return false;
    }

    public bool CheckWidth(ModuleGraph graph, Signal signal, int width, string what, SourceLocation? location = null)
    {
        if (!IsLocal(graph, signal))
        {
            return false;
        }

        if (signal.Width != width)
        {
            Forgive(signal);
            Report(DiagnosticCodes.Width, graph, $"{what} of {width} bits gets a signal of {signal.Width} bits", "make the widths equal with Truncate, ZeroExtend or SignExtend", location);
            return false;
        }

        return true;
    }

    /// <summary>The node of a driver; where it does not fit a constant stands in, so that one mistake is not reported as two.</summary>
    private int Driver(ModuleGraph graph, Signal value, int width, string what, SourceLocation location) =>
        CheckWidth(graph, value, width, what, location) ? value.Node : graph.AddConstant(0, Math.Max(width, 1));

    /// <summary>The constant as an unsigned value of the width; negative values become two's complement.</summary>
    public BigInteger Fit(ModuleGraph graph, BigInteger value, int width)
    {
        var size = BigInteger.One << width;
        if (value >= size || value < -(size >> 1))
        {
            Report(DiagnosticCodes.ConstantRange, graph, FormattableString.Invariant($"the constant {value} does not fit {width} bits"), "use a wider signal or a smaller constant");
            return BigInteger.Zero;
        }

        return value.Sign < 0 ? value + size : value;
    }

    public void DrivePort(Port port, Signal value, SourceLocation location)
    {
        if (port is Input input)
        {
            DriveInput(input, value, location);
        }
        else
        {
            DriveOutput((Output)port, value, location);
        }
    }

    public void DrivePart(ModuleGraph graph, List<PartialDrive> parts, int width, string what, int branch, int low, Signal value, SourceLocation location)
    {
        if (!IsLocal(graph, value))
        {
            return;
        }

        CheckBranch(graph, branch, what, location);
        if (low < 0 || (long)low + value.Width > width)
        {
            Forgive(value);
            Report(DiagnosticCodes.SliceRange, graph, $"bits {low} to {(long)low + value.Width - 1} of {what} of {width} bits are driven", $"stay within bits 0 to {width - 1}", location);
            return;
        }

        graph.MarkRead(value.Node);
        parts.Add(new PartialDrive(low, value.Width, value.Node, location));
    }

    private void DriveInput(Input port, Signal value, SourceLocation location)
    {
        if (port.Instance is not { } instance)
        {
            Report(DiagnosticCodes.SeveralDrivers, port.Graph, $"the input {port.Name} is driven from inside its module", "drive it where the module is instantiated", location);
            return;
        }

        var node = Driver(port.Graph, value, port.Width, $"input {instance.Name}.{port.Name}", location);
        port.Graph.MarkRead(node);
        CheckBranch(port.Graph, instance.Branch, $"input {instance.Name}.{port.Name}", location);
        Once(port.Graph, ref instance.ConnectionList[port.Index], ref instance.ConnectionLocations[port.Index], node, $"input {instance.Name}.{port.Name}", location);
    }

    private void DriveOutput(Output port, Signal value, SourceLocation location)
    {
        if (port.Instance is { } instance)
        {
            Report(DiagnosticCodes.SeveralDrivers, port.Graph, $"the output {instance.Name}.{port.Name} is driven from outside its module", "drive it in the module's Build", location);
            return;
        }

        var node = Driver(port.Graph, value, port.Width, $"output {port.Name}", location);
        port.Graph.MarkRead(node, -2 - port.Index);
        var info = port.Graph.PortList[port.Index];
        CheckBranch(port.Graph, 0, $"output {port.Name}", location);
        var (driver, first) = (info.Node, info.DriverLocation);
        Once(port.Graph, ref driver, ref first, node, $"output {port.Name}", location);
        (info.Node, info.DriverLocation) = (driver, first);
    }

    public void DriveWire(ModuleGraph graph, WireInfo wire, Signal value, SourceLocation location)
    {
        var node = Driver(graph, value, wire.Width, $"wire {wire.Name}", location);
        graph.MarkRead(node, graph.Nodes[wire.Node].Payload + 1);
        CheckBranch(graph, wire.Branch, $"wire {wire.Name}", location);
        var (driver, first) = (wire.Driver, wire.DriverLocation);
        Once(graph, ref driver, ref first, node, $"wire {wire.Name}", location);
        (wire.Driver, wire.DriverLocation) = (driver, first);
    }

    public void DriveRegister(ModuleGraph graph, RegisterInfo register, int condition, Guard[] guards, Signal value, SourceLocation location)
    {
        var node = Driver(graph, value, register.Width, $"register {register.Name}", location);
        if (condition < 0 && register.DriveList.Count > 0)
        {
            Report(DiagnosticCodes.SeveralDrivers, graph, $"register {register.Name} is driven always, after it was driven before{At(register.DriveList[^1].Location)}", "drive it under a condition, or once", location);
        }

        graph.MarkRead(node);
        graph.GuardedDriveList.Add(new GuardedDrive(graph.Nodes[register.Node].Payload, register.DriveList.Count, guards));
        register.DriveList.Add(new ConditionalDrive(condition, node, location));
    }

    /// <summary>The names of a module's ports, registers, wires and memories.</summary>
    private HashSet<string> SignalNames(ModuleGraph graph)
    {
        if (!_signalNames.TryGetValue(graph, out var names))
        {
            names = new HashSet<string>(
                graph.PortList.Select(p => p.Name).Concat(graph.RegisterList.Select(r => r.Name)).Concat(graph.WireList.Select(w => w.Name))
                    .Concat(graph.MemoryList.Select(m => m.Name)).Concat(graph.ClockPortNames), StringComparer.Ordinal);
            _signalNames.Add(graph, names);
        }

        return names;
    }

    private static IEnumerable<(string Name, SourceLocation Location)> DeclaredNames(ModuleGraph graph)
    {
        foreach (var name in graph.ClockPortNames)
        {
            yield return (name, SourceLocation.Unknown);
        }

        foreach (var port in graph.PortList.Where(p => !graph.IsMergedOutput(p)))
        {
            yield return (port.Name, port.Location);
        }

        foreach (var register in graph.RegisterList)
        {
            yield return (register.Name, register.Location);
        }

        foreach (var wire in graph.WireList)
        {
            yield return (wire.Name, wire.Location);
        }

        foreach (var memory in graph.MemoryList)
        {
            yield return (memory.Name, memory.Location);
        }

        foreach (var enumeration in graph.EnumerationList)
        {
            foreach (var (_, name) in enumeration.Names)
            {
                yield return (name, enumeration.Location);
            }
        }

        foreach (var property in graph.PropertyList)
        {
            yield return (property.Name, property.Location);
        }

        foreach (var instance in graph.InstanceList)
        {
            yield return (instance.Name, instance.Location);
            for (var port = 0; port < instance.Module.PortList.Count; port++)
            {
                if (!instance.Module.PortList[port].IsInput)
                {
                    yield return ($"{instance.Name}_{instance.Module.PortList[port].Name}", instance.Location);
                }
            }
        }
    }

    private void AddPort(ModuleGraph graph, Port port, int index)
    {
        if (port.Width < 1)
        {
            Report(DiagnosticCodes.Size, graph, FormattableString.Invariant($"port {port.Name} of {port.Width} bits"), "a port has at least 1 bit", port.Location);
        }

        var info = new PortInfo(port.Name, Math.Max(port.Width, 1), port is Input, port.Location);
        graph.PortList.Add(info);
        var node = port is Input ? graph.Add(NodeKind.Input, info.Width, index, []) : -1;
        info.Node = node;
        port.Index = index;
        port.Bind(this, graph, node);
    }

    private void CheckName(ModuleGraph graph, string name, SourceLocation location, string what)
    {
        if (!Names.IsIdentifier(name))
        {
            Report(DiagnosticCodes.IllegalName, graph, $"the {what} '{name}' is not a Verilog identifier", "use letters, digits and underscores, a letter first", location);
        }
        else if (Names.IsReserved(name))
        {
            Report(DiagnosticCodes.IllegalName, graph, $"the {what} {name} is a reserved word of Verilog", "choose another name", location);
        }
    }

    private void Once(ModuleGraph graph, ref int driver, ref SourceLocation first, int value, string what, SourceLocation location)
    {
        if (driver >= 0)
        {
            Report(DiagnosticCodes.SeveralDrivers, graph, $"{what} has two drivers{At(first)}", "drive it once; choose between values with Select", location);
            return;
        }

        driver = value;
        first = location;
    }
}
