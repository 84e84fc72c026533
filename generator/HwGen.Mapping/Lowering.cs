using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>
/// Turns the layers of a network into steps of the core. A layer is put behind the step that makes its input where the core does both in one
/// go; a feature map that several layers read is made once, or, where it is too wide for the operand memory, computed again for each.
/// </summary>
internal sealed partial class Lowering
{
    private readonly QuantisedNetwork _network;
    private readonly ArrayConfiguration _configuration;
    private readonly Dictionary<string, Step> _open = [];
    private readonly Dictionary<string, FeatureTensor> _made = [];
    private readonly Dictionary<string, int> _readers = [];
    private readonly List<Step> _steps = [];
    private readonly IReadOnlyList<Layer> _layers;

    private Lowering(QuantisedNetwork network, ArrayConfiguration configuration, bool packsDensely)
    {
        (_network, _configuration) = (network, configuration);
        _layers = Needed(network);
        foreach (var name in _layers.SelectMany(layer => layer.Inputs))
        {
            _readers[name] = _readers.GetValueOrDefault(name) + 1;
        }

        // What only dense layers read lies flat: the host writes it as the mapper likes, and a word then holds as many values as it has bits.
        var (shape, range) = (network.Input.Shape, network.Input.Rule.Range);
        var isFlat = ReadByDenseOnly(network.Input.Name);
        var isBipolar = network.Input.Rule.Format.Kind == NumberKind.Bipolar;
        var convolution = packsDensely ? OnlyConvolutionOf(network.Input.Name) : null;
        Input = convolution is not null
            ? WindowsOf(convolution, isBipolar)
            : new FeatureTensor(
                network.Input.Name, isFlat ? (int)shape.Count : shape.Channels, isFlat ? 1 : shape.Height, isFlat ? 1 : shape.Width, range, isBipolar);
        Check(Input);
        _made.Add(network.Input.Name, Input);
    }

    private FeatureTensor Input { get; }

    /// <summary>The windows that the host writes in place of the input; null where it writes the input.</summary>
    private InputWindows? Windows { get; set; }

    /// <summary>The input and the steps of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="configuration">The core.</param>
    /// <param name="packsDensely">True when the host is to write the windows of the first convolution in place of the input, where that is the only layer that reads it.</param>
    /// <exception cref="MappingException">The core cannot compute a layer.</exception>
    public static (FeatureTensor Input, InputWindows? Windows, IReadOnlyList<Step> Steps) Of(QuantisedNetwork network, ArrayConfiguration configuration, bool packsDensely)
    {
        var lowering = new Lowering(network, configuration, packsDensely);
        lowering.Run();
        return (lowering.Input, lowering.Windows, lowering._steps);
    }

    private void Run()
    {
        foreach (var layer in _layers)
        {
            Visit(layer);
        }

        var output = _network.Output;
        if (!_open.TryGetValue(output, out var last))
        {
            if (_steps.Count > 0 && _steps[^1].Output == _made[output])
            {
                // It was made as a map already, by the step that is the last.
                _steps[^1] = _steps[^1] with { Name = output };
                return;
            }

            last = Read(_made[output], output, "copy");
        }

        var fits = FeatureTensor.PlanesOf(last.Range, last.IsBipolar) <= _configuration.InputBits;
        var sums = last.IsArgmax || (last.Function.IsIdentity && last.Terms.Any(term => term.Weights is ConvolutionWeights or DenseWeights));
        var count = last.IsArgmax ? 1 : (long)last.Channels * last.OutputHeight * last.OutputWidth;
        if (!fits || (sums && count <= _configuration.ResultWords))
        {
            Need(output, count, "resultWords", _configuration.ResultWords);
            Emit(last, null, 0, output);
        }
        else
        {
            Emit(last, TensorOf(output, last), 0, output);
        }
    }

    /// <summary>The layers that the output needs.</summary>
    public static List<Layer> Needed(QuantisedNetwork network)
    {
        var needed = new HashSet<string> { network.Output };
        foreach (var layer in network.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
        }

        return [.. network.Layers.Where(layer => needed.Contains(layer.Name))];
    }

    private bool ReadByDenseOnly(string name) => _layers.Where(layer => layer.Inputs.Contains(name))
        .All(layer => layer is DenseLayer || (layer is FlattenLayer && layer.Name != _network.Output && ReadByDenseOnly(layer.Name)));

    /// <summary>The convolution that alone reads a map, where its windows are more than single pixels.</summary>
    private ConvolutionLayer? OnlyConvolutionOf(string name) =>
        name != _network.Output && _layers.Where(layer => layer.Inputs.Contains(name)).ToList() is [ConvolutionLayer layer] && layer.Weights.KernelHeight * layer.Weights.KernelWidth > 1
            ? layer
            : null;

    /// <summary>The input as windows. Outside of it values are 0: beside ±1 that is a third value, and ±1 then takes two bit-planes.</summary>
    private FeatureTensor WindowsOf(ConvolutionLayer layer, bool isBipolar)
    {
        var (shape, range, window) = (_network.Input.Shape, _network.Input.Rule.Range, layer.Window);
        Windows = new InputWindows(
            shape.Channels, shape.Height, shape.Width, window.KernelHeight, window.KernelWidth, window.Stride.Y, window.Stride.X, window.Dilation.Y, window.Dilation.X,
            window.Padding.Top, window.Padding.Left);
        var (height, width) = (window.OutputHeight(shape.Height), window.OutputWidth(shape.Width));
        var isPadded = Windows.ReachOutside(height, width);
        return new FeatureTensor(
            _network.Input.Name, Windows.Elements, height, width, isPadded ? range.Union(new ValueRange(0, 0)) : range, isBipolar && !isPadded)
        {
            ValuePlanes = FeatureTensor.PlanesOf(range, isBipolar),
        };
    }

    /// <summary>A step that reads a map as it is.</summary>
    private static Step Read(FeatureTensor map, string layer, string kind) => new(
        [new Term(map, new IdentityWeights(map.Channels, 1), new Window(1, 1, Distance.One, Padding.None, Distance.One))],
        [], map.Range, ValueFunction.Identity, map.Channels, map.Height, map.Width, PoolWindow.None, false, false, false, [layer], [kind])
    {
        Range = map.Range,
        IsBipolar = map.IsBipolar,
        IsBipolarValue = map.IsBipolar,
    };

    /// <summary>A step that makes a map with pixels flat.</summary>
    private static Step Flattened(FeatureTensor map, string layer) => new(
        [new Term(map, new FlatteningWeights(map), new Window(map.Height, map.Width, Distance.One, Padding.None, Distance.One))],
        [], map.Range, ValueFunction.Identity, (int)map.Count, 1, 1, PoolWindow.None, false, false, false, [layer], ["flatten"])
    {
        Range = map.Range,
        IsBipolar = map.IsBipolar,
        IsBipolarValue = map.IsBipolar,
    };

    /// <summary>What a layer can be put behind: the open step of its input, or one that reads the map.</summary>
    private Step Take(string name, Layer layer)
    {
        if (_open.TryGetValue(name, out var open) && (_readers[name] == 1 || !Fits(open)))
        {
            return open with { Layers = [.. open.Layers, layer.Name], Kinds = [.. open.Kinds, layer.Kind] };
        }

        return Read(Make(name), layer.Name, layer.Kind);
    }

    /// <summary>The open step of a layer's input where it allows something, else one that reads the map.</summary>
    private Step TakeIf(string name, Layer layer, Func<Step, bool> allows)
    {
        var step = Take(name, layer);
        return allows(step) ? step : Read(Make(name), layer.Name, layer.Kind);
    }

    /// <summary>The map of a layer, made now if it is not there.</summary>
    private FeatureTensor Make(string name)
    {
        if (_made.TryGetValue(name, out var map))
        {
            return map;
        }

        var step = _open[name];
        map = TensorOf(name, step);
        Check(map);
        Emit(step, map, 0, name);
        _made.Add(name, map);
        _open.Remove(name);
        return map;
    }

    /// <summary>The map of a layer with the shape that the layer says: a flattened map that still has its pixels is laid out anew.</summary>
    private FeatureTensor MakeInShape(string name)
    {
        var map = Make(name);
        if (map.Channels == _network[name].Shape.Channels)
        {
            return map;
        }

        var flat = new FeatureTensor(name + " (flat)", (int)map.Count, 1, 1, map.Range, map.IsBipolar);
        Emit(Flattened(map, name), flat, 0, null);
        _made[name] = flat;
        return flat;
    }

    /// <summary>Appends a step, or the two that a pool with overlap or padding takes.</summary>
    private void Emit(Step step, FeatureTensor? output, int firstChannel, string? name)
    {
        if (!step.Pool.Tiles && !step.Pool.IsNone && !IsRead(step))
        {
            var isRising = step.PoolsValues || (step.Function.Rises && !step.ByPosition);
            var before = isRising
                ? step with { Pool = PoolWindow.None, IsArgmax = false, Range = step.ValueRange, IsBipolar = step.IsBipolarValue }
                : step with { Pool = PoolWindow.None, IsArgmax = false, Function = ValueFunction.Identity, ByPosition = false, Range = step.SumRange, IsBipolar = false, IsBipolarValue = false };
            if (Fits(before))
            {
                var map = TensorOf(step.Place + " (before the pool)", before);
                Emit(before, map, 0, null);
                var behind = Read(map, step.Place, step.Kinds[^1]);
                step = step with
                {
                    Terms = behind.Terms,
                    Biases = [],
                    SumRange = behind.SumRange,
                    Function = isRising ? ValueFunction.Identity : step.Function,
                    PoolsValues = false,
                };
            }
            else if (step.Pool.Padding.Any)
            {
                throw new MappingException(step.Place, FormattableString.Invariant($"what its pool reads takes {FeatureTensor.PlanesOf(before.Range, before.IsBipolar)} bit-planes, and arithmetic.inputBits is {_configuration.InputBits}"));
            }
        }

        if (step.IsBipolarValue && step.Function.Rule == ValueRule.Sum && !step.IsArgmax && output is not null)
        {
            step = step with { Function = ValueFunctions.Sign(step.Channels) };
        }

        _steps.Add(step with { Output = output, FirstChannel = firstChannel, Name = name });
    }

    private static bool IsRead(Step step) =>
        step.Terms is [{ Weights: IdentityWeights, Window: { KernelHeight: 1, KernelWidth: 1, Padding.Any: false, Stride: { X: 1, Y: 1 } } }];

    private bool Fits(Step step) => FeatureTensor.PlanesOf(step.Range, step.IsBipolar) <= _configuration.InputBits;

    private static FeatureTensor TensorOf(string name, Step step) => step.IsArgmax
        ? new FeatureTensor(name, 1, 1, 1, step.Range, false)
        : new FeatureTensor(name, step.Channels, step.OutputHeight, step.OutputWidth, step.Range, step.IsBipolar);

    private void Check(FeatureTensor map)
    {
        if (map.Planes > _configuration.InputBits)
        {
            throw new MappingException(map.Name, FormattableString.Invariant($"its values {map.Range} take {map.Planes} bit-planes, and arithmetic.inputBits is {_configuration.InputBits}"));
        }
    }

    private static void Need(string layer, long words, string memory, int available)
    {
        if (words > available)
        {
            throw new MappingException(layer, FormattableString.Invariant($"it needs {words} words, and memories.{memory} is {available}"));
        }
    }
}
