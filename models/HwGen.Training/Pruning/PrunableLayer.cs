using HwGen.Training.Layers;

namespace HwGen.Training.Pruning;

/// <summary>A convolution with all that a pruned filter touches: its activation, its batch norm, and the weights that read its channel.</summary>
/// <param name="Convolution">The convolution.</param>
/// <param name="Norm">The batch norm behind it.</param>
/// <param name="Activation">The activation behind it, which holds the valid bits.</param>
/// <param name="Reader">The next layer with weights.</param>
public sealed record PrunableLayer(TrainableConvolution Convolution, TrainableBatchNorm Norm, Activation Activation, IWeightedLayer Reader)
{
    /// <summary>The numbers of the alive filters, ascending.</summary>
    public ImmutableArray<int> AliveFilters => Activation.Alive.Length == 0
        ? [.. Enumerable.Range(0, Convolution.Output.Channels)]
        : [.. Enumerable.Range(0, Convolution.Output.Channels).Where(filter => Activation.Alive[filter])];

    /// <summary>The convolutions of a network, in order.</summary>
    /// <param name="network">The network.</param>
    /// <returns>One entry a convolution.</returns>
    public static ImmutableArray<PrunableLayer> Of(TrainableNetwork network)
    {
        var layers = ImmutableArray.CreateBuilder<PrunableLayer>();
        for (int i = 0; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is not TrainableConvolution convolution)
                continue;
            // The order of layers was checked when the network was built, so each of these is there.
            IEnumerable<TrainableLayer> behind = network.Layers.Skip(i + 1);
            layers.Add(new PrunableLayer(
                convolution,
                behind.OfType<TrainableBatchNorm>().First(),
                behind.OfType<Activation>().First(),
                behind.OfType<IWeightedLayer>().First()));
        }
        return layers.ToImmutable();
    }

    /// <summary>The stored weights of the alive filters, as the array holds them.</summary>
    /// <returns>Full-length vectors.</returns>
    public FilterVectors Vectors()
    {
        ImmutableArray<int> filters = AliveFilters;
        int kernel = Convolution.Kernel;
        int channels = Convolution.Input.Channels;
        var vectors = ImmutableArray.CreateBuilder<ImmutableArray<int>>(filters.Length);
        foreach (int filter in filters)
        {
            var weights = ImmutableArray.CreateBuilder<int>(Convolution.FanIn);
            for (int line = 0; line < kernel; line++)
                for (int position = 0; position < kernel; position++)
                    for (int channel = 0; channel < channels; channel++)
                        weights.Add(Convolution.StoredWeight(filter, line, position, channel));
            vectors.Add(weights.MoveToImmutable());
        }
        return new FilterVectors(Convolution.Name, Convolution.Quantiser.Bits, filters, vectors.MoveToImmutable());
    }

    /// <summary>Prunes filters: valid bits are cleared, and what belongs to them no longer learns.</summary>
    /// <param name="filters">Their numbers.</param>
    public void Prune(IEnumerable<int> filters)
    {
        int all = Convolution.Output.Channels;
        bool[] alive = Activation.Alive.Length == 0 ? [.. Enumerable.Repeat(true, all)] : Activation.Alive;
        foreach (int filter in filters)
            alive[filter] = false;
        Activation.Alive = alive;
        Freeze();
    }

    /// <summary>
    /// Stops the computing and the learning of everything that belongs to a pruned filter. Its gradients are 0, but an optimiser's momentum would still move it, and
    /// the vectors of later comparisons are those of the weights as they were.
    /// </summary>
    public void Freeze()
    {
        bool[] alive = Activation.Alive;
        if (alive.Length == 0)
            return;
        Convolution.Keep(filters: AliveFilters, channels: null);
        (Reader as TrainableConvolution)?.Keep(filters: null, channels: AliveFilters);
        Mark(Convolution.Weights, index => !alive[index % alive.Length]);
        Mark(Norm.Scale, index => !alive[index]);
        Mark(Norm.Shift, index => !alive[index]);
        int units = Reader.Weights.Values.Length / Reader.FanIn;
        Mark(Reader.Weights, index => !alive[index / units % alive.Length]);
    }

    private static void Mark(Parameter parameter, Func<int, bool> isFrozen)
    {
        for (int i = 0; i < parameter.Values.Length; i++)
            if (isFrozen(i))
                parameter.Freeze(i);
    }
}
