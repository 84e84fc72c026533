namespace HwGen.Netlist;

/// <summary>A clock and its reset. Registers change on the rising edge; the reset is active low.</summary>
/// <param name="Clock">The name of the clock port.</param>
/// <param name="Reset">The name of the reset port.</param>
/// <param name="IsAsynchronous">True when the reset acts at once, false when at the next rising edge.</param>
public sealed record ClockDomain(string Clock, string Reset, bool IsAsynchronous = false)
{
    /// <summary>The domain of a module that names none: <c>clock</c>, <c>reset_n</c>, synchronous.</summary>
    public static ClockDomain Default { get; } = new("clock", "reset_n");
}
