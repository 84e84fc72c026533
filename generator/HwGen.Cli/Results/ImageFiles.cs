using HwGen.Golden;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>What went into a run and what was expected of it, as .npy files.</summary>
internal static class ImageFiles
{
    /// <summary>Writes <c>input.npy</c> (images × channels × height × width, bytes), <c>labels.npy</c> where there are labels, and <c>expected.npy</c> (images × classes, the golden model's).</summary>
    public static void Write(ImageSet images, QuantisedNetwork network, OutputFolder output)
    {
        new NpyArray([images.Count, images.Shape.Channels, images.Shape.Height, images.Shape.Width], "u1", Array.ConvertAll(images.Pixels, pixel => (long)pixel)).Write(output.PathOf("input.npy"));
        if (images.IsLabelled)
            new NpyArray([images.Count], "u1", Array.ConvertAll(images.Labels, label => (long)label)).Write(output.PathOf("labels.npy"));
        CosimulationResult.Logits(FastModel.Compile(network).Logits(images).Values).Write(output.PathOf("expected.npy"));
    }
}
