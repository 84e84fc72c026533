namespace HwGen.Netlist.Json;

/// <content>Registers, memories and instances.</content>
internal sealed partial class YosysModule
{
    private void RegisterCell(RegisterInfo register)
    {
        var q = BitsOf(register.Node);
        var d = q;
        foreach (var drive in register.Drives)
        {
            var value = BitsOf(drive.Value);
            d = drive.Condition < 0 ? value : Multiplexer(d, value, BitsOf(drive.Condition)[0]);
        }

        var clock = _clocks[register.Domain.Clock];
        var width = YosysJson.Decimal(register.Width);
        if (register.Reset is not { } reset)
        {
            Cell("$dff", null, [("CLK_POLARITY", "1"), ("WIDTH", width)], [("CLK", [clock]), ("D", d), ("Q", q)]);
            return;
        }

        var (type, port) = register.Domain.IsAsynchronous ? ("$adff", "ARST") : ("$sdff", "SRST");
        Cell(
            type, null,
            [("CLK_POLARITY", "1"), ($"{port}_POLARITY", "0"), ($"{port}_VALUE", YosysJson.Binary(reset, register.Width)), ("WIDTH", width)],
            [("CLK", [clock]), (port, [_clocks[register.Domain.Reset]]), ("D", d), ("Q", q)]);
    }

    private void MemoryCell(int index)
    {
        var memory = _graph.Memories[index];
        var reads = Enumerable.Range(0, _graph.Nodes.Count).Where(id => _graph.Nodes[id].Kind == NodeKind.MemoryRead && _graph.Nodes[id].Payload == index).ToList();
        var (ports, writes) = (reads.Count, memory.Writes.Count);
        if (ports == 0 || (writes == 0 && memory.Initial.Count == 0))
        {
            return;
        }

        var addressBits = Widths.Index(memory.Depth);
        var initial = string.Concat(Enumerable.Range(0, memory.Depth).Reverse()
            .Select(word => memory.Initial.Count > 0 ? YosysJson.Binary(memory.Initial[word], memory.Width) : new string('x', memory.Width)));
        var perRead = new string('0', ports);
        var unknown = new string('x', ports * memory.Width);

        // A later write port has priority over each earlier one.
        var priority = string.Concat(Enumerable.Range(0, writes).Reverse().Select(later => string.Concat(Enumerable.Range(0, writes).Reverse().Select(earlier => earlier < later ? '1' : '0'))));
        Cell(
            "$mem_v2", memory.Name,
            [
                ("MEMID", "\\" + memory.Name), ("SIZE", YosysJson.Decimal(memory.Depth)), ("OFFSET", YosysJson.Decimal(0)), ("ABITS", YosysJson.Decimal(addressBits)),
                ("WIDTH", YosysJson.Decimal(memory.Width)), ("INIT", initial), ("RD_PORTS", YosysJson.Decimal(ports)), ("RD_CLK_ENABLE", perRead), ("RD_CLK_POLARITY", perRead),
                ("RD_TRANSPARENCY_MASK", new string('0', Math.Max(1, ports * writes))), ("RD_COLLISION_X_MASK", new string('0', Math.Max(1, ports * writes))),
                ("RD_WIDE_CONTINUATION", perRead), ("RD_CE_OVER_SRST", perRead), ("RD_ARST_VALUE", unknown), ("RD_SRST_VALUE", unknown), ("RD_INIT_VALUE", unknown),
                ("WR_PORTS", YosysJson.Decimal(writes)), ("WR_CLK_ENABLE", new string('1', Math.Max(1, writes))), ("WR_CLK_POLARITY", new string('1', Math.Max(1, writes))),
                ("WR_PRIORITY_MASK", priority.Length == 0 ? "0" : priority), ("WR_WIDE_CONTINUATION", new string('0', Math.Max(1, writes))),
            ],
            [
                ("RD_CLK", Constant(0, ports)), ("RD_EN", [.. Enumerable.Repeat(One, ports)]), ("RD_ARST", Constant(0, ports)), ("RD_SRST", Constant(0, ports)),
                ("RD_ADDR", [.. reads.SelectMany(id => Operand(id, 0))]), ("RD_DATA", [.. reads.SelectMany(BitsOf)]),
                ("WR_CLK", [.. Enumerable.Repeat(_clocks[memory.Domain.Clock], writes)]),
                ("WR_EN", [.. memory.Writes.SelectMany(w => Enumerable.Repeat(BitsOf(w.Enable)[0], memory.Width))]),
                ("WR_ADDR", [.. memory.Writes.SelectMany(w => BitsOf(w.Address))]), ("WR_DATA", [.. memory.Writes.SelectMany(w => BitsOf(w.Data))]),
            ]);
    }

    private void InstanceCell(InstanceInfo instance)
    {
        var connections = new List<(string, int[])>();
        for (var port = 0; port < instance.Module.Ports.Count; port++)
        {
            connections.Add((instance.Module.Ports[port].Name, BitsOf(instance.Module.Ports[port].IsInput ? instance.Connections[port] : instance.OutputNodes[port])));
        }

        if (instance.Module.BlackBox is { } black)
        {
            connections.AddRange(black.ClockPorts.Select(c => (c.Port, new[] { _clocks[c.IsReset ? c.Domain.Reset : c.Domain.Clock] })));
            Cell(black.ModuleName, instance.Name, [.. black.Parameters.Select(p => (p.Name, Parameter(p.Value)))], connections);
            return;
        }

        foreach (var name in instance.Module.ClockPortNames)
        {
            connections.Add((name, [_clocks[name]]));
        }

        Cell(instance.Module.Name, instance.Name, [], connections);
    }
}
