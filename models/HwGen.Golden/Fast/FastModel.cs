namespace HwGen.Golden;

/// <summary>
/// The golden model for many images: ±1 layers on packed bits with XOR and popcount, other layers on 16-bit vectors, images over threads. The results are those of
/// <see cref="GoldenModel"/>, to the bit; its packing is its own and shared with nothing.
/// </summary>
public sealed class FastModel
{
    private readonly FastPlan? _plan;

    private FastModel(QuantisedNetwork network, FastPlan? plan)
    {
        Network = network;
        _plan = plan;
    }

    /// <summary>The network.</summary>
    public QuantisedNetwork Network { get; }

    /// <summary>How each layer is computed, <c>conv1: 16-bit vectors</c>, in order.</summary>
    public IReadOnlyList<string> Paths => _plan?.Paths ?? [.. Network.Layers.Select(layer => layer.Name + ": the definition")];

    /// <summary>Prepares a network: chooses a path for each layer and packs its weights. A network with numbers beyond 31 bits runs by definition.</summary>
    public static FastModel Compile(QuantisedNetwork network) =>
        new(network, FastPlanner.CanPlan(network) ? new FastPlanner(network).Plan() : null);

    /// <summary>The logits of all images of a set.</summary>
    /// <param name="images">Images of the input's shape (a flat input takes any shape of as many pixels).</param>
    /// <param name="threads">Threads; 0 takes one a processor.</param>
    public Logits Logits(ImageSet images, int threads = 0) => Logits(images.Pixels, threads);

    /// <summary>The logits of images that lie one behind the other.</summary>
    /// <param name="pixels">A whole number of images, CHW order each.</param>
    /// <param name="threads">Threads; 0 takes one a processor.</param>
    /// <exception cref="ArgumentException">The bytes are not a whole number of images.</exception>
    /// <exception cref="OverflowException">A logit does not fit into 32 bits.</exception>
    public Logits Logits(ReadOnlyMemory<byte> pixels, int threads = 0)
    {
        int size = (int)Network.Input.Shape.Count;
        if (pixels.Length % size != 0)
            throw new ArgumentException(Invariant($"{pixels.Length} bytes are not a whole number of images of {size} pixels"), nameof(pixels));
        int images = pixels.Length / size, classes = (int)Network.OutputMap.Shape.Count;
        var logits = new Logits(new int[images, classes]);
        if (threads <= 0)
            threads = Environment.ProcessorCount;
        // A share of at least 16 images a thread: below that, the workspace costs more than the images.
        threads = Math.Clamp(images / 16, 1, threads);
        if (threads == 1)
        {
            RunShare(pixels, logits, 0, images);
            return logits;
        }
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, share =>
            RunShare(pixels, logits, (int)((long)images * share / threads), (int)((long)images * (share + 1) / threads)));
        return logits;
    }

    private void RunShare(ReadOnlyMemory<byte> pixels, Logits logits, int first, int end)
    {
        int size = (int)Network.Input.Shape.Count;
        if (_plan is null)
        {
            for (int image = first; image < end; image++)
            {
                long[] values = GoldenModel.Run(Network, pixels.Span.Slice(image * size, size)).Logits;
                for (int i = 0; i < values.Length; i++)
                    logits.Values[image, i] = checked((int)values[i]);
            }
            return;
        }
        var workspace = new Workspace(_plan);
        for (int image = first; image < end; image++)
        {
            workspace.Pixels = pixels.Slice(image * size, size);
            foreach (FastStep step in _plan.Steps)
                step.Run(workspace);
            _plan.CopyOutput(workspace, logits, image);
        }
    }
}
