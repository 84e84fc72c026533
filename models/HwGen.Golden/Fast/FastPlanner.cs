namespace HwGen.Golden;

/// <summary>Chooses a path for each layer, and lays out the feature maps.</summary>
internal sealed class FastPlanner
{
    // One less at both ends, so that a threshold of maximum + 1 and the difference of two values stay in 32 bits.
    private static readonly ValueRange s_numbers = new(int.MinValue / 2, int.MaxValue / 2);

    private readonly QuantisedNetwork _network;
    private readonly FastPlan _plan;
    private readonly Dictionary<string, Slot> _numbers = [], _bits = [];

    public FastPlanner(QuantisedNetwork network)
    {
        _network = network;
        _plan = new FastPlan(network);
    }

    /// <summary>Whether every value that the network can reach fits.</summary>
    public static bool CanPlan(QuantisedNetwork network) =>
        network.Layers.Select(layer => layer.Name).Prepend(network.Input.Name).All(name => s_numbers.Contains(network[name].Range));

    public FastPlan Plan()
    {
        NetworkInput input = _network.Input;
        if (input.Rule.Format.Kind == NumberKind.Bipolar)
            Add(new BitInputStep(input, NewBits(input.Name, input.Shape)), input.Name, "bits");
        else
            Add(new NumberInputStep(input, NewNumbers(input.Name, input.Shape)), input.Name, "numbers");
        foreach (Layer layer in _network.Layers)
            Plan(layer);
        _plan.Output = Numbers(_network.Output);
        return _plan;
    }

    private void Plan(Layer layer)
    {
        string input = layer.Inputs[0];
        FeatureMap from = _network[input], to = _network[layer.Name];
        switch (layer)
        {
            case WeightedLayer weighted when IsBinary(weighted, from):
                Slot operand = Bits(input);
                var bitStep = new BitWeightedStep(weighted, operand, NewNumbers(layer.Name, to.Shape));
                _plan.LargestOperand = Math.Max(_plan.LargestOperand, bitStep.Words);
                Add(bitStep, layer.Name, "XOR and popcount of words");
                break;
            case WeightedLayer weighted when VectorWeightedStep.CanRun(weighted, from):
                var vectorStep = new VectorWeightedStep(weighted, Numbers(input), NewNumbers(layer.Name, to.Shape));
                _plan.LargestPadded = Math.Max(_plan.LargestPadded, vectorStep.PaddedCount);
                Add(vectorStep, layer.Name, "16-bit vectors");
                break;
            case ThresholdLayer threshold when threshold.Output.Kind == NumberKind.Bipolar:
                Add(new BitThresholdStep(threshold, Numbers(input), NewBits(layer.Name, to.Shape)), layer.Name, "compared vectors to bits");
                break;
            case ThresholdLayer threshold:
                Add(new LevelStep(threshold, Numbers(input), NewNumbers(layer.Name, to.Shape)), layer.Name, "compared vectors");
                break;
            case MaxPoolLayer pool when _bits.ContainsKey(input):
                Add(new BitMaxPoolStep(pool, Bits(input), NewBits(layer.Name, to.Shape)), layer.Name, "OR of words");
                break;
            case MaxPoolLayer pool:
                Add(new NumberPoolStep(pool, Numbers(input), NewNumbers(layer.Name, to.Shape), maximum: true), layer.Name, "vectors");
                break;
            case SumPoolLayer pool:
                Add(new NumberPoolStep(pool, Numbers(input), NewNumbers(layer.Name, to.Shape), maximum: false), layer.Name, "vectors");
                break;
            case RequantiseLayer requantise when RequantiseStep.CanRun(requantise, from):
                Add(new RequantiseStep(requantise, Numbers(input), NewNumbers(layer.Name, to.Shape)), layer.Name, "64-bit numbers");
                break;
            case ReluLayer:
                Add(new ReluStep(Numbers(input), NewNumbers(layer.Name, to.Shape)), layer.Name, "vectors");
                break;
            case AddLayer add:
                Add(new AddStep(add, Numbers(input), Numbers(add.Inputs[1]), NewNumbers(layer.Name, to.Shape)), layer.Name, "vectors");
                break;
            // A dense layer packs its weights in the order of its input's slot, so flattening costs nothing before one.
            case FlattenLayer when OnlyDenseReads(layer.Name):
                Alias(layer.Name, input);
                break;
            default:
                Add(new DefinitionStep(_network, layer, [.. layer.Inputs.Select(Numbers)], NewNumbers(layer.Name, to.Shape)), layer.Name, "the definition");
                break;
        }
    }

    private static bool IsBinary(WeightedLayer layer, FeatureMap input) =>
        layer.Weights.Format.Kind == NumberKind.Bipolar && input.Format.Kind == NumberKind.Bipolar
        && layer is not ConvolutionLayer { Groups: > 1 };

    private bool OnlyDenseReads(string name) =>
        name != _network.Output && _network.Layers.Where(layer => layer.Inputs.Contains(name)).All(layer => layer is DenseLayer);

    private void Add(FastStep step, string layer, string path)
    {
        _plan.Steps.Add(step);
        _plan.Paths.Add(Invariant($"{layer}: {path}"));
    }

    private void Alias(string name, string source)
    {
        if (_numbers.TryGetValue(source, out Slot? numbers))
            _numbers[name] = numbers;
        if (_bits.TryGetValue(source, out Slot? bits))
            _bits[name] = bits;
        _plan.Paths.Add(Invariant($"{name}: nothing to do"));
    }

    private Slot NewNumbers(string name, TensorShape shape)
    {
        var slot = new Slot(_plan.NumberSlots.Count, shape);
        _plan.NumberSlots.Add(slot);
        return _numbers[name] = slot;
    }

    private Slot NewBits(string name, TensorShape shape)
    {
        var slot = new Slot(_plan.BitSlots.Count, shape);
        _plan.BitSlots.Add(slot);
        return _bits[name] = slot;
    }

    private Slot Numbers(string name)
    {
        if (!_numbers.TryGetValue(name, out Slot? slot))
        {
            slot = NewNumbers(name, _bits[name].Shape);
            _plan.Steps.Add(new BitsToNumbersStep(_bits[name], slot));
        }
        return slot;
    }

    private Slot Bits(string name)
    {
        if (!_bits.TryGetValue(name, out Slot? slot))
        {
            slot = NewBits(name, _numbers[name].Shape);
            _plan.Steps.Add(new NumbersToBitsStep(_numbers[name], slot));
        }
        return slot;
    }
}
