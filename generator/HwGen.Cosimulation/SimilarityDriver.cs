using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>What a command of the similarity unit came to.</summary>
/// <param name="Cycles">Cycles that the unit counted, stalls among them.</param>
/// <param name="Stalls">Cycles in which a distance was not taken.</param>
public sealed record SimilarityRun(long Cycles, long Stalls);

/// <summary>Plays the host of the similarity unit of a simulated core: valid bits, commands, distances.</summary>
public sealed class SimilarityDriver : ISimilarityModel
{
    private readonly ISimulator _simulator;
    private readonly SimilarityWidths _widths;
    private readonly PortHandle _clock, _write, _start, _done, _cycles, _stalls, _validWrite, _ready;
    private readonly StepSequence _writeFields, _writeValid, _readValid, _observe;

    /// <summary>Takes over a simulator of a core that was reset.</summary>
    public SimilarityDriver(ISimulator simulator, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _widths = new SimilarityWidths(configuration);
        _clock = simulator.Clock();
        PortHandle Port(string name) => simulator.Port("similarity_" + name);
        (_write, _start, _done, _cycles, _stalls) = (Port("write"), Port("start"), Port("done"), Port("cycles"), Port("stalls"));
        (_validWrite, _ready) = (Port("valid_write"), Port("distance_ready"));
        _writeFields = new StepSequence(_clock, 1, [Port("address"), Port("data")], []);
        _writeValid = new StepSequence(_clock, 1, [Port("valid_address"), Port("valid_data")], []);
        _readValid = new StepSequence(_clock, 1, [Port("valid_address")], [Port("valid_read_data")]);
        _observe = new StepSequence(_clock, 1, [_ready], [Port("distance_valid"), Port("distance_data"), _done]);
    }

    /// <inheritdoc/>
    public void WriteValid(IReadOnlyList<bool> alive)
    {
        ArgumentNullException.ThrowIfNull(alive);
        var table = new ulong[_widths.ValidWords * 2];
        for (var word = 0; word < _widths.ValidWords; word++)
        {
            table[2 * word] = (ulong)word;
            for (var bit = 0; bit < 32 && (32 * word) + bit < alive.Count; bit++)
            {
                table[(2 * word) + 1] |= alive[(32 * word) + bit] ? 1UL << bit : 0;
            }
        }

        Strobe(_validWrite, () => _simulator.Run(_writeValid, table, [], _widths.ValidWords));
    }

    /// <inheritdoc/>
    public bool[] ReadValid(int filters)
    {
        var words = new ulong[_widths.ValidWords];
        _simulator.Run(_readValid, [.. Enumerable.Range(0, words.Length).Select(word => (ulong)word)], words, words.Length);
        return [.. Enumerable.Range(0, filters).Select(filter => ((words[filter / 32] >> (filter % 32)) & 1) == 1)];
    }

    /// <inheritdoc/>
    public SimilarityRun? Run(SimilarityCommand command, long expected)
    {
        Begin(command);
        var run = _simulator.RunUntil(_clock, _done, 1, (2 * expected) + 1000);
        return run.Reached ? Counters() : null;
    }

    /// <inheritdoc/>
    public (SimilarityRun Run, int Distances)? Read(SimilarityCommand command, long expected, Span<long> distances, Func<long, bool>? isReady = null)
    {
        var rows = (int)Math.Clamp(expected, 64, 4096);
        Begin(command);
        var (outputs, ready, taken) = (new ulong[3 * rows], new ulong[rows], 0);
        var limit = (2 * expected) + 1000;
        for (long cycle = 0; cycle < (isReady is null ? limit : 16 * limit); cycle += rows)
        {
            for (var row = 0; row < rows; row++)
            {
                ready[row] = isReady is null || isReady(cycle + row) ? 1UL : 0;
            }

            // A row reads behind its cycle: what is there then is taken in the next cycle if the host is ready in it.
            _simulator.Run(_observe, ready, outputs, rows);
            for (var row = 0; row < rows; row++)
            {
                var readyNext = isReady is null || isReady(cycle + row + 1);
                if (outputs[3 * row] == 1 && readyNext)
                {
                    if (taken < distances.Length)
                    {
                        distances[taken] = (long)outputs[(3 * row) + 1];
                    }

                    taken++;
                }

                if (outputs[(3 * row) + 2] == 1)
                {
                    _simulator.Poke(_ready, 0);
                    return (Counters(), taken);
                }
            }
        }

        _simulator.Poke(_ready, 0);
        return null;
    }

    private void Begin(SimilarityCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var table = new ulong[command.Values.Length * 2];
        for (var i = 0; i < command.Values.Length; i++)
        {
            table[2 * i] = (ulong)i;
            table[(2 * i) + 1] = (uint)command.Values[i];
        }

        Strobe(_write, () => _simulator.Run(_writeFields, table, [], command.Values.Length));
        Strobe(_start, () => _simulator.Step(_clock));
    }

    private SimilarityRun Counters() => new((long)_simulator.Peek(_cycles), (long)_simulator.Peek(_stalls));

    private void Strobe(PortHandle strobe, Action body)
    {
        _simulator.Poke(strobe, 1);
        body();
        _simulator.Poke(strobe, 0);
    }
}
