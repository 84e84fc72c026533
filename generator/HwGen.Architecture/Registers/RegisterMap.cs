using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Registers.FieldAccess;

namespace HwGen.Architecture.Registers;

/// <summary>
/// The registers of a core with a bus: the one definition that the address decoder, the C header, SystemRDL and the documents are made from.
/// </summary>
/// <param name="Prefix">What names begin with in the header: the name of the configuration.</param>
/// <param name="Registers">The registers in order of their addresses.</param>
public sealed record RegisterMap(string Prefix, ImmutableArray<HostRegister> Registers)
{
    /// <summary>Bits of an address in bytes.</summary>
    public const int AddressBits = 8;

    /// <summary>What the register ID reads: HWGC.</summary>
    public const uint Identification = 0x4857_4743;

    /// <summary>The version of this map, in the upper half of VERSION.</summary>
    public const int Version = 1;

    /// <summary>A register by its name.</summary>
    public HostRegister this[string name] => Registers.Single(register => register.Name == name);

    /// <summary>The registers of a core.</summary>
    public static RegisterMap Of(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new RegisterMap(configuration.Name, [.. Host(configuration), .. Parameters(configuration)]);
    }

    private static IEnumerable<HostRegister> Host(ArrayConfiguration configuration)
    {
        var hasKeys = configuration.Keys != KeyStoreKind.None;
        var isResistive = configuration.Storage == StorageKind.Rram;
        var hasSimilarity = configuration.Similarity is not null;
        yield return Constant("ID", 0x00, "Identification: HWGC in ASCII.", Identification);
        yield return new HostRegister("VERSION", 0x04, "What the host may rely on.",
        [
            Fixed("INSTRUCTION_SET", 0, 16, InstructionSet.Version, "The version of the instruction set."),
            Fixed("REGISTER_MAP", 16, 16, Version, "The version of this register map."),
        ]);
        yield return new HostRegister("CONTROL", 0x08, "Commands; each bit acts for itself, and reads 0.",
        [
            new("START", 0, 1, Command, "Runs the program from PROGRAM_ADDRESS. Ignored while busy."),
            new("ABORT", 1, 1, Command, "Ends what runs: a program, or a load. The core is idle soon after, and both streams are emptied until then."),
            new("LOAD", 2, 1, Command, "Takes PROGRAM_WORDS words from the stream into the program memory, from PROGRAM_ADDRESS on. Ignored while busy."),
            .. hasKeys
                ? (RegisterField[])[
                    new("ZEROIZE", 3, 1, Command, "Erases all keys, at any time."),
                    new("LOCK", 4, 1, Command, "Until reset: rows and keys can be neither written nor read back."),
                ] : [],
            .. isResistive ? (RegisterField[])[new("SELF_TEST", 5, 1, Command, "Tests all rows and maps those away that fail; their contents are lost. Ignored while BUSY or ROWS_BUSY.")] : [],
            .. configuration.RowParity == RowParityKind.Even ? (RegisterField[])[new("SCRUB", 6, 1, Command, "Checks the parity of all rows. Ignored while BUSY or ROWS_BUSY.")] : [],
        ]);
        yield return new HostRegister("STATUS", 0x0C, "What the core does.",
        [
            new("BUSY", 0, 1, ReadOnly, "A program runs, is loaded or is being aborted."),
            new("DONE", 1, 1, ReadOnly, "The last program came to its end, or the load did."),
            new("ERROR", 2, 1, ReadOnly, "The last program was stopped: ERROR and PROGRAM_COUNTER say why and where."),
            new("ABORTED", 3, 1, ReadOnly, "The last program was aborted."),
            new("WAITS_FOR_INPUT", 4, 1, ReadOnly, "The program waits for a word of the input stream."),
            new("WAITS_FOR_OUTPUT", 5, 1, ReadOnly, "The program waits until a word of the output stream is taken."),
            .. hasKeys
                ? (RegisterField[])[
                    new("KEYS_BUSY", 6, 1, ReadOnly, "Keys are being erased."),
                    new("LOCKED", 7, 1, ReadOnly, "The core is locked until reset."),
                ] : [],
            .. isResistive
                ? (RegisterField[])[
                    new("ROWS_BUSY", 8, 1, ReadOnly, "Rows are programmed, tested or scrubbed. A program that begins waits for them."),
                    new("STORAGE_FAILED", 9, 1, ReadOnly, "A row could not be repaired at a write, a self-test or a scrub; ROW_STATUS says which."),
                ] : [],
            .. hasSimilarity ? (RegisterField[])[new("SIMILARITY_BUSY", 10, 1, ReadOnly, "A command of the similarity unit runs. A program that begins waits for it.")] : [],
        ]);
        yield return new HostRegister("INTERRUPT_ENABLE", 0x10, "Which events raise the interrupt.",
        [
            new("DONE", 0, 1, ReadWrite, "A program or a load came to its end."),
            new("ERROR", 1, 1, ReadWrite, "A program was stopped."),
            .. hasSimilarity ? (RegisterField[])[new("SIMILARITY", 2, 1, ReadWrite, "A command of the similarity unit came to its end.")] : [],
        ]);
        yield return new HostRegister("INTERRUPT_PENDING", 0x14, "Which events happened; the interrupt is 1 while an enabled one is pending.",
        [
            new("DONE", 0, 1, WriteOneToClear, "A program or a load came to its end."),
            new("ERROR", 1, 1, WriteOneToClear, "A program was stopped."),
            .. hasSimilarity ? (RegisterField[])[new("SIMILARITY", 2, 1, WriteOneToClear, "A command of the similarity unit came to its end.")] : [],
        ]);
        yield return new HostRegister("ERROR", 0x18, "Why the last program was stopped.",
            [new("CODE", 0, 4, ReadOnly, string.Join("; ", Enum.GetValues<ErrorCode>().Select(code => FormattableString.Invariant($"{(int)code} {InstructionSet.Meaning(code)}"))) + ".")]);
        yield return new HostRegister("PROGRAM_COUNTER", 0x1C, "Where the program is.",
            [new("VALUE", 0, configuration.ProgramAddressBits, ReadOnly, "The address of the first word of the instruction that runs, or that the program ended or was stopped at.")]);
        yield return new HostRegister("PROGRAM_ADDRESS", 0x20, "Where START and LOAD begin.",
            [new("VALUE", 0, configuration.ProgramAddressBits, ReadWrite, "A word of the program memory.")]);
        yield return new HostRegister("PROGRAM_WORDS", 0x24, "How many words LOAD takes.",
            [new("VALUE", 0, configuration.ProgramAddressBits + 1, ReadWrite, "0 to PROGRAM_MEMORY; addresses wrap at the end of the memory.")]);
        yield return new HostRegister("RUN_LIMIT", 0x28, "The longest that a layer may run.",
            [new("VALUE", 0, 32, ReadWrite, "Cycles of one run; a run that is not done by then is stopped.") { Reset = uint.MaxValue }]);
        foreach (var register in (IEnumerable<HostRegister>)[.. Counters(configuration), .. isResistive ? Rows(configuration) : [], .. hasSimilarity ? SimilarityUnit(configuration) : []])
        {
            yield return register;
        }
    }

    /// <summary>Which row could not be repaired.</summary>
    private static IEnumerable<HostRegister> Rows(ArrayConfiguration configuration)
    {
        yield return new HostRegister("ROW_ADDRESS", 0x2C, "The row that ROW_STATUS speaks of.",
            [new("VALUE", 0, configuration.TotalLaneBits + (configuration.Groups > 1 ? configuration.GroupAddressBits : 0), ReadWrite, "The lane, and the group above it, as in the head of a row; looked at while not BUSY.")]);
        yield return new HostRegister("ROW_STATUS", 0x68, "What is known of a row.",
            [new("FAILED", 0, 1, ReadOnly, "What the row stores is wrong, or was at the last test or scrub.")]);
    }

    /// <summary>A command of the similarity unit, the valid bits, what it counts. Distances that are read leave by the output stream.</summary>
    private static IEnumerable<HostRegister> SimilarityUnit(ArrayConfiguration configuration)
    {
        yield return new HostRegister("SIMILARITY_FIELD", 0x6C, "Which field of the command WRITE_FIELD writes.",
            [new("VALUE", 0, SimilarityLayout.AddressBits, ReadWrite, "Its number in the order of docs/similarity.md.")]);
        yield return new HostRegister("SIMILARITY_VALUE", 0x70, "What WRITE_FIELD and WRITE_VALID write.", [new("VALUE", 0, 32, ReadWrite, "The value of a field, or 32 valid bits.")]);
        yield return new HostRegister("SIMILARITY_COMMAND", 0x74, "Commands; each bit reads 0, and is ignored while BUSY or SIMILARITY_BUSY.",
        [
            new("WRITE_FIELD", 0, 1, Command, "Writes SIMILARITY_VALUE into the field SIMILARITY_FIELD."),
            new("WRITE_VALID", 1, 1, Command, "Writes SIMILARITY_VALUE into the valid bits VALID_WORD."),
            new("START", 2, 1, Command, "Runs the command."),
        ]);
        yield return new HostRegister("VALID_WORD", 0x78, "Which 32 filters' valid bits are written or read.", [new("VALUE", 0, new SimilarityWidths(configuration).ValidAddressBits, ReadWrite, "The number of the first filter / 32.")]);
        yield return new HostRegister("VALID_BITS", 0x7C, "Valid bits: 1 for a filter that is alive.", [new("VALUE", 0, 32, ReadOnly, "The lowest bit belongs to the lowest filter.")]);
        (string Name, string Meaning)[] counters = [("SIMILARITY_CYCLES", "Cycles of the last command, stalls among them."), ("SIMILARITY_STALLS", "Of these, cycles in which a distance was not taken.")];
        for (var i = 0; i < counters.Length; i++)
        {
            yield return new HostRegister(counters[i].Name + "_LOW", 0xB0 + (8 * i), counters[i].Meaning, [new("VALUE", 0, 32, ReadOnly, "The lower 32 bits.")]);
            yield return new HostRegister(counters[i].Name + "_HIGH", 0xB4 + (8 * i), counters[i].Meaning, [new("VALUE", 0, 8, ReadOnly, "The upper 8 bits.")]);
        }
    }

    /// <summary>What the core counts from START on: 64 bits in two registers.</summary>
    private static IEnumerable<HostRegister> Counters(ArrayConfiguration configuration)
    {
        (string Name, string Meaning, bool IsBuilt)[] counters =
        [
            ("PROGRAM_CYCLES", "Cycles from the start of the program to its end, waits included.", true),
            ("LAYER_CYCLES", "Of these, cycles in which a layer ran.", true),
            ("ROW_ACTIVATIONS", "Rows of filters that met an operand.", true),
            ("INPUT_STALLS", "Cycles in which the program waited for the input stream.", true),
            ("OUTPUT_STALLS", "Cycles in which the program waited for the output stream.", true),
            ("SKIPPED_OPERANDS", "Operands that were skipped, a weight plane each.", configuration.OperandSkipping),
            ("ARRAY_STALLS", "Cycles in which the program waited for rows that were programmed, tested or compared.", configuration.ArrayMayBeBusy),
        ];
        for (var i = 0; i < counters.Length; i++)
        {
            var (name, meaning, isBuilt) = counters[i];
            if (!isBuilt)
            {
                continue;
            }

            yield return new HostRegister(name + "_LOW", 0x30 + (8 * i), meaning, [new("VALUE", 0, 32, ReadOnly, "The lower 32 bits.")]);
            yield return new HostRegister(name + "_HIGH", 0x34 + (8 * i), meaning, [new("VALUE", 0, 32, ReadOnly, "The upper 32 bits.")]);
        }
    }

    private static IEnumerable<HostRegister> Parameters(ArrayConfiguration configuration)
    {
        yield return Constant("ROWS", 0x80, "Rows of a macro.", (uint)configuration.Rows);
        yield return Constant("COLUMNS", 0x84, "Cells of a row, bits of an operand word.", (uint)configuration.Columns);
        yield return Constant("LANES", 0x88, "Rows of a macro that are evaluated each cycle.", (uint)configuration.Lanes);
        yield return Constant("MACROS", 0x8C, "Macros.", (uint)configuration.Macros);
        yield return Constant("OPERAND_WORDS", 0x90, "Words of the operand memory.", (uint)configuration.OperandWords);
        yield return Constant("RESULT_WORDS", 0x94, "Words of the result memory.", (uint)configuration.ResultWords);
        yield return Constant("INITIAL_DEPTH", 0x98, "Initial values of a lane.", (uint)configuration.InitialDepth);
        yield return Constant("LEVEL_WORDS", 0x9C, "Words of the level memory.", (uint)configuration.LevelWords);
        yield return Constant("PROGRAM_MEMORY", 0xA0, "Words of the program memory.", (uint)configuration.ProgramWords);
        yield return new HostRegister("ARITHMETIC", 0xA4, "Widths.",
        [
            Fixed("INPUT_BITS", 0, 8, (uint)configuration.InputBits, "The most input bit-planes."),
            Fixed("WEIGHT_BITS", 8, 8, (uint)configuration.WeightBits, "The most weight bit-planes."),
            Fixed("ACCUMULATOR_BITS", 16, 8, (uint)configuration.AccumulatorBits, "Bits of an accumulator and of a result."),
            Fixed("MULTIPLIER_BITS", 24, 8, (uint)configuration.MultiplierBits, "Bits of a multiplier; 0 where the core does not requantise."),
        ]);
        yield return new HostRegister("LAYOUT", 0xA8, "How words of the streams are laid out.",
        [
            Fixed("LANE_BITS", 0, 8, (uint)configuration.TotalLaneBits, "Bits of the lane in the head of a record."),
            Fixed("LEVEL_BITS", 8, 8, (uint)configuration.LevelBits, "Bits of a word of the level memory."),
            Fixed("LEVEL_VALUE_BITS", 16, 8, (uint)configuration.LevelValueBits, "Of these, bits of the value; the shift is above it."),
        ]);
        yield return new HostRegister("FEATURES", 0xAC, "What is built.",
        [
            .. ArrayConfiguration.AllOperations.Select(operation => Fixed(
                operation.ToString().ToUpperInvariant(), (int)operation, 1, configuration.RowOperations.Contains(operation) ? 1u : 0, "The row operation " + operation.ToString().ToLowerInvariant() + ".")),
            Fixed("KEYS", 4, 2, (uint)configuration.Keys, "The key store: 0 none, 1 dense, 2 sparse."),
            Fixed("STORAGE", 6, 2, (uint)configuration.Storage, "The storage: 0 flip-flops, 1 memory, 2 resistive cells."),
            Fixed("OPERAND_SKIPPING", 8, 1, configuration.OperandSkipping ? 1u : 0, "1 where operands that count nothing are skipped."),
            Fixed("SIMILARITY", 9, 1, configuration.Similarity is null ? 0u : 1, "1 where there is a similarity unit."),
            .. configuration.PacksWindows ? (RegisterField[])[Fixed("WINDOWS", 10, 1, 1, "Windows of feature maps can be packed densely.")] : [],
        ]);
    }

    private static HostRegister Constant(string name, int offset, string meaning, uint value) => new(name, offset, meaning, [Fixed("VALUE", 0, 32, value, "Always the same.")]);

    private static RegisterField Fixed(string name, int low, int width, uint value, string meaning) => new(name, low, width, ReadOnly, meaning) { Reset = value, IsConstant = true };
}
