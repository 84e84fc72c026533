using HwGen.Architecture.Configuration;
using HwGen.Golden;
using HwGen.Netlist;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>Resistive rows: programming with failing pulses, stuck cells, wear, spare rows, self-test and scrub, against golden's definition and in a campaign of faults.</summary>
public class RramTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static ArrayConfiguration Array(int rows, int columns, int lanes, int spares, RowParityKind parity = RowParityKind.None, int retries = 8) =>
        new("unit", rows, columns, lanes, ArrayConfiguration.AllOperations) { Storage = StorageKind.Rram, SpareRows = spares, RowParity = parity, SetRetries = retries };

    [Theory]
    [InlineData("compiled", 6, 2, 2, 40)]
    [InlineData("compiled", 4, 4, 3, 40)]
    [InlineData("compiled", 5, 1, 1, 40)]
    [InlineData("compiled", 6, 2, 0, 40)]
    [InlineData("icarus", 6, 2, 2, 10)]
    [InlineData("verilator", 6, 2, 2, 10)]
    public void Rows_with_stuck_cells_are_stored_repaired_and_reported_as_golden_says(string engine, int rows, int lanes, int spares, int steps)
    {
        var configuration = Array(rows, 9, lanes, spares);
        int compared = 0, reported = 0;
        for (var seed = 0; seed < (engine == "compiled" ? 12 : 2); seed++)
        {
            using var bench = new RramBench(configuration, engine, seed + 1);
            var (more, reports) = RepairedAsGolden(bench, configuration, seed, steps);
            compared += more;
            reported += reports;
        }

        compared.ShouldBeGreaterThan(40);
        if (engine == "compiled")
        {
            reported.ShouldBeGreaterThan(0);
        }
    }

    /// <summary>Stuck cells, writes and self-tests at random; gives how many rows were compared, and how many reported.</summary>
    internal static (int Compared, int Reported) RepairedAsGolden(RramBench bench, ArrayConfiguration configuration, int seed, int steps)
    {
        var (rows, columns, lanes, spares) = (configuration.Rows, configuration.Columns, configuration.Lanes, configuration.SpareRows);
        int compared = 0, reported = 0;
        var random = new Random(seed);
        var golden = new RepairedRows(rows, lanes, spares, columns);
        for (var i = random.Next(spares + 3); i > 0; i--)
        {
            var (word, column, value) = (random.Next(rows + spares), random.Next(columns), random.Next(2) == 1);
            golden.Stick(word, column, value);
            bench.Stick(word, column, value);
        }

        for (var step = 0; step < steps; step++)
        {
            if (random.Next(12) == 0)
            {
                bench.Command("self_test");
                golden.SelfTest();
            }
            else
            {
                var (row, bits) = (random.Next(rows), Enumerable.Range(0, columns).Select(_ => random.Next(2) == 1).ToArray());
                bench.Write(row, bits);
                golden.Write(row, bits);
            }

            bench.Simulator.Peek("failed").ShouldBe(golden.HasFailed ? 1UL : 0, $"seed {seed}, step {step}");
            for (var row = 0; row < rows; row++)
            {
                var (bits, isReported) = bench.Read(row);
                isReported.ShouldBe(golden.IsReported(row), $"seed {seed}, step {step}, row {row}");
                reported += isReported ? 1 : 0;
                if (golden.Read(row) is { } expected)
                {
                    bits.ShouldBe(expected, $"seed {seed}, step {step}, row {row}");
                    compared++;
                }
            }
        }

        return (compared, reported);
    }

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void A_word_is_pulsed_until_it_is_right_or_the_retries_are_used_up(string engine)
    {
        using var simulator = UnitSimulator.Start(new RramProgrammer(7, 5), engine);
        Programmed(simulator, 7, 5).ShouldBeGreaterThan(500);
    }

    /// <summary>Words whose cells need any number of pulses, more than the retries too, each pulsed where it is wrong and nowhere else; gives how many pulses and results were compared.</summary>
    internal static int Programmed(ISimulator simulator, int width, int retries)
    {
        var (random, compared) = (new Random(9), 0);
        simulator.Poke("start", 0);
        simulator.Reset();
        for (var word = 0; word < 60; word++)
        {
            var (data, sense) = ((ulong)random.Next(1 << width), (ulong)random.Next(1 << width));
            // Rounds after which a cell gives in: those of the last retry and the one behind it are met often.
            var needs = Enumerable.Range(0, width).Select(_ => random.Next(3) == 0 ? random.Next(retries - 1, retries + 2) : random.Next(1, 3)).ToArray();
            simulator.Poke("data", data);
            simulator.Poke("sense", sense);
            simulator.Poke("start", 1);
            simulator.Step();
            simulator.Poke("start", 0);
            for (var round = 0; ; round++)
            {
                (simulator.Peek("done"), simulator.Peek("bit_line"), simulator.Peek("source_line")).ShouldBe((0UL, 0UL, 0UL), "the word is read");
                simulator.Step();
                var isGood = sense == data;
                (simulator.Peek("done"), simulator.Peek("bit_line"), simulator.Peek("source_line")).ShouldBe((isGood || round == retries ? 1UL : 0, 0UL, 0UL), FormattableString.Invariant($"word {word}, round {round}"));
                simulator.Peek("is_good").ShouldBe(isGood ? 1UL : 0);
                simulator.Step();
                compared += 4;
                if (isGood || round == retries)
                {
                    break;
                }

                foreach (var (line, wrong, toOne) in new[] { ("bit_line", data & ~sense, true), ("source_line", ~data & sense, false) })
                {
                    (simulator.Peek("bit_line"), simulator.Peek("source_line"), simulator.Peek("done")).ShouldBe((toOne ? wrong : 0, toOne ? 0 : wrong, 0UL), line);
                    for (var cell = 0; cell < width; cell++)
                    {
                        sense ^= ((wrong >> cell) & 1) == 1 && round + 1 >= needs[cell] ? 1UL << cell : 0;
                    }

                    simulator.Poke("sense", sense);
                    simulator.Step();
                    compared += 2;
                }
            }
        }

        return compared;
    }

    [Theory]
    [InlineData("compiled")]
    [InlineData("icarus")]
    public void A_self_test_leaves_its_last_background_in_the_rows(string engine)
    {
        var configuration = Array(6, 9, 2, 2, RowParityKind.Even);
        using var bench = new RramBench(configuration, engine, 3);
        LastBackground(bench, configuration).ShouldBe(configuration.Rows);
    }

    /// <summary>Behind the march over 0101… every good row holds it: each cell met both backgrounds. Gives how many rows were compared.</summary>
    internal static int LastBackground(RramBench bench, ArrayConfiguration configuration)
    {
        bench.Command("self_test");
        bool[] stripes = [.. Enumerable.Range(0, configuration.Columns).Select(column => column % 2 == 1)];
        for (var row = 0; row < configuration.Rows; row++)
        {
            var (bits, isReported) = bench.Read(row);
            (isReported, string.Join(string.Empty, bits.Select(bit => bit ? 1 : 0))).ShouldBe((false, string.Join(string.Empty, stripes.Select(bit => bit ? 1 : 0))), FormattableString.Invariant($"row {row}"));
        }

        return configuration.Rows;
    }

    [Theory]
    [InlineData("compiled", 6, 2, 2)]
    [InlineData("compiled", 12, 4, 3)]
    [InlineData("icarus", 6, 2, 2)]
    public void A_self_test_reads_five_times_and_writes_five_times(string engine, int rows, int lanes, int spares)
    {
        var configuration = Array(rows, 9, lanes, spares);
        using var bench = new RramBench(configuration, engine, 3);
        bench.Command("self_test");
        CyclesOfSelfTest(bench, configuration).ShouldBe(1);
    }

    /// <summary>
    /// The cycles of a self-test that finds nothing, behind another: the reports are cleared, a cycle each; then five elements that write (read, check, launch, a pulse of either kind between two reads, next) and one that reads, for
    /// each word and background; then each row is asked whether it needs a spare one.
    /// </summary>
    internal static int CyclesOfSelfTest(RramBench bench, ArrayConfiguration configuration)
    {
        const int Program = 6, Read = 3;
        var words = configuration.Rows + configuration.SpareRows;
        var reports = 1 << (configuration.LaneBits + (configuration.Groups > 1 ? configuration.GroupAddressBits : 0));
        bench.Command("self_test").ShouldBe(reports + (2 * words * ((5 * (Read + 1 + Program)) + Read)) + (2 * configuration.Rows), "cycles of a self-test");
        return 1;
    }

    [Fact]
    public void A_scrub_finds_what_went_wrong_after_it_was_verified()
    {
        var configuration = Array(8, 16, 2, 1, RowParityKind.Even);
        using var bench = new RramBench(configuration, "compiled", 3);
        Scrubbed(bench, configuration, 5, 3);
    }

    /// <summary>A cell of a row goes wrong after it was verified; gives how many rows were looked at.</summary>
    internal static int Scrubbed(RramBench bench, ArrayConfiguration configuration, int wrong, int column)
    {
        var random = new Random(3);
        var rows = configuration.Rows;
        for (var row = 0; row < rows; row++)
        {
            bench.Write(row, [.. Enumerable.Range(0, configuration.Columns).Select(_ => random.Next(2) == 1)]);
        }

        bench.Command("scrub");
        bench.Simulator.Peek("failed").ShouldBe(0UL);

        // A cell of a row that is verified, and then reads its complement.
        var (bits, _) = bench.Read(wrong);
        bench.Stick(wrong, column, !bits[column]);
        bench.Command("scrub");
        bench.Simulator.Peek("failed").ShouldBe(1UL);
        Enumerable.Range(0, rows).Where(row => bench.Read(row).IsReported).ShouldBe([wrong]);

        // Written again, it goes to the spare row.
        bench.Write(wrong, bits);
        bench.Read(wrong).Bits.ShouldBe(bits);
        bench.Read(wrong).IsReported.ShouldBeFalse();
        bench.Command("scrub");
        bench.Read(wrong).IsReported.ShouldBeFalse();
        return rows + 3;
    }

    [Fact]
    public void A_row_that_is_worn_out_goes_to_a_spare_row()
    {
        using var bench = new RramBench(Array(4, 8, 2, 1), "compiled", 5);
        bench.Simulator.LoadMemory("bank_1.endurance", 0, [20]);
        var writes = 0;
        for (; writes < 200; writes++)
        {
            var bits = Enumerable.Range(0, 8).Select(column => (column + writes) % 2 == 0).ToArray();
            bench.Write(3, bits);
            bench.Read(3).Bits.ShouldBe(bits);
            if (bench.Simulator.ReadMemory("spare_0.wear", 0, 1)[0] > 0)
            {
                break;
            }
        }

        writes.ShouldBeInRange(5, 199);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-4)]
    [InlineData(1e-3)]
    public void A_sample_of_the_fault_campaign(double rate)
    {
        var result = FaultCampaign.Run(rate, stuckRows: 4, bits: 300_000, seed: 1);
        output.WriteLine(result.ToString());
        result.ProgrammedBits.ShouldBeGreaterThanOrEqualTo(300_000);
        result.WrongBits.ShouldBe(0);
        result.ReportedRows.ShouldBe(0);
        if (rate > 0)
        {
            result.Retries.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void With_more_stuck_rows_than_spares_every_wrong_row_is_reported()
    {
        var result = FaultCampaign.Run(1e-3, stuckRows: 9, bits: 100_000, seed: 2);
        output.WriteLine(result.ToString());
        result.ReportedRows.ShouldBeGreaterThan(0);
        result.WrongRowsNotReported.ShouldBe(0);
    }

    /// <summary>The table of docs/storage.md: 10^8 bits at the worst rate with every spare row in use, 10^8 more over all others; then more stuck rows than spare rows.</summary>
    [Fact]
    [Trait("Run", "full")]
    public void The_fault_campaign()
    {
        foreach (var (rate, stuck, bits) in ((double, int, long)[])
        [
            .. from rate in (double[])[0, 1e-5, 1e-4, 1e-3] from stuck in (int[])[0, 2, 4] select (rate, stuck, rate == 1e-3 && stuck == 4 ? 100_000_000L : 10_000_000L),
        ])
        {
            var result = FaultCampaign.Run(rate, stuck, bits, seed: 7);
            output.WriteLine(result.ToString());
            result.ProgrammedBits.ShouldBeGreaterThanOrEqualTo(bits);
            result.WrongBits.ShouldBe(0);
            result.ReportedRows.ShouldBe(0);
        }

        foreach (var stuck in (int[])[5, 8, 32])
        {
            var result = FaultCampaign.Run(1e-3, stuck, bits: 10_000_000, seed: 11);
            output.WriteLine(result.ToString());
            result.WrongBits.ShouldBeGreaterThan(0);
            result.ReportedRows.ShouldBe(stuck - 4);
            result.WrongRowsNotReported.ShouldBe(0);
        }
    }
}
