using HwGen.Architecture.Program;
using HwGen.Networks;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>The cycles around something that differs: which pass of which stage, and when in it.</summary>
/// <param name="Image">The image, from 0.</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Pass">The pass of the stage, from 0.</param>
/// <param name="FirstCycle">The first cycle of the window, counted from the start of the pass.</param>
/// <param name="Cycles">The length of the window.</param>
public sealed record MismatchWindow(int Image, int Stage, int Pass, long FirstCycle, int Cycles)
{
    /// <summary>The most cycles that a window has.</summary>
    public const int Longest = 256;

    // From the last operand of an output until its words are written, and a little more.
    private const int After = 24;

    private const int Earlier = 16;

    /// <summary>The window around the first thing that differs in a report; null when nothing does.</summary>
    /// <param name="report">The report.</param>
    /// <param name="program">What the core ran.</param>
    /// <param name="network">The network.</param>
    /// <param name="images">The images of the report.</param>
    public static MismatchWindow? Of(CosimulationReport report, CoreProgram program, QuantisedNetwork network, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        if (report.FirstMismatches is [var value, ..])
            return Around(value, program, network, images.Image(value.Image));
        if (report.CounterMismatches is not [var counter, ..])
            return null;
        var stage = StageOf(program, counter.Layer);
        var end = program.Stages[stage].Passes[counter.Pass].Descriptor.Cycles;
        return Ending(counter.Image, stage, counter.Pass, 0, end);
    }

    /// <summary>
    /// Runs the image once more, up to the pass, and traces the window.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="program">What the core runs.</param>
    /// <param name="image">The pixels of the image.</param>
    /// <param name="simulator">A simulator of the core, made with tracing; it is used up.</param>
    /// <param name="path">The value change dump that is written.</param>
    public void Trace(QuantisedNetwork network, CoreProgram program, ReadOnlySpan<byte> image, ISimulator simulator, string path)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(simulator);
        var driver = new CoreDriver(simulator, program.Configuration);
        driver.Load(program.Rows, program.Initials, program.Levels);
        driver.WriteOperands(program.Input.Base, FeatureMapWords.OfInput(program, network, image));
        for (var stage = 0; stage <= Stage; stage++)
        {
            for (var pass = 0; pass < (stage == Stage ? Pass : program.Stages[stage].Passes.Length); pass++)
            {
                var one = program.Stages[stage].Passes[pass];
                driver.Load(one.Rows, one.Initials, one.Levels);
                if (driver.Run(one.Descriptor) is null)
                    return;
            }
        }

        var last = program.Stages[Stage].Passes[Pass];
        driver.Load(last.Rows, last.Initials, last.Levels);
        driver.Begin(last.Descriptor);
        simulator.Step(FirstCycle);
        simulator.StartTrace(path);
        simulator.Step(Cycles);
        simulator.StopTrace();
    }

    /// <summary>The pass that makes the value, and the part of it that makes its position.</summary>
    private static MismatchWindow Around(Mismatch value, CoreProgram program, QuantisedNetwork network, ReadOnlySpan<byte> image)
    {
        var stage = StageOf(program, value.Layer);
        var passes = program.Stages[stage].Passes;

        // The place of its channel among those that are there; a channel that is not is wrong in the program, not in any cycle.
        if (program.Stages[stage].Channels is { IsEmpty: false } channels)
            value = value with { Channel = Math.Max(0, channels.IndexOf(value.Channel)) };
        var (pass, filter) = (0, value.Channel);
        for (; pass < passes.Length - 1; pass++)
        {
            // Parts of sums are not what differs: the pass that ends them is.
            if ((passes[pass].Descriptor.Control & (ControlBits.HoldAccumulators | ControlBits.Unpooled)) != 0)
                continue;
            if (filter < passes[pass].Descriptor.Filters)
                break;
            filter -= (int)passes[pass].Descriptor.Filters;
        }

        if (WritingPass(value, stage, program, network, image) is { } writing && writing != pass)
            (pass, filter) = (writing, (int)passes[writing].Descriptor.Filters - 1);
        var descriptor = passes[pass].Descriptor;
        var outputs = descriptor[DescriptorField.OutputWidth] * (long)descriptor[DescriptorField.OutputHeight];
        var output = Math.Min(outputs - 1, ((long)value.Row * network[value.Layer].Shape.Width) + value.Column);
        var (ends, rounds) = (RoundEnds(program, network, image, stage, pass), descriptor.Positions / outputs * descriptor[DescriptorField.Tiles]);
        var begin = output == 0 ? 0 : ends[(int)(output * rounds) - 1];
        if (!descriptor.Control.HasFlag(ControlBits.ValueOutput))
            return Ending(value.Image, stage, pass, begin, ends[(int)((output + 1) * rounds) - 1]);

        // Values leave one filter after another, behind the round of their tile.
        var tiles = descriptor[DescriptorField.Tiles];
        var tileFilters = descriptor[DescriptorField.TileFilters] / descriptor.FilterLanes;
        var tile = Math.Min(tiles - 1, filter / tileFilters);
        var left = (((long)filter % tileFilters) + 1) * (descriptor[DescriptorField.DrainCycles] + descriptor.JoinCycles);
        return Ending(value.Image, stage, pass, begin, ends[(int)((output * rounds) + ((tile + 1) * rounds / tiles)) - 1] + left);
    }

    /// <summary>The cycles at the end of each round of a pass, by the interpreter.</summary>
    private static List<long> RoundEnds(CoreProgram program, QuantisedNetwork network, ReadOnlySpan<byte> image, int stage, int pass)
    {
        var core = Before(program, network, image, stage);
        foreach (var one in program.Stages[stage].Passes.Take(pass))
            Run(core, one);
        var (last, ends) = (program.Stages[stage].Passes[pass], new List<long>());
        core.Load(last.Rows, last.Initials, last.Levels);
        core.Run(last.Descriptor, ends);
        return ends;
    }

    /// <summary>The interpreter when it has run the stages before one.</summary>
    private static InterpretedCore Before(CoreProgram program, QuantisedNetwork network, ReadOnlySpan<byte> image, int stage)
    {
        var core = new InterpretedCore(program.Configuration);
        core.Load(program.Rows, program.Initials, program.Levels);
        core.WriteOperands(program.Input.Base, FeatureMapWords.OfInput(program, network, image));
        foreach (var pass in program.Stages.Take(stage).SelectMany(s => s.Passes))
            Run(core, pass);
        return core;
    }

    private static void Run(InterpretedCore core, ProgramPass pass)
    {
        core.Load(pass.Rows, pass.Initials, pass.Levels);
        core.Run(pass.Descriptor);
    }

    /// <summary>
    /// The pass that writes the word of a value, found by the interpreter: of two runs the bit is set in one and cleared in the other before each pass, and the pass that writes it
    /// makes them equal. Null where the stage writes to the result memory.
    /// </summary>
    private static int? WritingPass(Mismatch value, int stage, CoreProgram program, QuantisedNetwork network, ReadOnlySpan<byte> image)
    {
        if (program.Stages[stage].Output is not { } layout)
            return null;
        var word = layout.Base + (((value.Row * layout.Width) + value.Column) * layout.PixelWords) + (value.Channel / layout.Columns * layout.Planes);
        var (part, bit) = (value.Channel % layout.Columns / 64, 1UL << (value.Channel % layout.Columns % 64));
        InterpretedCore[] cores = [Before(program, network, image, stage), Before(program, network, image, stage)];
        for (var pass = 0; pass < program.Stages[stage].Passes.Length; pass++)
        {
            for (var i = 0; i < cores.Length; i++)
            {
                var before = cores[i].ReadOperands(word, 1);
                before[part] = i == 0 ? before[part] & ~bit : before[part] | bit;
                cores[i].WriteOperands(word, before);
                Run(cores[i], program.Stages[stage].Passes[pass]);
            }

            if (((cores[0].ReadOperands(word, 1)[part] ^ cores[1].ReadOperands(word, 1)[part]) & bit) == 0)
                return pass;
        }

        return null;
    }

    private static MismatchWindow Ending(int image, int stage, int pass, long first, long end)
    {
        first = Math.Max(Math.Max(0, first - Earlier), end + After - Longest);
        return new MismatchWindow(image, stage, pass, first, (int)(end + After - first));
    }

    private static int StageOf(CoreProgram program, string layer)
    {
        var stage = 0;
        while (stage < program.Stages.Length - 1 && program.Stages[stage].Name != layer)
            stage++;
        return stage;
    }
}
