namespace HwGen.Netlist.Checks;

/// <summary>The nodes that a module's state, children and outputs read: where every walk over a graph begins.</summary>
internal static class Sinks
{
    public static IEnumerable<int> Of(ModuleGraph graph) => All(graph).Where(node => node >= 0);

    private static IEnumerable<int> All(ModuleGraph graph)
    {
        foreach (var wire in graph.WireList)
        {
            yield return wire.Driver;
        }

        foreach (var register in graph.RegisterList)
        {
            foreach (var drive in register.DriveList)
            {
                yield return drive.Condition;
                yield return drive.Value;
            }
        }

        foreach (var memory in graph.MemoryList)
        {
            foreach (var write in memory.WriteList)
            {
                yield return write.Enable;
                yield return write.Address;
                yield return write.Data;
            }
        }

        foreach (var instance in graph.InstanceList)
        {
            foreach (var connection in instance.ConnectionList)
            {
                yield return connection;
            }
        }

        foreach (var property in graph.PropertyList)
        {
            yield return property.Condition;
        }

        foreach (var port in graph.PortList)
        {
            if (!port.IsInput)
            {
                yield return port.Node;
            }
        }
    }
}
