using System.Diagnostics;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Networks;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>Runs a mapped network on a core, image by image, and compares every stage's output with the golden model.</summary>
public sealed class NetworkCosimulation
{
    /// <summary>How many mismatches a report lists one by one; all are counted.</summary>
    public const int ListedMismatches = 20;

    private readonly QuantisedNetwork _network;
    private readonly CoreProgram _program;
    private readonly ICoreModel _core;
    private readonly List<Mismatch> _mismatches = [];
    private readonly List<CounterMismatch> _counterMismatches = [];
    private long _rowLoads;
    private long _runs;

    /// <summary>Prepares a run on a simulator.</summary>
    /// <param name="network">The network; the golden model computes it.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="simulator">A simulator of the core.</param>
    public NetworkCosimulation(QuantisedNetwork network, CoreProgram program, ISimulator simulator)
        : this(network, program, new CoreDriver(simulator, program.Configuration))
    {
    }

    /// <summary>Prepares a run: loads what is loaded once.</summary>
    /// <param name="network">The network; the golden model computes it.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="core">The core.</param>
    public NetworkCosimulation(QuantisedNetwork network, CoreProgram program, ICoreModel core)
    {
        _network = network;
        _program = program;
        _core = core;
        _core.Load(program.Rows, program.Initials, program.Levels);
        _rowLoads = program.Rows.Length;
    }

    /// <summary>Called after each image with the number of images that are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>The number of the first image in reports: for a share of a larger set.</summary>
    public int FirstImage { get; init; }

    /// <summary>Runs images and compares.</summary>
    /// <param name="images">The images and their labels.</param>
    /// <param name="cancellationToken">Ends the run between two images.</param>
    public CosimulationReport Run(ImageSet images, CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        var stages = _program.Stages;
        var compared = new long[stages.Length];
        var different = new long[stages.Length];
        var counters = new CoreCounters[stages.Length];
        var logits = new int[images.Count, (int)_network[_network.Output].Shape.Count];
        var correct = 0;
        for (var image = 0; image < images.Count; image++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var expected = GoldenModel.Run(_network, images.Image(image));
            _core.WriteOperands(_program.Input.Base, FeatureMapWords.OfInput(_program.Input, _network, images.Image(image)));
            for (var i = 0; i < stages.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (RunStage(FirstImage + image, stages[i]) is not { } counted)
                {
                    break;
                }

                counters[i] += counted;
                var actual = Output(stages[i]);
                different[i] += Compare(FirstImage + image, stages[i].Name, expected[stages[i].Name], actual);
                compared[i] += actual.Length;
                if (stages[i].Name == _network.Output)
                {
                    for (var k = 0; k < actual.Length; k++)
                    {
                        logits[image, k] = (int)actual[k];
                    }

                    correct += Argmax.Of(actual) == images.Labels[image] ? 1 : 0;
                }
            }

            Progress?.Invoke(image + 1);
        }

        return new CosimulationReport(
            images.Count,
            [.. stages.Select((s, i) => new LayerComparison(s.Name, compared[i], different[i], counters[i], CoreCounters.Predicted(s) * images.Count))],
            _mismatches, _counterMismatches, logits, correct, _rowLoads, _runs, watch.Elapsed);
    }

    /// <summary>Runs the passes of a stage.</summary>
    /// <returns>The hardware's counters; null when the core did not finish.</returns>
    private CoreCounters? RunStage(int image, ProgramStage stage)
    {
        var counters = default(CoreCounters);
        for (var i = 0; i < stage.Passes.Length; i++)
        {
            var pass = stage.Passes[i];
            _core.Load(pass.Rows, pass.Initials, pass.Levels);
            _rowLoads += pass.Rows.Length;
            var counted = _core.Run(pass.Descriptor);
            _runs++;
            Compare(image, stage.Name, i, "cycles", pass.Descriptor.Cycles, counted?.Cycles);
            if (counted is null)
            {
                return null;
            }

            Compare(image, stage.Name, i, "row activations", pass.Descriptor.RowActivations, counted.Value.RowActivations);
            counters += counted.Value;
        }

        return counters;
    }

    private void Compare(int image, string layer, int pass, string counter, long predicted, long? counted)
    {
        if (counted != predicted && _counterMismatches.Count < ListedMismatches)
        {
            _counterMismatches.Add(new CounterMismatch(image, layer, pass, counter, predicted, counted));
        }
    }

    private long[] Output(ProgramStage stage)
    {
        if (stage.Output is { } layout)
        {
            return FeatureMapWords.Unpack(layout, _core.ReadOperands(layout.Base, layout.Words), _network[stage.Name].Format);
        }

        // Results lie position by position, all filters of one together; feature maps are compared channel by channel.
        var values = _core.ReadResults(0, stage.Results);
        var channels = stage.ResultChannels;
        var positions = values.Length / channels;
        var ordered = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            ordered[(i % channels * positions) + (i / channels)] = values[i];
        }

        return ordered;
    }

    private long Compare(int image, string layer, long[] expected, long[] actual)
    {
        if (expected.Length != actual.Length)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"layer {layer} has {expected.Length} values and the hardware gave {actual.Length}"));
        }

        var shape = _network[layer].Shape;
        var plane = shape.Height * shape.Width;
        var different = 0L;
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] != actual[i])
            {
                different++;
                if (_mismatches.Count < ListedMismatches)
                {
                    _mismatches.Add(new Mismatch(image, layer, i / plane, i % plane / shape.Width, i % shape.Width, expected[i], actual[i]));
                }
            }
        }

        return different;
    }
}
