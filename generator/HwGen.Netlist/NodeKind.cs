namespace HwGen.Netlist;

/// <summary>
/// The word-level node kinds of a netlist. Everything else in the language is library code over them.
/// Each kind has an exact width law, given here and held for the whole graph by <see cref="ModuleGraph"/>.
/// w(x) is the width of operand x in bits.
/// </summary>
public enum NodeKind : byte
{
    /// <summary>A fixed unsigned value. No operands; the value fits the width.</summary>
    Constant,

    /// <summary>An input port of the module. No operands.</summary>
    Input,

    /// <summary>The present value of a register. No operands: what drives it is in <see cref="RegisterInfo"/>.</summary>
    Register,

    /// <summary>A named wire. No operands: what drives it is in <see cref="WireInfo"/>.</summary>
    Wire,

    /// <summary>An output port of an instance, seen from the module around it. No operands.</summary>
    InstanceOutput,

    /// <summary>An asynchronous read of a memory: operand address; width = the memory's word width.</summary>
    MemoryRead,

    /// <summary>Bitwise complement: w = w(a).</summary>
    Not,

    /// <summary>Bitwise AND: w = w(a) = w(b).</summary>
    And,

    /// <summary>Bitwise OR: w = w(a) = w(b).</summary>
    Or,

    /// <summary>Bitwise XOR: w = w(a) = w(b).</summary>
    Xor,

    /// <summary>Sum modulo 2^w: w = w(a) = w(b).</summary>
    Add,

    /// <summary>Difference modulo 2^w: w = w(a) = w(b).</summary>
    Subtract,

    /// <summary>Product modulo 2^w: w = w(a) = w(b).</summary>
    Multiply,

    /// <summary>Equality: w(a) = w(b); w = 1.</summary>
    Equal,

    /// <summary>Unsigned order a &lt; b: w(a) = w(b); w = 1.</summary>
    LessThan,

    /// <summary>Two's complement order a &lt; b: w(a) = w(b); w = 1.</summary>
    LessThanSigned,

    /// <summary>a shifted left by the unsigned value of b, zeros enter: w = w(a), w(b) any.</summary>
    ShiftLeft,

    /// <summary>a shifted right by the unsigned value of b, zeros enter: w = w(a), w(b) any.</summary>
    ShiftRight,

    /// <summary>a shifted right by the unsigned value of b, the sign bit enters: w = w(a), w(b) any.</summary>
    ShiftRightSigned,

    /// <summary>Operands side by side, the most significant first: w = the sum of their widths.</summary>
    Concatenate,

    /// <summary>Bits low to low + w − 1 of the operand; low + w ≤ w(a).</summary>
    Slice,

    /// <summary>The operand with zeros above it: w &gt; w(a).</summary>
    ZeroExtend,

    /// <summary>The operand with copies of its sign bit above it: w &gt; w(a).</summary>
    SignExtend,

    /// <summary>AND over all bits of the operand: w = 1.</summary>
    ReduceAnd,

    /// <summary>OR over all bits of the operand: w = 1.</summary>
    ReduceOr,

    /// <summary>XOR over all bits of the operand: w = 1.</summary>
    ReduceXor,

    /// <summary>The number of ones in the operand: w = ⌊log2 w(a)⌋ + 1.</summary>
    PopCount,

    /// <summary>
    /// Operand 0 selects among the operands that follow, first for 0; values past the last take the last.
    /// 2 ≤ options ≤ 2^w(selector); all options have width w.
    /// </summary>
    Select,
}
