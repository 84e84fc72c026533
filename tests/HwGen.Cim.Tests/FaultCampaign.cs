using HwGen.Architecture.Configuration;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>What a campaign of faults saw.</summary>
internal sealed record FaultResult(double Rate, int StuckRows, int SpareRows, long ProgrammedBits, long WrongBits, int ReportedRows, int WrongRowsNotReported, long Retries)
{
    public override string ToString() => FormattableString.Invariant(
        $"write-failure rate {Rate:0.#######}, {StuckRows} stuck rows, {SpareRows} spare rows: {ProgrammedBits} bits programmed, {Retries} rounds of pulses beyond the first, {WrongBits} wrong bits, {ReportedRows} rows reported, {WrongRowsNotReported} wrong rows not reported");
}

/// <summary>Programs an array again and again with random rows, with pulses that fail and rows that are stuck, and looks at every bit that a lane would compute with.</summary>
internal static class FaultCampaign
{
    private const int Rows = 64, Columns = 256, Lanes = 2, SpareRows = 4;

    public static FaultResult Run(double rate, int stuckRows, long bits, int seed)
    {
        var configuration = new ArrayConfiguration("campaign", Rows, Columns, Lanes, ArrayConfiguration.AllOperations) { Storage = StorageKind.Rram, SpareRows = SpareRows, SetRetries = 8 };
        using var bench = new RramBench(configuration, "compiled", seed);
        var random = new Random(seed);
        foreach (var bank in (string[])["bank_0", "bank_1", .. Enumerable.Range(0, SpareRows).Select(i => FormattableString.Invariant($"spare_{i}"))])
        {
            bench.Simulator.LoadMemory(bank + ".failure_rate", 0, [(ulong)Math.Round(rate * (1 << RramBank.RateBits))]);
            bench.Simulator.LoadMemory(bank + ".seed", 0, [(ulong)random.NextInt64(1L << 32)]);
        }

        // Every cell of a stuck row is stuck: such a row holds next to no data as it is.
        foreach (var row in Enumerable.Range(0, Rows).OrderBy(_ => random.Next()).Take(stuckRows).ToList())
        {
            for (var column = 0; column < Columns; column++)
            {
                bench.Stick(row, column, random.Next(2) == 1);
            }
        }

        bench.Command("self_test");
        long programmed = 0, wrong = 0, extra = 0;
        int reported = 0, unreported = 0;
        var before = bench.Cycles;
        while (programmed < bits)
        {
            var expected = new bool[Rows][];
            for (var row = 0; row < Rows; row++)
            {
                expected[row] = [.. Enumerable.Range(0, Columns).Select(_ => random.Next(2) == 1)];
                before = bench.Cycles;
                bench.Write(row, expected[row]);
                // Without a failure: find, launch, read, verify, set, reset, read, verify.
                extra += Math.Max(0, (bench.Cycles - before - 8) / 4);
                programmed += Columns;
            }

            reported = 0;
            for (var row = 0; row < Rows; row++)
            {
                var (seen, isReported) = bench.Read(row);
                var different = 0;
                for (var column = 0; column < Columns; column++)
                {
                    different += seen[column] == expected[row][column] ? 0 : 1;
                }

                reported += isReported ? 1 : 0;
                wrong += different;
                unreported += different > 0 && !isReported ? 1 : 0;
            }
        }

        return new FaultResult(rate, stuckRows, SpareRows, programmed, wrong, reported, unreported, extra);
    }
}
