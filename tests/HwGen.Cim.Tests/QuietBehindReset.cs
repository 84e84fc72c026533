using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>A block behind its reset: whatever its registers and memories hold, nothing is written, started, told or busy before somebody asks for it. Its inputs are 0 for as long as a value in its pipeline needs to come out, and free later.</summary>
internal sealed class QuietBehindReset : Module
{
    /// <summary>More cycles than a value needs from the first stage of a pipeline to its end.</summary>
    private const int Pipeline = 10;

    private readonly int _cycles;
    private readonly Module _block;
    private readonly HashSet<string>? _quiet;
    private readonly List<(Input Inner, Input Outer)> _inputs = [];
    private readonly List<Output> _outputs = [];

    /// <param name="block">The block.</param>
    /// <param name="quiet">The outputs that are 0; all where none are named.</param>
    public QuietBehindReset(Module block, params string[] quiet)
        : this(block, 1, quiet)
    {
    }

    private QuietBehindReset(Module block, int cycles, params string[] quiet)
    {
        (_block, _cycles, _quiet) = (block, cycles, quiet.Length == 0 ? null : [.. quiet.Select(Names.ToSnakeCase)]);
        foreach (var port in BlockPorts.Of(block))
        {
            if (port is Input input)
            {
                _inputs.Add((input, new Input(input.Width, input.Name)));
            }
            else if (port is Output output)
            {
                _outputs.Add(output);
            }
        }
    }

    /// <summary>Cycles that a proof looks at: all of those behind the reset, and a few.</summary>
    public int Depth => _cycles + 3;

    public IEnumerable<Input> Ports => _inputs.Select(input => input.Outer);

    /// <summary>The blocks of a core that have a reset, those with a bus only where it has one.</summary>
    public static IEnumerable<Func<QuietBehindReset>> Of(ArrayConfiguration configuration)
    {
        yield return () => new QuietBehindReset(
            new Sequencer(configuration), "Busy", "Done", "Fetch", "RoundEnd", "Preload", "PreloadWindow", "Starting", "Cycles", "RowActivations", "SkippedOperands", "FetchOutside");
        yield return () => new QuietBehindReset(new DrainUnit(configuration), "Valid", "Next", "NextFilter", "Joins");
        yield return () => new QuietBehindReset(new ValueUnit(configuration), Pipeline, "Valid");
        yield return () => new QuietBehindReset(new PlanePacker(configuration), "WordWrite");
        yield return () => new QuietBehindReset(new ResultUnit(configuration), "WordWrite");
        yield return () => new QuietBehindReset(new DescriptorRegisters(configuration));
        if (configuration.HasBus)
        {
            yield return () => new QuietBehindReset(
                new InstructionUnit(configuration), "Busy", "Done", "Failed", "Aborted", "Error", "DoneEvent", "ErrorEvent", "StopArray", "LayerStart", "StoreRow", "StoreKey", "StoreInitial", "StoreLevel", "StoreOperand",
                "OutValid", "InReady", "InClear", "ProgramCounter", "ProgramCycles", "LayerCycles", "RowActivations", "SkippedOperands", "ArrayStalls", "InputStalls", "OutputStalls", "WaitsForInput", "WaitsForOutput");
        }

        if (configuration.Similarity is not null)
        {
            yield return () => new QuietBehindReset(new SimilarityRegisters(configuration));
            yield return () => new QuietBehindReset(new FilterFlags(configuration), "Valid");
            yield return () => new QuietBehindReset(new PartnerCount(configuration), Pipeline, "Counted");
            yield return () => new QuietBehindReset(new SimilaritySequencer(configuration), "Busy", "Done", "Cycles", "Stalls", "Starting", "Evaluate", "Capture", "Summed", "Side", "Reads");
        }
    }

    protected override void Build()
    {
        Instance<Module>(out var placed, _block, name: "block");
        _ = placed;
        Register(out var behind, Widths.Count(_cycles), reset: 0);
        Wire(out var awake, behind.EqualTo(_cycles));
        When(~awake, () => behind.Drive(behind + 1));
        foreach (var (inner, outer) in _inputs)
        {
            inner.Drive(outer & Repeat(awake, outer.Width));
        }

        foreach (var output in _outputs)
        {
            if (_quiet?.Contains(output.Name) ?? true)
            {
                Assert(awake | ~output.AnyOne(), output.Name + " is 0 behind a reset");
            }
            else
            {
                Discard(output);
            }
        }
    }
}
