using HwGen.Training.Layers;

namespace HwGen.Training.Pruning;

/// <summary>Convolution operations (multiply-accumulates) of an image, with all filters and with those that are alive.</summary>
/// <param name="All">With all filters.</param>
/// <param name="Alive">Without the filters that were pruned and without what reads their channels.</param>
public readonly record struct OperationCount(long All, long Alive)
{
    /// <summary>The share of operations that is gone, 0 to 1.</summary>
    public double Removed => All == 0 ? 0 : 1 - ((double)Alive / All);

    /// <summary>Counts a network's convolutions.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Both counts.</returns>
    public static OperationCount Of(TrainableNetwork network)
    {
        long all = 0;
        long alive = 0;
        int channels = network.Input.Channels;
        foreach (PrunableLayer layer in PrunableLayer.Of(network))
        {
            long window = (long)layer.Convolution.Kernel * layer.Convolution.Kernel * layer.Convolution.Output.Positions;
            all += window * layer.Convolution.Input.Channels * layer.Convolution.Output.Channels;
            int filters = layer.AliveFilters.Length;
            alive += window * channels * filters;
            channels = filters;
        }
        return new OperationCount(all, alive);
    }
}
