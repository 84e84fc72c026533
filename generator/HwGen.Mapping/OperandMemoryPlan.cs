using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping;

/// <summary>Where each feature map lies in the operand memory: by turns at its bottom and at its top, so that a stage never writes what it reads.</summary>
internal sealed class OperandMemoryPlan
{
    private readonly Dictionary<Stage, FeatureMapLayout> _inputs = [];
    private readonly Dictionary<Stage, FeatureMapLayout> _outputs = [];
    private readonly Dictionary<Stage, int> _results = [];

    public OperandMemoryPlan(QuantisedNetwork network, ArrayConfiguration configuration, IReadOnlyList<Stage> stages)
    {
        var format = network.Input.Rule.Format;
        if (format.Kind is not (NumberKind.Bipolar or NumberKind.Unsigned or NumberKind.TwosComplement) || format.Bits > configuration.InputBits)
        {
            throw new MappingException(network.Input.Name, FormattableString.Invariant($"its format is {format}; the core takes ±1, unsigned or two's complement of at most {configuration.InputBits} bits (arithmetic.inputBits)"));
        }

        Input = Layout(network.Input.Shape, format.Bits, 0);
        var current = Input;
        for (var i = 0; i < stages.Count; i++)
        {
            var stage = stages[i];
            var shape = network[stage.Name].Shape;
            _inputs.Add(stage, current);
            if (stage.Threshold is null)
            {
                Need(stage.Name, current.Words, "operandWords", configuration.OperandWords);
                Need(stage.Name, shape.Count, "resultWords", configuration.ResultWords);
                _results.Add(stage, (int)shape.Count);
                continue;
            }

            if (stage.Threshold.Output.Bits > configuration.InputBits)
            {
                throw new MappingException(stage.Threshold.Name, FormattableString.Invariant($"its output is {stage.Threshold.Output}, and arithmetic.inputBits is {configuration.InputBits}"));
            }

            var output = Layout(shape, stage.Threshold.Output.Bits, 0);
            Need(stage.Name, (long)current.Words + output.Words, "operandWords", configuration.OperandWords);
            current = i % 2 == 0 ? output with { Base = configuration.OperandWords - output.Words } : output;
            _outputs.Add(stage, current);
        }

        FeatureMapLayout Layout(TensorShape map, int planes, int address)
        {
            var words = map.Count / map.Channels * (((map.Channels - 1) / configuration.Columns) + 1L) * planes;
            Need(network.Input.Name, words, "operandWords", configuration.OperandWords);
            return new FeatureMapLayout(address, map.Channels, map.Height, map.Width, planes, configuration.Columns);
        }
    }

    /// <summary>The network's input.</summary>
    public FeatureMapLayout Input { get; }

    /// <summary>What a stage reads.</summary>
    public FeatureMapLayout InputOf(Stage stage) => _inputs[stage];

    /// <summary>Where a stage's bits go; null when it gives values.</summary>
    public FeatureMapLayout? OutputOf(Stage stage) => _outputs.GetValueOrDefault(stage);

    /// <summary>How many values a stage gives; 0 when it gives bits.</summary>
    public int ResultsOf(Stage stage) => _results.GetValueOrDefault(stage);

    private static void Need(string layer, long words, string memory, int available)
    {
        if (words > available)
        {
            throw new MappingException(layer, FormattableString.Invariant($"it needs {words} words, and memories.{memory} is {available}"));
        }
    }
}
