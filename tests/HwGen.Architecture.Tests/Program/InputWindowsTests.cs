using HwGen.Architecture.Program;

namespace HwGen.Architecture.Tests.Program;

/// <summary>Windows of an input, against loops that follow their definition.</summary>
public class InputWindowsTests
{
    [Fact]
    public void Windows_by_hand()
    {
        // 0 1 2
        // 3 4 5, a window of 2 × 2, a row and a column of padding at the top and to the left.
        var windows = new InputWindows(1, 2, 3, 2, 2, 1, 2, 1, 1, 1, 1);
        var layout = new FeatureMapLayout(0, windows.Elements, 2, 2, 4, 8);
        var gathered = windows.Gather(layout, [10, 11, 12, 13, 14, 15]);
        long[] Window(int y, int x) => [.. Enumerable.Range(0, 4).Select(element => gathered[(((element * 2) + y) * 2) + x])];
        Window(0, 0).ShouldBe([0, 0, 0, 10]);
        Window(0, 1).ShouldBe([0, 0, 11, 12]);
        Window(1, 0).ShouldBe([0, 10, 0, 13]);
        Window(1, 1).ShouldBe([11, 12, 14, 15]);
        windows.ReachOutside(2, 2).ShouldBeTrue();
    }

    [Fact]
    public void Random_windows_follow_the_definition()
    {
        var random = new Random(5);
        var (compared, outside) = (0, 0);
        for (var i = 0; i < 300; i++)
        {
            var w = new InputWindows(
                random.Next(1, 4), random.Next(1, 9), random.Next(1, 9), random.Next(1, 4), random.Next(1, 4), random.Next(1, 4), random.Next(1, 4), random.Next(1, 3), random.Next(1, 3),
                random.Next(0, 3), random.Next(0, 3));
            var layout = new FeatureMapLayout(0, w.Elements, random.Next(1, 6), random.Next(1, 6), 8, 16);
            long[] values = [.. Enumerable.Range(0, w.Channels * w.Height * w.Width).Select(_ => (long)random.Next(1, 200))];
            var gathered = w.Gather(layout, values);
            var (place, reaches) = (0, false);
            foreach (var (c, ky, kx) in Triples(w.Channels, w.KernelHeight, w.KernelWidth))
            {
                foreach (var (_, y, x) in Triples(1, layout.Height, layout.Width))
                {
                    var (row, column) = ((y * w.StrideY) + (ky * w.DilationY) - w.Top, (x * w.StrideX) + (kx * w.DilationX) - w.Left);
                    var isInside = row >= 0 && row < w.Height && column >= 0 && column < w.Width;
                    reaches |= !isInside;
                    gathered[place++].ShouldBe(isInside ? values[(c * w.Height * w.Width) + (row * w.Width) + column] : 0);
                    compared++;
                }
            }

            place.ShouldBe(gathered.Length);
            w.ReachOutside(layout.Height, layout.Width).ShouldBe(reaches);
            outside += reaches ? 1 : 0;
        }

        compared.ShouldBeGreaterThan(10_000);
        outside.ShouldBeInRange(50, 299);
    }

    private static IEnumerable<(int, int, int)> Triples(int first, int second, int third) =>
        from a in Enumerable.Range(0, first)
        from b in Enumerable.Range(0, second)
        from c in Enumerable.Range(0, third)
        select (a, b, c);
}
