using System.Collections.Immutable;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>
/// Leaves out the channels that have one value whatever the image, such as those of filters whose weights are all 0, where every layer that reads them can do without: what they
/// add to a sum is 0, or goes into its bias. Their filters take no rows, and the channels that stay lie side by side, so that the fan-in of the next layer is smaller too.
/// </summary>
internal sealed class Compaction
{
    private readonly QuantisedNetwork _whole;
    private readonly IReadOnlyList<Layer> _layers;
    private readonly Dictionary<string, long?[]> _values;
    private readonly Dictionary<string, bool[]> _dropped;

    private Compaction(QuantisedNetwork network)
    {
        _whole = network;
        _layers = Lowering.Needed(network);
        _values = ConstantChannels.Of(network, _layers);
        _dropped = _values.ToDictionary(map => map.Key, map => map.Value.Select(value => value is not null && map.Key != network.Output).ToArray());
        do
        {
            while (_layers.Count(Settle) > 0)
            {
                // What one layer needs, another may then not leave out.
            }
        }
        while (_layers.Count(KeepOne) > 0);
        Network = _dropped.Values.Any(map => map.Contains(true)) ? Rewrite() : network;
    }

    /// <summary>The network without them: the same values in every channel that is left.</summary>
    public QuantisedNetwork Network { get; }

    /// <summary>The compaction of a network.</summary>
    public static Compaction Of(QuantisedNetwork network) => new(network);

    /// <summary>The mapping of <see cref="Network"/> as one of the whole network: it says which channels are there, and the values of those that are not.</summary>
    public MappedNetwork Complete(MappedNetwork mapped)
    {
        if (Network == _whole)
        {
            return mapped;
        }

        var stages = mapped.Program.Stages.Select(Complete).ToImmutableArray();
        var weighted = _layers.OfType<WeightedLayer>().ToDictionary(layer => layer.Name, layer => _dropped[layer.Name].Count(isDropped => isDropped));
        return mapped with
        {
            Program = mapped.Program with { Stages = stages },
            Layers = [.. mapped.Layers.Select((cost, i) => cost with { ConstantFilters = stages[i].Layers.Sum(layer => weighted.GetValueOrDefault(layer)) })],
        };
    }

    private ProgramStage Complete(ProgramStage stage)
    {
        var (dropped, values) = (_dropped[stage.Name], _values[stage.Name]);
        if (!dropped.Contains(true))
        {
            return stage;
        }

        // A flattened map may lie with its pixels: each channel is then as many values.
        var kept = dropped.Count(isDropped => !isDropped);
        var places = kept / (stage.Output?.Channels ?? stage.ResultChannels);
        var channels = Enumerable.Range(0, dropped.Length / places).ToLookup(channel => dropped[channel * places]);
        return stage with
        {
            Channels = [.. channels[false]],
            Constants = [.. channels[true].Select(channel => new ConstantChannel(channel, values[channel * places]!.Value))],
        };
    }

    /// <summary>Keeps the channels that a layer cannot do without; true when there was one more.</summary>
    private bool Settle(Layer layer)
    {
        var (input, output) = (_dropped[layer.Inputs[0]], _dropped[layer.Name]);
        if (Places(layer.Name) is > 1 and var pixels && KeepUnequal(output, _values[layer.Name], pixels))
        {
            return true;
        }

        switch (layer)
        {
            case DenseLayer:
                return false;
            case ConvolutionLayer { Groups: 1 } convolution:
                return Enumerable.Range(0, input.Length).Count(channel => input[channel] && !CanMiss(convolution, channel) && Keep(input, channel)) > 0;
            case ConvolutionLayer convolution when convolution.Groups != input.Length || convolution.Groups != output.Length:
            case ArgmaxLayer:
                return KeepAll(input) | KeepAll(output);
            case AddLayer add:
                var second = _dropped[add.Second];
                return Enumerable.Range(0, input.Length).Count(channel =>
                    !(input[channel] && second[channel] && output[channel]) && (Keep(input, channel) | Keep(second, channel) | Keep(output, channel))) > 0;
            case ConcatenateLayer concatenate:
                var place = 0;
                return concatenate.Inputs.Count(name =>
                {
                    var part = _dropped[name];
                    var first = place;
                    place += part.Length;
                    return Enumerable.Range(0, part.Length).Count(channel => part[channel] != output[first + channel] && (Keep(part, channel) | Keep(output, first + channel))) > 0;
                }) > 0;
            case FlattenLayer:
                var places = output.Length / input.Length;
                return Enumerable.Range(0, input.Length).Count(channel =>
                {
                    var isDropped = input[channel] && !output.AsSpan(channel * places, places).Contains(false);
                    return !isDropped && (Keep(input, channel) | Enumerable.Range(channel * places, places).Count(flat => Keep(output, flat)) > 0);
                }) > 0;
            default:
                // Channel by channel.
                return Enumerable.Range(0, input.Length).Count(channel => input[channel] != output[channel] && (Keep(input, channel) | Keep(output, channel))) > 0;
        }
    }

    /// <summary>Values of a channel that lie together since a map was made flat: its pixels.</summary>
    private int Places(string map) => _layers.FirstOrDefault(layer => layer.Name == map) switch
    {
        FlattenLayer flatten => Places(flatten.Input) * (_dropped[map].Length / _dropped[flatten.Input].Length),
        ThresholdLayer or RequantiseLayer or ReluLayer or AddLayer => Places(_layers.First(layer => layer.Name == map).Inputs[0]),
        _ => 1,
    };

    /// <summary>A flattened map may lie with its pixels: a channel is left out only where all of them have one value. True when one was kept for it.</summary>
    private static bool KeepUnequal(bool[] dropped, long?[] values, int pixels) =>
        Enumerable.Range(0, dropped.Length / pixels).Select(channel => channel * pixels).Count(first =>
            values.AsSpan(first, pixels).ContainsAnyExcept(values[first]) && Enumerable.Range(first, pixels).Count(flat => Keep(dropped, flat)) > 0) > 0;

    /// <summary>True when a convolution needs nothing of a constant channel but a bias: at its border a padded one would see something else.</summary>
    private bool CanMiss(ConvolutionLayer layer, int channel) =>
        !layer.Padding.Any || _values[layer.Input][channel] == 0 || Enumerable.Range(0, layer.Weights.Filters).All(filter => !OfChannel(layer, filter, channel).ContainsAnyExcept(0));

    /// <summary>A map has at least one channel; true when it had none.</summary>
    private bool KeepOne(Layer layer) => !_dropped[layer.Name].Contains(false) && Keep(_dropped[layer.Name], 0);

    private static bool Keep(bool[] dropped, int channel)
    {
        var wasDropped = dropped[channel];
        dropped[channel] = false;
        return wasDropped;
    }

    private static bool KeepAll(bool[] dropped) => Enumerable.Range(0, dropped.Length).Count(channel => Keep(dropped, channel)) > 0;

    private QuantisedNetwork Rewrite()
    {
        var maps = new Dictionary<string, FeatureMap> { [_whole.Input.Name] = _whole[_whole.Input.Name] };
        var layers = new List<Layer>();
        foreach (var layer in _layers)
        {
            var rewritten = Rewrite(layer, maps);
            maps.Add(layer.Name, QuantisedNetwork.MapOf(rewritten, [.. layer.Inputs.Select(name => maps[name])]));
            layers.Add(rewritten);
        }

        return QuantisedNetwork.Create(_whole.Name, _whole.Input, layers, _whole.Output);
    }

    private Layer Rewrite(Layer layer, Dictionary<string, FeatureMap> maps)
    {
        int[] kept = [.. Enumerable.Range(0, _dropped[layer.Name].Length).Where(channel => !_dropped[layer.Name][channel])];
        switch (layer)
        {
            case ConvolutionLayer { Groups: 1 } convolution:
                return convolution with { Weights = Weights(convolution, kept), Biases = Biases(convolution, kept) };
            case ConvolutionLayer convolution when kept.Length < convolution.Weights.Filters:
                // Depthwise: filter and channel go together.
                return convolution with
                {
                    Weights = convolution.Weights with { Filters = kept.Length, Values = [.. kept.SelectMany(filter => convolution.Weights.Filter(filter).ToArray())] },
                    Biases = convolution.Biases.IsEmpty ? [] : [.. kept.Select(filter => convolution.Biases[filter])],
                    Groups = kept.Length,
                };
            case DenseLayer dense:
                return dense with { Weights = Weights(dense, kept), Biases = Biases(dense, kept) };
            case ThresholdLayer threshold:
                // Sums may reach less far than before: what was always, or never, stays so.
                var range = maps[threshold.Input].Range;
                return threshold with
                {
                    Thresholds = [.. kept.SelectMany(channel => threshold.Thresholds.AsSpan(channel * threshold.Levels, threshold.Levels).ToArray()).Select(t => Math.Clamp(t, range.Minimum, range.Maximum + 1))],
                    Directions = [.. kept.Select(channel => threshold.Directions[channel])],
                    Unfolded = null,
                };
            case RequantiseLayer requantise:
                return requantise with
                {
                    Multipliers = requantise.Multipliers.Length == 1 ? requantise.Multipliers : [.. kept.Select(channel => requantise.Multipliers[channel])],
                    Shifts = requantise.Shifts.Length == 1 ? requantise.Shifts : [.. kept.Select(channel => requantise.Shifts[channel])],
                };
            default:
                return layer;
        }
    }

    private WeightTensor Weights(WeightedLayer layer, int[] filters)
    {
        var dropped = _dropped[layer.Input];
        int[] channels = [.. Enumerable.Range(0, dropped.Length).Where(channel => !dropped[channel])];
        return layer.Weights with
        {
            Filters = filters.Length,
            Channels = layer.Weights.Channels / dropped.Length * channels.Length,
            Values = [.. filters.SelectMany(filter => channels.SelectMany(channel => OfChannel(layer, filter, channel).ToArray()))],
        };
    }

    private ImmutableArray<long> Biases(WeightedLayer layer, int[] filters)
    {
        var (dropped, values) = (_dropped[layer.Input], _values[layer.Input]);
        int[] channels = [.. Enumerable.Range(0, dropped.Length).Where(channel => dropped[channel] && values[channel] != 0)];
        return layer.Biases.IsEmpty && channels.Length == 0
            ? []
            : [.. filters.Select(filter => (layer.Biases.IsEmpty ? 0 : layer.Biases[filter]) + channels.Sum(channel => values[channel]!.Value * ConstantChannels.Sum(OfChannel(layer, filter, channel))))];
    }

    /// <summary>The weights of a filter of one group for one channel of its input: those of the kernel, or those of the channel's pixels in a dense layer.</summary>
    private ReadOnlySpan<int> OfChannel(WeightedLayer layer, int filter, int channel)
    {
        var places = layer.Weights.FanIn / _dropped[layer.Input].Length;
        return layer.Weights.Filter(filter).Slice(channel * places, places);
    }
}
