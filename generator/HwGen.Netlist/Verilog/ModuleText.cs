using System.Globalization;
using System.Text;

namespace HwGen.Netlist.Verilog;

/// <summary>Prints one module as Verilog-2005, such as a careful person writes it.</summary>
internal sealed class ModuleText
{
    private readonly ModuleGraph _graph;
    private readonly ExpressionPlan _plan;
    private readonly ExpressionText _expressions;
    private readonly Func<int, string> _popcountModule;
    private readonly bool _systemVerilog;
    private readonly StringBuilder _text = new();
    private readonly HashSet<int> _printed = [];
    private readonly HashSet<int> _merged;

    private ModuleText(ModuleGraph graph, bool systemVerilog, Func<int, string> popcountModule)
    {
        _graph = graph;
        _systemVerilog = systemVerilog;
        _popcountModule = popcountModule;
        _merged = [.. graph.Ports.Where(graph.IsMergedOutput).Select(p => p.Node)];
        _plan = new ExpressionPlan(graph, DeclaredNames(), systemVerilog);
        _expressions = new ExpressionText(graph, _plan, systemVerilog);
    }

    /// <summary>The text of a module.</summary>
    /// <param name="graph">The module.</param>
    /// <param name="systemVerilog">True for a simulation twin.</param>
    /// <param name="popcountModule">Gives the name of the module that counts the ones of a width.</param>
    public static string Print(ModuleGraph graph, bool systemVerilog, Func<int, string> popcountModule) =>
        new ModuleText(graph, systemVerilog, popcountModule).Print();

    private string Print()
    {
        Comment(_graph.Summary);
        Header();
        Declarations();
        foreach (var wire in _graph.Wires)
        {
            PrintWire(wire);
        }

        Instances();
        Registers();
        Memories();
        Outputs();
        Properties();
        Discards();
        _text.Append("endmodule\n");
        return _text.ToString();
    }

    private void Comment(string summary)
    {
        var line = new StringBuilder();
        foreach (var word in summary.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length > 110)
            {
                _text.Append("//").Append(line).Append('\n');
                line.Clear();
            }

            line.Append(' ').Append(word);
        }

        if (line.Length > 0)
        {
            _text.Append("//").Append(line).Append('\n');
        }
    }

    private void Header()
    {
        // Outputs first, clocks last: a new port then never touches the line of another.
        var ports = new List<(string Direction, int Width, string Name)>();
        ports.AddRange(_graph.Ports.Where(p => !p.IsInput).Select(p => (IsReg(p) ? "output reg " : "output wire", p.Width, p.Name)));
        ports.AddRange(_graph.Ports.Where(p => p.IsInput).Select(p => ("input  wire", p.Width, p.Name)));
        ports.AddRange(ClockPorts(_graph).Select(name => ("input  wire", 1, name)));
        var rangeWidth = ports.Count == 0 ? 0 : ports.Max(p => ExpressionText.Range(p.Width).Length);
        _text.Append("module ").Append(_graph.Name).Append(" (\n");
        for (var i = 0; i < ports.Count; i++)
        {
            var (direction, width, name) = ports[i];
            _text.Append("    ").Append(direction).Append(' ');
            if (rangeWidth > 0)
            {
                _text.Append(ExpressionText.Range(width).PadRight(rangeWidth)).Append(' ');
            }

            _text.Append(name).Append(i + 1 < ports.Count ? ",\n" : "\n");
        }

        _text.Append(");\n");
    }

    private void Declarations()
    {
        foreach (var register in _graph.Registers.Where(r => !_merged.Contains(r.Node)))
        {
            Line($"    reg {Ranged(register.Width)}{register.Name};");
        }

        foreach (var memory in _graph.Memories)
        {
            Line(FormattableString.Invariant($"    reg {Ranged(memory.Width)}{memory.Name} [0:{memory.Depth - 1}];"));
        }

        foreach (var instance in _graph.Instances)
        {
            for (var port = 0; port < instance.Module.Ports.Count; port++)
            {
                var info = instance.Module.Ports[port];
                if (!info.IsInput)
                {
                    Line($"    wire {Ranged(info.Width)}{OutputName(instance, port)};");
                }
            }
        }
    }

    private void PrintWire(WireInfo wire)
    {
        if (!_printed.Add(wire.Node))
        {
            return;
        }

        // A wire that names a statement is that statement; no second name in between.
        if (_plan.IsStatement(wire.Driver))
        {
            Prepare(wire.Driver);
            Statement(wire.Driver, wire.Name, declared: _merged.Contains(wire.Node));
        }
        else if (_merged.Contains(wire.Node))
        {
            Prepare(wire.Driver);
            Line($"    assign {wire.Name} = {_expressions.Definition(wire.Driver)};");
        }
        else
        {
            Prepare(wire.Driver);
            Line($"    wire {Ranged(wire.Width)}{wire.Name} = {_expressions.Definition(wire.Driver)};");
        }
    }

    /// <summary>Prints the wires that the text of a root's definition reads.</summary>
    private void Prepare(int root)
    {
        if (_graph.Nodes[root].Kind == NodeKind.Wire)
        {
            PrintWire(_graph.Wires[_graph.Nodes[root].Payload]);
        }

        _plan.CollectWires(root, _printed, OwnWire, name => PrintWire(_graph.Wires[_graph.Nodes[name].Payload]));
    }

    /// <summary>The text of a root, after the wires that it reads; a statement is read by its name.</summary>
    private string Use(int root)
    {
        Prepare(root);
        if (!_plan.IsStatement(root))
        {
            return _expressions.Definition(root);
        }

        if (_printed.Add(root))
        {
            OwnWire(root);
        }

        return _expressions.NameOf(root);
    }

    private void OwnWire(int id)
    {
        if (_plan.IsStatement(id))
        {
            Statement(id, _plan.WireName(id));
        }
        else
        {
            Line($"    wire {Ranged(_graph.Nodes[id].Width)}{_plan.WireName(id)} = {_expressions.Definition(id)};");
        }
    }

    private void Statement(int id, string name, bool declared = false)
    {
        var node = _graph.Nodes[id];
        var operands = _graph.Operands(id);
        var range = Ranged(node.Width);
        if (node.Kind == NodeKind.PopCount && !_systemVerilog)
        {
            Declare("wire");
            Line($"    {_popcountModule(_graph.Nodes[operands[0]].Width)} {name}_counter (.count({name}), .bits({_expressions.Inner(operands[0], id)}));");
        }
        else if (node.Kind == NodeKind.Select)
        {
            Declare("reg");
            Line("    always @* begin");
            Line($"        case ({_expressions.Inner(operands[0], id)})");
            var selectorWidth = _graph.Nodes[operands[0]].Width;
            var label = ExpressionText.Constant(operands.Length - 2, selectorWidth).Length;
            for (var option = 1; option < operands.Length; option++)
            {
                var key = option == operands.Length - 1 ? "default" : ExpressionText.Constant(option - 1, selectorWidth);
                Line($"            {(key + ":").PadRight(Math.Max(label, 7) + 1)} {name} = {_expressions.Inner(operands[option], id)};");
            }

            Line("        endcase");
            Line("    end");
        }
        else
        {
            Line($"    {(declared ? "assign " : "wire " + range)}{name} = {_expressions.Definition(id)};");
        }

        void Declare(string kind)
        {
            if (!declared)
            {
                Line($"    {kind} {range}{name};");
            }
        }
    }

    /// <summary>True for an output that an always block assigns.</summary>
    private bool IsReg(PortInfo port) => _graph.IsMergedOutput(port) && _graph.Nodes[port.Node] switch
    {
        { Kind: NodeKind.Register } => true,
        { Payload: var wire } => _graph.Nodes[_graph.Wires[wire].Driver].Kind == NodeKind.Select && _plan.IsStatement(_graph.Wires[wire].Driver),
    };

    private void Instances()
    {
        foreach (var instance in _graph.Instances)
        {
            var connections = new List<(string Port, string Value)>();
            for (var pass = 0; pass < 2; pass++)
            {
                for (var port = 0; port < instance.Module.Ports.Count; port++)
                {
                    var info = instance.Module.Ports[port];
                    if (info.IsInput == (pass == 1))
                    {
                        connections.Add((info.Name, info.IsInput ? Use(instance.Connections[port]) : OutputName(instance, port)));
                    }
                }
            }

            connections.AddRange(ClockPorts(instance.Module).Select(name => (name, name)));
            Line($"    {instance.Module.Name} {instance.Name} (");
            var width = connections.Count == 0 ? 0 : connections.Max(c => c.Port.Length);
            for (var i = 0; i < connections.Count; i++)
            {
                var (port, value) = connections[i];
                Line($"        .{port.PadRight(width)} ({value}){(i + 1 < connections.Count ? "," : string.Empty)}");
            }

            Line("    );");
        }
    }

    private void Registers()
    {
        foreach (var register in _graph.Registers)
        {
            var lines = new List<string>();
            if (register.Reset is { } reset)
            {
                lines.Add($"if (!{register.Domain.Reset}) {register.Name} <= {ExpressionText.Constant(reset, register.Width)};");
            }

            // The last drive wins, so it is asked first.
            foreach (var drive in register.Drives.Reverse())
            {
                var value = Use(drive.Value);
                lines.Add(drive.Condition < 0 ? $"{register.Name} <= {value};" : $"if ({Use(drive.Condition)}) {register.Name} <= {value};");
            }

            var edge = register is { Reset: not null, Domain.IsAsynchronous: true } ? $" or negedge {register.Domain.Reset}" : string.Empty;
            Line($"    always @(posedge {register.Domain.Clock}{edge})");
            for (var i = 0; i < lines.Count; i++)
            {
                Line($"        {(i > 0 ? "else " : string.Empty)}{lines[i]}");
            }
        }
    }

    private void Memories()
    {
        foreach (var memory in _graph.Memories)
        {
            foreach (var write in memory.Writes)
            {
                var enable = Use(write.Enable);
                var address = Use(write.Address);
                var data = Use(write.Data);
                Line($"    always @(posedge {memory.Domain.Clock})");
                Line($"        if ({enable}) {memory.Name}[{address}] <= {data};");
            }
        }
    }

    private void Outputs()
    {
        foreach (var port in _graph.Ports.Where(p => !p.IsInput && !_merged.Contains(p.Node)))
        {
            Line($"    assign {port.Name} = {Use(port.Node)};");
        }
    }

    private void Properties()
    {
        if (_graph.Properties.Count == 0)
        {
            return;
        }

        var conditions = _graph.Properties.Select(p => Use(p.Condition)).ToList();
        Line("`ifdef FORMAL");
        for (var i = 0; i < conditions.Count; i++)
        {
            var property = _graph.Properties[i];
            Line($"    always @(posedge {property.Domain.Clock})");
            Line($"        {property.Name}: {property.Kind.ToString().ToLowerInvariant()} ({conditions[i]});");
        }

        Line("`endif");
    }

    private void Discards()
    {
        // Linters take a name with "unused" in it as said on purpose.
        var unread = new List<string>();
        foreach (var node in _graph.Discarded)
        {
            unread.Add(Use(node));
        }

        foreach (var instance in _graph.Instances)
        {
            for (var port = 0; port < instance.Module.Ports.Count; port++)
            {
                if (!instance.Module.Ports[port].IsInput && !IsRead(instance.OutputNodes[port]))
                {
                    unread.Add(OutputName(instance, port));
                }
            }
        }

        if (unread.Count > 0)
        {
            Line($"    wire unused = &{{1'b0, {string.Join(", ", unread)}}};");
        }
    }

    private HashSet<int>? _read;

    private bool IsRead(int node)
    {
        if (_read is null)
        {
            _read = [];
            var stack = new Stack<int>(Checks.Sinks.Of(_graph).Concat(_graph.Discarded));
            while (stack.TryPop(out var id))
            {
                if (_read.Add(id))
                {
                    foreach (var operand in _graph.Operands(id))
                    {
                        stack.Push(operand);
                    }
                }
            }
        }

        return _read.Contains(node);
    }

    private IEnumerable<string> DeclaredNames() =>
        _graph.Ports.Select(p => p.Name)
            .Concat(_graph.Registers.Select(r => r.Name))
            .Concat(_graph.Wires.Select(w => w.Name))
            .Concat(_graph.Memories.Select(m => m.Name))
            .Concat(_graph.Instances.Select(i => i.Name))
            .Concat(_graph.Instances.SelectMany(i => Enumerable.Range(0, i.Module.Ports.Count).Select(p => OutputName(i, p))))
            .Append("unused");

    private static IEnumerable<string> ClockPorts(ModuleGraph graph)
    {
        foreach (var domain in graph.Domains)
        {
            if (graph.UsesReset(domain))
            {
                yield return domain.Reset;
            }

            yield return domain.Clock;
        }
    }

    private static string OutputName(InstanceInfo instance, int port) => $"{instance.Name}_{instance.Module.Ports[port].Name}";

    private static string Ranged(int width) => width == 1 ? string.Empty : ExpressionText.Range(width) + " ";

    private void Line(string line) => _text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
