using System.Collections.Immutable;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Instructions;

/// <summary>What an instruction does: bits 31 to 26 of its first word.</summary>
public enum Opcode
{
    /// <summary>Ends the program.</summary>
    End = 1,

    /// <summary>Writes a short value into a field of the descriptor.</summary>
    Set = 2,

    /// <summary>Writes 32 bits into a field of the descriptor.</summary>
    SetLong = 3,

    /// <summary>Runs the layer that the descriptor describes.</summary>
    Run = 4,

    /// <summary>Gives all rows one row operation, or their own again.</summary>
    Operation = 5,

    /// <summary>Takes rows from the input stream.</summary>
    ReceiveRows = 8,

    /// <summary>Takes initial values from the input stream.</summary>
    ReceiveInitials = 9,

    /// <summary>Takes words of the level memory from the input stream.</summary>
    ReceiveLevels = 10,

    /// <summary>Takes operand words from the input stream.</summary>
    ReceiveOperands = 11,

    /// <summary>Takes keys from the input stream.</summary>
    ReceiveKeys = 12,

    /// <summary>Gives operand words to the output stream.</summary>
    SendOperands = 16,

    /// <summary>Gives results to the output stream.</summary>
    SendResults = 17,

    /// <summary>Gives stored rows to the output stream.</summary>
    SendRows = 18,
}

/// <summary>What the bits below the opcode are.</summary>
public enum InstructionFormat
{
    /// <summary>Zeros.</summary>
    Plain,

    /// <summary>A descriptor field in bits 25 to 20, its value in bits 19 to 0.</summary>
    Field,

    /// <summary>A descriptor field in bits 25 to 20, zeros below; the second word is its value.</summary>
    FieldLong,

    /// <summary>Bit 2 says that bits 1 and 0 are a row operation; zeros elsewhere.</summary>
    Operation,

    /// <summary>A count in bits 23 to 0.</summary>
    Count,

    /// <summary>A count in bits 23 to 0; the second word is an address.</summary>
    CountAddress,
}

/// <summary>Why a program was stopped.</summary>
public enum ErrorCode
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>A word is no instruction of this core.</summary>
    Instruction = 1,

    /// <summary>An address, a count or a value is out of range.</summary>
    Range = 2,

    /// <summary>The program ran past the end of its memory.</summary>
    EndOfMemory = 3,

    /// <summary>The descriptor describes no layer.</summary>
    Descriptor = 4,

    /// <summary>The core is locked.</summary>
    Locked = 5,

    /// <summary>A layer ran longer than RUN_LIMIT.</summary>
    TimeLimit = 6,

    /// <summary>A layer asked for a row or an initial value that is not there.</summary>
    LayerRange = 7,
}

/// <summary>An instruction, as the assembler, the documents and the tests see it.</summary>
/// <param name="Opcode">Bits 31 to 26 of its first word.</param>
/// <param name="Mnemonic">Its name in assembler text.</param>
/// <param name="Format">What the other bits are.</param>
/// <param name="Operands">How its operands are written.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Cycles">Its cycles without waits for streams.</param>
public sealed record InstructionDefinition(Opcode Opcode, string Mnemonic, InstructionFormat Format, string Operands, string Meaning, string Cycles)
{
    /// <summary>Words that it takes: 1 or 2.</summary>
    public int Words => Format is InstructionFormat.FieldLong or InstructionFormat.CountAddress ? 2 : 1;
}

/// <summary>The instructions of a core with a bus; docs/isa.md is made from them.</summary>
public static class InstructionSet
{
    /// <summary>The version of the instruction set.</summary>
    public const int Version = 2;

    /// <summary>Bits of an opcode, a field, the value of a short <c>set</c>, and a count.</summary>
    public const int OpcodeBits = 6, FieldBits = 6, ShortBits = 20, CountBits = 24;

    /// <summary>The row operation of an instruction, and the bit that says that there is one.</summary>
    public const int OperationBits = 2, GivenBit = 2;

    /// <summary>Cycles behind the end of a program, in which the pipelines of the array run empty.</summary>
    public const int StopCycles = 32;

    /// <summary>All instructions in order of their opcodes. There are no jumps: a program ends.</summary>
    public static ImmutableArray<InstructionDefinition> All { get; } =
    [
        new(Opcode.End, "end", InstructionFormat.Plain, "", "Ends the program: done.", "34"),
        new(Opcode.Set, "set", InstructionFormat.Field, "FIELD, VALUE", "Writes a value of at most 20 bits into a field of the descriptor.", "2"),
        new(Opcode.SetLong, "set.long", InstructionFormat.FieldLong, "FIELD, VALUE", "Writes 32 bits into a field of the descriptor.", "3"),
        new(Opcode.Run, "run", InstructionFormat.Operation, "own | OPERATION", "Runs the layer that the descriptor describes, with the rows' own operations or all with one.", "3 and those of the layer"),
        new(Opcode.Operation, "operation", InstructionFormat.Operation, "own | OPERATION", "From here on, all rows do this operation, or their own again. A `run` with an operation goes before it.", "2"),
        new(Opcode.ReceiveRows, "receive.rows", InstructionFormat.Count, "COUNT", "Takes rows from the input stream, each a record of a head (row operation, group, lane) and its bits.", "2, and 2 and the words of the bits for each"),
        new(Opcode.ReceiveInitials, "receive.initials", InstructionFormat.Count, "COUNT", "Takes initial values, each a record of a head (address, lane) and the value with the direction above it.", "2, and 2 and the words of the value for each"),
        new(Opcode.ReceiveLevels, "receive.levels", InstructionFormat.Count, "COUNT", "Takes words of the level memory, each a record of a head (address) and the word.", "2, and 2 and the words of the word for each"),
        new(Opcode.ReceiveOperands, "receive.operands", InstructionFormat.CountAddress, "COUNT, ADDRESS", "Takes neighbouring operand words from an address on.", "3, and 1 and the words of the bits for each"),
        new(Opcode.ReceiveKeys, "receive.keys", InstructionFormat.Count, "COUNT", "Takes keys, each a record of a head (group, lane) and the key: the bits of a dense one; column in bits 15 to 0, entry in bits 30 to 16, present in bit 31 of a sparse one.", "2, and 2 and the words of the key for each"),
        new(Opcode.SendOperands, "send.operands", InstructionFormat.CountAddress, "COUNT, ADDRESS", "Gives neighbouring operand words to the output stream; the last word of the instruction carries TLAST.", "3, and 2 and the words of the bits for each"),
        new(Opcode.SendResults, "send.results", InstructionFormat.CountAddress, "COUNT, ADDRESS", "Gives neighbouring results, each sign-extended to whole words.", "3, and 2 and the words of a result for each"),
        new(Opcode.SendRows, "send.rows", InstructionFormat.CountAddress, "COUNT, ADDRESS", "Gives stored rows, from the head (group, lane) on, lane by lane, group by group; encrypted rows as they are stored.", "3, and 2 and the words of the bits for each"),
    ];

    /// <summary>An instruction by its opcode; null where there is none.</summary>
    public static InstructionDefinition? Find(int opcode) => All.FirstOrDefault(instruction => (int)instruction.Opcode == opcode);

    /// <summary>What an error code says.</summary>
    public static string Meaning(ErrorCode code) => code switch
    {
        ErrorCode.None => "no error",
        ErrorCode.Instruction => "no instruction of this core",
        ErrorCode.Range => "an address, a count or a value out of range",
        ErrorCode.EndOfMemory => "past the end of the program memory",
        ErrorCode.Descriptor => "the descriptor describes no layer",
        ErrorCode.Locked => "the core is locked",
        ErrorCode.TimeLimit => "a layer ran longer than RUN_LIMIT",
        ErrorCode.LayerRange => "a layer asked for a row or an initial value that is not there",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    /// <summary>Whether a core has an instruction.</summary>
    public static bool IsBuilt(Opcode opcode, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return opcode != Opcode.ReceiveKeys || configuration.Keys != KeyStoreKind.None;
    }
}
