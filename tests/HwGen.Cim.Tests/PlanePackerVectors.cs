using HwGen.Architecture.Configuration;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>Layers of random outputs against loops over their values: which words the packer writes, where, and which bits of old words stay.</summary>
/// <param name="simulator">A packer.</param>
/// <param name="configuration">Its widths; at most 63 columns.</param>
internal sealed class PlanePackerVectors(ISimulator simulator, ArrayConfiguration configuration)
{
    private readonly Random _random = new(21);
    private readonly WordMemory _memory = new(simulator, configuration.OperandWords, configuration.Columns, new Random(22));

    private int Columns => configuration.Columns;

    /// <summary>Runs so many layers; gives how many words were compared.</summary>
    public int Run(int layers)
    {
        foreach (var port in (string[])["start", "valid", "preload", "value", "place", "completes", "output_last", "word_old"])
        {
            simulator.Poke(port, 0);
        }

        simulator.Reset();
        return Enumerable.Range(0, layers).Sum(layer => Layer(FormattableString.Invariant($"layer {layer}")));
    }

    private int Layer(string what)
    {
        var (planes, first) = (_random.Next(1, configuration.InputBits + 1), _random.Next(2) == 0 ? 0 : _random.Next(Columns));
        var (start, step) = (_random.Next(_memory.Length), _random.Next(_memory.Length));
        simulator.Poke("output_planes", (ulong)planes);
        simulator.Poke("output_base", (ulong)start);
        simulator.Poke("output_step", (ulong)step);
        simulator.Poke("first_output_bit", (ulong)first);
        simulator.Poke("start", 1);
        _memory.Cycle();
        simulator.Poke("start", 0);
        var compared = 0;
        for (var (output, address) = (0, start); output < 3; output++, address = (address + step) % _memory.Length)
        {
            if (first > 0 || _random.Next(2) == 0)
            {
                simulator.Poke("preload", 1);
                for (var i = (2 * configuration.InputBits) + 2 + _random.Next(planes + 1); i > 0; i--)
                {
                    _memory.Cycle();
                }

                simulator.Poke("preload", 0);
                _memory.Cycle();
            }

            // What the words are when all values are there.
            var (values, expected) = (Enumerable.Range(0, _random.Next(1, 3 * Columns)).Select(_ => _random.Next(1 << configuration.InputBits)).ToArray(), new List<(int, ulong)>());
            for (var word = 0; word * Columns < first + values.Length; word++)
            {
                for (var plane = 0; plane < planes; plane++)
                {
                    var at = (address + (word * planes) + plane) % _memory.Length;
                    var bits = word == 0 ? _memory[at] & ((1UL << first) - 1) : 0;
                    for (var column = word == 0 ? first : 0; column < Columns && (word * Columns) + column - first < values.Length; column++)
                    {
                        bits |= (ulong)((values[(word * Columns) + column - first] >> plane) & 1) << column;
                    }

                    expected.Add((at, bits));
                }
            }

            _memory.Written.Clear();
            var busy = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var place = (first + i) % Columns;
                var isLast = i == values.Length - 1;
                var completes = isLast || place == Columns - 1;

                // A word leaves only when the one before has left.
                for (var wait = Math.Max(completes ? busy : 0, _random.Next(4) == 0 ? _random.Next(4) : 0); wait > 0; wait--, busy--)
                {
                    _memory.Cycle();
                }

                simulator.Poke("valid", 1);
                simulator.Poke("value", (ulong)values[i]);
                simulator.Poke("place", (ulong)place);
                simulator.Poke("completes", completes ? 1UL : 0);
                simulator.Poke("output_last", isLast ? 1UL : 0);
                _memory.Cycle();
                simulator.Poke("valid", 0);
                busy = completes ? planes - 1 : busy - 1;
            }

            for (var i = planes + _random.Next(1, 4); i > 0; i--)
            {
                _memory.Cycle();
            }

            _memory.Written.ShouldBe(expected, what);
            compared += expected.Count;
        }

        return compared;
    }
}
