using HwGen.Architecture.Program;

namespace HwGen.Cosimulation;

/// <summary>A core as its host sees it: simulated hardware, or the interpreter of programs.</summary>
public interface ICoreModel : IDisposable
{
    /// <summary>Loads rows, initial values and thresholds.</summary>
    void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels);

    /// <summary>Writes neighbouring operand words.</summary>
    /// <param name="address">The address of the first word.</param>
    /// <param name="words">⌈columns / 64⌉ numbers a word.</param>
    void WriteOperands(int address, ReadOnlySpan<ulong> words);

    /// <summary>Reads neighbouring operand words.</summary>
    /// <returns>⌈columns / 64⌉ numbers a word.</returns>
    ulong[] ReadOperands(int address, int count);

    /// <summary>Reads neighbouring values of the result memory.</summary>
    long[] ReadResults(int address, int count);

    /// <summary>Runs the sequencer once.</summary>
    /// <returns>The core's own counters; null when the core was not done after twice the predicted cycles.</returns>
    CoreCounters? Run(LayerDescriptor descriptor);
}
