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

    // Where operands are skipped, what a run counts depends on its input: the interpreter says it, from golden's values. Null where the program alone says it.
    private readonly InterpretedCore? _prediction;
    private readonly List<Mismatch> _mismatches = [];
    private readonly List<CounterMismatch> _counterMismatches = [];
    private long _rowLoads;
    private long _runs;

    /// <summary>Prepares a run on a simulator.</summary>
    /// <param name="network">The network; the golden model computes it.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="simulator">A simulator of the core.</param>
    public NetworkCosimulation(QuantisedNetwork network, CoreProgram program, ISimulator simulator)
        : this(network, program, CoreModels.Of(simulator, program.Configuration))
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
        _prediction = program.Configuration.OperandSkipping ? new InterpretedCore(program.Configuration) : null;
        Load(program.Rows, program.Initials, program.Levels);
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
        ArgumentNullException.ThrowIfNull(images);
        var watch = Stopwatch.StartNew();
        var tally = new Tally(_program.Stages.Length, images.Count, (int)_network[_network.Output].Shape.Count);
        for (var first = 0; first < images.Count; first += _program.Batch)
        {
            RunTogether(images, first, Math.Min(_program.Batch, images.Count - first), tally, cancellationToken);
        }

        return new CosimulationReport(
            images.Count,
            [.. _program.Stages.Select((s, i) => new LayerComparison(s.Name, tally.Compared[i], tally.Different[i], tally.Counters[i], tally.Predicted[i]))],
            _mismatches, _counterMismatches, tally.Logits, tally.Correct, _rowLoads, _runs, watch.Elapsed);
    }

    /// <summary>
    /// Runs some images part by part of the schedule: what a part loads is loaded once for all of them, unless it overwrites some of it itself, and an image
    /// is put aside at its end. One image is run from part to part.
    /// </summary>
    private void RunTogether(ImageSet images, int first, int count, Tally tally, CancellationToken cancellationToken)
    {
        var runs = Enumerable.Range(first, count).Select(image => new ImageRun(image, GoldenModel.Run(_network, images.Image(image)))).ToList();
        var parts = _program.Parts();
        for (var part = 0; part < parts.Count; part++)
        {
            // A core that did not finish has not met every load of the part: the next image loads again.
            var isLoaded = false;
            foreach (var run in runs.Where(run => !run.HasFailed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (part == 0)
                {
                    WriteOperands(_program.Input.Base, FeatureMapWords.OfInput(_program, _network, images.Image(run.Image)));
                }

                foreach (var (map, words) in run.Aside)
                {
                    WriteOperands(map.Base, words);
                }

                RunPart(parts[part], run, !isLoaded, images, tally, cancellationToken);
                isLoaded = parts[part].SharesLoads && !run.HasFailed;
                run.Aside.Clear();
                if (part + 1 < parts.Count && !run.HasFailed)
                {
                    var (stage, pass) = parts[part + 1].Passes[0];
                    run.Aside.AddRange(_program.Stages[stage].Passes[pass].Restores.Select(map => (map, _core.ReadOperands(map.Base, map.Words))));
                }

                if (part + 1 == parts.Count || run.HasFailed)
                {
                    Progress?.Invoke(run.Image + 1);
                }
            }
        }
    }

    private void RunPart(SchedulePart part, ImageRun run, bool loads, ImageSet images, Tally tally, CancellationToken cancellationToken)
    {
        foreach (var (stageIndex, passIndex) in part.Passes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stage = _program.Stages[stageIndex];
            var pass = stage.Passes[passIndex];
            if (loads)
            {
                Load(pass.Rows, pass.Initials, pass.Levels);
                _rowLoads += pass.Rows.Length;
            }

            var predicted = _prediction?.Run(pass.Descriptor) ?? new CoreCounters(pass.Descriptor.Cycles, pass.Descriptor.RowActivations);
            tally.Predicted[stageIndex] += predicted;
            var counted = _core.Run(pass.Descriptor);
            _runs++;
            Compare(FirstImage + run.Image, stage.Name, passIndex, "cycles", predicted.Cycles, counted?.Cycles);
            if (counted is null)
            {
                run.HasFailed = true;
                return;
            }

            Compare(FirstImage + run.Image, stage.Name, passIndex, "row activations", predicted.RowActivations, counted.Value.RowActivations);
            Compare(FirstImage + run.Image, stage.Name, passIndex, "skipped operands", predicted.SkippedOperands, counted.Value.SkippedOperands);
            tally.Counters[stageIndex] += counted.Value;
            if (passIndex + 1 < stage.Passes.Length)
            {
                continue;
            }

            if (_prediction is not null && stage.Output is { } layout)
            {
                // What comes next is predicted from golden's values, whatever was made of them.
                _prediction.WriteOperands(layout.Base, FeatureMapWords.Pack(layout, stage.Present(run.Expected[stage.Name]), _network[stage.Name].Format.Kind == NumberKind.Bipolar));
            }

            var actual = stage.Complete(Output(stage));
            tally.Different[stageIndex] += Compare(FirstImage + run.Image, stage.Name, run.Expected[stage.Name], actual);
            tally.Compared[stageIndex] += actual.Length;
            if (stage.Name == _network.Output)
            {
                for (var k = 0; k < actual.Length; k++)
                {
                    tally.Logits[run.Image, k] = (int)actual[k];
                }

                tally.Correct += Argmax.Of(actual) == images.Labels[run.Image] ? 1 : 0;
            }
        }
    }

    private void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels)
    {
        _core.Load(rows, initials, levels);
        _prediction?.Load(rows, initials, levels);
    }

    private void WriteOperands(int address, ulong[] words)
    {
        _core.WriteOperands(address, words);
        _prediction?.WriteOperands(address, words);
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

    /// <summary>What was counted so far.</summary>
    private sealed class Tally(int stages, int images, int classes)
    {
        public long[] Compared { get; } = new long[stages];

        public long[] Different { get; } = new long[stages];

        public CoreCounters[] Counters { get; } = new CoreCounters[stages];

        public CoreCounters[] Predicted { get; } = new CoreCounters[stages];

        public int[,] Logits { get; } = new int[images, classes];

        public int Correct { get; set; }
    }

    /// <summary>One image on its way.</summary>
    private sealed class ImageRun(int image, LayerOutputs expected)
    {
        public int Image { get; } = image;

        public LayerOutputs Expected { get; } = expected;

        /// <summary>The maps that it needs, while others are in the core.</summary>
        public List<(FeatureMapLayout Map, ulong[] Words)> Aside { get; } = [];

        /// <summary>True when the core did not finish a pass of it.</summary>
        public bool HasFailed { get; set; }
    }
}
