using System.Numerics;

namespace HwGen.Networks;

/// <summary>The rounding modes of QONNX.</summary>
internal enum Rounding
{
    /// <summary>To the nearest; half to the even one.</summary>
    HalfEven,

    /// <summary>Towards plus infinity.</summary>
    Ceiling,

    /// <summary>Towards minus infinity.</summary>
    Floor,

    /// <summary>Away from zero.</summary>
    Up,

    /// <summary>Towards zero.</summary>
    Down,

    /// <summary>To the nearest; half away from zero.</summary>
    HalfUp,

    /// <summary>To the nearest; half towards zero.</summary>
    HalfDown,
}

/// <summary>Rounding of exact fractions.</summary>
internal static class RoundingRules
{
    public static Rounding Parse(string name) => name.ToUpperInvariant() switch
    {
        "ROUND" or "HALF_EVEN" => Rounding.HalfEven,
        "CEIL" => Rounding.Ceiling,
        "FLOOR" => Rounding.Floor,
        "UP" => Rounding.Up,
        "DOWN" => Rounding.Down,
        "HALF_UP" => Rounding.HalfUp,
        "HALF_DOWN" => Rounding.HalfDown,
        _ => throw new NodeException(Invariant($"the rounding mode '{name}' is unknown; ROUND, HALF_EVEN, CEIL, FLOOR, UP, DOWN, HALF_UP and HALF_DOWN are supported")),
    };

    public static BigInteger Round(Rational value, Rounding mode)
    {
        BigInteger floor = value.Floor();
        Rational part = value - Rational.FromInteger(floor);
        if (part.Sign == 0)
            return floor;
        bool negative = value.Sign < 0;
        int half = part.CompareTo(new Rational(1, 2));
        bool up = mode switch
        {
            Rounding.Ceiling => true,
            Rounding.Floor => false,
            Rounding.Up => !negative,
            Rounding.Down => negative,
            Rounding.HalfEven => half > 0 || (half == 0 && !floor.IsEven),
            Rounding.HalfUp => half > 0 || (half == 0 && !negative),
            _ => half > 0 || (half == 0 && negative),
        };
        return up ? floor + 1 : floor;
    }
}
