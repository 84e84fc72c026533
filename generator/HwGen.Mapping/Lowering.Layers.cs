using System.Collections.Immutable;
using HwGen.Networks;

namespace HwGen.Mapping;

// A rule a layer kind.
internal sealed partial class Lowering
{
    private void Visit(Layer layer)
    {
        if (layer is FlattenLayer flatten)
        {
            Flatten(flatten);
            return;
        }

        Step? step = layer switch
        {
            ConvolutionLayer convolution => Convolution(convolution),
            DenseLayer dense => Dense(dense),
            SumPoolLayer pool => SumPool(pool),
            MaxPoolLayer pool => MaxPool(pool),
            ThresholdLayer threshold => Function(threshold, threshold.Input, (step, _) => ValueFunctions.Of(threshold, step.Function)),
            RequantiseLayer requantise => Function(
                requantise, requantise.Input, (step, channels) => ValueFunctions.Of(_configuration, requantise, step.Function, channels, step.SumRange)),
            ReluLayer relu => Relu(relu),
            AddLayer add => Add(add),
            ConcatenateLayer concatenate => Concatenate(concatenate),
            ArgmaxLayer argmax => Argmax(argmax),
            _ => throw new MappingException(layer.Name, $"this version does not know a {layer.Kind} layer"),
        };
        if (step is not null)
        {
            var map = _network[layer.Name];
            step = step with { Range = map.Range, IsBipolar = map.Format.Kind == NumberKind.Bipolar };
            _open.Add(layer.Name, step.IsArgmax ? step : step with { ValueRange = step.Range, IsBipolarValue = step.IsBipolar });
        }
    }

    private Step Convolution(ConvolutionLayer layer)
    {
        if (Windows is not null && layer.Input == _network.Input.Name)
        {
            return Weighted(layer, new Term(Input, new WindowWeights(layer), new Window(1, 1, Distance.One, Padding.None, Distance.One)));
        }

        var source = MakeInShape(layer.Input);
        return Weighted(layer, new Term(source, new ConvolutionWeights(layer), layer.Window));
    }

    private Step Dense(DenseLayer layer)
    {
        // The input is used as it lies in memory, flattened or not.
        var source = Make(layer.Input);
        return Weighted(layer, new Term(source, new DenseWeights(layer, source), new Window(source.Height, source.Width, Distance.One, Padding.None, Distance.One)));
    }

    private Step Weighted(WeightedLayer layer, Term term)
    {
        var map = _network[layer.Name];
        return new Step(
            [term], layer.Biases, map.Range, ValueFunction.Identity, map.Shape.Channels, map.Shape.Height, map.Shape.Width,
            PoolWindow.None, false, false, false, [layer.Name], [layer.Kind]);
    }

    private Step SumPool(SumPoolLayer layer)
    {
        var source = MakeInShape(layer.Input);
        var map = _network[layer.Name];
        var term = new Term(source, new IdentityWeights(source.Channels, layer.KernelHeight * layer.KernelWidth), layer.Window, RepeatsRows: true);
        return new Step(
            [term], [], map.Range, ValueFunction.Identity, map.Shape.Channels, map.Shape.Height, map.Shape.Width,
            PoolWindow.None, false, false, false, [layer.Name], [layer.Kind]);
    }

    private Step MaxPool(MaxPoolLayer layer)
    {
        var step = TakeIf(layer.Input, layer, s => s.Pool.IsNone && !s.IsArgmax && !s.ByPosition && s.Channels == _network[layer.Input].Shape.Channels);
        if (step.Channels != _network[layer.Input].Shape.Channels)
        {
            step = Read(MakeInShape(layer.Input), layer.Name, layer.Kind);
        }

        return step with
        {
            Pool = new PoolWindow(layer.KernelHeight, layer.KernelWidth, layer.Stride, layer.Padding),
            PoolsValues = !step.Function.TakesRule,
        };
    }

    private Step Function(Layer layer, string input, Func<Step, int, ValueFunction> function)
    {
        var step = TakeIf(input, layer, s => s.Function.TakesRule && !s.IsArgmax);
        var channels = _network[input].Shape.Channels;
        return ByChannel(step with { Function = function(step, channels) }, channels);
    }

    /// <summary>Behind a flattening parameters belong to positions; where those of a filter are all alike they are the filter's.</summary>
    private static Step ByChannel(Step step, int channels)
    {
        var positions = step.OutputHeight * step.OutputWidth;
        if (channels == step.Channels)
        {
            return step;
        }

        var function = step.Function;
        var each = function.Values.Length / channels;
        bool IsLikeFirst(int channel)
        {
            var first = channel / positions * positions;
            return function.Values.AsSpan(channel * each, each).SequenceEqual(function.Values.AsSpan(first * each, each))
                && function.Falls[channel] == function.Falls[first] && (function.Shifts.IsEmpty || function.Shifts[channel] == function.Shifts[first]);
        }

        if (!Enumerable.Range(0, channels).All(IsLikeFirst))
        {
            return step with { ByPosition = true };
        }

        var firsts = Enumerable.Range(0, step.Channels).Select(filter => filter * positions).ToList();
        return step with
        {
            Function = function with
            {
                Values = [.. firsts.SelectMany(first => function.Values.AsSpan(first * each, each).ToArray())],
                Falls = [.. firsts.Select(first => function.Falls[first])],
                Shifts = function.Shifts.IsEmpty ? [] : [.. firsts.Select(first => function.Shifts[first])],
            },
        };
    }

    private Step Relu(ReluLayer layer)
    {
        var step = Take(layer.Input, layer);
        if (step.IsArgmax || step.Function.Rule == ValueRule.Levels)
        {
            step = Read(Make(layer.Input), layer.Name, layer.Kind);
        }

        return step with
        {
            Function = step.Function.Bounds is { } bounds
                ? step.Function with { Bounds = new ValueRange(Math.Max(0, bounds.Minimum), Math.Max(0, bounds.Maximum)) }
                : step.Function with { IsRelu = true },
        };
    }

    /// <summary>Both sides are sums of terms: the terms of both together are the sum.</summary>
    private Step Add(AddLayer layer)
    {
        static bool IsSum(Step step) => step.Function.IsIdentity && step.Pool.IsNone && !step.IsArgmax && !step.ByPosition;
        Step first = TakeIf(layer.First, layer, IsSum), second = TakeIf(layer.Second, layer, IsSum);
        if ((first.Channels, first.Height, first.Width) != (second.Channels, second.Height, second.Width))
        {
            // One of them was flattened and still has its pixels.
            first = first.Height * first.Width > 1 ? Flattened(Make(layer.First), layer.Name) : first;
            second = second.Height * second.Width > 1 ? Flattened(Make(layer.Second), layer.Name) : second;
        }

        ValueRange one = first.SumRange, other = second.SumRange;
        var sums = new ValueRange(one.Minimum + other.Minimum, one.Maximum + other.Maximum);
        ImmutableArray<long> biases = first.Biases.IsEmpty && second.Biases.IsEmpty
            ? []
            : [.. Enumerable.Range(0, first.Channels).Select(f => (first.Biases.IsEmpty ? 0 : first.Biases[f]) + (second.Biases.IsEmpty ? 0 : second.Biases[f]))];
        return first with
        {
            Terms = [.. first.Terms, .. second.Terms],
            Biases = biases,
            SumRange = sums,
            Function = layer.Output.Range.Contains(sums) ? ValueFunction.Identity : ValueFunction.Identity with { Bounds = layer.Output.Range },
            Layers = [.. first.Layers.SkipLast(1), .. second.Layers],
            Kinds = [.. first.Kinds.SkipLast(1), .. second.Kinds],
        };
    }

    /// <summary>Each input is written to its channels of the one map, in order: a later one keeps the bits of those before it.</summary>
    private Step? Concatenate(ConcatenateLayer layer)
    {
        var map = _network[layer.Name];
        var joined = new FeatureTensor(layer.Name, map.Shape.Channels, map.Shape.Height, map.Shape.Width, map.Range, map.Format.Kind == NumberKind.Bipolar);
        Check(joined);
        var channel = 0;
        for (var i = 0; i < layer.Inputs.Length; i++)
        {
            var input = layer.Inputs[i];
            var step = Take(input, layer);
            if (step.Channels != _network[input].Shape.Channels || step.IsArgmax)
            {
                step = Read(MakeInShape(input), layer.Name, layer.Kind);
            }

            Emit(step, joined, channel, i + 1 == layer.Inputs.Length ? layer.Name : null);
            channel += _network[input].Shape.Channels;
        }

        _made.Add(layer.Name, joined);
        return null;
    }

    private Step Argmax(ArgmaxLayer layer) => TakeIf(layer.Input, layer, s => !s.IsArgmax) with { IsArgmax = true };

    private void Flatten(FlattenLayer layer)
    {
        if (_open.TryGetValue(layer.Input, out var open) && (_readers[layer.Input] == 1 || !Fits(open)))
        {
            _open.Add(layer.Name, open with { Layers = [.. open.Layers, layer.Name] });
            return;
        }

        _made.Add(layer.Name, Make(layer.Input));
    }
}
