using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Formal;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim.Tests;

/// <summary>
/// The sequencer with a descriptor that stays while it is busy, and a rank: what is left to do, as a number. It falls in every cycle, so every layer comes to an end. The rank is
/// an input that is taken to be what the registers of the sequencer say; here it is kept for a cycle.
/// </summary>
/// <param name="skips">True for a sequencer that skips operands: which of them count nothing is free.</param>
/// <param name="packs">True for a sequencer with a window memory: windows are there after as many cycles of gathering as a free number says, anew for each output.</param>
internal sealed class SequencerProgress(bool skips, bool packs) : Module(skips ? "skips" : packs ? "packs" : null)
{
    private static readonly ArrayConfiguration s_plain = new("progress", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0);

    private readonly ArrayConfiguration _configuration = ConfigurationOf(skips, packs);

    /// <summary>Each counter with what it counts to, the slowest first: those of rounds, then those of the operands of a round.</summary>
    private static readonly (string Counter, DescriptorField End)[] s_rounds = [("output_row", OutputHeight), ("output_column", OutputWidth), ("tile", Tiles), ("pool_row", PoolHeight), ("pool_column", PoolWidth)];

    private static readonly (string Counter, DescriptorField End)[] s_operands =
        [("kernel_row", KernelHeight), ("kernel_column", KernelWidth), ("word", ChannelWords), ("plane", Planes)];

    public IReadOnlyList<Input> NextFields { get; } = [.. FieldsOf(ConfigurationOf(skips, packs)).Select(field => new Input(field.Width(ConfigurationOf(skips, packs)), "next_" + Name(field)))];

    public Input Start { get; } = new(1);

    public Input Flags { get; } = new(packs ? 6 : 5);

    public Input? CountsNothing { get; } = skips ? new(1) : null;

    public Input? Reads { get; } = packs ? new(DescriptorLayout.WaitBits) : null;

    public Input? Place { get; } = packs ? new(1) : null;

    public Input Rank { get; } = new(Width(ConfigurationOf(skips, packs)));

    public Output Falls { get; } = new(1);

    private static ArrayConfiguration ConfigurationOf(bool skips, bool packs) =>
        (skips ? s_plain with { WeightBits = ArrayConfiguration.LeastSkippingWeightBits, OperandSkipping = true } : s_plain) with { WindowWords = packs ? 16 : 0 };

    private static DescriptorField[] FieldsOf(ArrayConfiguration configuration) =>
        [.. new Sequencer(configuration).Descriptor.Select(port => DescriptorLayout.Fields.Single(f => Names.ToSnakeCase(f.ToString()) == port.Name))];

    private static int Width(ArrayConfiguration configuration) => 1 + s_rounds.Concat(s_operands).Sum(c => c.End.Width(configuration)) + WeightPlanes.Width(configuration) + 2 + DescriptorLayout.WaitBits;

    /// <summary>What is taken, and what is shown.</summary>
    /// <param name="forgetsWaits">A rank that does not fall while the sequencer waits.</param>
    public IReadOnlyList<StateProperty> Properties(bool forgetsWaits)
    {
        const string State = "{sequencer.state}", Waited = "{sequencer.waited}", LeftPlanes = "{sequencer.left_planes}";
        const string Working = "(({sequencer.state} == 1) | ({sequencer.state} == 2) | ({sequencer.state} == 3) | ({sequencer.state} == 5))";
        string Left((string Counter, DescriptorField End) counter, string when) =>
            $"({when} ? {Name(counter.End)} - {{sequencer.{counter.Counter}}} : {counter.End.Width(_configuration)}'d0)";
        // A round is preloaded for, waits for its windows, is computed, and waits for its end.
        var phase = $"({State} == 1 ? 2'd3 : {State} == 5 ? 2'd2 : {State} == 2 ? 2'd1 : 2'd0)";
        var gathered = packs ? $"{State} == 5 ? {{left}} : " : string.Empty;
        var waits = forgetsWaits ? "20'd0" : $"({gathered}{State} == 3 ? {Name(RoundCycles)} - {Waited} : {State} == 1 ? {Name(PreloadCycles)} - {Waited} : {State} == 4 ? {Name(FinishCycles)} - {Waited} : 20'd0)";
        var rank = "{" + string.Join(", ", [Working, .. s_rounds.Select(c => Left(c, Working)), phase, .. s_operands.Select(c => Left(c, $"({State} == 2)")), $"({State} == 2 ? {LeftPlanes} : {WeightPlanes.Width(_configuration)}'d0)", waits]) + "}";
        return
        [
            new(StatePropertyKind.Assume, $"rank == {rank}"),
            .. FieldsOf(_configuration).SelectMany(field => Rule(field, "next_", StatePropertyKind.Assume)),
            .. FieldsOf(_configuration).SelectMany(field => Rule(field, string.Empty, StatePropertyKind.Invariant)),
            new(StatePropertyKind.Invariant, $"{State} <= {(packs ? 5 : 4)}"),
            new(StatePropertyKind.Invariant, $"{State} != 1 || {Waited} < {Name(PreloadCycles)}"),
            new(StatePropertyKind.Invariant, $"{State} == 0 || {{sequencer.long_enough}} || {Waited} < {Name(RoundCycles)}"),
            new(StatePropertyKind.Invariant, $"{State} != 3 || !{{sequencer.long_enough}}"),
            new(StatePropertyKind.Invariant, $"{State} != 4 || {Waited} < {Name(FinishCycles)}"),
            .. s_rounds.Select(c => new StateProperty(StatePropertyKind.Invariant, $"{State} == 0 || {{sequencer.{c.Counter}}} < {Name(c.End)}")),
            .. s_operands.Select(c => new StateProperty(StatePropertyKind.Invariant, $"{State} == 0 || {State} == 3 || {{sequencer.{c.Counter}}} < {Name(c.End)}")),
            new(StatePropertyKind.Invariant, $"{State} == 0 || ({LeftPlanes} != 0 && {LeftPlanes} <= {Name(WeightPlanes)})"),
            new(StatePropertyKind.Invariant, "falls"),
        ];
    }

    protected override void Build()
    {
        Instance(out var sequencer, new Sequencer(_configuration), name: "sequencer");
        foreach (var (port, next) in sequencer.Descriptor.Zip(NextFields))
        {
            Register(out var field, port.Width, name: port.Name);
            When(~sequencer.Busy & ~Start, () => field.Drive(next));
            port.Drive(field);
        }

        sequencer.Start.Drive(Start);
        sequencer.CountsNothing?.Drive(CountsNothing!);
        sequencer.Hold.Drive(Flags[0]);
        sequencer.Keep.Drive(Flags[1]);
        sequencer.RepeatRows.Drive(Flags[2]);
        sequencer.SignedWeights.Drive(Flags[3]);
        sequencer.SignedPlanes.Drive(Flags[4]);
        if (packs)
        {
            // What gathers: it comes to its end, and no sooner or later than its number says.
            Register(out var left, DescriptorLayout.WaitBits);
            sequencer.PacksWindows!.Drive(Flags[5]);
            sequencer.WindowsReady!.Drive(~left.AnyOne());
            sequencer.WindowWord!.Drive(Repeat(Place!, _configuration.WindowAddressBits));
            sequencer.WindowBit!.Drive(Repeat(Place!, _configuration.PlaceBits));
            When(sequencer.Gathers! & left.AnyOne(), () => left.Drive(left - 1));
            When(sequencer.Starting | sequencer.WindowsTaken!, () => left.Drive(Reads!));
        }

        Register(out var previous, Rank);
        Register(out var wasBusy, sequencer.Busy);
        Falls.Drive(~(wasBusy & sequencer.Busy) | Rank.LessThan(previous));
        if (!packs)
        {
            Discard(sequencer.Starting);
        }

        foreach (var unused in typeof(Sequencer).GetProperties().Where(p => p.PropertyType == typeof(Output) && p.Name is not (nameof(Sequencer.Busy) or nameof(Sequencer.Starting) or nameof(Sequencer.Gathers) or nameof(Sequencer.WindowsTaken))).Select(p => (Output?)p.GetValue(sequencer)).OfType<Output>())
        {
            Discard(unused);
        }
    }

    /// <summary>What a legal descriptor keeps.</summary>
    private IEnumerable<StateProperty> Rule(DescriptorField field, string prefix, StatePropertyKind kind) =>
        DescriptorRules.Of(_configuration).Where(rule => rule.Field == field && rule.Least > 0).Select(rule => new StateProperty(kind, FormattableString.Invariant($"{prefix}{Name(field)} >= {rule.Least}")));

    private static string Name(DescriptorField field) => Names.ToSnakeCase(field.ToString());
}
