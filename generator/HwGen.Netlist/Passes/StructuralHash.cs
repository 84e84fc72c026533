namespace HwGen.Netlist.Passes;

/// <summary>A hash of what an expression is: its operators, and the names it reads. The same in every version of a module and on every machine.</summary>
internal static class StructuralHash
{
    /// <summary>The hash (FNV-1a) of a node from those of its operands.</summary>
    public static ulong Of(ModuleGraph graph, int id, ulong[] hashes)
    {
        var node = graph.Nodes[id];
        var hash = 14695981039346656037UL;
        Mix((ulong)node.Kind);
        Mix((ulong)node.Width);
        switch (node.Kind)
        {
            case NodeKind.Constant:
                foreach (var part in graph.ConstantValue(id).ToByteArray())
                {
                    Mix(part);
                }

                break;
            case NodeKind.Input:
                MixName(graph.PortList[node.Payload].Name);
                break;
            case NodeKind.Register:
                MixName(graph.RegisterList[node.Payload].Name);
                break;
            case NodeKind.Wire:
                MixName(graph.WireList[node.Payload].Name);
                break;
            case NodeKind.MemoryRead:
                MixName(graph.MemoryList[node.Payload].Name);
                break;
            case NodeKind.InstanceOutput:
                var (instance, port) = graph.InstanceOutputList[node.Payload];
                MixName(graph.InstanceList[instance].Name);
                MixName(graph.InstanceList[instance].Module.PortList[port].Name);
                break;
            default:
                Mix((ulong)node.Payload);
                break;
        }

        foreach (var operand in graph.Operands(id))
        {
            Mix(hashes[operand]);
        }

        return Finish(hash);

        void Mix(ulong value)
        {
            for (var i = 0; i < 8; i++)
            {
                hash = (hash ^ (byte)(value >> (8 * i))) * 1099511628211UL;
            }
        }

        void MixName(string name)
        {
            foreach (var c in name)
            {
                Mix(c);
            }
        }
    }

    // FNV leaves its high digits poorly mixed, and names show those first (the finaliser of MurmurHash3).
    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
