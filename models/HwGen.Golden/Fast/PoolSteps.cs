using System.Numerics.Tensors;

namespace HwGen.Golden;

/// <summary>Max pool of bits: the OR of the window's positions.</summary>
internal sealed class BitMaxPoolStep(MaxPoolLayer layer, Slot input, Slot output) : FastStep
{
    public override void Run(Workspace workspace)
    {
        ulong[] x = workspace.Bits[input.Index], y = workspace.Bits[output.Index];
        Array.Clear(y);
        TensorShape from = input.Shape, to = output.Shape;
        for (int position = 0; position < to.Height * to.Width; position++)
        {
            int top = (position / to.Width * layer.Stride.Y) - layer.Padding.Top, left = (position % to.Width * layer.Stride.X) - layer.Padding.Left;
            for (int row = Math.Max(0, top); row < Math.Min(from.Height, top + layer.KernelHeight); row++)
            {
                for (int column = Math.Max(0, left); column < Math.Min(from.Width, left + layer.KernelWidth); column++)
                    BitRuns.Or(y, position * to.Channels, x, ((row * from.Width) + column) * from.Channels, from.Channels);
            }
        }
    }
}

/// <summary>Maximum or sum of the window's positions, all channels at once.</summary>
internal sealed class NumberPoolStep(PoolLayer layer, Slot input, Slot output, bool maximum) : FastStep
{
    public override void Run(Workspace workspace)
    {
        int[] x = workspace.Numbers[input.Index], y = workspace.Numbers[output.Index];
        TensorShape from = input.Shape, to = output.Shape;
        for (int position = 0; position < to.Height * to.Width; position++)
        {
            int top = (position / to.Width * layer.Stride.Y) - layer.Padding.Top, left = (position % to.Width * layer.Stride.X) - layer.Padding.Left;
            Span<int> result = y.AsSpan(position * to.Channels, to.Channels);
            result.Fill(maximum ? int.MinValue : 0);
            for (int row = Math.Max(0, top); row < Math.Min(from.Height, top + layer.KernelHeight); row++)
            {
                for (int column = Math.Max(0, left); column < Math.Min(from.Width, left + layer.KernelWidth); column++)
                {
                    ReadOnlySpan<int> values = x.AsSpan(((row * from.Width) + column) * from.Channels, from.Channels);
                    if (maximum)
                        TensorPrimitives.Max(result, values, result);
                    else
                        TensorPrimitives.Add(result, values, result);
                }
            }
        }
    }
}
