using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Interpreter;

/// <summary>What a run of the sequencer did, counted while it was interpreted.</summary>
/// <param name="Cycles">Cycles that the sequencer is busy.</param>
/// <param name="Operands">Operands that met rows: the cycles of the evaluation.</param>
/// <param name="RowActivations">Rows of filters that met an operand.</param>
/// <param name="ZeroOperands">Of the operands, the skipped ones included, those of which every row's result is 0: no column is valid, or all valid bits are 0 and the row operation is AND.</param>
/// <param name="SkippedOperands">Operands that were skipped, a weight plane each; 0 in a core that skips none.</param>
public readonly record struct InterpreterCounters(long Cycles, long Operands, long RowActivations, long ZeroOperands, long SkippedOperands)
{
    /// <summary>The cycle, from 0, of the first operand that asks for a row group or an initial value that is not there; null where none does.</summary>
    public long? FirstOutside { get; init; }
}

/// <summary>
/// Runs programs by the definition of descriptors and memory images (docs/program-files.md, <see cref="DescriptorField"/>), one output after another and one
/// operand after another, without clocks, pipelines or shared arithmetic: the meaning of a program, to compare the hardware and the mapper with.
/// </summary>
/// <param name="configuration">The core.</param>
public sealed class ProgramInterpreter(ArrayConfiguration configuration)
{
    private readonly CoreState _state = new(configuration);

    /// <summary>Loads rows, initial values and thresholds, those of a program or of a pass.</summary>
    public void Load(IEnumerable<RowImage> rows, IEnumerable<InitialImage> initials, IEnumerable<LevelImage> levels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(initials);
        ArgumentNullException.ThrowIfNull(levels);
        foreach (var row in rows)
        {
            _state.Load(row);
        }

        foreach (var initial in initials)
        {
            _state.Load(initial);
        }

        foreach (var level in levels)
        {
            _state.Load(level);
        }
    }

    /// <summary>Writes neighbouring operand words.</summary>
    /// <param name="address">The address of the first word.</param>
    /// <param name="words">⌈columns / 64⌉ numbers a word.</param>
    public void WriteOperands(int address, ReadOnlySpan<ulong> words)
    {
        var length = ((configuration.Columns - 1) / 64) + 1;
        for (var i = 0; i < words.Length; i++)
        {
            _state.Operands[address + (i / length)][i % length] = words[i];
        }
    }

    /// <summary>Reads neighbouring operand words.</summary>
    /// <returns>⌈columns / 64⌉ numbers a word.</returns>
    public ulong[] ReadOperands(int address, int count) => [.. Enumerable.Range(address, count).SelectMany(word => _state.Operands[word])];

    /// <summary>Reads neighbouring values of the result memory.</summary>
    public long[] ReadResults(int address, int count) => _state.Results[address..(address + count)];

    /// <summary>Does what the sequencer does with a descriptor.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="operation">The row operation of all rows, where the instruction gives one; null for their own.</param>
    /// <param name="roundEnds">Takes how many cycles the run had taken at the end of each round; null for nobody.</param>
    /// <exception cref="NotSupportedException">The descriptor asks for something that the interpreter does not know.</exception>
    public InterpreterCounters Run(LayerDescriptor descriptor, RowOperation? operation = null, ICollection<long>? roundEnds = null)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return new PassRun(configuration, _state, descriptor, operation, roundEnds).Run();
    }
}
