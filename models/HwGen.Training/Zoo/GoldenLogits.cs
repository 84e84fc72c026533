using HwGen.Golden;
using HwGen.Networks;

namespace HwGen.Training.Zoo;

/// <summary>The golden model's logits of many images.</summary>
internal static class GoldenLogits
{
    public static int[,] Compute(QuantisedNetwork network, ImageSet images, Action<int>? progress)
    {
        int classes = (int)network.OutputMap.Shape.Count;
        int[,] values = new int[images.Count, classes];
        int done = 0;
        Parallel.For(0, images.Count, image =>
        {
            long[] logits = GoldenModel.Run(network, images.Image(image)).Logits;
            for (int i = 0; i < classes; i++)
                values[image, i] = checked((int)logits[i]);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return values;
    }
}
