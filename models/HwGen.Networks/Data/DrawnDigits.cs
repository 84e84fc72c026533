namespace HwGen.Networks;

/// <summary>
/// Digits that the program draws itself, 28 × 28 grey pixels with labels, for machines without MNIST: strokes under a random
/// scale, slant, turn, shift, bend of every point, thickness and brightness, with noise. Integer arithmetic only, so that the bytes are the same on every machine.
/// </summary>
public static class DrawnDigits
{
    /// <summary>Height and width of an image.</summary>
    public const int Size = 28;

    /// <summary>Coordinates are in 1/256 pixel.</summary>
    private const int One = 256;

    /// <summary>Draws images; image i depends on the seed and on i alone, so a longer set starts with the shorter one.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Equal seeds give equal bytes. Take different seeds for training and for test.</param>
    public static ImageSet Draw(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var pixels = new byte[count * Size * Size];
        var labels = new byte[count];
        Parallel.For(0, count, index =>
        {
            // The index goes through the generator once, so that neighbouring images do not share their numbers.
            var random = new SplitMix(new SplitMix(seed ^ ((ulong)index * 0xD1342543DE82EF95)).Next());
            labels[index] = (byte)random.Between(0, 9);
            DrawOne(labels[index], ref random, pixels.AsSpan(index * Size * Size, Size * Size));
        });
        return new ImageSet("drawn-digits", new TensorShape(1, Size, Size), pixels, labels);
    }

    private static void DrawOne(int digit, ref SplitMix random, Span<byte> image)
    {
        int[][][] ways = DigitStrokes.Ways[digit];
        int[][] strokes = ways[random.Between(0, ways.Length - 1)];
        // The grid of 1000 becomes about 13 to 20 pixels; slant and turn are in 1/1024 of the other coordinate.
        int width = random.Between(13 * One, 20 * One), height = random.Between(16 * One, 22 * One);
        int slant = random.Between(-330, 330), turn = random.Between(-150, 150);
        int shiftX = random.Between(-2 * One, 2 * One), shiftY = random.Between(-2 * One, 2 * One);
        int radius = random.Between(One * 6 / 10, One * 15 / 10), brightness = random.Between(190, 255);
        Span<int> depth = stackalloc int[Size * Size];
        foreach (int[] stroke in strokes)
        {
            (int X, int Y) before = default;
            for (int i = 0; i < stroke.Length; i += 2)
            {
                int x = (stroke[i] - 500 + random.Between(-35, 35)) * width / 1000;
                int y = (stroke[i + 1] - 500 + random.Between(-35, 35)) * height / 1000;
                (int X, int Y) point = (
                    (Size * One / 2) + x - (y * (slant + turn) / 1024) + shiftX,
                    (Size * One / 2) + y + (x * turn / 1024) + shiftY);
                if (i > 0)
                    DrawSegment(before, point, radius, depth);
                before = point;
            }
        }
        for (int i = 0; i < depth.Length; i++)
        {
            // Two draws of noise add up to a triangle; a pixel in about 150 is a speck.
            int noise = random.Between(-12, 12) + random.Between(-12, 12);
            int speck = random.Between(0, 149) == 0 ? random.Between(40, 160) : 0;
            int grey = Math.Max(depth[i] * brightness / One, speck);
            image[i] = (byte)Math.Clamp(grey == 0 ? Math.Max(0, noise - 8) : grey + noise, 0, 255);
        }
    }

    /// <summary>Darkens the pixels near a segment: full within the radius, fading to nothing over one pixel.</summary>
    private static void DrawSegment((int X, int Y) from, (int X, int Y) to, int radius, Span<int> depth)
    {
        long dx = to.X - from.X, dy = to.Y - from.Y, lengthSquared = Math.Max(1, (dx * dx) + (dy * dy));
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                long px = (column * One) + (One / 2) - from.X, py = (row * One) + (One / 2) - from.Y;
                // The nearest point of the segment, as a part of 65536.
                long part = Math.Clamp(((px * dx) + (py * dy)) * 65536 / lengthSquared, 0, 65536);
                long ex = px - (dx * part / 65536), ey = py - (dy * part / 65536);
                int distance = (int)Root((ulong)((ex * ex) + (ey * ey)));
                int value = Math.Clamp(radius + (One / 2) - distance, 0, One);
                ref int pixel = ref depth[(row * Size) + column];
                pixel = Math.Max(pixel, value);
            }
        }
    }

    /// <summary>⌊√value⌋ by Newton's method on integers.</summary>
    private static ulong Root(ulong value)
    {
        if (value < 2)
            return value;
        ulong guess = 1UL << ((65 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 2 + 1);
        for (ulong next; (next = (guess + (value / guess)) / 2) < guess;)
            guess = next;
        return guess;
    }
}
