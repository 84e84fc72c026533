using HwGen.Architecture.Program;

namespace HwGen.Architecture.Interpreter;

/// <summary>A coordinate of a pixel: two's complement in its field.</summary>
internal static class Coordinate
{
    private const int Limit = 1 << (DescriptorLayout.CoordinateBits - 1);

    /// <summary>The coordinate that a field holds.</summary>
    public static int Of(int field) => field >= Limit ? field - (2 * Limit) : field;
}
