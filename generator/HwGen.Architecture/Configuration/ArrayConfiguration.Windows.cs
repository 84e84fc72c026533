namespace HwGen.Architecture.Configuration;

// Windows of inner layers that are packed densely.
public sealed partial record ArrayConfiguration
{
    /// <summary>The fewest words of a window memory.</summary>
    public const int FewestWindowWords = 16;

    /// <summary>The most words of a window memory.</summary>
    public const int MostWindowWords = 1 << 16;

    /// <summary>
    /// Words of the window memory, of <see cref="Columns"/> bits each; a power of two, or 0 for a core that has none: windows of feature maps are then packed by channel. A core without has none of its logic.
    /// </summary>
    public int WindowWords { get; init; }

    /// <summary>True for a core that can pack the windows of feature maps densely.</summary>
    public bool PacksWindows => WindowWords > 0;

    /// <summary>Bits of an address of the window memory.</summary>
    public int WindowAddressBits => Bits(WindowWords - 1);

    /// <summary>The most streams of a layer: each has at least four words, so that the windows of an output and what is gathered for the next lie apart.</summary>
    public int WindowStreams => WindowWords / 4;

    /// <summary>Bits of the place of a bit in a word.</summary>
    public int PlaceBits => Bits(Columns - 1);
}
