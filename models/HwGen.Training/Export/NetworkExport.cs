using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Layers;

namespace HwGen.Training.Export;

/// <summary>
/// Turns a network in training into integers: stored weights, batch norm folded to thresholds (kept beside them as exact rationals), pruned
/// filters gone and the layers behind them without their channels. The scale on the logits stays behind: it changes no decision.
/// </summary>
public sealed class NetworkExport
{
    private const string InputName = "image";

    private readonly TrainableNetwork _source;
    private readonly NetworkInput _input;
    private readonly List<Layer> _layers = [];
    private string _current = InputName;
    private ChannelSelection _channels;

    private NetworkExport(TrainableNetwork source)
    {
        _source = source;
        _input = new NetworkInput(
            InputName,
            new TensorShape(source.Input.Channels, source.Input.Height, source.Input.Width),
            BatchSource.Rule(source.Recipe.Data.Pixels));
        _channels = ChannelSelection.All(source.Input.Channels);
    }

    /// <summary>Exports a network after a recalibration.</summary>
    /// <param name="source">The network in training; it is not changed.</param>
    /// <returns>The network of integers.</returns>
    /// <exception cref="InvalidNetworkException">The result breaks a rule of the graph, for example when a filter's weights were all pruned.</exception>
    public static QuantisedNetwork Export(TrainableNetwork source) => new NetworkExport(source).Run();

    private QuantisedNetwork Run()
    {
        IReadOnlyList<TrainableLayer> layers = _source.Layers;
        for (int i = 0; i < layers.Count; i++)
        {
            switch (layers[i])
            {
                case IWeightedLayer weighted:
                    AddWeights(layers[i], weighted, AliveAfter(i));
                    break;
                case TrainableMaxPool pool when BelongsBehindThreshold(i):
                    // The scales are positive, so pooling accumulators and pooling bits decide alike; of bits it is an OR.
                    AddActivation((TrainableBatchNorm)layers[i + 1], (Activation)layers[i + 2]);
                    AddPool(pool);
                    i += 2;
                    break;
                case TrainableMaxPool pool:
                    AddPool(pool);
                    break;
                case TrainableBatchNorm norm:
                    AddActivation(norm, (Activation)layers[i + 1]);
                    i++;
                    break;
                case LogitScale:
                    break;
                default:
                    throw new NotSupportedException(Invariant($"layer '{layers[i].Name}' has no form in a network of integers"));
            }
        }
        return QuantisedNetwork.Create(_source.Recipe.Name, _input, _layers);
    }

    private void AddWeights(TrainableLayer layer, IWeightedLayer weighted, ChannelSelection filters)
    {
        bool convolution = layer is TrainableConvolution;
        int lines = convolution ? ((TrainableConvolution)layer).Kernel : layer.Input.Height;
        int positions = convolution ? ((TrainableConvolution)layer).Kernel : layer.Input.Width;
        int[] values = new int[filters.Alive.Length * _channels.Alive.Length * lines * positions];
        int at = 0;
        foreach (int filter in filters.Alive)
            foreach (int channel in _channels.Alive)
                for (int line = 0; line < lines; line++)
                    for (int position = 0; position < positions; position++)
                        values[at++] = weighted.StoredWeight(filter, line, position, channel);
        NumberFormat format = weighted.Quantiser.Bits == 1 ? NumberFormat.Bipolar : NumberFormat.TwosComplement(weighted.Quantiser.Bits);
        _layers.Add(layer is TrainableConvolution source
            ? new ConvolutionLayer(layer.Name, _current, WeightTensor.Convolution(format, filters.Alive.Length, _channels.Alive.Length, lines, positions, values))
            {
                Padding = Padding.Same(source.Padding),
            }
            : new DenseLayer(layer.Name, _current, WeightTensor.Dense(format, filters.Alive.Length, values.Length / filters.Alive.Length, values)));
        _current = layer.Name;
        _channels = filters;
    }

    private void AddPool(TrainableMaxPool pool)
    {
        _layers.Add(new MaxPoolLayer(pool.Name, _current, pool.Size, pool.Size));
        _current = pool.Name;
    }

    private void AddActivation(TrainableBatchNorm norm, Activation activation)
    {
        ValueRange range = QuantisedNetwork.Create(_source.Recipe.Name, _input, _layers)[_current].Range;
        BatchNorm exact = norm.Exact(_channels.Alive);
        _layers.Add(activation is LevelActivation levels
            ? LevelThresholds.Fold(levels, _current, exact, range)
            : BatchNormFolding.Fold(activation.Name, _current, exact, range));
        _current = activation.Name;
    }

    private bool BelongsBehindThreshold(int pool) =>
        pool > 0 && _source.Layers[pool - 1] is IWeightedLayer && _source.Layers[pool + 1] is TrainableBatchNorm norm && norm.Scale.Values.All(scale => scale > 0);

    // Which filters are alive is known where their values become an activation: the next one before other weights.
    private ChannelSelection AliveAfter(int weighted)
    {
        int total = _source.Layers[weighted].Output.Channels;
        for (int i = weighted + 1; i < _source.Layers.Count && _source.Layers[i] is not IWeightedLayer; i++)
            if (_source.Layers[i] is Activation activation)
                return ChannelSelection.Of(activation.Alive, total);
        return ChannelSelection.All(total);
    }
}
