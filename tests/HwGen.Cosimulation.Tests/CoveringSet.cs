using HwGen.Architecture.Configuration;

namespace HwGen.Cosimulation.Tests;

/// <summary>The covering set of configurations: lanes from 1 to all rows, columns from 4 to 1024, every storage, every feature on and off, each with each.</summary>
internal static class CoveringSet
{
    public const int Count = 64;

    private static readonly int[] s_columns = [4, 5, 8, 9, 16, 17, 31, 32, 33, 64, 65, 70, 128, 256, 512, 1024];
    private static readonly int[] s_lanes = [1, 2, 3, 4, 8, 16, 5];
    private static readonly int[] s_groups = [4, 1, 8, 3, 2, 16];

    public static string StorageOf(ArrayConfiguration c) => c.Storage switch
    {
        StorageKind.Memory => c.MemoryMacro == MemoryMacroKind.External ? "external memory" : "memory",
        StorageKind.Rram => c.RowParity == RowParityKind.Even ? "rram with parity" : "rram",
        _ => "flip-flops",
    };

    public static string SimilarityOf(ArrayConfiguration c) => c.Similarity switch
    {
        null => "no similarity",
        { HasEuclidean: true } => "all similarity",
        _ => "similarity",
    };

    public static string SkippingOf(ArrayConfiguration c) => c.OperandSkipping ? "skips operands" : "skips none";

    public static string WindowsOf(ArrayConfiguration c) => c.PacksWindows ? "packs windows" : "packs none";

    public static string OperationsOf(ArrayConfiguration c) => string.Join(' ', c.RowOperations).ToLowerInvariant();

    /// <summary>The same configuration with a bus, AXI and Wishbone in turn.</summary>
    public static ArrayConfiguration OverBus(int index) => At(index) with { Bus = index % 2 == 0 ? BusKind.Axi : BusKind.Wishbone, ProgramWords = 1024 };

    public static ArrayConfiguration At(int index)
    {
        var (storage, keys, unit) = (index % 5, (KeyStoreKind)(index % 3), ((index / 15) + (index / 4)) % 3);
        var columns = s_columns[(index + (index / 16)) % 16];
        var groups = s_groups[(index + (index / 11)) % 6];
        var lanes = s_lanes[(index + (index / 9)) % 7];

        // Networks need some rows; wide rows need few.
        lanes = groups == 1 ? Math.Max(8, 2 * lanes) : lanes;
        while (lanes * groups < 8)
        {
            groups *= 2;
        }

        var macros = keys == KeyStoreKind.None && unit == 0 ? 1 + ((index / 3) % 3) : 1;
        RowOperation[] operations = (index % 4) switch
        {
            1 => [RowOperation.And, RowOperation.Xor],
            3 => [RowOperation.Nand, RowOperation.And, RowOperation.Xor],
            _ => [.. ArrayConfiguration.AllOperations],
        };
        return new ArrayConfiguration(
            FormattableString.Invariant($"set{index}"), lanes * groups, columns, lanes, operations, OperandWords: 4096, ResultWords: 512, InitialWords: 128, InputBits: 8, WeightBits: index % 2 == 0 ? 8 : 4,
            LevelWords: 512, MultiplierBits: index % 7 == 0 ? 0 : 20)
        {
            Macros = macros,
            Storage = storage switch { 0 => StorageKind.FlipFlop, 1 or 2 => StorageKind.Memory, _ => StorageKind.Rram },
            MemoryMacro = storage == 2 ? MemoryMacroKind.External : MemoryMacroKind.Inferred,
            SpareRows = storage >= 3 ? index % 4 : 0,
            RowParity = storage == 4 ? RowParityKind.Even : RowParityKind.None,
            Keys = keys,
            KeyEntries = 4,
            WindowWords = ((index / 4) + (index / 7)) % 2 == 0 ? 256 : 0,
            OperandSkipping = ((index / 2) + (index / 5)) % 2 == 0,
            Similarity = unit switch
            {
                0 => null,
                1 => new SimilarityConfiguration(16, 16, [SimilarityRule.Paper], [SimilarityDistance.Hamming]),
                _ => new SimilarityConfiguration(24, 32, SimilarityConfiguration.AllRules, SimilarityConfiguration.AllDistances),
            },
        };
    }
}
