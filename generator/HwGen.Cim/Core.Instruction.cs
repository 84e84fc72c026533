using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

// What a program that the core runs by itself needs of it, beside the host's ports.
public sealed partial class Core
{
    /// <summary>1 to end a layer and to let the pipelines run empty: 32 cycles long. Nothing is written to by ports meanwhile.</summary>
    public Input? Abort { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>1 when all rows do the operation of the instruction, not their own.</summary>
    public Input? Instructed { get; } = configuration.HasInstructedOperation ? new(1) : null;

    /// <summary>That operation.</summary>
    public Input? Instruction { get; } = configuration.HasInstructedOperation ? new(2) : null;

    /// <summary>1 when the descriptor describes a layer.</summary>
    public Output? DescriptorLegal { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>1 when the layer asks for a row group or an initial value that is not there.</summary>
    public Output? LayerOutside { get; } = configuration.HasBus ? new(1) : null;

    private Signal Idle(Sequencer sequencer, Measurement? measure)
    {
        var idle = measure is null ? ~sequencer.Busy : ~sequencer.Busy & ~measure.Measures;
        return Abort is { } abort ? idle & ~abort : idle;
    }

    /// <summary>The row operation that an instruction gives: the similarity unit's while it measures, else the program's.</summary>
    private void GivenOperation(Macro[] macros, Measurement? measure)
    {
        foreach (var macro in macros.Where(macro => macro.Instruction is not null))
        {
            macro.Instruction!.Drive(
                measure is null ? Instruction! : Instruction is null ? measure.Array.Operation : Choose(measure.Measures, measure.Array.Operation, Instruction));
        }
    }

    private void ByInstruction(DescriptorRegisters descriptor, Sequencer sequencer, Macro[] macros, ResultUnit results, DrainUnit drain)
    {
        if (Abort is not { } abort)
        {
            return;
        }

        sequencer.Abort!.Drive(abort);
        results.Abort!.Drive(abort);
        drain.Abort!.Drive(abort);
        LayerOutside!.Drive(sequencer.FetchOutside!);
        Instance(out var check, new DescriptorCheck(configuration));
        check.Connect(descriptor);
        DescriptorLegal!.Drive(check.Legal);
        foreach (var macro in macros)
        {
            macro.Instructed?.Drive(Instructed!);
        }
    }
}
