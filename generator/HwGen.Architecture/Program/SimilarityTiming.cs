using System.Numerics;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>
/// The fixed waits of a similarity unit, in cycles: the hardware waits as long, and <see cref="SimilarityCommand.Cycles"/> counts the same. A row is
/// read in one cycle, counted in the next and added in the third.
/// </summary>
public sealed class SimilarityTiming(ArrayConfiguration configuration)
{
    /// <summary>Cycles from the start of a pass to its first operand: the candidates are taken over, the first is found, it is looked whether there are enough.</summary>
    public const int BeginCycles = 3;

    /// <summary>Bits that a digit of the iterative multiplication has.</summary>
    public const int DigitBits = 16;

    /// <summary>Cycles from the address of the last row of a tile to its sums.</summary>
    public const int SettleCycles = 3;

    /// <summary>Levels of an adder tree that lie between two registers.</summary>
    public const int SumLevels = 3;

    /// <summary>Levels of a tree of comparisons that lie between two registers.</summary>
    public const int CompareLevels = 2;

    /// <summary>Cycles behind a pass that measures the lengths of filters.</summary>
    public const int NormDrain = SettleCycles;

    /// <summary>Cycles behind a pass that counts similar partners.</summary>
    public const int CountDrain = SettleCycles + 4;

    /// <summary>Cycles behind a pass that keeps one of similar filters.</summary>
    public const int KeepDrain = SettleCycles + 2;

    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>Registers in the tree that adds the distances of all lanes.</summary>
    public int SumStages => Levels / SumLevels;

    /// <summary>Registers in the tree that finds the closest of all lanes.</summary>
    public int CompareStages => Levels / CompareLevels;

    /// <summary>Cycles behind a pass that gathers statistics.</summary>
    public int StatisticsDrain => SettleCycles + 2 + SumStages;

    /// <summary>Cycles behind a pass that finds the closest pair.</summary>
    public int ClosestDrain => SettleCycles + 2 + CompareStages;

    /// <summary>Cycles from the sums of squares to the root of a distance.</summary>
    public int RootCycles => _widths.RootBits + SettleCycles + 1;

    /// <summary>Digits of a number of pairs.</summary>
    public int PairDigits => Digits(_widths.PairBits);

    /// <summary>Digits of a sum of distances.</summary>
    public int SumDigits => Digits(_widths.SumBits);

    /// <summary>Cycles that divide, two bits of the threshold each.</summary>
    public int DivideCycles => (_widths.StatisticBits + 1) / 2;

    /// <summary>
    /// Cycles from the statistics to the threshold: P·P, P·Σd, P·Σd², (Σd)² and b·(…), each a load and its digits; the dividend; the
    /// division; the sum that is one more than the quotient.
    /// </summary>
    public int SolveCycles => (3 * (PairDigits + 1)) + SumDigits + 1 + 2 + 1 + DivideCycles + 1;

    private int Levels => _widths.ComparedLanes == 1 ? 0 : BitOperations.Log2((uint)_widths.ComparedLanes - 1) + 1;

    private static int Digits(int bits) => ((bits - 1) / DigitBits) + 1;
}
