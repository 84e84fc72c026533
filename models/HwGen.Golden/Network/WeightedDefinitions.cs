namespace HwGen.Golden;

/// <summary>Convolution and dense layers by their definition, products and sums of integers.</summary>
internal static class WeightedDefinitions
{
    public static long[] Convolution(ConvolutionLayer layer, long[] x, TensorShape input, TensorShape output)
    {
        WeightTensor weights = layer.Weights;
        var y = new long[output.Count];
        int filtersOfGroup = weights.Filters / layer.Groups;
        for (int filter = 0; filter < output.Channels; filter++)
        {
            int firstChannel = filter / filtersOfGroup * weights.Channels;
            for (int oy = 0; oy < output.Height; oy++)
            {
                for (int ox = 0; ox < output.Width; ox++)
                {
                    long sum = layer.Biases.Length == 0 ? 0 : layer.Biases[filter];
                    for (int channel = 0; channel < weights.Channels; channel++)
                    {
                        for (int ky = 0; ky < weights.KernelHeight; ky++)
                        {
                            for (int kx = 0; kx < weights.KernelWidth; kx++)
                            {
                                int iy = (oy * layer.Stride.Y) - layer.Padding.Top + (ky * layer.Dilation.Y);
                                int ix = (ox * layer.Stride.X) - layer.Padding.Left + (kx * layer.Dilation.X);
                                bool inside = iy >= 0 && iy < input.Height && ix >= 0 && ix < input.Width;
                                if (inside)
                                    sum += weights[filter, channel, ky, kx] * x[input.IndexOf(firstChannel + channel, iy, ix)];
                            }
                        }
                    }
                    y[output.IndexOf(filter, oy, ox)] = sum;
                }
            }
        }
        return y;
    }

    public static long[] Dense(DenseLayer layer, long[] x)
    {
        var y = new long[layer.Weights.Filters];
        for (int filter = 0; filter < y.Length; filter++)
        {
            long sum = layer.Biases.Length == 0 ? 0 : layer.Biases[filter];
            for (int i = 0; i < x.Length; i++)
                sum += layer.Weights[filter, i, 0, 0] * x[i];
            y[filter] = sum;
        }
        return y;
    }
}
