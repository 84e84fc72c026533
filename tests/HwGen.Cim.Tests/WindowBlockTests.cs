using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using HwGen.Simulation;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim.Tests;

/// <summary>The window memory and what fills it, each against a model of lists and loops, on three engines.</summary>
public class WindowBlockTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static ArrayConfiguration Of(int columns) => new("unit", 16, columns, 4, ArrayConfiguration.AllOperations, 64, 16, 8, 64, 4, 2, 8, 0) { WindowWords = 64 };

    [Theory]
    [InlineData("compiled", 400)]
    [InlineData("verilator", 400)]
    [InlineData("icarus", 60)]
    public void Streams_take_words_at_any_bit_and_give_their_bits_from_any(string engine, int turns)
    {
        var compared = 0;
        foreach (var columns in (int[])[8, 13, 33])
        {
            const int Streams = 3, Ring = 10;
            using var simulator = UnitSimulator.Start(new WindowMemory(Of(columns)), engine);
            var random = new Random(columns);
            var streams = Enumerable.Range(0, Streams).Select(_ => new List<bool>()).ToArray();
            simulator.Poke("append", 0);
            for (var turn = 0; turn < turns; turn++)
            {
                var stream = random.Next(Streams);
                simulator.Poke("next_stream", (ulong)stream);
                simulator.Poke("append", 0);
                simulator.Step();
                var words = random.Next(1, 4);
                for (var word = 0; word < words; word++)
                {
                    var bits = Enumerable.Range(0, random.Next(3) == 0 ? columns : random.Next(1, columns + 1)).Select(_ => random.Next(2) == 1).ToArray();
                    var place = streams[stream].Count % columns;
                    var at = streams[stream].Count / columns % Ring;
                    simulator.Poke("append", 1);
                    simulator.Poke("stream", (ulong)stream);
                    simulator.Poke("data", UnitSimulator.Words([.. bits, .. new bool[columns - bits.Length]]));
                    simulator.Poke("address", (ulong)((stream * Ring) + at));
                    simulator.Poke("next", (ulong)((stream * Ring) + ((at + 1) % Ring)));
                    simulator.Poke("place", (ulong)place);
                    simulator.Poke("fills", place + bits.Length >= columns ? 1UL : 0);
                    simulator.Poke("crosses", place + bits.Length > columns ? 1UL : 0);
                    simulator.Poke("first", word == 0 ? 1UL : 0);
                    simulator.Poke("last", word == words - 1 ? 1UL : 0);
                    simulator.Poke("fresh", streams[stream].Count == 0 || (word == 0 && random.Next(4) == 0 && place == 0) ? 1UL : 0);
                    streams[stream].AddRange(bits);

                    // Meanwhile bits are read of any stream, of those that are there.
                    Read(random.Next(Streams));
                }

                simulator.Poke("append", 0);
                Read(stream, step: true);
            }

            // Gives what was read a cycle later; a word that is appended in the same cycle is not read.
            void Read(int stream, bool step = false)
            {
                var bits = streams[stream];
                var least = Math.Max(0, bits.Count - (7 * columns));
                var end = bits.Count - (step ? 0 : 4 * columns) - columns;
                var from = end <= least ? -1 : random.Next(least, end + 1);
                if (from >= 0)
                {
                    simulator.Poke("read_address", (ulong)((stream * Ring) + (from / columns % Ring)));
                    simulator.Poke("read_next", (ulong)((stream * Ring) + (((from / columns) + 1) % Ring)));
                    simulator.Poke("read_bit", (ulong)(from % columns));
                }

                simulator.Step();
                if (from >= 0)
                {
                    var operand = new ulong[1];
                    operand[0] = simulator.Peek("operand");
                    operand[0].ShouldBe(UnitSimulator.Words([.. bits.Skip(from).Take(columns)])[0], FormattableString.Invariant($"{columns} columns, stream {stream}, bit {from}"));
                    compared++;
                }
            }
        }

        output.WriteLine(FormattableString.Invariant($"{engine}: {compared} operands compared, 0 differ"));
        compared.ShouldBeGreaterThan(2 * turns);
    }

    [Theory]
    [InlineData("compiled", 40)]
    [InlineData("verilator", 40)]
    [InlineData("icarus", 6)]
    public void Windows_are_gathered_as_loops_over_their_pixels_say(string engine, int layers)
    {
        var compared = 0;
        foreach (var columns in (int[])[8, 13])
        {
            var configuration = Of(columns);
            using var simulator = UnitSimulator.Start(new WindowGather(configuration), engine);
            var random = new Random(columns);
            foreach (var input in (string[])["start", "take", "enable"])
            {
                simulator.Poke(input, 0);
            }

            simulator.Reset();
            for (var layer = 0; layer < layers; layer++)
            {
                compared += Gather(simulator, configuration, random, FormattableString.Invariant($"{columns} columns, layer {layer}"));
            }
        }

        output.WriteLine(FormattableString.Invariant($"{engine}: {compared} words that were gathered compared, 0 differ"));
        compared.ShouldBeGreaterThan(layers * 50);
    }

    /// <summary>A layer of random sizes, gathered as loops over its pixels say; gives how many words were compared.</summary>
    internal static int Gather(ISimulator simulator, ArrayConfiguration configuration, Random random, string what)
    {
        var values = new Dictionary<DescriptorField, int>();
        foreach (var field in (DescriptorField[])[OperandBase, KernelColumnStep, KernelRowStep, PositionRowStep, OutputRowStep])
        {
            values[field] = random.Next(configuration.OperandWords);
        }

        foreach (var field in (DescriptorField[])[Planes, PoolHeight, OutputWidth, OutputHeight, WindowRows, WindowColumns, StepColumns, PixelWords, DilationY, StrideY, OutputStrideY])
        {
            values[field] = random.Next(1, 4);
        }

        // Now and then a tall or a wide output.
        switch (random.Next(8))
        {
            case 0:
                (values[OutputHeight], values[OutputWidth], values[PoolHeight]) = (random.Next(4, 70), 1, 1);
                break;
            case 1:
                (values[OutputWidth], values[OutputHeight], values[PoolHeight]) = (random.Next(4, 70), 1, 1);
                break;
        }

        (values[FirstX], values[FirstY], values[InputWidth], values[InputHeight]) = (random.Next(-3, 2), random.Next(-3, 2), random.Next(0, 8), random.Next(0, 12));
        (values[PixelColumns], values[RingWords]) = (random.Next(1, configuration.Columns + 1), 2 * random.Next(2, 8));
        foreach (var (field, value) in values)
        {
            simulator.Poke(Names.ToSnakeCase(field.ToString()), (ulong)value & ((1UL << field.Width(configuration)) - 1));
        }

        simulator.Poke("start", 1);
        simulator.Step();
        simulator.Poke("start", 0);
        var (compared, begin) = (0, 0L);
        var isFirst = true;
        for (var row = 0; row < values[OutputHeight]; row++)
        {
            for (var (column, x, window) = (0, 0, 0L); column < values[OutputWidth]; column++, isFirst = false)
            {
                var added = column == 0 ? values[WindowColumns] : values[StepColumns];
                var end = 0L;
                for (var stream = 0; stream < values[PoolHeight] * values[Planes]; stream++)
                {
                    var (poolRow, plane) = Math.DivRem(stream, values[Planes]);
                    end = begin;
                    for (var i = 0; i < added * values[WindowRows] * values[PixelWords]; i++)
                    {
                        var (pixel, word) = Math.DivRem(i, values[PixelWords]);
                        var (columns, kernelRow) = Math.DivRem(pixel, values[WindowRows]);
                        var length = word == values[PixelWords] - 1 ? values[PixelColumns] : configuration.Columns;
                        var address = values[OperandBase] + (row * values[OutputRowStep]) + (poolRow * values[PositionRowStep]) + (kernelRow * values[KernelRowStep])
                            + ((x + columns) * values[KernelColumnStep]) + (word * values[Planes]) + plane;
                        var (left, top) = (values[FirstX] + x + columns, values[FirstY] + (row * values[OutputStrideY]) + (poolRow * values[StrideY]) + (kernelRow * values[DilationY]));
                        var isInside = left >= 0 && left < values[InputWidth] && top >= 0 && top < values[InputHeight];
                        var (at, place) = ((int)(end / configuration.Columns % values[RingWords]), (int)(end % configuration.Columns));

                        // The walk stands still while it may not read.
                        simulator.Poke("enable", 0);
                        for (var pause = random.Next(4) == 0 ? random.Next(1, 4) : 0; pause > 0; pause--)
                        {
                            simulator.Peek("read").ShouldBe(0UL, what);
                            simulator.Step();
                        }

                        simulator.Poke("enable", 1);
                        (simulator.Peek("ready"), simulator.Peek("read"), simulator.Peek("address"), simulator.Peek("read_stream"))
                            .ShouldBe((0UL, 1UL, (ulong)(address % configuration.OperandWords), (ulong)stream), what);
                        simulator.Step();
                        simulator.Poke("enable", 0);
                        ulong Flag(bool value) => value ? 1UL : 0;
                        ulong Ring(int word) => (ulong)(((stream * values[RingWords]) + word) % configuration.WindowWords);
                        (string Port, ulong Value)[] expected =
                        [
                            ("append", 1), ("append_inside", Flag(isInside)), ("append_last_word", Flag(word == values[PixelWords] - 1)), ("append_address", Ring(at)), ("append_next", Ring((at + 1) % values[RingWords])),
                            ("append_bit", (ulong)place), ("append_fills", Flag(place + length >= configuration.Columns)), ("append_crosses", Flag(place + length > configuration.Columns)), ("append_stream", (ulong)stream),
                            ("append_first", Flag(i == 0)), ("append_last", Flag(i == (added * values[WindowRows] * values[PixelWords]) - 1)), ("append_fresh", Flag(isFirst)),
                        ];
                        foreach (var (port, value) in expected)
                        {
                            simulator.Peek(port).ShouldBe(value, FormattableString.Invariant($"{what}: {port}, output {row}, {column}, stream {stream}, word {i}"));
                        }

                        end += length;
                        compared++;
                    }
                }

                // A row begins with its new columns, a further output as many bits behind the one before as are new.
                window = column == 0 ? begin : window + end - begin;
                (begin, x) = (end, x + added);
                simulator.Poke("enable", (ulong)random.Next(2));
                (simulator.Peek("ready"), simulator.Peek("read")).ShouldBe((1UL, 0UL), what);
                (simulator.Peek("window_word"), simulator.Peek("window_bit")).ShouldBe(((ulong)(window / configuration.Columns % values[RingWords]), (ulong)(window % configuration.Columns)), what);
                simulator.Poke("take", 1);
                simulator.Step();
                simulator.Poke("take", 0);
                simulator.Poke("enable", 0);
            }
        }

        // Behind the last output nothing is read.
        simulator.Poke("enable", 1);
        simulator.Peek("read").ShouldBe(0UL, what);
        simulator.Step();
        (simulator.Peek("read"), simulator.Peek("ready")).ShouldBe((0UL, 1UL), what);
        return compared;
    }
}
