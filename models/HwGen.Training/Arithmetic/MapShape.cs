namespace HwGen.Training.Arithmetic;

/// <summary>The shape of one image's feature map.</summary>
/// <param name="Height">Lines.</param>
/// <param name="Width">Positions in a line.</param>
/// <param name="Channels">Values at a position.</param>
public readonly record struct MapShape(int Height, int Width, int Channels)
{
    /// <summary>The number of values.</summary>
    public int Size => Height * Width * Channels;

    /// <summary>The number of positions.</summary>
    public int Positions => Height * Width;
}
