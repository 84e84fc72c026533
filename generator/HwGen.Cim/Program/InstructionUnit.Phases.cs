using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Netlist;

namespace HwGen.Cim;

// What follows what, and what is counted.
public sealed partial class InstructionUnit
{
    /// <summary>1 to start a layer.</summary>
    public Output LayerStart { get; } = new(1);

    /// <summary>1 while it runs.</summary>
    public Input LayerBusy { get; } = new(1);

    /// <summary>1 when it asks for what is not there.</summary>
    public Input LayerOutside { get; } = new(1);

    /// <summary>Cycles that it has run.</summary>
    public Input LayerTime { get; } = new(32);

    /// <summary>Rows of filters that it has evaluated.</summary>
    public Input LayerActivations { get; } = new(configuration.ActivationCounterBits);

    /// <summary>Operands that it has skipped; none in a core that skips no operands.</summary>
    public Input? LayerSkips { get; } = configuration.OperandSkipping ? new(configuration.SkippedCounterBits) : null;

    /// <summary>1 to end a layer and let the pipelines run empty.</summary>
    public Output StopArray { get; } = new(1);

    /// <summary>1 when all rows do one operation; none where one is built.</summary>
    public Output? Instructed { get; } = configuration.HasInstructedOperation ? new(1) : null;

    /// <summary>That operation.</summary>
    public Output? RowOperation { get; } = configuration.HasInstructedOperation ? new(2) : null;

    /// <summary>What the core is told beside data: which row operation, when a layer starts, when all ends.</summary>
    private void ToCore(StateMachine<Phase> phase, Signal starts, Fetched fetched, Decoded instruction, Moved move)
    {
        Discard(fetched.HasSecond);
        Discard(move.IsLast);
        Wire(out var runs, phase.Is(Phase.Decode) & instruction.Is(Opcode.Run) & ~instruction.Failure.AnyOne());
        LayerStart.Drive(runs);
        StopArray.Drive(phase.Is(Phase.Stop));
        if (Instructed is null)
        {
            return;
        }

        Register(out var all, 1);
        Register(out var allOperation, 2);
        Register(out var given, 1);
        Register(out var operation, 2);
        When(starts, () => all.Drive(0));
        When(phase.Is(Phase.Decode) & instruction.Is(Opcode.Operation), () =>
        {
            all.Drive(instruction.Word[InstructionSet.GivenBit]);
            allOperation.Drive(instruction.Word.Truncate(2));
        });
        When(runs, () =>
        {
            given.Drive(instruction.Word[InstructionSet.GivenBit] | all);
            operation.Drive(Choose(instruction.Word[InstructionSet.GivenBit], instruction.Word.Truncate(2), allOperation));
        });
        Instructed.Drive(given);
        RowOperation!.Drive(operation);
    }

    private void Phases(StateMachine<Phase> phase, Signal starts, Signal loads, Fetched fetched, Decoded instruction, Moved move)
    {
        var is_ = instruction.Is;
        Register(out var stopping, 5);
        Register(out var aborting, 1, reset: 0);
        Register(out var failure, 4, reset: 0);
        Register(out var done, 1, reset: 0);
        Register(out var failed, 1, reset: 0);
        Register(out var aborted, 1, reset: 0);
        Wire(out var late, phase.Is(Phase.Layer) & LayerBusy & LayerTime.AtLeast(RunLimit));
        Wire(out var astray, phase.Is(Phase.Layer) & LayerBusy & LayerOutside);
        Wire(out var fault, Choose(move.Outside, Code(ErrorCode.Range), Choose(astray, Code(ErrorCode.LayerRange), Choose(late, Code(ErrorCode.TimeLimit), instruction.Failure))));
        Wire(out var faulty, fault.AnyOne());
        Wire(out var stopped, phase.Is(Phase.Stop) & stopping.AllOnes() & (~aborting | OutEmpty));
        Wire(out var loaded, phase.Is(Phase.Program) & fetched.IsLoaded);

        phase.Switch(
            (Phase.Idle, () =>
            {
                When(starts, () => phase.Go(Phase.Fetch));
                When(loads, () => phase.Go(Phase.Program));
            }
        ),
            (Phase.Fetch, () => When(fetched.Ends, () => phase.Go(Phase.Decode))),
            (Phase.Decode, () =>
            {
                phase.Go(Phase.Fetch);
                When(fetched.HasSecond, () => phase.Go(Phase.Second));
                When(is_(Opcode.End), () => phase.Go(Phase.Stop));
                When(is_(Opcode.Run), () => phase.Go(Phase.Layer));
                When(is_(Opcode.ReceiveRows, Opcode.ReceiveKeys, Opcode.ReceiveInitials, Opcode.ReceiveLevels) & ~instruction.IsEmpty, () => phase.Go(Phase.Head));
            }
        ),
            (Phase.Second, () =>
            {
                phase.Go(Phase.Fetch);
                When(is_(Opcode.ReceiveOperands) & ~instruction.IsEmpty, () => phase.Go(Phase.Take));
                When(is_(Opcode.SendOperands, Opcode.SendResults, Opcode.SendRows) & ~instruction.IsEmpty, () => phase.Go(Phase.Read));
            }
        ),
            (Phase.Head, () => When(InValid, () => phase.Go(Phase.Take))),
            (Phase.Take, () => When(move.IsTaken, () => phase.Go(Phase.Store))),
            (Phase.Store, () => When(move.IsStored, () =>
            {
                phase.Go(Phase.Head);
                When(is_(Opcode.ReceiveOperands), () => phase.Go(Phase.Take));
                When(move.IsLast, () => phase.Go(Phase.Fetch));
            })),
            (Phase.Read, () => phase.Go(Phase.Loaded)),
            (Phase.Loaded, () => phase.Go(Phase.Give)),
            (Phase.Give, () => When(move.IsGiven, () =>
            {
                phase.Go(Phase.Read);
                When(move.IsLast, () => phase.Go(Phase.Fetch));
            })),
            (Phase.Layer, () => When(~LayerBusy, () => phase.Go(Phase.Fetch))),
            (Phase.Stop, () => When(stopped, () => phase.Go(Phase.Idle))),
            (Phase.Program, () => When(fetched.IsLoaded, () => phase.Go(Phase.Idle))));
        When(faulty, () => phase.Go(Phase.Stop));
        When(Abort & ~phase.Is(Phase.Stop), () => phase.Go(Phase.Stop));

        When(~phase.Is(Phase.Stop), () => stopping.Drive(0));
        When(phase.Is(Phase.Stop) & ~stopping.AllOnes(), () => stopping.Drive(stopping + 1));
        When(starts | loads, () =>
        {
            failure.Drive(0);
            done.Drive(0);
            failed.Drive(0);
            aborted.Drive(0);
        });
        When(faulty, () => failure.Drive(fault));
        When(Abort & ~phase.Is(Phase.Stop), () =>
        {
            failure.Drive(0);
            aborting.Drive(1);
            done.Drive(0);
            failed.Drive(0);
            aborted.Drive(0);
        });
        Wire(out var ends, stopped & ~aborting & ~failure.AnyOne());
        Wire(out var fails, stopped & ~aborting & failure.AnyOne());
        When(stopped, () =>
        {
            aborting.Drive(0);
            aborted.Drive(aborting);
        });
        When(ends | loaded, () => done.Drive(1));
        When(fails, () => failed.Drive(1));
        InClear.Drive(phase.Is(Phase.Stop) & aborting);
        Busy.Drive(~phase.Is(Phase.Idle));
        Done.Drive(done);
        Failed.Drive(failed);
        Aborted.Drive(aborted);
        Error.Drive(failure);
        DoneEvent.Drive(ends | (loaded & ~Abort));
        ErrorEvent.Drive(fails);
        WaitsForInput.Drive(InputWait(phase));
        WaitsForOutput.Drive(phase.Is(Phase.Give) & ~OutReady);
    }

    private Signal InputWait(StateMachine<Phase> phase) => (phase.Is(Phase.Head) | phase.Is(Phase.Take)) & ~InValid;

    private void Counters(StateMachine<Phase> phase, Signal starts)
    {
        Wire(out var active, ~phase.Is(Phase.Idle) & ~phase.Is(Phase.Program));
        Wire(out var layerEnds, phase.Is(Phase.Layer) & ~LayerBusy);
        Counter(ProgramCycles, active, Constant(1, 64), nameof(ProgramCycles));
        Counter(LayerCycles, layerEnds, LayerTime.ZeroExtend(64), nameof(LayerCycles));
        Counter(RowActivations, layerEnds, LayerActivations.ZeroExtend(64), nameof(RowActivations));
        if (SkippedOperands is { } skippedOperands)
        {
            Counter(skippedOperands, layerEnds, LayerSkips!.ZeroExtend(64), nameof(SkippedOperands));
        }

        if (ArrayStalls is { } arrayStalls)
        {
            Counter(arrayStalls, ArrayBusy! & (phase.Is(Phase.Fetch) | (phase.Is(Phase.Store) & ~StoreReady!)), Constant(1, 64), nameof(ArrayStalls));
        }

        Counter(InputStalls, InputWait(phase), Constant(1, 64), nameof(InputStalls));
        Counter(OutputStalls, phase.Is(Phase.Give) & ~OutReady, Constant(1, 64), nameof(OutputStalls));

        void Counter(Output output, Signal when, Signal step, string name)
        {
            Register(out var counted, 64, reset: 0, name: Names.ToSnakeCase(name) + "_count");
            When(when, () => counted.Drive(counted + step));
            When(starts, () => counted.Drive(0));
            output.Drive(counted);
        }
    }
}
