using HwGen.Architecture.Configuration;
using HwGen.Architecture.Interpreter;
using HwGen.Architecture.Program;

namespace HwGen.Cosimulation;

/// <summary>The interpreter of programs in the place of a core. It counts as the core does.</summary>
/// <param name="configuration">The core.</param>
public sealed class InterpretedCore(ArrayConfiguration configuration) : ICoreModel
{
    private readonly ProgramInterpreter _interpreter = new(configuration);

    /// <inheritdoc/>
    public void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels) => _interpreter.Load(rows, initials, levels);

    /// <inheritdoc/>
    public void WriteOperands(int address, ReadOnlySpan<ulong> words) => _interpreter.WriteOperands(address, words);

    /// <inheritdoc/>
    public ulong[] ReadOperands(int address, int count) => _interpreter.ReadOperands(address, count);

    /// <inheritdoc/>
    public long[] ReadResults(int address, int count) => _interpreter.ReadResults(address, count);

    /// <inheritdoc/>
    public CoreCounters? Run(LayerDescriptor descriptor) => Run(descriptor, null);

    /// <summary>Runs the sequencer once and says how many cycles it had taken at the end of each round.</summary>
    internal CoreCounters Run(LayerDescriptor descriptor, ICollection<long>? roundEnds)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var counted = _interpreter.Run(descriptor, roundEnds: roundEnds);
        return new CoreCounters(counted.Cycles, counted.RowActivations, counted.SkippedOperands, counted.ZeroOperands);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to free.
    }
}
