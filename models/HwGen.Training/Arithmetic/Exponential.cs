namespace HwGen.Training.Arithmetic;

/// <summary>
/// eˣ for x ≤ 0 from additions and multiplications alone. The library's function differs in the last bit between operating systems,
/// and one bit in a gradient is another network in the end.
/// </summary>
internal static class Exponential
{
    /// <summary>eˣ to about 1e-15 for x of 0 or less; 0 below −700.</summary>
    public static double Of(double x)
    {
        if (x < -700)
            return 0;
        // x = n·ln 2 + r with |r| ≤ ln 2 / 2; the Taylor series of e^r to the 13th power is exact to the last bits.
        double n = Math.Round(x * 1.4426950408889634);
        double r = x - (n * 0.693147180369123816490) - (n * 1.90821492927058770002e-10);
        double sum = 1;
        for (int power = 13; power >= 1; power--)
            sum = 1 + (r * sum / power);
        return sum * BitConverter.Int64BitsToDouble((1023L + (long)n) << 52);
    }
}
