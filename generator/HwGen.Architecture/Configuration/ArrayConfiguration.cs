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
/// <param name="InitialWords">Initial values of accumulators (negated thresholds, or biases) that the core holds, over all lanes; a power of two.</param>
/// <param name="LargestFanIn">The largest number of products that one result sums.</param>
/// <param name="InputBits">The largest number of input bit-planes, and of output bit-planes.</param>
/// <param name="WeightBits">The largest number of weight bit-planes.</param>
/// <param name="LevelWords">Words of the level memory: thresholds of outputs of several levels, or a multiplier and a shift a filter; a power of two.</param>
/// <param name="MultiplierBits">Bits of the multipliers of requantised outputs, two's complement; 0 for a core that does not requantise.</param>
public sealed partial record ArrayConfiguration(
    string Name,
    int Rows,
    int Columns,
    int Lanes,
    IReadOnlyList<RowOperation> RowOperations,
    int OperandWords = ArrayConfiguration.DefaultOperandWords,
    int ResultWords = ArrayConfiguration.DefaultResultWords,
    int InitialWords = ArrayConfiguration.DefaultInitialWords,
    int LargestFanIn = ArrayConfiguration.DefaultLargestFanIn,
    int InputBits = ArrayConfiguration.DefaultInputBits,
    int WeightBits = ArrayConfiguration.DefaultWeightBits,
    int LevelWords = ArrayConfiguration.DefaultLevelWords,
    int MultiplierBits = ArrayConfiguration.DefaultMultiplierBits)
{
    /// <summary>Operand memory words when the configuration names none.</summary>
    public const int DefaultOperandWords = 4096;

    /// <summary>Result memory words when the configuration names none.</summary>
    public const int DefaultResultWords = 1024;

    /// <summary>Initial values when the configuration names none.</summary>
    public const int DefaultInitialWords = 1024;

    /// <summary>Largest fan-in when the configuration names none.</summary>
    public const int DefaultLargestFanIn = 4096;

    /// <summary>Input bit-planes when the configuration names none.</summary>
    public const int DefaultInputBits = 8;

    /// <summary>Weight bit-planes when the configuration names none.</summary>
    public const int DefaultWeightBits = 8;

    /// <summary>Level memory words when the configuration names none.</summary>
    public const int DefaultLevelWords = 4096;

    /// <summary>Multiplier bits when the configuration names none.</summary>
    public const int DefaultMultiplierBits = 32;

    /// <summary>Bits of the shift of a requantised output.</summary>
    public const int ScaleShiftBits = 6;

    /// <summary>The most cells that one array may have.</summary>
    public const long LargestCells = 1L << 24;

    /// <summary>All four row operations.</summary>
    public static IReadOnlyList<RowOperation> AllOperations { get; } = [RowOperation.Nand, RowOperation.And, RowOperation.Xor, RowOperation.Or];

    /// <summary>Row groups: rows that one lane holds.</summary>
    public int Groups => Rows / Lanes;

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

    /// <summary>Initial values that one lane holds: one for each tile of filters.</summary>
    public int InitialDepth => Math.Max(1, InitialWords / TotalLanes);

    /// <summary>Bits of the address of an initial value.</summary>
    public int InitialAddressBits => Bits(InitialDepth - 1);

    /// <summary>How often the lanes can be halved: the exponent of two in their number.</summary>
    public int LargestFolds => System.Numerics.BitOperations.TrailingZeroCount(Lanes);

    /// <summary>Bits of a popcount of a row.</summary>
    public int CountBits => Bits(Columns);

    /// <summary>Bits of the weight of a pair of bit-planes, input plane + weight plane.</summary>
    public int ShiftBits => Bits(Math.Max(InputBits + WeightBits - 2, SimilarityShift));

    /// <summary>Bits of a level memory address.</summary>
    public int LevelAddressBits => Bits(LevelWords - 1);

    /// <summary>True when values can have so many levels that their number is found sooner by halving than by a look at each threshold.</summary>
    public bool SearchesLevels => InputBits > 2;

    /// <summary>True when all planes of a filter that lie in lanes of their own can leave in one cycle: <see cref="WeightBits"/> of them, as many of each macro.</summary>
    public bool JoinsAtOnce => WeightBits > 1 && WeightBits % Macros == 0 && WeightBits / Macros <= Lanes;

    /// <summary>Lanes of a macro whose planes leave together; 1 where they leave one after another.</summary>
    public int JoinedLanes => JoinsAtOnce ? WeightBits / Macros : 1;

    /// <summary>Bits of the value in a word of the level memory: a threshold or a multiplier, two's complement.</summary>
    public int LevelValueBits => Math.Max(AccumulatorBits, MultiplierBits);

    /// <summary>Bits of a word of the level memory: the value, and above it the shift where the core requantises.</summary>
    public int LevelBits => LevelValueBits + (MultiplierBits > 0 ? ScaleShiftBits : 0);

    /// <summary>
    /// Bits of an accumulator, two's complement. The sum of all absolute contributions is at most
    /// fan-in · (2^input bits − 1) · (2^weight bits − 1), and an initial value at most one more, so no partial sum can overflow: one bit for
    /// the sign, one to guard what the initial value adds.
    /// </summary>
    public int AccumulatorBits => Math.Max(Bits(LargestSum) + 2, CountBits + 3);

    /// <summary>Bits of the counter of row activations: as many as can happen while the 32-bit counter of cycles does not wrap.</summary>
    public int ActivationCounterBits => 32 + FilterCountBits;

    /// <summary>The largest sum of absolute contributions that the accumulators are built for.</summary>
    public long LargestSum => Math.Max(LargestFanIn * ((1L << InputBits) - 1) * ((1L << WeightBits) - 1), Similarity is null ? 0 : new SimilarityWidths(this).LargestSum);

    private static int Bits(long largest) => largest <= 0 ? 1 : System.Numerics.BitOperations.Log2((ulong)largest) + 1;
}
