namespace HwGen.Simulation.Compiled;

/// <summary>What the values of a vector are.</summary>
internal enum VectorKind
{
    /// <summary>One node, the same for all elements.</summary>
    Uniform,

    /// <summary>Constants.</summary>
    Constants,

    /// <summary>Consecutive elements of an array.</summary>
    Range,

    /// <summary>Single bits of one node.</summary>
    Bits,
}

/// <summary>As many values of at most 64 bits as a vector has elements.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Count">How many.</param>
/// <param name="Node">The node of uniform values, or the one whose bits they are.</param>
/// <param name="Array">The array.</param>
/// <param name="Start">The first element in the array.</param>
/// <param name="Constants">The constants; the bits as masks within their words.</param>
/// <param name="Words">The word that each bit is in.</param>
internal sealed record VectorValue(
    VectorKind Kind, int Count, int Node = -1, VectorArray? Array = null, int Start = 0, ConstantVector? Constants = null, int[]? Words = null)
{
    /// <summary>False where every element is made by itself, and a vector only gathers them.</summary>
    public bool IsCheap => Array is null || Array.LoneNodes * 4 <= Count;

    /// <summary>Whether it is worth to work on it as a vector.</summary>
    public bool IsVector => Kind != VectorKind.Uniform && IsCheap;
}

/// <summary>Constants in the frame, one word each.</summary>
/// <param name="Values">The constants.</param>
internal sealed record ConstantVector(ulong[] Values)
{
    /// <summary>The place in the frame.</summary>
    public int Offset { get; set; }
}

/// <summary>What an array holds.</summary>
internal enum ArrayKind
{
    /// <summary>Registers.</summary>
    Registers,

    /// <summary>The results of one operator on vectors.</summary>
    Operator,

    /// <summary>Values from several places.</summary>
    Gathered,
}

/// <summary>A part of a gathered array: a vector, or nodes that stand alone.</summary>
internal sealed record ArrayPart(int Start, int Count, VectorValue? Value);

/// <summary>Nodes of one shape whose values are beside each other in the frame, one word each.</summary>
internal sealed class VectorArray(ArrayKind kind, int index, int[] nodes)
{
    public ArrayKind Kind { get; } = kind;

    /// <summary>Its number in the module.</summary>
    public int Index { get; } = index;

    public int[] Nodes { get; } = nodes;

    public int Count => Nodes.Length;

    /// <summary>The place of the first word in the frame.</summary>
    public int Offset { get; set; }

    /// <summary>The operands of an operator.</summary>
    public VectorValue[] Operands { get; init; } = [];

    /// <summary>The memories that a memory read reads.</summary>
    public MemoryArray? Memories { get; init; }

    /// <summary>The parts of a gathered array.</summary>
    public List<ArrayPart> Parts { get; } = [];

    /// <summary>The elements of a gathered array that no vector makes.</summary>
    public int LoneNodes => Parts.Where(part => part.Value is null).Sum(part => part.Count);

    /// <summary>How many vectors are made from it.</summary>
    public int VectorUses { get; set; }

    /// <summary>Whether its values must be in the frame, because something else than one vector of all elements reads them.</summary>
    public bool IsStored { get; set; }

    /// <summary>The method that makes it.</summary>
    public Body? Owner { get; set; }
}

/// <summary>Memories of one shape that are read at one address: word by word beside each other in the frame.</summary>
internal sealed class MemoryArray(int[] memories)
{
    public int[] Memories { get; } = memories;

    /// <summary>The place of the first word of the first memory.</summary>
    public int Offset { get; set; }

    /// <summary>Words of the frame from one word of a memory to the next.</summary>
    public int Stride { get; set; }

    /// <summary>What their one write port does, where the address is the same for all of them.</summary>
    public (VectorValue Enable, VectorValue Address, VectorValue Data)? Write { get; set; }
}

/// <summary>The next values of registers that are changed together.</summary>
/// <param name="Array">The registers.</param>
/// <param name="Drives">What drives them; the last one whose condition holds wins.</param>
internal sealed record VectorUpdate(VectorArray Array, IReadOnlyList<(VectorValue? Condition, VectorValue Value)> Drives);
