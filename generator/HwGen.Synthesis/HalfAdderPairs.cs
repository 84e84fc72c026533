using System.Globalization;
using HwGen.Synthesis.Liberty;

namespace HwGen.Synthesis;

/// <summary>
/// Two half adders, the carry of one going into the other, out of five inverting gates and two inverters where that is smaller than two half-adder cells. The first inverts
/// both of its outputs (NAND, OR-AND-invert), the second takes inverted inputs (NOR, AND-OR-invert); between them nothing has to be turned back. A popcount of N bits
/// has such a chain of half adders, one a column of an even number of bits.
/// </summary>
internal static class HalfAdderPairs
{
    /// <summary>The module that stands for a pair between its being found and its being mapped.</summary>
    public const string Module = "hwgen_half_adder_pair";

    // Popcounts of more than 4,096 bits keep what half adders they have beyond.
    private const int LargestColumn = 12;

    /// <summary>What is looked for, and the map of it; null where the library lacks a gate or gains nothing.</summary>
    public static (string Pattern, string Map)? Of(CellLibrary library)
    {
        if (library.HalfAdder is not { } half)
            return null;
        var inverter = library.FindGate(1, inputs => !inputs[0]);
        var nand = library.FindGate(2, inputs => !(inputs[0] && inputs[1]));
        var nor = library.FindGate(2, inputs => !(inputs[0] || inputs[1]));
        var orAnd = library.FindGate(3, inputs => !((inputs[0] || inputs[1]) && inputs[2]));
        var andOr = library.FindGate(3, inputs => !(inputs[0] && inputs[1] || inputs[2]));
        if (inverter is null || nand is null || nor is null || orAnd is null || andOr is null)
            return null;
        var area = 2 * inverter.Cell.Area + nand.Cell.Area + nor.Cell.Area + orAnd.Cell.Area + andOr.Cell.Area;
        if (area >= 2 * half.Cell.Area)
            return null;
        const string header = $"module {Module}(input a, input b, input c, output first_sum, output sum, output carry);";
        var pattern = string.Create(CultureInfo.InvariantCulture, $$"""
            {{header}}
              wire between;
              {{half.Cell.Name}} first (.{{half.Inputs[0]}}(a), .{{half.Inputs[1]}}(b), .{{half.Sum}}(first_sum), .{{half.Carry}}(between));
              {{half.Cell.Name}} second (.{{half.Inputs[0]}}(between), .{{half.Inputs[1]}}(c), .{{half.Sum}}(sum), .{{half.Carry}}(carry));
            endmodule

            """);
        var map = string.Create(CultureInfo.InvariantCulture, $$"""
            {{header}}
              wire not_between, not_first_sum, not_c;
              {{nand.Instance("carry_of_first", "not_between", "a", "b")}}
              {{orAnd.Instance("sum_of_first", "not_first_sum", "a", "b", "not_between")}}
              {{inverter.Instance("first_sum_inverter", "first_sum", "not_first_sum")}}
              {{inverter.Instance("c_inverter", "not_c", "c")}}
              {{nor.Instance("carry_of_second", "carry", "not_between", "not_c")}}
              {{andOr.Instance("sum_of_second", "sum", "not_between", "not_c", "carry")}}
            endmodule

            """);
        return (pattern, map);
    }

    /// <summary>
    /// The commands that find pairs, while popcounts are modules of their own: the search is short then, and looks into nothing else. The last half adder, which is on
    /// the longest path, stays as it is; with the one of column 0 too no popcount becomes slower.
    /// </summary>
    /// <param name="half">The half adder of the library.</param>
    /// <param name="firstColumn">The first column whose half adder is paired, with that of the next.</param>
    public static IEnumerable<string> Search(AdderPins half, int firstColumn)
    {
        yield return "opt_clean";
        yield return $"select -set last_adders o:* %ci3:+{half.Cell.Name}[{half.Carry}] t:{half.Cell.Name} %i";
        for (var column = firstColumn; column < LargestColumn; column += 2)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"extract -map half_adder_pair.v -swap {half.Cell.Name} {half.Inputs[0]},{half.Inputs[1]} */weight_{column}_adder_* */weight_{column + 1}_adder_* @last_adders %d");
        }
    }
}
