using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;

namespace HwGen.Cosimulation;

/// <summary>Plays the host of the similarity unit of a core with a bus: commands over the registers, distances out of the output stream.</summary>
/// <param name="driver">The host of the core.</param>
/// <param name="configuration">The core; with a similarity unit.</param>
public sealed class BusSimilarity(BusDriver driver, ArrayConfiguration configuration) : ISimilarityModel
{
    private const uint WriteField = 1, WriteValidBits = 2, Start = 4, Event = 4;

    private readonly SimilarityWidths _widths = new(configuration);

    /// <inheritdoc/>
    public void WriteValid(IReadOnlyList<bool> alive)
    {
        ArgumentNullException.ThrowIfNull(alive);
        for (var word = 0; word < _widths.ValidWords; word++)
        {
            var bits = 0u;
            for (var bit = 0; bit < 32 && (32 * word) + bit < alive.Count; bit++)
            {
                bits |= alive[(32 * word) + bit] ? 1u << bit : 0;
            }

            driver.Write("VALID_WORD", (uint)word);
            driver.Write("SIMILARITY_VALUE", bits);
            driver.Write("SIMILARITY_COMMAND", WriteValidBits);
        }
    }

    /// <inheritdoc/>
    public bool[] ReadValid(int filters)
    {
        var words = new uint[_widths.ValidWords];
        for (var word = 0; word < words.Length; word++)
        {
            driver.Write("VALID_WORD", (uint)word);
            words[word] = driver.Read("VALID_BITS");
        }

        return [.. Enumerable.Range(0, filters).Select(filter => ((words[filter / 32] >> (filter % 32)) & 1) == 1)];
    }

    /// <inheritdoc/>
    public SimilarityRun? Run(SimilarityCommand command, long expected)
    {
        ArgumentNullException.ThrowIfNull(command);
        for (var field = 0; field < command.Values.Length; field++)
        {
            driver.Write("SIMILARITY_FIELD", (uint)field);
            driver.Write("SIMILARITY_VALUE", (uint)command.Values[field]);
            driver.Write("SIMILARITY_COMMAND", WriteField);
        }

        driver.Write("INTERRUPT_PENDING", Event);
        driver.Write("INTERRUPT_ENABLE", Event);
        driver.Write("SIMILARITY_COMMAND", Start);
        var ended = driver.Host.WaitForInterrupt((40 * expected) + 4000);
        driver.Write("INTERRUPT_PENDING", Event);
        driver.Write("INTERRUPT_ENABLE", 3);
        return ended ? new SimilarityRun(driver.Counter("SIMILARITY_CYCLES"), driver.Counter("SIMILARITY_STALLS")) : null;
    }

    /// <inheritdoc/>
    /// <remarks>When a distance is taken is the stream's matter: the host is as late as its driver.</remarks>
    public (SimilarityRun Run, int Distances)? Read(SimilarityCommand command, long expected, Span<long> distances, Func<long, bool>? isReady = null)
    {
        if (Run(command, expected) is not { } run)
        {
            return null;
        }

        // What left last is still on its way.
        for (var i = 0; i < 100; i++)
        {
            driver.Host.Step();
        }

        var (words, length) = (driver.Host.Receive(), ArrayConfiguration.StreamWords(_widths.DistanceBits));
        for (var i = 0; i < Math.Min(distances.Length, words.Length / length); i++)
        {
            distances[i] = length == 1 ? words[i] : words[2 * i] | ((long)words[(2 * i) + 1] << 32);
        }

        return (run, words.Length / length);
    }
}
