namespace HwGen.Networks;

/// <summary>Strides, dilations and padding of ONNX convolutions and pools.</summary>
internal static class WindowAttributes
{
    public static Distance Distance(Node node, string name)
    {
        int[] values = node.Integers(name) ?? [1, 1];
        return values.Length == 2
            ? new Distance(values[0], values[1])
            : throw new NodeException(Invariant($"its {name} has {values.Length} values; 2 are supported"));
    }

    public static Padding Padding(Node node, TensorShape shape, int[] kernel, Distance stride, Distance dilation)
    {
        string automatic = node.Text("auto_pad", "NOTSET");
        if (stride.Y < 1 || stride.X < 1 || dilation.Y < 1 || dilation.X < 1)
            throw new NodeException("has a stride or a dilation below 1");
        switch (automatic)
        {
            case "NOTSET" or "":
                int[] pads = node.Integers("pads") ?? [0, 0, 0, 0];
                return pads.Length == 4
                    ? new Padding(pads[0], pads[1], pads[2], pads[3])
                    : throw new NodeException(Invariant($"its pads has {pads.Length} values; 4 are supported"));
            case "VALID":
                return Networks.Padding.None;
            case "SAME_UPPER" or "SAME_LOWER":
                bool lower = automatic == "SAME_LOWER";
                (int top, int bottom) = Same(shape.Height, kernel[0], stride.Y, dilation.Y, lower);
                (int left, int right) = Same(shape.Width, kernel[1], stride.X, dilation.X, lower);
                return new Padding(top, left, bottom, right);
            default:
                throw new NodeException(Invariant($"its auto_pad '{automatic}' is unknown"));
        }
    }

    // As many outputs as ⌈size / stride⌉; an odd position goes below and right, or above and left.
    private static (int Before, int After) Same(int size, int kernel, int stride, int dilation, bool lower)
    {
        long outputs = (size + (long)stride - 1) / stride;
        long total = Math.Max(0, ((outputs - 1) * stride) + ((kernel - 1L) * dilation) + 1 - size);
        if (total > 1 << 20)
            throw new NodeException("needs a padding beyond 2^20");
        int small = (int)(total / 2), large = (int)(total - small);
        return lower ? (large, small) : (small, large);
    }
}
