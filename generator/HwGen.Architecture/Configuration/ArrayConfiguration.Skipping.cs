namespace HwGen.Architecture.Configuration;

// Operands that count nothing.
public sealed partial record ArrayConfiguration
{
    /// <summary>The fewest weight bit-planes of a core that skips operands: the first two planes are always met.</summary>
    public const int LeastSkippingWeightBits = 3;

    /// <summary>
    /// True for a core that meets no weight plane beyond the second with an operand that counts nothing. The cycles of a layer then depend on its input. A core without has none of its logic.
    /// </summary>
    public bool OperandSkipping { get; init; }

    /// <summary>Bits of the counter of skipped operands: as many as can happen while the 32-bit counter of cycles does not wrap.</summary>
    public int SkippedCounterBits => 32 + Bits(WeightBits);
}
