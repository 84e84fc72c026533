namespace HwGen.Networks;

/// <summary>How the outputs of a source file follow from the integers of the network that was imported from it.</summary>
/// <param name="Factor">The source's output is factor · integer + offset; above 0.</param>
/// <param name="Offset">The offset.</param>
/// <param name="ClassesOnly">True where only the order of the outputs is kept (a softmax was left out, or outputs of unlike scales were rounded to one): the classes that win can be compared, not the values.</param>
public sealed record SourceRelation(Rational Factor, Rational Offset, bool ClassesOnly)
{
    /// <summary>Beyond this distance from a whole number, in steps, an output is no integer of the network; the rounding of 64-bit floats is far below.</summary>
    private const double LargestRest = 1.0 / 1024;

    internal static SourceRelation Classes { get; } = new(Rational.FromInteger(1), default, ClassesOnly: true);

    internal static SourceRelation Affine(Rational factor, Rational offset) => new(factor, offset, ClassesOnly: false);

    /// <summary>The integer that an output of the source stands for; null when it stands for none.</summary>
    public long? Integer(double output)
    {
        double steps = (output - Offset.ToDouble()) / Factor.ToDouble(), whole = Math.Round(steps);
        return Math.Abs(steps - whole) <= LargestRest && Math.Abs(whole) < 1L << 62 ? (long)whole : null;
    }
}
