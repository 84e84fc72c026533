using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

// What an instruction is, and whether it may be.
public sealed partial class InstructionUnit
{
    /// <summary>The value of a descriptor field is written.</summary>
    public Output DescriptorWrite { get; } = new(1);

    /// <summary>Which field.</summary>
    public Output DescriptorAddress { get; } = new(DescriptorLayout.AddressBits);

    /// <summary>Its value.</summary>
    public Output DescriptorData { get; } = new(32);

    /// <summary>1 when the descriptor describes a layer.</summary>
    public Input DescriptorLegal { get; } = new(1);

    /// <summary>1 when rows and keys can be neither written nor read back; none where there are no keys.</summary>
    public Input? Locked { get; } = configuration.Keys == KeyStoreKind.None ? null : new(1);

    /// <summary>Instruction words as they are met: the first in Decode, what it was behind that.</summary>
    private Decoded Decoder(StateMachine<Phase> phase, Fetched fetched)
    {
        using var scope = Scope("decode");
        var decoding = phase.Is(Phase.Decode);
        Register(out var held, fetched.Word, enable: decoding);
        Wire(out var current, Choose(decoding, fetched.Word, held));
        Wire(out var opcode, OpcodeOf(current));
        var known = new Dictionary<Opcode, Signal>();
        foreach (var definition in Built)
        {
            Wire(out var isIt, opcode.EqualTo((int)definition.Opcode), name: "is_" + Names.ToSnakeCase(definition.Opcode.ToString()));
            known.Add(definition.Opcode, isIt);
        }

        Signal Is(params ReadOnlySpan<Opcode> opcodes)
        {
            var any = Constant(0, 1);
            foreach (var one in opcodes)
            {
                any |= known.TryGetValue(one, out var isIt) ? isIt : Constant(0, 1);
            }

            return any;
        }

        Wire(out var count, current.Truncate(InstructionSet.CountBits));
        Wire(out var none, ~count.AnyOne());

        // What is no instruction, and what has to be looked at with it.
        var legal = Constant(0, 1);
        foreach (var format in Built.GroupBy(i => i.Format))
        {
            legal |= Is([.. format.Select(i => i.Opcode)]) & Form(format.Key, current);
        }

        Wire(out var isLegal, legal);
        Wire(out var writesField, (decoding & isLegal & Is(Opcode.Set)) | (phase.Is(Phase.Second) & Is(Opcode.SetLong)));
        Wire(out var value, Choose(decoding, current.Truncate(InstructionSet.ShortBits).ZeroExtend(32), fetched.Word));
        Wire(out var field, current.Bits(InstructionSet.ShortBits, InstructionSet.FieldBits));
        Wire(out var fits, ~(value & Select(field, [.. DescriptorLayout.NamedFields(configuration).Select(f => Ones(32) & ~Mask(f.Width(configuration)))])).AnyOne());
        DescriptorWrite.Drive(writesField & fits);
        DescriptorAddress.Drive(field);
        DescriptorData.Drive(value);

        Wire(out var outside, phase.Is(Phase.Second) & Outside(Is, fetched.Word, count, none));
        var locked = Locked is null ? Constant(0, 1) : Locked & Is(Opcode.ReceiveRows, Opcode.ReceiveKeys, Opcode.SendRows);
        Wire(out var failure, Choose(
            decoding,
            Choose(~isLegal, Code(ErrorCode.Instruction), Choose(fetched.HasSecond & fetched.AtEnd, Code(ErrorCode.EndOfMemory), Choose(
                writesField & ~fits, Code(ErrorCode.Range), Choose(locked, Code(ErrorCode.Locked), Choose(Is(Opcode.Run) & ~DescriptorLegal, Code(ErrorCode.Descriptor), Code(ErrorCode.None)))))),
            Choose(outside | (writesField & ~fits), Code(ErrorCode.Range), Choose(fetched.Ends & fetched.AtEnd, Code(ErrorCode.EndOfMemory), Code(ErrorCode.None)))));
        return new Decoded(current, failure, Is, count, none);
    }

    private Signal Mask(int width) => width == 32 ? Ones(32) : Constant((1L << width) - 1, 32);

    private Signal Code(ErrorCode code) => Constant((int)code, 4);

    /// <summary>Whether the bits below the opcode are those of a format.</summary>
    private Signal Form(InstructionFormat format, Signal word)
    {
        const int Payload = 32 - InstructionSet.OpcodeBits, Short = InstructionSet.ShortBits, Count = InstructionSet.CountBits, Given = InstructionSet.GivenBit;
        return format switch
        {
            InstructionFormat.Plain => ~word.Truncate(Payload).AnyOne(),
            InstructionFormat.Field => HasField(word),
            InstructionFormat.FieldLong => HasField(word) & ~word.Truncate(Short).AnyOne(),
            InstructionFormat.Operation => ~word.Bits(Given + 1, Payload - Given - 1).AnyOne() & Choose(word[Given], IsBuilt(word.Truncate(2)), ~word.Truncate(2).AnyOne()),
            _ => ~word.Bits(Count, Payload - Count).AnyOne(),
        };
    }

    private Signal HasField(Signal word) => Below(word.Bits(InstructionSet.ShortBits, InstructionSet.FieldBits), DescriptorLayout.NamedFields(configuration).Count());

    /// <summary>1 when a row operation is built.</summary>
    private Signal IsBuilt(Signal operation)
    {
        if (configuration.RowOperations.Count == ArrayConfiguration.AllOperations.Count)
        {
            return Constant(1, 1);
        }

        var any = Constant(0, 1);
        foreach (var built in configuration.RowOperations)
        {
            any |= operation.EqualTo((int)built);
        }

        return any;
    }

    /// <summary>Whether what an instruction addresses is not there; its second word is the address.</summary>
    private Signal Outside(Is isInstruction, Signal address, Signal count, Signal none)
    {
        Wire(out var end, address.AddGrow(count));
        return (isInstruction(Opcode.ReceiveOperands, Opcode.SendOperands) & ~Below(end, configuration.OperandWords + 1L))
            | (isInstruction(Opcode.SendResults) & ~Below(end, configuration.ResultWords + 1L))
            | (isInstruction(Opcode.SendRows) & ~none & ~IsPlace(address, configuration.Groups, 32));
    }

    /// <summary>Whether the head of a record is a lane, and above it, up to a bit, a group of so many.</summary>
    private Signal IsPlace(Signal head, int groups, int end)
    {
        var lane = configuration.TotalLaneBits;
        return Below(head.Truncate(lane), configuration.TotalLanes) & Below(head.Bits(lane, end - lane), groups);
    }

    /// <summary>1 when the instruction is one of some.</summary>
    private delegate Signal Is(params ReadOnlySpan<Opcode> opcodes);

    /// <summary>An instruction: its word, why it stops the program (0 where it does not), what it is, its count and whether that is 0.</summary>
    private sealed record Decoded(Signal Word, Signal Failure, Is Is, Signal Count, Signal IsEmpty);
}
