using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Mutation.Tests.Faults;

/// <summary>A fault of one node of a module.</summary>
/// <param name="Node">The node; of a write port of a memory −1.</param>
/// <param name="What">What is wrong, in words.</param>
internal sealed record NodeFault(int Node, string What)
{
    /// <summary>True for a fault that changes what is read of the node; false for one of the drives of a register or of a write port.</summary>
    public bool IsAtNode => Make is not null;

    /// <summary>True for a fault that may leave each word of a memory at another address, for reads and writes alike.</summary>
    public bool MovesWords => What.EndsWith("inverted", StringComparison.Ordinal);

    /// <summary>The only node that reads the changed value; −1 for all.</summary>
    public int Reader { get; init; } = -1;

    /// <summary>Makes the faulty node.</summary>
    public Func<FaultyGraph, int>? Make { get; init; }

    /// <summary>Changes the reset value and the drives of a register.</summary>
    public Func<FaultyGraph, BigInteger?, List<(int Condition, int Value)>, (BigInteger? Reset, List<(int Condition, int Value)> Drives)>? Drive { get; init; }

    /// <summary>The memory whose write port is faulty.</summary>
    public int Memory { get; init; } = -1;

    /// <summary>The number of the write port.</summary>
    public int Port { get; init; }

    /// <summary>Changes a write port of a memory.</summary>
    public Func<FaultyGraph, MemoryWrite, MemoryWrite>? Write { get; init; }
}
