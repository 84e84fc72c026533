using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using Xunit.Abstractions;

namespace HwGen.Cosimulation.Tests;

/// <summary>Resistive rows of a core with a bus: self-test, repair and scrub by its registers, and which row could not be repaired.</summary>
public class BusStorageTests(ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_core = BusProgramTests.Small with { Storage = StorageKind.Rram, SpareRows = 1, RowParity = RowParityKind.Even, SetRetries = 2 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Rows_that_no_spare_row_stands_for_are_reported_one_by_one(int stuckRows)
    {
        using var simulator = BusNetworkTests.Start(s_core, "compiled", 3);
        var driver = new BusDriver(simulator, s_core, 5);
        for (var row = 0; row < stuckRows; row++)
        {
            // One cell of a row is stuck at 1.
            var bank = FormattableString.Invariant($"core.macro.resistive.bank_{row % s_core.Lanes}");
            simulator.LoadMemory(simulator.Memory(bank + ".stuck"), row / s_core.Lanes, [1]);
            simulator.LoadMemory(simulator.Memory(bank + ".stuck_values"), row / s_core.Lanes, [1]);
        }

        driver.Command("SELF_TEST");
        Idle(driver);
        driver.Status("STORAGE_FAILED").ShouldBe(stuckRows > 1);
        var failed = Enumerable.Range(0, s_core.Rows).Where(row => Failed(driver, row)).ToArray();
        failed.Length.ShouldBe(Math.Max(0, stuckRows - 1));
        failed.ShouldAllBe(row => row < stuckRows);

        // Rows that are not reported hold what is written; the program waits for each.
        var random = new Random(stuckRows);
        ImmutableArray<RowImage> rows = [.. Enumerable.Range(0, s_core.Rows).Select(row => new RowImage(row / s_core.Lanes, row % s_core.Lanes, RowOperation.And, [(ulong)random.Next(128) << 1]))];
        driver.Load(rows, [], []);
        var (run, words) = driver.Execute(new InstructionProgram(s_core).Address(Opcode.SendRows, s_core.Rows, 0).End(), []);
        run.Error.ShouldBe(ErrorCode.None);
        words.Length.ShouldBe(s_core.Rows);
        var compared = 0;
        for (var row = 0; row < s_core.Rows; row++)
        {
            if (!failed.Contains(row))
            {
                ((ulong)words[row]).ShouldBe(rows[row].Bits[0]);
                compared++;
            }
        }

        compared.ShouldBe(s_core.Rows - failed.Length);
        driver.Command("SCRUB");
        Idle(driver);
        output.WriteLine(FormattableString.Invariant($"{stuckRows} stuck rows, 1 spare row: {failed.Length} reported, {compared} rows compared, 0 differ"));
    }

    [Fact]
    public void A_program_waits_for_rows_and_the_waits_are_counted()
    {
        using var simulator = BusNetworkTests.Start(s_core, "compiled", 4);
        var driver = new BusDriver(simulator, s_core);
        driver.LoadProgram(new InstructionProgram(s_core).End().Words);
        driver.Command("SELF_TEST");
        var run = driver.RunProgram(10_000).ShouldNotBeNull();
        run.ArrayStalls.ShouldBeGreaterThan(50);
        run.OwnCycles.ShouldBe(34);
        driver.Status("ROWS_BUSY").ShouldBeFalse();
    }

    private static bool Failed(BusDriver driver, int row)
    {
        driver.Write("ROW_ADDRESS", (uint)(((row / s_core.Lanes) << s_core.TotalLaneBits) | (row % s_core.Lanes)));
        return (driver.Read("ROW_STATUS") & 1) == 1;
    }

    private static void Idle(BusDriver driver)
    {
        for (var i = 0; driver.Status("ROWS_BUSY"); i++)
        {
            i.ShouldBeLessThan(2000);
        }
    }
}
