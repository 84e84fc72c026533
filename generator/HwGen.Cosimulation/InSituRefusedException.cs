namespace HwGen.Cosimulation;

/// <summary>A layer cannot be measured in an array: it is refused by name and reason, never measured elsewhere.</summary>
public sealed class InSituRefusedException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="layer">The layer, or the key of the recipe.</param>
    /// <param name="reason">What does not fit.</param>
    public InSituRefusedException(string layer, string reason)
        : base($"{layer}: {reason}")
    {
    }
}
