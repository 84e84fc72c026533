using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Netlist;

namespace HwGen.Cim;

// What goes between the streams and the core, item by item.
public sealed partial class InstructionUnit
{
    /// <summary>The head of a record, or the address of an item.</summary>
    public Output Place { get; } = new(32);

    /// <summary>The words of an item, the first lowest.</summary>
    public Output Item { get; } = new(32 * ItemWords(configuration));

    /// <summary>1 to write the item to a row.</summary>
    public Output StoreRow { get; } = new(1);

    /// <summary>1 to write it to the key of a row; none where there are no keys.</summary>
    public Output? StoreKey { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>1 to write it to an initial value.</summary>
    public Output StoreInitial { get; } = new(1);

    /// <summary>1 to write it to the level memory.</summary>
    public Output StoreLevel { get; } = new(1);

    /// <summary>1 to write it to the operand memory.</summary>
    public Output StoreOperand { get; } = new(1);

    /// <summary>1 when what is stored is taken in this cycle; none where everything is, always.</summary>
    public Input? StoreReady { get; } = configuration.Keys == KeyStoreKind.None && !configuration.ArrayMayBeBusy ? null : new(1);

    /// <summary>The stored row at the place, a cycle later.</summary>
    public Input RowData { get; } = new(configuration.Columns);

    /// <summary>The operand word at the place, a cycle later.</summary>
    public Input OperandData { get; } = new(configuration.Columns);

    /// <summary>The result at the place, a cycle later.</summary>
    public Input ResultData { get; } = new(configuration.AccumulatorBits);

    private static int ItemWords(ArrayConfiguration configuration) => new[] { configuration.Columns, configuration.AccumulatorBits + 1, configuration.LevelBits }.Max(ArrayConfiguration.StreamWords);

    private Moved Mover(StateMachine<Phase> phase, Fetched fetched, Decoded instruction)
    {
        using var scope = Scope("move");
        var is_ = instruction.Is;
        var columnWords = ArrayConfiguration.StreamWords(configuration.Columns);
        var keyWords = configuration.Keys == KeyStoreKind.Sparse ? 1 : columnWords;
        var items = ItemWords(configuration);
        Register(out var place, 32);
        Register(out var left, InstructionSet.CountBits);
        Register(out var index, Widths.Index(items));
        Wire(out var lastIndex, LastIndex(index.Width,
            (is_(Opcode.ReceiveRows, Opcode.ReceiveOperands, Opcode.SendRows, Opcode.SendOperands), columnWords),
            (is_(Opcode.ReceiveKeys), keyWords),
            (is_(Opcode.ReceiveInitials), ArrayConfiguration.StreamWords(configuration.AccumulatorBits + 1)),
            (is_(Opcode.SendResults), ArrayConfiguration.StreamWords(configuration.AccumulatorBits)),
            (is_(Opcode.ReceiveLevels), ArrayConfiguration.StreamWords(configuration.LevelBits))));
        Wire(out var lastWord, index.EqualTo(lastIndex));
        Wire(out var lastItem, left.EqualTo(1));
        Wire(out var takesWord, phase.Is(Phase.Take) & InValid);
        Wire(out var givesWord, phase.Is(Phase.Give) & OutReady);
        var storeReady = StoreReady ?? Constant(1, 1);
        Wire(out var stored, phase.Is(Phase.Store) & storeReady);
        Wire(out var itemEnds, stored | (givesWord & lastWord));

        // The words of an item: taken from the stream one after another, or from the core at once.
        Wire(out var read, Read(is_, items));
        var words = new Signal[items];
        for (var i = 0; i < items; i++)
        {
            Register(out var word, 32, name: FormattableString.Invariant($"word_{i}"));
            When(items == 1 ? takesWord : takesWord & index.EqualTo(i), () => word.Drive(InData));
            When(phase.Is(Phase.Loaded), () => word.Drive(read.Bits(32 * i, 32)));
            words[i] = word;
        }

        var lane = configuration.TotalLaneBits;
        Wire(out var laneEnds, place.Truncate(lane).EqualTo(configuration.TotalLanes - 1));
        Wire(out var nextRow, Choose(laneEnds, Concatenate(place.Bits(lane, 32 - lane) + 1, Constant(0, lane)), place + 1));
        When(phase.Is(Phase.Decode) | phase.Is(Phase.Second), () =>
        {
            index.Drive(0);
            left.Drive(instruction.Count);
            place.Drive(fetched.Word);
        });
        When(phase.Is(Phase.Head) & InValid, () => place.Drive(InData));
        When(takesWord | givesWord, () => index.Drive(Choose(lastWord, Constant(0, index.Width), index + 1)));
        When(itemEnds, () =>
        {
            left.Drive(left - 1);
            place.Drive(Choose(is_(Opcode.SendRows), nextRow, place + 1));
        });

        // The head of a record says where it belongs; a stored row may lie behind the last.
        Wire(out var isThere, (is_(Opcode.ReceiveRows) & IsPlace(InData, configuration.Groups, 30) & IsBuilt(InData.Bits(30, 2)))
            | (is_(Opcode.ReceiveKeys) & IsPlace(InData, configuration.Groups, 32))
            | (is_(Opcode.ReceiveInitials) & IsPlace(InData, configuration.InitialDepth, 32))
            | (is_(Opcode.ReceiveLevels) & Below(InData, configuration.LevelWords)));
        Wire(out var outside, (phase.Is(Phase.Head) & InValid & ~isThere) | (phase.Is(Phase.Read) & is_(Opcode.SendRows) & ~Below(place.Bits(lane, 32 - lane), configuration.Groups)));

        Place.Drive(place);
        Item.Drive(Concatenate([.. words.Reverse()]));
        StoreRow.Drive(stored & is_(Opcode.ReceiveRows));
        StoreKey?.Drive(stored & is_(Opcode.ReceiveKeys));
        StoreInitial.Drive(stored & is_(Opcode.ReceiveInitials));
        StoreLevel.Drive(stored & is_(Opcode.ReceiveLevels));
        StoreOperand.Drive(stored & is_(Opcode.ReceiveOperands));
        InReady.Drive(phase.Is(Phase.Head) | phase.Is(Phase.Take) | fetched.Takes);
        OutValid.Drive(phase.Is(Phase.Give));
        OutData.Drive(Select(index, words));
        OutLast.Drive(lastWord & lastItem);
        return new Moved(takesWord & lastWord, givesWord & lastWord, stored, lastItem, outside);
    }

    /// <summary>The number of the last word of an item, by what is moved.</summary>
    private Signal LastIndex(int width, params ReadOnlySpan<(Signal Is, int Words)> kinds)
    {
        var last = Constant(0, width);
        foreach (var (isKind, words) in kinds)
        {
            last |= Repeat(isKind, width) & Constant(words - 1, width);
        }

        return last;
    }

    /// <summary>What the core gives, as the words of an item.</summary>
    private Signal Read(Is isInstruction, int items)
    {
        var stored = Choose(isInstruction(Opcode.SendRows), RowData, OperandData);
        var result = ResultData.SignExtend(32 * ArrayConfiguration.StreamWords(ResultData.Width));
        var bits = 32 * items;
        return Choose(isInstruction(Opcode.SendResults), result.ZeroExtend(bits), stored.ZeroExtend(bits));
    }

    /// <summary>What happens to an item: its last word is taken, or given, or it is stored; whether it is the last, and whether its place is not there.</summary>
    private sealed record Moved(Signal IsTaken, Signal IsGiven, Signal IsStored, Signal IsLast, Signal Outside);
}
