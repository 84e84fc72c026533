using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Unsigned values of a width that depends on the configuration, brought to the width of what they are added to or compared with.</summary>
internal static class SignalFit
{
    /// <summary>Extends a value with zeros, or leaves out bits of it that are 0 by construction.</summary>
    /// <param name="value">The value, below 2^width.</param>
    /// <param name="width">Bits of the result.</param>
    /// <param name="discard">The module's own Discard, where nothing else reads the bits that are left out; null otherwise.</param>
    /// <returns>The value in <paramref name="width"/> bits.</returns>
    public static Signal FitTo(this Signal value, int width, Action<Signal>? discard = null)
    {
        if (value.Width <= width)
        {
            return value.ZeroExtend(width);
        }

        discard?.Invoke(value.Bits(width, value.Width - width));
        return value.Truncate(width);
    }
}
