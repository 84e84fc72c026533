using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Writes, tests, repairs and scrubs the resistive rows of an array. A row is programmed and verified; one that cannot be goes to a spare row; one for which no spare is left is
/// reported. The self-test is a march C− over all rows and spares with two backgrounds; what it finds is mapped away. A scrub reads all rows and checks their parity.
/// </summary>
/// <param name="configuration">The array, its spare rows, its retries.</param>
public sealed partial class RramControl(ArrayConfiguration configuration) : Module
{
    private const int LastElement = 5;

    private readonly ArrayConfiguration _configuration = configuration;

    private enum Step
    {
        Clear,
        Idle,
        Find,
        Launch,
        Program,
        Repair,
        Read,
        Check,
        Next,
        AssignRead,
        AssignCheck,
    }

    /// <summary>1 to write a row; taken while not busy.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The lane of the row that is written or asked for.</summary>
    public Input WriteLane { get; } = new(configuration.LaneBits);

    /// <summary>Its row group.</summary>
    public Input? WriteGroup { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>The bits that are written.</summary>
    public Input WriteData { get; } = new(configuration.Columns);

    /// <summary>1 to test all rows and map those away that fail; their contents are lost. Taken while not busy.</summary>
    public Input SelfTest { get; } = new(1);

    /// <summary>1 to check the parity of all rows; none without parity. Taken while not busy.</summary>
    public Input? Scrub { get; } = configuration.RowParity == RowParityKind.Even ? new(1) : null;

    /// <summary>What was read of the word that is worked on.</summary>
    public Input Sense { get; } = new(configuration.StoredBits);

    /// <summary>1 while the rows cannot be evaluated, read or written.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 since a row could not be repaired, until a self-test begins or a reset.</summary>
    public Output Failed { get; } = new(1);

    /// <summary>1 when the row that was asked for a cycle before is one of those: what it stores is wrong, or was at the last test or scrub.</summary>
    public Output RowFailed { get; } = new(1);

    /// <summary>1 when the word that is worked on is a spare row.</summary>
    public Output OnSpare { get; } = new(1);

    /// <summary>Its spare row; none without spare rows.</summary>
    public Output? Spare { get; } = configuration.SpareRows > 0 ? new(configuration.SpareBits) : null;

    /// <summary>Its lane, when it is no spare row.</summary>
    public Output Lane { get; } = new(configuration.LaneBits);

    /// <summary>Its row group, when it is no spare row.</summary>
    public Output? Group { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>Its pulses to 1.</summary>
    public Output BitLine { get; } = new(configuration.StoredBits);

    /// <summary>Its pulses to 0.</summary>
    public Output SourceLine { get; } = new(configuration.StoredBits);

    /// <summary>For each spare row, 1 when it stands for another row.</summary>
    public IReadOnlyList<Output> SpareUsed { get; } = [.. Enumerable.Range(0, configuration.SpareRows).Select(i => new Output(1, FormattableString.Invariant($"spare_{i}_used")))];

    /// <summary>For each spare row, the lane of that row.</summary>
    public IReadOnlyList<Output> SpareLane { get; } = [.. Enumerable.Range(0, configuration.SpareRows).Select(i => new Output(configuration.LaneBits, FormattableString.Invariant($"spare_{i}_lane")))];

    /// <summary>For each spare row, the row group of that row.</summary>
    public IReadOnlyList<Output> SpareGroup { get; } = configuration.Groups == 1
        ? [] : [.. Enumerable.Range(0, configuration.SpareRows).Select(i => new Output(configuration.GroupAddressBits, FormattableString.Invariant($"spare_{i}_group")))];

    /// <inheritdoc/>
    protected override void Build()
    {
        var width = _configuration.StoredBits;
        StateMachine(out var step, Step.Clear);
        Register(out var testing, 1, reset: 0);
        Register(out var scrubbing, 1, reset: 0);
        Register(out var failed, 1, reset: 0);
        Register(out var data, width);
        Register(out var element, 3);
        Register(out var background, 1);
        var walk = new Walk(this);
        var spares = new Spares(this, walk);

        Wire(out var idle, step.Is(Step.Idle));
        Wire(out var tests, idle & ~Write & SelfTest);
        var scrubs = Scrub is { } scrub ? idle & ~Write & ~SelfTest & scrub : Constant(0, 1);

        // Backgrounds: all 0, and 0101…; odd elements of the march expect the background and write its complement.
        var stripes = Concatenate([.. Enumerable.Range(0, width).Reverse().Select(column => Constant(column % 2, 1))]);
        Wire(out var isOdd, element[0]);
        Wire(out var pattern, stripes & Repeat(background, width));
        Wire(out var expected, pattern ^ Repeat(~isOdd, width));
        Wire(out var mismatch, element.AnyOne() & Sense.NotEqualTo(expected));
        Wire(out var isDown, element.EqualTo(3) | element.EqualTo(4));
        Wire(out var startsDown, element.EqualTo(2) | element.EqualTo(3));
        Wire(out var launch, step.Is(Step.Launch));
        Instance(out var programmer, new RramProgrammer(width, _configuration.SetRetries));
        programmer.Start.Drive(launch);
        programmer.Data.Drive(data);
        programmer.Sense.Drive(Sense);
        Wire(out var programmed, step.Is(Step.Program) & programmer.Done);
        Wire(out var checks, step.Is(Step.Check));
        var scrubBad = Scrub is null ? Constant(0, 1) : checks & ~testing & Sense.Parity();
        Wire(out var badRow, (testing & ((programmed & ~programmer.IsGood) | (checks & mismatch))) | scrubBad);
        Wire(out var repairs, step.Is(Step.Repair));
        Wire(out var assigns, step.Is(Step.AssignCheck));
        Wire(out var lastElement, element.EqualTo(LastElement));

        var (reported, clearedAll) = Report(
            step.Is(Step.Clear), idle,
            sets: (badRow & ~walk.OnSpare) | (badRow & ~testing) | (repairs & ~spares.AnyFree),
            clears: programmed & ~testing & programmer.IsGood,
            assigns & spares.AnyFree, walk);
        Wire(out var needsSpare, assigns & reported);
        spares.Update(repairs, needsSpare, badRow & testing & walk.OnSpare, tests);

        step.Switch(
            (Step.Clear, () => When(clearedAll, () =>
            {
                When(testing, () => step.Go(Step.Read)).Else(() => step.Go(Step.Idle));
                walk.First(spares: true);
            })),
            (Step.Idle, () => When(Write, () =>
            {
                walk.Take(WriteLane, WriteGroup);
                data.Drive(Stored(WriteData));
                step.Go(Step.Find);
            }).ElseWhen(SelfTest, () =>
            {
                testing.Drive(1);
                failed.Drive(0);
                element.Drive(0);
                background.Drive(0);
                step.Go(Step.Clear);
            }).ElseWhen(scrubs, () =>
            {
                scrubbing.Drive(1);
                walk.First(spares: false);
                step.Go(Step.Find);
            })),
            (Step.Find, () =>
            {
                spares.Find();
                When(scrubbing, () => step.Go(Step.Read)).Else(() => step.Go(Step.Launch));
            }
        ),
            (Step.Launch, () => step.Go(Step.Program)),
            (Step.Program, () => When(programmer.Done, () =>
                When(testing, () => step.Go(Step.Next)).ElseWhen(programmer.IsGood, () => step.Go(Step.Idle)).Else(() => step.Go(Step.Repair)))),
            (Step.Repair, () => When(spares.AnyFree, () => step.Go(Step.Launch)).Else(() =>
            {
                failed.Drive(1);
                step.Go(Step.Idle);
            })),
            (Step.Read, () => step.Go(Step.Check)),
            (Step.Check, () =>
            {
                data.Drive(~expected);
                When(testing & ~lastElement, () => step.Go(Step.Launch)).Else(() => step.Go(Step.Next));
                When(badRow & ~testing, () => failed.Drive(1));
            }
        ),
            (Step.Next, () => When(scrubbing, () =>
            {
                walk.NextRow();
                step.Go(Step.Find);
                When(walk.LastRow, () =>
                {
                    scrubbing.Drive(0);
                    step.Go(Step.Idle);
                });
            }).Else(() =>
            {
                step.Go(Step.Read);
                When(isDown, walk.Down).Else(walk.Up);
                When(Choose(isDown, walk.LastDown, walk.LastUp), () =>
                {
                    element.Drive(element + 1);
                    When(startsDown, walk.Last).Else(() => walk.First(spares: true));
                    When(lastElement, () =>
                    {
                        element.Drive(0);
                        background.Drive(1);
                        When(background, () =>
                        {
                            walk.First(spares: false);
                            step.Go(Step.AssignRead);
                        });
                    });
                });
            })),
            (Step.AssignRead, () => step.Go(Step.AssignCheck)),
            (Step.AssignCheck, () =>
            {
                When(reported & ~spares.AnyFree, () => failed.Drive(1));
                walk.Up();
                step.Go(Step.AssignRead);
                When(walk.LastUp, () =>
                {
                    testing.Drive(0);
                    step.Go(Step.Idle);
                });
            }
        ));

        Busy.Drive(~idle);
        Failed.Drive(failed);
        RowFailed.Drive(reported);
        BitLine.Drive(programmer.BitLine);
        SourceLine.Drive(programmer.SourceLine);
    }

    /// <summary>The row as it is stored: an even parity above it where there is one.</summary>
    private Signal Stored(Signal row) => _configuration.RowParity == RowParityKind.Even ? Concatenate(row.Parity(), row) : row;

    /// <summary>One bit a row: it could not be repaired. Cleared as a whole behind a reset and before a test.</summary>
    private (Signal Reported, Signal ClearedAll) Report(Signal clearing, Signal idle, Signal sets, Signal clears, Signal assigned, Walk walk)
    {
        var groupBits = _configuration.Groups > 1 ? _configuration.GroupAddressBits : 0;
        var addressBits = _configuration.LaneBits + groupBits;
        Memory(out var report, 1 << addressBits, 1);
        Register(out var clearAddress, addressBits, reset: 0);
        When(clearing, () => clearAddress.Drive(clearAddress + 1));
        Signal Address(Signal lane, Signal? group) => group is null ? lane : Concatenate(group, lane);
        Wire(out var own, Address(walk.Lane, walk.Group));
        report.Write(clearing | sets | clears | assigned, Choose(clearing, clearAddress, own), sets & ~clearing);
        ReadPort(out var reported, report, Choose(idle, Address(WriteLane, WriteGroup), own));
        Wire(out var clearedAll, clearAddress.EqualTo((1L << addressBits) - 1));
        return (reported, clearedAll);
    }
}
