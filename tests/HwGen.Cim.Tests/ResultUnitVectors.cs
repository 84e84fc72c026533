using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>Layers of random tiles against loops over their filters: how bits are pooled and turned, which words they make, and where those go.</summary>
/// <param name="simulator">A result unit.</param>
/// <param name="configuration">Its widths; at most 63 columns, and no more lanes than columns.</param>
internal sealed class ResultUnitVectors(ISimulator simulator, ArrayConfiguration configuration)
{
    private readonly Random _random = new(33);
    private readonly WordMemory _memory = new(simulator, configuration.OperandWords, configuration.Columns, new Random(34));
    private readonly bool _hasAbort = simulator.Interface.Ports.Any(port => port.Name == "abort");

    private int Columns => configuration.Columns;

    private int Lanes => configuration.TotalLanes;

    /// <summary>Runs so many layers; gives how many words were compared.</summary>
    public int Run(int layers)
    {
        foreach (var port in simulator.Interface.Ports.Where(port => port.Direction == PortDirection.Input && port.Width <= 64))
        {
            simulator.Poke(port.Name, 0);
        }

        simulator.Reset();
        return Enumerable.Range(0, layers).Sum(layer => Layer(FormattableString.Invariant($"layer {layer}")));
    }

    private int Layer(string what)
    {
        var (first, start, step) = (_random.Next(2) == 0 ? 0 : _random.Next(Columns), _random.Next(_memory.Length), _random.Next(_memory.Length));
        var before = _random.Next(2);
        simulator.Poke("output_base", (ulong)start);
        simulator.Poke("output_step", (ulong)step);
        simulator.Poke("first_bit", (ulong)first);
        simulator.Poke("direction_before_pool", (ulong)before);
        Pulse("start");
        var compared = 0;
        for (var (output, address) = (0, start); output < 4; output++, address = (address + step) % _memory.Length)
        {
            if (first > 0)
            {
                _memory.Cycle();
                Pulse("preload");
            }

            var bits = Enumerable.Range(0, first).Select(bit => ((_memory[address] >> bit) & 1) == 1).ToList();
            _memory.Written.Clear();
            var tiles = _random.Next(1, 8);
            for (var tile = 0; tile < tiles; tile++)
            {
                bits.AddRange(Tile(isLast: tile == tiles - 1, before == 1));
            }

            for (var wait = 4; wait > 0; wait--)
            {
                _memory.Cycle();
            }

            List<(int, ulong)> expected =
            [
                .. bits.Chunk(Columns).Select((word, i) => ((address + i) % _memory.Length, word.Select((bit, column) => bit ? 1UL << column : 0).Aggregate(0UL, (all, bit) => all | bit))),
            ];
            _memory.Written.ShouldBe(expected, what);
            compared += expected.Count;
        }

        if (_hasAbort && _random.Next(3) == 0)
        {
            // What waits is gone.
            Tile(isLast: _random.Next(2) == 0, isBefore: false);
            Pulse("abort");
            _memory.Written.Clear();
            _memory.Cycle();
            _memory.Cycle();
            _memory.Written.ShouldBeEmpty(what);
        }

        return compared;
    }

    /// <summary>The rounds of a tile; gives the bits of its filters.</summary>
    private List<bool> Tile(bool isLast, bool isBefore)
    {
        var (filters, positions, pooled) = (_random.Next(1, Lanes + 1), _random.Next(1, 4), 0UL);
        var directions = 0UL;
        for (var position = 0; position < positions; position++)
        {
            for (var wait = _random.Next(3); wait > 0; wait--)
            {
                _memory.Cycle();
            }

            var reached = (ulong)_random.NextInt64(1L << Lanes);
            directions = (ulong)_random.NextInt64(1L << Lanes);
            pooled |= reached ^ (isBefore ? directions : 0);
            simulator.Poke("reached", reached);
            simulator.Poke("directions", directions);
            simulator.Poke("filters", (ulong)filters);
            simulator.Poke("pool_first", position == 0 ? 1UL : 0);
            simulator.Poke("pool_last", position == positions - 1 ? 1UL : 0);
            simulator.Poke("tile_last", isLast ? 1UL : 0);
            Pulse("round");
            simulator.Poke("reached", (ulong)_random.NextInt64(1L << Lanes));
        }

        // Its bits are taken over a cycle later.
        _memory.Cycle();
        pooled ^= isBefore ? 0 : directions;
        return [.. Enumerable.Range(0, filters).Select(filter => ((pooled >> filter) & 1) == 1)];
    }

    private void Pulse(string strobe)
    {
        simulator.Poke(strobe, 1);
        _memory.Cycle();
        simulator.Poke(strobe, 0);
    }
}
