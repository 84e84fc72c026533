namespace HwGen.Mapping;

/// <summary>How the input of a network lies in operand words.</summary>
public enum InputPacking
{
    /// <summary>The one of the two that takes fewer cycles an image, transfers included; <see cref="Channel"/> where they are equal.</summary>
    Fewest,

    /// <summary>The channels of a pixel side by side, in aligned words: a window is address generation only. So are the windows of all other layers then, in a core with a window memory too.</summary>
    Channel,

    /// <summary>The values of a whole window of the first convolution back to back: the host writes windows, and a kernel takes ⌈fan-in / columns⌉ operands.</summary>
    Dense,
}
