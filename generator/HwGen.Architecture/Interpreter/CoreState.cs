using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Interpreter;

/// <summary>Everything that a core stores, word by word.</summary>
internal sealed class CoreState
{
    private readonly ArrayConfiguration _configuration;
    private readonly RowImage?[] _rows;
    private readonly InitialImage[] _initials;
    private readonly LevelImage[] _levels;

    public CoreState(ArrayConfiguration configuration)
    {
        _configuration = configuration;
        _rows = new RowImage?[configuration.TotalRows];
        _initials = new InitialImage[configuration.InitialDepth * configuration.TotalLanes];
        _levels = new LevelImage[configuration.LevelWords];
        Operands = new ulong[configuration.OperandWords][];
        for (var word = 0; word < Operands.Length; word++)
        {
            Operands[word] = new ulong[((configuration.Columns - 1) / 64) + 1];
        }

        Results = new long[configuration.ResultWords];
        Accumulators = new long[configuration.TotalLanes];
        Directions = new bool[configuration.TotalLanes];
    }

    /// <summary>The operand memory: a word is ⌈columns / 64⌉ numbers.</summary>
    public ulong[][] Operands { get; }

    /// <summary>The result memory.</summary>
    public long[] Results { get; }

    /// <summary>The accumulator of each filter of a tile.</summary>
    public long[] Accumulators { get; }

    /// <summary>The greatest value so far and its index, where a run looks for it; null before the first.</summary>
    public (long Value, long Index)? Greatest { get; set; }

    /// <summary>The direction of the filter in each accumulator.</summary>
    public bool[] Directions { get; }

    /// <summary>Takes a row as the row operation meets it: decrypted.</summary>
    public void Load(RowImage row) => _rows[(row.Group * _configuration.TotalLanes) + row.Lane] =
        row.Key.Length == 0 ? row : row with { Bits = [.. row.Bits.Zip(row.Key, (bits, key) => bits ^ key)], Key = [] };

    public void Load(InitialImage initial) => _initials[(initial.Address * _configuration.TotalLanes) + initial.Lane] = initial;

    public void Load(LevelImage level) => _levels[level.Address] = level;

    /// <summary>A row; null when nothing was loaded there.</summary>
    public RowImage? Row(int group, int lane) => _rows[(group * _configuration.TotalLanes) + lane];

    public InitialImage Initial(int address, int lane) => _initials[(address * _configuration.TotalLanes) + lane];

    public LevelImage Level(int address) => _levels[address];

    /// <summary>Sets one bit of an operand word.</summary>
    public void SetOperand(int word, int column, bool bit)
    {
        var mask = 1UL << (column % 64);
        Operands[word][column / 64] = bit ? Operands[word][column / 64] | mask : Operands[word][column / 64] & ~mask;
    }
}
