using HwGen.Architecture.Program;

namespace HwGen.Cosimulation;

/// <summary>The similarity unit of a core, as a host sees it: valid bits, commands, distances.</summary>
public interface ISimilarityModel
{
    /// <summary>Writes the valid bits of all filters.</summary>
    /// <param name="alive">One a filter, true for one that is alive.</param>
    void WriteValid(IReadOnlyList<bool> alive);

    /// <summary>Reads the valid bits of the first filters.</summary>
    /// <param name="filters">How many.</param>
    bool[] ReadValid(int filters);

    /// <summary>Runs a command that prunes.</summary>
    /// <param name="command">The command.</param>
    /// <param name="expected">Its predicted cycles.</param>
    /// <returns>Null when the unit was not done after twice as many.</returns>
    SimilarityRun? Run(SimilarityCommand command, long expected);

    /// <summary>Runs a command that reads distances.</summary>
    /// <param name="command">The command.</param>
    /// <param name="expected">Its predicted cycles.</param>
    /// <param name="distances">Receives as many distances as there are.</param>
    /// <param name="isReady">Whether the host takes a distance in the cycle of that number, where the host can say; always when null.</param>
    /// <returns>The counters and the number of distances that came; null when the unit was not done in time.</returns>
    (SimilarityRun Run, int Distances)? Read(SimilarityCommand command, long expected, Span<long> distances, Func<long, bool>? isReady = null);
}
