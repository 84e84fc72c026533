namespace HwGen.Golden;

/// <summary>Pools by their definition.</summary>
internal static class PoolDefinitions
{
    public static long[] Maximum(MaxPoolLayer layer, long[] x, TensorShape input, TensorShape output) =>
        Pool(layer, x, input, output, window => window.Max());

    public static long[] Sum(SumPoolLayer layer, long[] x, TensorShape input, TensorShape output) =>
        Pool(layer, x, input, output, window => window.Sum());

    private static long[] Pool(PoolLayer layer, long[] x, TensorShape input, TensorShape output, Func<List<long>, long> combine)
    {
        var y = new long[output.Count];
        var window = new List<long>();
        for (int channel = 0; channel < output.Channels; channel++)
        {
            for (int oy = 0; oy < output.Height; oy++)
            {
                for (int ox = 0; ox < output.Width; ox++)
                {
                    window.Clear();
                    for (int ky = 0; ky < layer.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < layer.KernelWidth; kx++)
                        {
                            int iy = (oy * layer.Stride.Y) - layer.Padding.Top + ky, ix = (ox * layer.Stride.X) - layer.Padding.Left + kx;
                            if (iy >= 0 && iy < input.Height && ix >= 0 && ix < input.Width)
                                window.Add(x[input.IndexOf(channel, iy, ix)]);
                        }
                    }
                    y[output.IndexOf(channel, oy, ox)] = combine(window);
                }
            }
        }
        return y;
    }
}
