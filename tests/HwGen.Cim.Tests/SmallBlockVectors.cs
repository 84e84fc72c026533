using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>Random vectors of small blocks against what their ports say, also where a core never takes them: all of their bits, and inputs in any order.</summary>
internal static class SmallBlockVectors
{
    /// <summary>A tree of sums: values of all bits, as many cycles later as it has registers.</summary>
    public static int Sums(ISimulator simulator, int count, int width)
    {
        var (random, expected) = (new Random(count), new Queue<ulong>());
        var stages = Enumerable.Range(1, Widths.Index(count)).Count(level => level % Architecture.Program.SimilarityTiming.SumLevels == 0);
        for (var i = 0; i < 200; i++)
        {
            var values = Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(1L << width)).ToArray();
            simulator.Poke("values", UnitSimulator.Words([.. values.SelectMany(value => Enumerable.Range(0, width).Select(bit => ((value >> bit) & 1) == 1))]));
            simulator.Evaluate();
            expected.Enqueue(values.Aggregate(0UL, (sum, value) => sum + value));
            if (expected.Count > stages)
            {
                simulator.Peek("sum").ShouldBe(expected.Dequeue());
            }

            // A small tree has no register, and so no clock.
            if (stages > 0)
            {
                simulator.Step();
            }
        }

        return 200 - stages;
    }

    /// <summary>The lowest counts: what stays and what goes in any order, with any count, against sorting.</summary>
    public static int LowestCounts(ISimulator simulator, int filters)
    {
        var (random, compared) = (new Random(filters), 0);
        foreach (var strobe in (string[])["start", "stays", "goes"])
        {
            simulator.Poke(strobe, 0);
        }

        for (var round = 0; round < 200; round++)
        {
            var minimum = random.Next(filters + 1);
            simulator.Poke("minimum_alive", (ulong)minimum);
            Pulse(simulator, "start");
            var (missing, counts, spread) = (minimum, new List<int>(), random.Next(1, filters + 1));
            for (var i = random.Next(1, filters + 1); i > 0; i--)
            {
                var count = random.Next(spread);
                simulator.Poke("count", (ulong)count);
                var stays = random.Next(3) == 0;
                Pulse(simulator, stays ? "stays" : "goes");
                if (stays)
                {
                    missing = Math.Max(0, missing - 1);
                }
                else
                {
                    counts.Add(count);
                }

                var boundary = counts.Count <= missing ? filters : counts.Order().ElementAt(missing);
                (simulator.Peek("boundary"), simulator.Peek("room")).ShouldBe(((ulong)boundary, (ulong)(missing - counts.Count(c => c < boundary))), FormattableString.Invariant($"round {round}"));
                compared += 2;
            }
        }

        return compared;
    }

    /// <summary>Queues of several macros: one after another moves on, or all do; the lanes are the filters', side by side.</summary>
    public static int Joins(ISimulator simulator, ArrayConfiguration configuration)
    {
        var (random, compared, turn) = (new Random(configuration.Macros), 0, 0);
        var (macros, bits, lanes) = (configuration.Macros, configuration.AccumulatorBits + 1, configuration.TotalLanes);
        var hasFilter = configuration is { JoinsAtOnce: true, JoinedLanes: 1 };
        simulator.Poke("next", 0);
        Pulse(simulator, "capture");
        for (var i = 0; i < 400; i++)
        {
            var (capture, next, nextFilter) = (random.Next(8) == 0, random.Next(3) > 0, hasFilter && random.Next(4) == 0);
            bool[] Bits(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 1)];
            var (heads, reached, directions) = (Bits(macros * bits), Bits(lanes), Bits(lanes));
            simulator.Poke("capture", capture ? 1UL : 0);
            simulator.Poke("next", next ? 1UL : 0);
            if (hasFilter)
            {
                simulator.Poke("next_filter", nextFilter ? 1UL : 0);
            }

            simulator.Poke("heads", UnitSimulator.Words(heads));
            simulator.Poke("macros_reached", UnitSimulator.Words(reached));
            simulator.Poke("macros_directions", UnitSimulator.Words(directions));
            simulator.Evaluate();
            simulator.PeekWords("queue_head").ShouldBe(UnitSimulator.Words(heads[(turn * bits)..((turn + 1) * bits)]));
            simulator.Peek("macros_next").ShouldBe(UnitSimulator.Words([.. Enumerable.Range(0, macros).Select(macro => (next && macro == turn) || nextFilter)])[0]);

            // Filter i is filter i / macros of macro i mod macros.
            bool[] Filters(bool[] bitsOfLanes) => [.. Enumerable.Range(0, lanes).Select(filter => bitsOfLanes[(filter % macros * configuration.Lanes) + (filter / macros)])];
            simulator.PeekWords("reached").ShouldBe(UnitSimulator.Words(Filters(reached)));
            simulator.PeekWords("directions").ShouldBe(UnitSimulator.Words(Filters(directions)));
            simulator.Step();
            turn = capture ? 0 : next ? (turn + 1) % macros : turn;
            compared += 4;
        }

        return compared;
    }

    /// <summary>A window memory whose ports say anything: what is written where, and what is kept beside.</summary>
    public static int Windows(ISimulator simulator, ArrayConfiguration configuration)
    {
        var (random, compared, columns) = (new Random(configuration.Columns), 0, configuration.Columns);
        var mask = (BigInteger.One << columns) - 1;
        var (words, open) = (new BigInteger?[configuration.WindowWords], new BigInteger?[configuration.WindowStreams]);
        BigInteger? kept = null, resumed = null, operand = null;
        for (var i = 0; i < 6000; i++)
        {
            bool Flag() => random.Next(2) == 1;
            var (append, fills, crosses, first, last, fresh) = (Flag(), Flag(), Flag(), Flag(), Flag(), random.Next(4) == 0);
            var (stream, nextStream, place) = (random.Next(open.Length), random.Next(open.Length), random.Next(columns));
            var (address, readAddress) = (random.Next(words.Length), random.Next(words.Length));
            var (next, readNext, readBit) = ((address + 1) % words.Length, (readAddress + 1) % words.Length, random.Next(columns));
            var data = Enumerable.Range(0, random.Next(columns + 1)).Aggregate(BigInteger.Zero, (all, bit) => all | ((BigInteger)random.Next(2) << bit));
            foreach (var (port, value) in ((string, int)[])[("stream", stream), ("next_stream", nextStream), ("place", place), ("address", address), ("next", next), ("read_address", readAddress), ("read_next", readNext), ("read_bit", readBit)])
            {
                simulator.Poke(port, (ulong)value);
            }

            foreach (var (port, value) in ((string, bool)[])[("append", append), ("fills", fills), ("crosses", crosses), ("first", first), ("last", last), ("fresh", fresh)])
            {
                simulator.Poke(port, value ? 1UL : 0);
            }

            simulator.Poke("data", UnitSimulator.Words([.. Enumerable.Range(0, columns).Select(bit => ((data >> bit) & 1) == 1)]));
            if (operand is { } expected)
            {
                simulator.Evaluate();
                simulator.PeekWords("operand").ShouldBe(UnitSimulator.Words([.. Enumerable.Range(0, columns).Select(bit => ((expected >> bit) & 1) == 1)]), FormattableString.Invariant($"cycle {i}"));
                compared++;
            }

            operand = words[readAddress] is { } low && words[readNext] is { } high ? ((low | (high << columns)) >> readBit) & mask : null;
            var resumedNext = open[nextStream];
            if (append)
            {
                var begun = first ? fresh ? BigInteger.Zero : resumed : kept;
                var (lowest, beyond) = (begun | ((data << place) & mask), (data << place) >> columns);
                words[address] = lowest;
                words[next] = crosses ? beyond : words[next];
                kept = fills ? beyond : lowest;
                open[stream] = last ? kept : open[stream];
            }

            resumed = resumedNext;
            simulator.Step();
        }

        return compared;
    }

    private static void Pulse(ISimulator simulator, string strobe)
    {
        simulator.Poke(strobe, 1);
        simulator.Step();
        simulator.Poke(strobe, 0);
    }
}
