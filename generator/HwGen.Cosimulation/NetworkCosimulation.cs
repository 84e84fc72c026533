using System.Diagnostics;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Networks;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>Runs a mapped network on a simulated core, image by image, and compares every stage's output with the golden model.</summary>
public sealed class NetworkCosimulation
{
    /// <summary>How many mismatches a report lists one by one; all are counted.</summary>
    public const int ListedMismatches = 20;

    private readonly QuantisedNetwork _network;
    private readonly CoreProgram _program;
    private readonly CoreDriver _driver;
    private readonly List<Mismatch> _mismatches = [];
    private readonly List<CycleMismatch> _cycleMismatches = [];
    private long _rowLoads;

    /// <summary>Prepares a run: takes over the simulator, loads what is loaded once.</summary>
    /// <param name="network">The network; the golden model computes it.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="simulator">A simulator of the core.</param>
    public NetworkCosimulation(QuantisedNetwork network, CoreProgram program, ISimulator simulator)
    {
        _network = network;
        _program = program;
        _driver = new CoreDriver(simulator, program.Configuration);
        if (simulator.Engine == "icarus")
        {
            // It knows unknown bits: a word that the core only writes in part could not be read. The other engines begin with random words.
            _driver.WriteOperands(0, new ulong[program.Configuration.OperandWords * (((program.Configuration.Columns - 1) / 64) + 1)]);
        }

        _driver.LoadRows(program.Rows);
        _driver.LoadInitials(program.Initials);
        _driver.LoadLevels(program.Levels);
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
        var cycles = new long[stages.Length];
        var logits = new int[images.Count, (int)_network[_network.Output].Shape.Count];
        var correct = 0;
        for (var image = 0; image < images.Count; image++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var expected = GoldenModel.Run(_network, images.Image(image));
            LoadInput(expected[_network.Input.Name]);
            for (var i = 0; i < stages.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (RunStage(FirstImage + image, stages[i]) is not { } counted)
                {
                    break;
                }

                cycles[i] += counted;
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
            [.. stages.Select((s, i) => new LayerComparison(s.Name, compared[i], different[i], cycles[i], s.Cycles * images.Count))],
            _mismatches, _cycleMismatches, logits, correct, _rowLoads, watch.Elapsed);
    }

    private void LoadInput(long[] values)
    {
        var layout = _program.Input;
        _driver.WriteOperands(layout.Base, FeatureMapWords.Pack(layout, values, _network.Input.Rule.Format.Kind == NumberKind.Bipolar));
    }

    /// <summary>Runs the passes of a stage.</summary>
    /// <returns>The cycles of the hardware's counter; null when the core did not finish.</returns>
    private long? RunStage(int image, ProgramStage stage)
    {
        var cycles = 0L;
        for (var i = 0; i < stage.Passes.Length; i++)
        {
            var pass = stage.Passes[i];
            _driver.LoadRows(pass.Rows);
            _driver.LoadInitials(pass.Initials);
            _driver.LoadLevels(pass.Levels);
            _rowLoads += pass.Rows.Length;
            var counted = _driver.Run(pass.Descriptor);
            if (counted != pass.Descriptor.Cycles && _cycleMismatches.Count < ListedMismatches)
            {
                _cycleMismatches.Add(new CycleMismatch(image, stage.Name, i, pass.Descriptor.Cycles, counted));
            }

            if (counted is null)
            {
                return null;
            }

            cycles += counted.Value;
        }

        return cycles;
    }

    private long[] Output(ProgramStage stage)
    {
        if (stage.Output is { } layout)
        {
            return FeatureMapWords.Unpack(layout, _driver.ReadOperands(layout.Base, layout.Words), _network[stage.Name].Format);
        }

        // Results lie position by position, all filters of one together; feature maps are compared channel by channel.
        var shape = _network[stage.Name].Shape;
        var values = _driver.ReadResults(0, stage.Results);
        var positions = shape.Height * shape.Width;
        var ordered = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            ordered[(i % shape.Channels * positions) + (i / shape.Channels)] = values[i];
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
