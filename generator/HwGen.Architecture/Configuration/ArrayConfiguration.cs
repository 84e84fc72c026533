namespace HwGen.Architecture.Configuration;

/// <summary>A Boolean operation of operand bit and stored bit; the value is its 2-bit code in hardware.</summary>
public enum RowOperation
{
    /// <summary>~(x &amp; w)</summary>
    Nand = 0,

    /// <summary>x &amp; w</summary>
    And = 1,

    /// <summary>x ^ w</summary>
    Xor = 2,

    /// <summary>x | w</summary>
    Or = 3,
}

/// <summary>What the user asks for: one accelerator core.</summary>
/// <param name="Name">Prefix of every module name: a lower-case identifier.</param>
/// <param name="Rows">Rows of the array.</param>
/// <param name="Columns">Cells of a row, and bits of an operand.</param>
/// <param name="Lanes">Rows that are evaluated each cycle; divides the rows.</param>
/// <param name="RowOperations">The operations that are built, ascending, each once; at least one.</param>
/// <param name="OperandWords">Words of the operand memory, each of <paramref name="Columns"/> bits; a power of two.</param>
/// <param name="ResultWords">Words of the result memory, one accumulator value each; a power of two.</param>
/// <param name="ThresholdWords">Words of the threshold memory; a power of two.</param>
/// <param name="LargestFanIn">The largest number of products that one result sums.</param>
/// <param name="InputBits">The largest number of input bit-planes.</param>
public sealed record ArrayConfiguration(
    string Name,
    int Rows,
    int Columns,
    int Lanes,
    IReadOnlyList<RowOperation> RowOperations,
    int OperandWords = ArrayConfiguration.DefaultOperandWords,
    int ResultWords = ArrayConfiguration.DefaultResultWords,
    int ThresholdWords = ArrayConfiguration.DefaultThresholdWords,
    int LargestFanIn = ArrayConfiguration.DefaultLargestFanIn,
    int InputBits = ArrayConfiguration.DefaultInputBits)
{
    /// <summary>Operand memory words when the configuration names none.</summary>
    public const int DefaultOperandWords = 4096;

    /// <summary>Result memory words when the configuration names none.</summary>
    public const int DefaultResultWords = 1024;

    /// <summary>Threshold memory words when the configuration names none.</summary>
    public const int DefaultThresholdWords = 1024;

    /// <summary>Largest fan-in when the configuration names none.</summary>
    public const int DefaultLargestFanIn = 16384;

    /// <summary>Input bit-planes when the configuration names none.</summary>
    public const int DefaultInputBits = 8;

    /// <summary>The most cells that one array may have.</summary>
    public const long LargestCells = 1L << 24;

    /// <summary>All four row operations.</summary>
    public static IReadOnlyList<RowOperation> AllOperations { get; } = [RowOperation.Nand, RowOperation.And, RowOperation.Xor, RowOperation.Or];

    /// <summary>Row groups: rows that one lane holds.</summary>
    public int Groups => Rows / Lanes;

    /// <summary>Bits of a row address.</summary>
    public int RowAddressBits => Bits(Rows - 1);

    /// <summary>Bits of a group address.</summary>
    public int GroupAddressBits => Bits(Groups - 1);

    /// <summary>Bits of a lane number.</summary>
    public int LaneBits => Bits(Lanes - 1);

    /// <summary>Bits of a number of lanes, 0 to <see cref="Lanes"/>.</summary>
    public int LaneCountBits => Bits(Lanes);

    /// <summary>Bits of an operand memory address.</summary>
    public int OperandAddressBits => Bits(OperandWords - 1);

    /// <summary>Bits of a result memory address.</summary>
    public int ResultAddressBits => Bits(ResultWords - 1);

    /// <summary>Bits of a threshold memory address.</summary>
    public int ThresholdAddressBits => Bits(ThresholdWords - 1);

    /// <summary>Bits of a popcount of a row.</summary>
    public int CountBits => Bits(Columns);

    /// <summary>Bits of the number of an input bit-plane.</summary>
    public int PlaneBits => Bits(InputBits - 1);

    /// <summary>
    /// Bits of an accumulator, two's complement. The sum of all absolute contributions is at most
    /// fan-in · (2^input bits − 1), so no partial sum can overflow; one doubled count fits always.
    /// </summary>
    public int AccumulatorBits => Math.Max(Bits(LargestFanIn * ((1L << InputBits) - 1)) + 1, CountBits + 3);

    /// <summary>Bits of a threshold: an accumulator value with one guard bit, so that always and never can be said.</summary>
    public int ThresholdBits => AccumulatorBits + 1;

    private static int Bits(long largest) => largest <= 0 ? 1 : System.Numerics.BitOperations.Log2((ulong)largest) + 1;
}
