using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Mutation.Tests.Faults;

/// <summary>The faults of what drives a register, and of the write ports of memories.</summary>
internal static class RegisterFaults
{
    /// <summary>The reset dropped or to another value, a drive that holds always, a drive that is missing.</summary>
    public static IEnumerable<NodeFault> Of(RegisterInfo register, Random random)
    {
        if (register.Reset is { } reset)
        {
            yield return new NodeFault(register.Node, "reset dropped") { Drive = (_, _, drives) => (null, drives) };
            var bit = random.Next(register.Width);
            yield return new NodeFault(register.Node, $"bit {bit} of the reset value changed") { Drive = (_, _, drives) => (reset ^ (BigInteger.One << bit), drives) };
        }

        var place = random.Next(register.Drives.Count);
        if (register.Drives[place].Condition >= 0)
        {
            yield return new NodeFault(register.Node, $"drive {place} without its enable")
            {
                Drive = (_, value, drives) => (value, [.. drives.Select((drive, i) => i == place ? (-1, drive.Value) : drive)]),
            };
            yield return new NodeFault(register.Node, $"enable of drive {place} inverted")
            {
                Drive = (g, value, drives) => (value, [.. drives.Select((drive, i) => i == place ? (g.Inverted(drive.Condition), drive.Value) : drive)]),
            };
        }

        yield return new NodeFault(register.Node, $"drive {place} missing") { Drive = (_, value, drives) => (value, [.. drives.Where((_, i) => i != place)]) };
    }

    /// <summary>A write port that writes always or never, the wrong word, or a wrong bit.</summary>
    public static IEnumerable<NodeFault> OfWrite(ModuleGraph graph, int memory, int port, Random random)
    {
        var info = graph.Memories[memory];
        var address = graph.Nodes[info.Writes[port].Address].Width;
        var (addressBit, dataBit) = (random.Next(address), random.Next(info.Width));
        yield return Fault("write enable stuck at 1", (g, write) => write with { Enable = g.Constant(1, 1) });
        yield return Fault("write enable stuck at 0", (g, write) => write with { Enable = g.Constant(0, 1) });
        yield return Fault("write enable inverted", (g, write) => write with { Enable = g.Inverted(write.Enable) });
        foreach (var kind in (BitFault[])[BitFault.Inverted, BitFault.StuckAt0, BitFault.StuckAt1])
        {
            yield return Fault($"bit {addressBit} of the write address {NodeFaults.Words(kind)}", (g, write) => write with { Address = g.WithBit(write.Address, addressBit, kind) });
            yield return Fault($"bit {dataBit} of the written word {NodeFaults.Words(kind)}", (g, write) => write with { Data = g.WithBit(write.Data, dataBit, kind) });
        }

        NodeFault Fault(string what, Func<FaultyGraph, MemoryWrite, MemoryWrite> change) => new(-1, what) { Memory = memory, Port = port, Write = change };
    }
}
