using HwGen.Netlist.Passes;

namespace HwGen.Netlist.Verilog;

/// <summary>Prints one legal module as Verilog-2005, such as a careful person writes it. It decides nothing: what it cannot print as it stands is a fault.</summary>
internal sealed partial class ModuleText
{
    // Columns are fixed, not fitted to the widest: a new port never moves the others.
    private const int RangeColumn = 8;

    private readonly ModuleGraph _graph;
    private readonly ExpressionText _expressions;
    private readonly Func<int, string> _popcountModule;
    private readonly bool _systemVerilog;
    private readonly VerilogLines _lines;
    private readonly HashSet<int> _merged;
    private readonly List<RegisterBlock> _registerBlocks;
    private readonly List<string> _counters = [];
    private readonly HashSet<string> _taken;

    private ModuleText(ModuleGraph graph, bool systemVerilog, Func<int, string> popcountModule, bool locationComments)
    {
        _graph = graph;
        _systemVerilog = systemVerilog;
        _popcountModule = popcountModule;
        _lines = new VerilogLines(locationComments);
        _merged = [.. graph.Ports.Where(graph.IsMergedOutput).Select(p => p.Node)];
        _registerBlocks = RegisterBlock.Of(graph);
        _taken = [.. TextRoots.Names(graph)];
        _expressions = new ExpressionText(graph, systemVerilog);
    }

    /// <summary>The text of a module, and where its lines come from.</summary>
    /// <param name="graph">The module.</param>
    /// <param name="systemVerilog">True for a simulation twin.</param>
    /// <param name="popcountModule">Gives the name of the module that counts the ones of a width.</param>
    /// <param name="locationComments">True to put the place in the C# source above each statement.</param>
    public static (string Text, IReadOnlyList<LineOrigin> Origins) Print(
        ModuleGraph graph, bool systemVerilog, Func<int, string> popcountModule, bool locationComments = false)
    {
        var text = new ModuleText(graph, systemVerilog, popcountModule, locationComments);
        text.Print();
        var verilog = text._lines.ToString();
        TextCheck.Hold(graph.Name, verilog, text.OtherNames());
        return (verilog, text._lines.Origins);
    }

    /// <summary>The ports of a module, for a flow that takes the module itself from elsewhere. Yosys takes it for a black box; linters find every port used and driven.</summary>
    public static string PrintStub(ModuleGraph graph)
    {
        var text = new ModuleText(graph, systemVerilog: false, static width => throw new InvalidOperationException(FormattableString.Invariant($"a stub counts no ones of {width} bits")), locationComments: false);
        text._lines.Comment(graph.Summary);
        text._lines.Comment("Ports only: synthesis takes this module from elsewhere. Its behavioural model is the file of this name for simulation.");
        text._lines.Add(0, "(* blackbox *)");
        text.Header(isStub: true);
        var inputs = graph.Ports.Where(p => p.IsInput).Select(p => p.Name).Concat(graph.ClockPortNames);
        text._lines.Add(1, $"wire unused_inputs = &{{1'b0, {string.Join(", ", inputs)}}};");
        foreach (var output in graph.Ports.Where(p => !p.IsInput))
        {
            text._lines.Add(1, FormattableString.Invariant($"assign {output.Name} = {{{output.Width}{{1'b0}}}};"));
        }

        text._lines.Add(0, "endmodule");
        return text._lines.ToString();
    }

    private void Print()
    {
        _lines.Comment(_graph.Summary);
        Header();
        _lines.Mark();
        Declarations();
        _lines.Section();
        Logic();
        _lines.Section();
        Instances();
        _lines.Section();
        var registers = new RegisterText(_graph, _lines, _expressions);
        foreach (var block in _registerBlocks)
        {
            registers.Print(block);
        }

        _lines.Section();
        Memories();
        _lines.Section();
        Outputs();
        _lines.Section();
        Properties();
        _lines.Section();
        Discards();
        _lines.SkipSection();
        _lines.Add(0, "endmodule");

        // Linters report a parameter that nothing reads: only the names that the text has used are declared.
        _lines.InsertAtMark([.. _expressions.UsedNames.Select(n =>
            $"    localparam {Ranged(_graph.Nodes[n.Key.Signal].Width)}{n.Value} = {ExpressionText.Constant(n.Key.Value, _graph.Nodes[n.Key.Signal].Width)};")]);
    }

    private void Header(bool isStub = false)
    {
        // Outputs first, clocks last: a new output then never touches the line of another port.
        var ports = new List<(string Direction, int Width, string Name, SourceLocation Location)>();
        ports.AddRange(_graph.Ports.Where(p => !p.IsInput).Select(p => (IsReg(p) && !isStub ? "output reg " : "output wire", p.Width, p.Name, p.Location)));
        ports.AddRange(_graph.Ports.Where(p => p.IsInput).Select(p => ("input  wire", p.Width, p.Name, p.Location)));
        ports.AddRange(_graph.ClockPortNames.Select(name => ("input  wire", 1, name, SourceLocation.Unknown)));
        _lines.Add(0, $"module {_graph.Name}{(ports.Count == 0 ? ";" : " (")}");
        for (var i = 0; i < ports.Count; i++)
        {
            var (direction, width, name, location) = ports[i];
            _lines.Add(1, $"{direction} {ExpressionText.Range(width).PadRight(RangeColumn)} {name}{(i + 1 < ports.Count ? "," : string.Empty)}", location);
        }

        if (ports.Count > 0)
        {
            _lines.Add(0, ");");
        }
    }

    private void Declarations()
    {
        foreach (var register in _graph.Registers.Where(r => !_merged.Contains(r.Node)))
        {
            _lines.Add(1, $"reg {Ranged(register.Width)}{register.Name};", register.Location);
        }

        foreach (var memory in _graph.Memories)
        {
            _lines.Add(1, FormattableString.Invariant($"reg {Ranged(memory.Width)}{memory.Name} [0:{memory.Depth - 1}];"), memory.Location);
        }

        foreach (var instance in _graph.Instances)
        {
            foreach (var (port, info) in OutputsOf(instance))
            {
                _lines.Add(1, $"wire {Ranged(info.Width)}{OutputName(instance, port)};");
            }
        }

        // A wire that is driven after its first readers is declared before them.
        foreach (var wire in _graph.Wires.Where(IsLate))
        {
            _lines.Add(1, $"{(IsCase(wire.Driver) ? "reg" : "wire")} {Ranged(wire.Width)}{wire.Name};", wire.Location);
        }
    }

    /// <summary>The combinational logic in the order in which it was made, which no reader can change.</summary>
    private void Logic()
    {
        var steps = new List<(int Position, int Kind, WireInfo Wire)>();
        foreach (var wire in _graph.Wires)
        {
            steps.Add(wire.IsMade ? (wire.Driver, 0, wire) : (Math.Max(wire.Node, wire.Driver), 1, wire));
        }

        foreach (var step in steps.OrderBy(s => s.Position).ThenBy(s => s.Kind))
        {
            Wire(step.Wire);
        }
    }

    private void Wire(WireInfo wire)
    {
        if (wire.CrossingReason is { } reason)
        {
            _lines.Add(1, $"// Clock crossing: {reason}.");
        }

        Define(wire.Driver, wire.Name, wire.Width, IsLate(wire) || _merged.Contains(wire.Node), wire.Location);
    }

    /// <summary>Defines a name by an expression: as a statement where the expression is one and this is its name.</summary>
    private void Define(int id, string name, int width, bool isDeclared, SourceLocation location)
    {
        var node = _graph.Nodes[id];
        var operands = _graph.Operands(id);
        switch (node.Kind)
        {
            case NodeKind.PopCount when !_systemVerilog:
                Declare("wire");
                var counter = Unique(name + "_counter");
                var module = _popcountModule(_graph.Nodes[operands[0]].Width);
                _counters.AddRange([counter, module]);
                _lines.Add(1, $"{module} {counter} (.count({name}), .bits({_expressions.Definition(operands[0])}));", location);
                break;
            case NodeKind.Select when IsStatement(id):
                Declare("reg");
                Select(id, name, location);
                break;
            default:
                Assign(_expressions.Definition(id));
                break;
        }

        void Assign(string value) => _lines.Add(1, $"{(isDeclared ? "assign " : "wire " + Ranged(width))}{name} = {value};", location);

        void Declare(string kind)
        {
            if (!isDeclared)
            {
                _lines.Add(1, $"{kind} {Ranged(width)}{name};");
            }
        }
    }

    private void Select(int id, string name, SourceLocation location)
    {
        var operands = _graph.Operands(id).ToArray();
        var selectorWidth = _graph.Nodes[operands[0]].Width;
        var labels = operands.Skip(1).Select((_, option) => option == operands.Length - 2 ? "default" : _expressions.CodeName(operands[0], option) ?? ExpressionText.Constant(option, selectorWidth)).ToList();
        var column = labels.Max(l => l.Length) + 1;
        _lines.Add(1, "always @* begin", location);
        _lines.Add(2, $"case ({_expressions.Definition(operands[0])})");
        for (var option = 0; option < labels.Count; option++)
        {
            _lines.Add(3, $"{(labels[option] + ":").PadRight(column)} {name} = {_expressions.Definition(operands[option + 1])};");
        }

        _lines.Add(2, "endcase");
        _lines.Add(1, "end");
    }

    private void Instances()
    {
        foreach (var instance in _graph.Instances)
        {
            var connections = new List<string>();
            connections.AddRange(OutputsOf(instance).Select(o => $".{o.Info.Name}({OutputName(instance, o.Port)})"));
            connections.AddRange(InputsOf(instance).Select(i => $".{i.Info.Name}({_expressions.Definition(instance.Connections[i.Port])})"));
            var black = instance.Module.BlackBox;
            connections.AddRange(black is null
                ? instance.Module.ClockPortNames.Select(name => $".{name}({name})")
                : black.ClockPorts.Select(c => $".{c.Port}({(c.IsReset ? c.Domain.Reset : c.Domain.Clock)})"));
            var parameters = black is not { Parameters.Count: > 0 } ? string.Empty : $"#({string.Join(", ", black.Parameters.Select(p => $".{p.Name}({p.Value})"))}) ";
            _lines.Add(1, $"{black?.ModuleName ?? instance.Module.Name} {parameters}{instance.Name} (", instance.Location);
            for (var i = 0; i < connections.Count; i++)
            {
                _lines.Add(2, connections[i] + (i + 1 < connections.Count ? "," : string.Empty));
            }

            _lines.Add(1, ");");
        }
    }

    private void Memories()
    {
        foreach (var memory in _graph.Memories)
        {
            if (memory.Initial.Count > 0)
            {
                _lines.Add(1, "initial begin", memory.Location);
                for (var word = 0; word < memory.Initial.Count; word++)
                {
                    _lines.Add(2, FormattableString.Invariant($"{memory.Name}[{word}] = {ExpressionText.Constant(memory.Initial[word], memory.Width)};"));
                }

                _lines.Add(1, "end");
            }

            // All writes stand in one block: there the last assignment wins, as the later port does.
            var writes = memory.Writes.Select(write => $"if ({_expressions.Definition(write.Enable)}) {memory.Name}[{_expressions.Definition(write.Address)}] <= {_expressions.Definition(write.Data)};").ToList();
            if (writes.Count > 0)
            {
                _lines.Add(1, $"always @(posedge {memory.Domain.Clock})" + (writes.Count > 1 ? " begin" : string.Empty), memory.Location);
                foreach (var write in writes)
                {
                    _lines.Add(2, write);
                }

                if (writes.Count > 1)
                {
                    _lines.Add(1, "end");
                }
            }
        }
    }

    private void Outputs()
    {
        foreach (var port in _graph.Ports.Where(p => !p.IsInput && !_graph.IsMergedOutput(p)))
        {
            _lines.Add(1, $"assign {port.Name} = {_expressions.Definition(port.Node)};", port.Location);
        }
    }

    private void Properties()
    {
        if (_graph.Properties.Count == 0)
        {
            return;
        }

        _lines.Add(0, "`ifdef FORMAL");
        foreach (var property in _graph.Properties)
        {
            var guard = _graph.UsesReset(property.Domain) ? $"if ({property.Domain.Reset}) " : string.Empty;
            _lines.Add(1, $"always @(posedge {property.Domain.Clock})", property.Location);
            _lines.Add(2, $"{guard}{property.Name}: {property.Kind.ToString().ToLowerInvariant()} ({_expressions.Definition(property.Condition)});");
        }

        _lines.Add(0, "`endif");
    }
}
