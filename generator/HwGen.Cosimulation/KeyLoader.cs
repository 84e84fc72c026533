using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>Plays the host of a simulated core's key store: writes the keys of rows that are loaded, and drops those of rows that they overwrite.</summary>
internal sealed class KeyLoader
{
    private readonly ISimulator _simulator;
    private readonly ArrayConfiguration _configuration;
    private readonly PortHandle _clock, _write, _busy;
    private readonly StepSequence _keys;
    private readonly (int Group, int Lane, int Column)?[] _entries;
    private bool _hasKeys;

    public KeyLoader(ISimulator simulator, ArrayConfiguration configuration)
    {
        _simulator = simulator;
        _configuration = configuration;
        _clock = simulator.Clock();
        _write = simulator.Port("key_write");
        _busy = simulator.Port("key_busy");
        PortHandle[] group = configuration.Groups > 1 ? [simulator.Port("row_group")] : [];
        _keys = new StepSequence(
            _clock, 1,
            configuration.Keys == KeyStoreKind.Dense
                ? [.. group, simulator.Port("row_lane"), simulator.Port("key_data")]
                : [.. group, simulator.Port("row_lane"), simulator.Port("key_entry"), simulator.Port("key_column"), simulator.Port("key_present")],
            []);
        _entries = new (int, int, int)?[configuration.Keys == KeyStoreKind.Sparse ? configuration.KeyEntries : 0];
    }

    /// <summary>Writes the keys of rows, those of rows without a key as zeros.</summary>
    /// <exception cref="InvalidOperationException">A sparse store has too few entries, or the core erases its keys for ever.</exception>
    public void Load(IReadOnlyList<RowImage> rows)
    {
        _hasKeys |= rows.Any(row => row.Key.Length > 0);
        if (!_hasKeys)
        {
            return;
        }

        if (!_simulator.RunUntil(_clock, _busy, 0, _configuration.Rows + (2L * _configuration.KeyEntries) + 16).Reached)
        {
            throw new InvalidOperationException("the key store does not come to an end of erasing");
        }

        var table = _configuration.Keys == KeyStoreKind.Dense ? Dense(rows) : Sparse(rows);
        _simulator.Poke(_write, 1);
        _simulator.Run(_keys, table, [], table.Length / _keys.InputWords);
        _simulator.Poke(_write, 0);
    }

    private ulong[] Dense(IReadOnlyList<RowImage> rows)
    {
        var table = new List<ulong>(rows.Count * _keys.InputWords);
        foreach (var row in rows)
        {
            AddAddress(table, row.Group, row.Lane);
            table.AddRange(row.Key.Length > 0 ? row.Key : [.. new ulong[row.Bits.Length]]);
        }

        return [.. table];
    }

    private ulong[] Sparse(IReadOnlyList<RowImage> rows)
    {
        var table = new List<ulong>();
        var loaded = rows.Select(row => (row.Group, row.Lane)).ToHashSet();
        var free = new Queue<int>();
        for (var entry = 0; entry < _entries.Length; entry++)
        {
            if (_entries[entry] is not { } used || loaded.Contains((used.Group, used.Lane)))
            {
                free.Enqueue(entry);
                _entries[entry] = null;
                Add(entry, (0, 0, 0), present: false);
            }
        }

        foreach (var row in rows.Where(row => row.Key.Length > 0))
        {
            for (var column = 0; column < _configuration.Columns; column++)
            {
                if ((row.Key[column / 64] >> (column % 64) & 1) == 0)
                {
                    continue;
                }

                if (!free.TryDequeue(out var entry))
                {
                    throw new InvalidOperationException(FormattableString.Invariant($"the key has more than {_configuration.KeyEntries} bits, and decrypt.entries is {_configuration.KeyEntries}"));
                }

                _entries[entry] = (row.Group, row.Lane, column);
                Add(entry, (row.Group, row.Lane, column), present: true);
            }
        }

        return [.. table];

        void Add(int entry, (int Group, int Lane, int Column) address, bool present)
        {
            AddAddress(table, address.Group, address.Lane);
            table.AddRange([(ulong)entry, (ulong)address.Column, present ? 1UL : 0]);
        }
    }

    private void AddAddress(List<ulong> table, int group, int lane)
    {
        if (_configuration.Groups > 1)
        {
            table.Add((ulong)group);
        }

        table.Add((ulong)lane);
    }
}
