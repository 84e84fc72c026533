using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Instructions.InstructionFormat;

namespace HwGen.Architecture.Instructions;

/// <summary>The bits of instruction words.</summary>
public static class InstructionWord
{
    private const int PayloadBits = 32 - InstructionSet.OpcodeBits;

    /// <summary>An instruction of the format <see cref="Plain"/> or with a count.</summary>
    public static uint Of(Opcode opcode, int count = 0) => ((uint)opcode << PayloadBits) | (uint)count;

    /// <summary>An instruction with a row operation, or with the rows' own.</summary>
    public static uint Of(Opcode opcode, RowOperation? operation) => Of(opcode) | (operation is { } given ? (1u << InstructionSet.GivenBit) | (uint)given : 0);

    /// <summary>A short <c>set</c>.</summary>
    public static uint Set(DescriptorField field, uint value) => Of(Opcode.Set) | ((uint)field << InstructionSet.ShortBits) | value;

    /// <summary>The first word of a <c>set.long</c>.</summary>
    public static uint SetLong(DescriptorField field) => Of(Opcode.SetLong) | ((uint)field << InstructionSet.ShortBits);

    /// <summary>The instruction that a word begins; null where it is none: an unknown opcode or field, or bits that should be 0.</summary>
    public static InstructionDefinition? Decode(uint word) =>
        InstructionSet.Find((int)(word >> PayloadBits)) is { } instruction && instruction.Format switch
        {
            Plain => Low(word, PayloadBits) == 0,
            Field => HasField(word),
            FieldLong => HasField(word) && Low(word, InstructionSet.ShortBits) == 0,
            Operation => Low(word, PayloadBits) >> (InstructionSet.GivenBit + 1) == 0 && (Given(word) is not null || Low(word, InstructionSet.GivenBit) == 0),
            _ => Low(word, PayloadBits) >> InstructionSet.CountBits == 0,
        }
        ? instruction : null;

    /// <summary>The field of a <c>set</c>.</summary>
    public static DescriptorField FieldOf(uint word) => (DescriptorField)(Low(word, PayloadBits) >> InstructionSet.ShortBits);

    /// <summary>The value of a short <c>set</c>.</summary>
    public static uint ShortOf(uint word) => Low(word, InstructionSet.ShortBits);

    /// <summary>The count of an instruction that has one.</summary>
    public static int CountOf(uint word) => (int)Low(word, InstructionSet.CountBits);

    /// <summary>The row operation of an instruction; null for the rows' own.</summary>
    public static RowOperation? Given(uint word) => ((word >> InstructionSet.GivenBit) & 1) != 0 ? (RowOperation)Low(word, InstructionSet.OperationBits) : null;

    private static bool HasField(uint word) => (int)FieldOf(word) < DescriptorLayout.Fields.Count;

    private static uint Low(uint word, int bits) => word & ((1u << bits) - 1);
}
