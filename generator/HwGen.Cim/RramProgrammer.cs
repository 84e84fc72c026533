using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Programs one word of resistive cells and verifies it: reads it, pulses the cells that are wrong, first those that are to become 1, then those that are to become 0, and reads
/// again, until all are right or the retries are used up.
/// </summary>
/// <param name="width">Cells of a word.</param>
/// <param name="retries">Rounds of pulses, at least 1.</param>
public sealed class RramProgrammer(int width, int retries) : Module(FormattableString.Invariant($"c{width}_t{retries}"))
{
    private enum Step
    {
        Idle,
        Read,
        Verify,
        Set,
        Reset,
    }

    /// <summary>1 to begin; the word and its data stay until the end.</summary>
    public Input Start { get; } = new(1);

    /// <summary>What the word is to hold.</summary>
    public Input Data { get; } = new(width);

    /// <summary>What was read of it.</summary>
    public Input Sense { get; } = new(width);

    /// <summary>The pulses to 1.</summary>
    public Output BitLine { get; } = new(width);

    /// <summary>The pulses to 0.</summary>
    public Output SourceLine { get; } = new(width);

    /// <summary>1 in the last cycle.</summary>
    public Output Done { get; } = new(1);

    /// <summary>1 when the word holds its data; looked at when done.</summary>
    public Output IsGood { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        StateMachine(out var step, Step.Idle);
        Register(out var rounds, Widths.Count(retries));
        Wire(out var good, Sense.EqualTo(Data));
        Wire(out var ends, good | rounds.EqualTo(retries));
        step.Switch(
            (Step.Idle, () => When(Start, () =>
            {
                rounds.Drive(0);
                step.Go(Step.Read);
            })),
            (Step.Read, () => step.Go(Step.Verify)),
            (Step.Verify, () => When(ends, () => step.Go(Step.Idle)).Else(() => step.Go(Step.Set))),
            (Step.Set, () => step.Go(Step.Reset)),
            (Step.Reset, () =>
            {
                rounds.Drive(rounds + 1);
                step.Go(Step.Read);
            }
        ));
        BitLine.Drive(Data & ~Sense & Repeat(step.Is(Step.Set), width));
        SourceLine.Drive(~Data & Sense & Repeat(step.Is(Step.Reset), width));
        Done.Drive(step.Is(Step.Verify) & ends);
        IsGood.Drive(good);
    }
}
