using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>Plays the host of a simulated core: loads rows, initial values, operands and descriptors through its ports, runs stages and reads what they made.</summary>
public sealed class CoreDriver : ICoreModel
{
    private readonly ISimulator _simulator;
    private readonly ArrayConfiguration _configuration;
    private readonly KeyLoader? _keys;
    private readonly PortHandle? _rowBusy, _skippedOperands;
    private readonly PortHandle _clock, _start, _done, _cycles, _rowActivations, _operandWrite, _rowWrite, _initialWrite, _levelWrite, _descriptorWrite, _rowOperation;
    private readonly StepSequence _writeRows, _readRow, _writeInitials, _writeLevels, _writeOperands, _readOperands, _readResults, _writeDescriptor;

    /// <summary>Takes over a simulator of a core and resets it; disposes of it in the end.</summary>
    public CoreDriver(ISimulator simulator, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _configuration = configuration;
        _clock = simulator.Clock();
        PortHandle[] group = configuration.Groups > 1 ? [simulator.Port("row_group")] : [];
        PortHandle[] initialAddress = configuration.InitialDepth > 1 ? [simulator.Port("initial_address")] : [];
        var lane = simulator.Port("row_lane");
        _rowWrite = simulator.Port("row_write");
        _rowOperation = simulator.Port("row_operation");
        _initialWrite = simulator.Port("initial_write");
        _levelWrite = simulator.Port("level_write");
        _operandWrite = simulator.Port("operand_write");
        _descriptorWrite = simulator.Port("descriptor_write");
        _start = simulator.Port("start");
        _done = simulator.Port("done");
        _cycles = simulator.Port("cycles");
        _rowActivations = simulator.Port("row_activations");
        _skippedOperands = configuration.OperandSkipping ? simulator.Port("skipped_operands") : null;
        var operandAddress = simulator.Port("operand_address");
        _writeRows = new StepSequence(_clock, 1, [.. group, lane, _rowOperation, simulator.Port("row_data")], []);
        _readRow = new StepSequence(_clock, 1, [.. group, lane], [simulator.Port("row_read_data")]);
        _writeInitials = new StepSequence(_clock, 1, [.. initialAddress, simulator.Port("initial_lane"), simulator.Port("initial_data")], []);
        _writeLevels = new StepSequence(_clock, 1, [simulator.Port("level_address"), simulator.Port("level_data")], []);
        _writeOperands = new StepSequence(_clock, 1, [operandAddress, simulator.Port("operand_data")], []);
        _readOperands = new StepSequence(_clock, 1, [operandAddress], [simulator.Port("operand_read_data")]);
        _readResults = new StepSequence(_clock, 1, [simulator.Port("result_address")], [simulator.Port("result_data")]);
        _writeDescriptor = new StepSequence(_clock, 1, [simulator.Port("descriptor_address"), simulator.Port("descriptor_data")], []);
        _keys = configuration.Keys == KeyStoreKind.None ? null : new KeyLoader(simulator, configuration);
        _rowBusy = configuration.Storage == StorageKind.Rram ? simulator.Port("row_busy") : null;
        simulator.Reset();
        if (simulator.Engine == "icarus")
        {
            // It knows unknown bits: a word that the core only writes in part could not be read. The other engines begin with random words.
            WriteOperands(0, new ulong[configuration.OperandWords * Words]);
        }
    }

    /// <inheritdoc/>
    public void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels)
    {
        LoadRows(rows);
        LoadInitials(initials);
        LoadLevels(levels);
    }

    private int Words => ((_configuration.Columns - 1) / 64) + 1;

    /// <summary>Writes rows, one a cycle, and their keys.</summary>
    public void LoadRows(IReadOnlyList<RowImage> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _keys?.Load(rows);
        var addressWords = _writeRows.InputWords - Words;
        var table = new ulong[rows.Count * _writeRows.InputWords];
        var place = 0;
        foreach (var row in rows)
        {
            if (addressWords == 3)
            {
                table[place++] = (ulong)row.Group;
            }

            table[place++] = (ulong)row.Lane;
            table[place++] = (ulong)row.Operation;
            row.Bits.AsSpan().CopyTo(table.AsSpan(place));
            place += Words;
        }

        if (_rowBusy is not { } busy)
        {
            Strobe(_rowWrite, () => _simulator.Run(_writeRows, table, [], rows.Count));
            return;
        }

        // Resistive rows are programmed one by one, each as long as it takes.
        for (var row = 0; row < rows.Count; row++)
        {
            WaitForRows(busy);
            Strobe(_rowWrite, () => _simulator.Run(_writeRows, table.AsSpan(row * _writeRows.InputWords, _writeRows.InputWords), [], 1));
        }

        WaitForRows(busy);
    }

    private void WaitForRows(PortHandle busy)
    {
        // Behind a reset the list of failed rows is cleared; a row goes through all its retries on every spare row at worst.
        var limit = (4L * _configuration.Rows) + ((_configuration.SpareRows + 1L) * ((4 * _configuration.SetRetries) + 8)) + 100;
        if (!_simulator.RunUntil(_clock, busy, 0, limit).Reached)
        {
            throw new InvalidOperationException("the core does not come to an end of programming rows");
        }
    }

    /// <summary>The stored bits of a row.</summary>
    public ulong[] ReadRow(int group, int lane)
    {
        ulong[] address = _configuration.Groups > 1 ? [(ulong)group, (ulong)lane] : [(ulong)lane];
        var bits = new ulong[Words];
        _simulator.Run(_readRow, address, bits, 1);
        return bits;
    }

    /// <summary>Writes initial values, one a cycle.</summary>
    public void LoadInitials(IReadOnlyList<InitialImage> initials)
    {
        var table = new List<ulong>(initials.Count * _writeInitials.InputWords);
        foreach (var initial in initials)
        {
            if (_configuration.InitialDepth > 1)
            {
                table.Add((ulong)initial.Address);
            }

            var value = (UInt128)(Int128)initial.Value & ((UInt128.One << _configuration.AccumulatorBits) - 1);
            value |= (initial.Direction ? UInt128.One : UInt128.Zero) << _configuration.AccumulatorBits;
            table.Add((ulong)initial.Lane);
            table.Add((ulong)value);
            if (_configuration.AccumulatorBits + 1 > 64)
            {
                table.Add((ulong)(value >> 64));
            }
        }

        Strobe(_initialWrite, () => _simulator.Run(_writeInitials, table.ToArray(), [], initials.Count));
    }

    /// <summary>Writes words of the level memory, one a cycle.</summary>
    public void LoadLevels(IReadOnlyList<LevelImage> levels)
    {
        var words = _writeLevels.InputWords - 1;
        var table = new ulong[levels.Count * _writeLevels.InputWords];
        for (var i = 0; i < levels.Count; i++)
        {
            var value = (UInt128)(Int128)levels[i].Value & ((UInt128.One << _configuration.LevelValueBits) - 1);
            value |= (UInt128)(uint)levels[i].Shift << _configuration.LevelValueBits;
            var place = i * _writeLevels.InputWords;
            table[place] = (ulong)levels[i].Address;
            table[place + 1] = (ulong)value;
            if (words > 1)
            {
                table[place + 2] = (ulong)(value >> 64);
            }
        }

        Strobe(_levelWrite, () => _simulator.Run(_writeLevels, table, [], levels.Count));
    }

    /// <inheritdoc/>
    public void WriteOperands(int address, ReadOnlySpan<ulong> words)
    {
        var count = words.Length / Words;
        var table = new ulong[count * (Words + 1)];
        for (var i = 0; i < count; i++)
        {
            table[i * (Words + 1)] = (ulong)(address + i);
            words.Slice(i * Words, Words).CopyTo(table.AsSpan((i * (Words + 1)) + 1));
        }

        Strobe(_operandWrite, () => _simulator.Run(_writeOperands, table, [], count));
    }

    /// <inheritdoc/>
    public ulong[] ReadOperands(int address, int count)
    {
        var words = new ulong[count * Words];
        _simulator.Run(_readOperands, [.. Enumerable.Range(address, count).Select(a => (ulong)a)], words, count);
        return words;
    }

    /// <inheritdoc/>
    public long[] ReadResults(int address, int count)
    {
        var words = new ulong[count];
        _simulator.Run(_readResults, [.. Enumerable.Range(address, count).Select(a => (ulong)a)], words, count);
        var unused = 64 - _configuration.AccumulatorBits;
        return [.. words.Select(w => (long)(w << unused) >> unused)];
    }

    /// <inheritdoc/>
    public CoreCounters? Run(LayerDescriptor descriptor)
    {
        Begin(descriptor);
        var run = _simulator.RunUntil(_clock, _done, 1, (2 * descriptor.Cycles) + 1000);
        return run.Reached ? new CoreCounters((long)_simulator.Peek(_cycles), (long)_simulator.Peek(_rowActivations), _skippedOperands is { } skipped ? (long)_simulator.Peek(skipped) : 0) : null;
    }

    /// <summary>Writes a descriptor and starts the sequencer.</summary>
    internal void Begin(LayerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ulong[] table = [.. DescriptorLayout.FieldsOf(_configuration).SelectMany(field => (ulong[])[(ulong)field, (uint)descriptor[field]])];
        Strobe(_descriptorWrite, () => _simulator.Run(_writeDescriptor, table, [], table.Length / 2));
        Strobe(_start, () => _simulator.Step(_clock));
    }

    /// <inheritdoc/>
    public void Dispose() => _simulator.Dispose();

    private void Strobe(PortHandle strobe, Action body)
    {
        _simulator.Poke(strobe, 1);
        body();
        _simulator.Poke(strobe, 0);
    }
}
