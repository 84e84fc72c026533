namespace HwGen.Netlist.Passes;

/// <summary>
/// Gives a wire to each expression that Verilog needs a name for: one that is a statement, one of which bits are taken, one that would be too long or too deep
/// inside its user. What is left is text without any decision.
/// </summary>
internal sealed class Legaliser(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, ModuleGraph> modules, bool systemVerilog) : GraphRewriter(source, modules)
{
    private readonly ExpressionPlan _plan = new(source, TextRoots.Names(source), systemVerilog, TextRoots.Of(source));
    private readonly Dictionary<int, int> _wires = [];

    /// <inheritdoc/>
    protected override int Operand(int user, int operand) => _plan.IsRead(user) && _plan.ReadsName(user, operand) ? NameNode(operand) : Copy(operand);

    /// <inheritdoc/>
    protected override int Root(int id) => id >= 0 && HasName(id) ? NameNode(id) : Copy(id);

    /// <inheritdoc/>
    protected override int WireDriver(WireInfo wire) => IsNamed(wire.Driver, wire.Name) ? Copy(wire.Driver) : Root(wire.Driver);

    /// <inheritdoc/>
    protected override void AfterNode(int id)
    {
        var lent = _plan.LentName(id);
        var isOutputs = lent is not null && Source.FirstReader(id) < 0;
        if (isOutputs || _plan.HasOwnWire(id))
        {
            var width = Source.Nodes[id].Width;
            var node = Target.Add(NodeKind.Wire, width, Target.WireList.Count, []);
            var place = isOutputs ? Source.PortList[-2 - Source.FirstReader(id)].Location : SourceLocation.Unknown;
            Target.WireList.Add(new WireInfo(lent ?? _plan.NameOf(id), width, node, place) { Driver = Copy(id), IsMade = true });
            _wires.Add(id, node);
        }
        else if (lent is not null)
        {
            // The wire stands before whatever reads the expression by its name.
            _wires.Add(id, -1);
        }
    }

    /// <summary>
    /// What is read in parts is read here as a whole too, or linters report the rest. That other readers take the whole is not looked at, so that one more
    /// reader changes no line.
    /// </summary>
    protected override void Finish()
    {
        var isSliced = new bool[Source.Nodes.Count];
        for (var id = 0; id < isSliced.Length; id++)
        {
            if (Source.Nodes[id].Kind == NodeKind.Slice && _plan.IsRead(id))
            {
                isSliced[Source.Operands(id)[0]] = true;
            }
        }

        var ignored = new HashSet<int>(Target.DiscardedList);
        for (var id = 0; id < isSliced.Length; id++)
        {
            if (Source.Nodes[id].Kind == NodeKind.InstanceOutput && (isSliced[id] || !_plan.IsRead(id)) && ignored.Add(Copy(id)))
            {
                Target.DiscardedList.Add(Copy(id));
            }
        }

        for (var id = 0; id < isSliced.Length; id++)
        {
            if (isSliced[id] && _plan.HasOwnWire(id) && ignored.Add(NameNode(id)))
            {
                Target.DiscardedList.Add(NameNode(id));
            }
        }
    }

    /// <summary>True for an expression that a reader outside of expressions takes by its name.</summary>
    private bool HasName(int id) => !Shape.IsLeaf(Source.Nodes[id].Kind) && _plan.IsRead(id) && (_plan.IsStatement(id) || _plan.LentName(id) is not null);

    private bool IsNamed(int id, string name) => HasName(id) && _plan.NameOf(id) == name;

    private int NameNode(int id)
    {
        if (!_wires.TryGetValue(id, out var wire))
        {
            return Copy(id);
        }

        return wire >= 0 ? wire : Copy(Source.WireList[Source.FirstReader(id) - 1].Node);
    }
}
