using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;
using HwGen.Tools;

namespace HwGen.Cim.Tests;

/// <summary>Every storage keeps what is written and gives it a cycle after it is asked; what synthesis makes of a memory.</summary>
public class StorageTests
{
    private static readonly ArrayConfiguration s_memory = new("unit", 1024, 32, 4, ArrayConfiguration.AllOperations, OperandWords: 1024, ResultWords: 512, InitialWords: 1024, LargestFanIn: 256, InputBits: 2, WeightBits: 2, LevelWords: 512)
    {
        Storage = StorageKind.Memory,
    };

    public static TheoryData<string, string> StoragesAndEngines
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var storage in (string[])["cells", "memory", "external"])
            {
                foreach (var engine in (string[])["compiled", "verilator", "icarus"])
                {
                    data.Add(storage, engine);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(StoragesAndEngines))]
    public void A_row_is_there_a_cycle_after_its_group(string storage, string engine)
    {
        const int Columns = 70, Groups = 5;
        RowStorage rows = storage == "cells" ? new RowCells(Columns, Groups, true) : new RowMemory(Columns, Groups, true, storage == "external");
        using var simulator = UnitSimulator.Start(rows, engine);
        ReadAndWritten(simulator, Columns, Groups, stays: storage != "cells").ShouldBeGreaterThan(150);
    }

    /// <summary>Rows are written and read in any order; gives how many words were compared.</summary>
    /// <param name="simulator">The rows of a lane, with all row operations.</param>
    /// <param name="columns">Cells of a row.</param>
    /// <param name="groups">Rows.</param>
    /// <param name="stays">True for a memory with one port: what was read stays while rows are written.</param>
    /// <param name="operations">False for rows without operations of their own.</param>
    internal static int ReadAndWritten(ISimulator simulator, int columns, int groups, bool stays, bool operations = true)
    {
        var random = new Random(7);
        var expected = new (ulong[] Bits, ulong Operation)[groups];
        (ulong[] Bits, ulong Operation)? read = null;
        var compared = 0;
        for (var i = 0; i < 300; i++)
        {
            var group = i < groups ? i : random.Next(groups);
            var isWrite = i < groups || random.Next(3) == 0;
            simulator.Poke("group", (ulong)group);
            simulator.Poke("write", isWrite ? 1UL : 0);
            if (isWrite)
            {
                expected[group] = ([.. Enumerable.Range(0, BitWords.Count(columns)).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))], (ulong)random.Next(4));
                expected[group].Bits[^1] &= BitWords.TopMask(columns);
                simulator.Poke("write_data", expected[group].Bits);
                if (operations)
                {
                    simulator.Poke("write_operation", expected[group].Operation);
                }
            }

            simulator.Step();
            read = isWrite ? stays ? read : null : expected[group];
            if (read is { } row)
            {
                simulator.PeekWords("stored").ShouldBe(row.Bits);
                compared++;
                if (operations)
                {
                    simulator.Peek("operation").ShouldBe(row.Operation);
                    compared++;
                }
            }
        }

        return compared;
    }

    [Fact]
    public void Synthesis_for_ice40_puts_every_memory_of_the_core_into_block_ram()
    {
        var core = CoreGenerator.Generate(s_memory);
        // Everything up to the mapping of gates: memories are block RAM or registers by then.
        var cells = Cells(core, "synth_ice40 -run begin:map_gates");
        static int Blocks(int words, int bits) => (words + 255) / 256 * ((bits + 15) / 16);
        var (lanes, value) = (s_memory.Lanes, s_memory.AccumulatorBits);
        cells["SB_RAM40_4K"].ShouldBeGreaterThanOrEqualTo(
            (lanes * Blocks(s_memory.Groups, s_memory.Columns)) + (lanes * Blocks(s_memory.Groups, 2)) + Blocks(s_memory.OperandWords, s_memory.Columns)
            + Blocks(s_memory.ResultWords, value) + (lanes * Blocks(s_memory.InitialDepth, value + 1)) + Blocks(s_memory.LevelWords, value));
        // Words that fell apart into registers would be a register each, and thousands.
        cells.Where(c => c.Key.Contains("dff", StringComparison.Ordinal)).Sum(c => c.Value).ShouldBeLessThan(500);
    }

    [Fact]
    public void An_external_memory_is_a_black_box_for_synthesis_and_behaves_for_simulation()
    {
        var core = CoreGenerator.Generate(s_memory with { MemoryMacro = MemoryMacroKind.External });
        var files = CoreFiles.Of(core).ToDictionary(f => f.Path, f => f.Text);
        files["rtl.f"].Split('\n').ShouldContain("rtl/unit_row_memory_bank_w256_c32.v");
        files["sim.f"].Split('\n').ShouldContain("sim/unit_row_memory_bank_w256_c32.v");
        files["rtl/unit_row_memory_bank_w256_c32.v"].ShouldNotContain("always");
        files["sim/unit_row_memory_bank_w256_c32.v"].ShouldContain("always");
        var cells = Cells(core, "proc");
        cells["unit_row_memory_bank_w256_c32"].ShouldBe(4);
        Lint(core);
    }

    private static void Lint(GeneratedCore core) => InFolder(core, folder =>
    {
        foreach (var list in (string[])[CoreFiles.SynthesisList, CoreFiles.SimulationList])
        {
            var result = OutsideProgram.Run(new ProgramRequest("verilator", ["--lint-only", "-Wall", "--top-module", core.TopModule, "-f", list]) { WorkingDirectory = folder });
            (result.Output + result.Error).ShouldBeEmpty(list);
        }

        return 0;
    });

    /// <summary>The cells that Yosys makes of what synthesis reads, by their type.</summary>
    private static Dictionary<string, long> Cells(GeneratedCore core, string command) => InFolder(core, folder =>
    {
        var files = File.ReadAllText(Path.Combine(folder, CoreFiles.SynthesisList)).ReplaceLineEndings(" ");
        var script = $"read_verilog {files}; hierarchy -check -top {core.TopModule}; {(command == "proc" ? "proc; flatten; opt_clean" : $"{command} -top {core.TopModule}")}; tee -o cells.txt stat";
        OutsideProgram.Run(new ProgramRequest("yosys", ["-q", "-p", script]) { WorkingDirectory = folder, TimeLimit = TimeSpan.FromMinutes(8) }).EnsureSucceeded();
        return File.ReadAllLines(Path.Combine(folder, "cells.txt")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 2 && long.TryParse(words[1], out _)).ToDictionary(words => words[0], words => long.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture));
    });

    private static T InFolder<T>(GeneratedCore core, Func<string, T> body)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-storage-").FullName;
        try
        {
            foreach (var (path, text) in CoreFiles.Of(core))
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }

            return body(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
