using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Architecture.Registers;
using HwGen.Golden;
using HwGen.Networks;
using HwGen.Simulation;
using Xunit.Abstractions;
using RowOperation = HwGen.Architecture.Configuration.RowOperation;

namespace HwGen.Cosimulation.Tests;

/// <summary>Programs that a core runs by itself, from start to interrupt: results, counters and cycles against golden and against the interpreter of instructions; hosts that are late at random.</summary>
public class BusProgramTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("compiled", 5, 5)]
    [InlineData("verilator", 1, 3)]
    [InlineData("icarus", 1, 1)]
    public void A_network_is_one_program(string engine, int arrays, int networksOfAnArray)
    {
        var (networks, words, cycles, skipped) = (0, 0L, 0L, 0L);
        for (var seed = 0; seed < arrays; seed++)
        {
            var configuration = BusNetworkTests.Array(engine == "icarus" ? 3 : seed + 20) with { ProgramWords = 4096 };
            configuration = engine == "icarus" ? configuration with { OperandWords = 512 } : configuration;
            using var simulator = BusNetworkTests.Start(configuration, engine, seed);
            for (var (i, done) = (0, 0); done < networksOfAnArray && i < 40; i++)
            {
                var random = new Random((seed * 1000) + i);
                var network = RandomNetworks.Network(random);
                if (BusNetworkTests.Map(network, configuration) is not { } program || program.Cycles > (engine == "icarus" ? 4000 : 200_000))
                {
                    continue;
                }

                done++;
                networks++;
                if (program.Configuration.Keys == KeyStoreKind.Dense)
                {
                    program = RowEncryption.Encrypt(program, seed);
                }

                var (run, results) = OneProgram(simulator, network, program, RandomNetworks.Images(random, network, 1), i % 2 == 0 ? i : null);
                skipped += run.SkippedOperands;
                words += results.Length;
                cycles += run.Cycles;
            }
        }

        networks.ShouldBe(arrays * networksOfAnArray);
        words.ShouldBeGreaterThan(networks);
        output.WriteLine(FormattableString.Invariant($"{engine}: {networks} networks as programs, {words} words of results compared, {cycles} cycles predicted but for waits of the streams, {skipped} operands skipped, 0 differ"));
    }

    /// <summary>Loads a network and runs it on an image, each as one program.</summary>
    internal static (BusRun Run, uint[] Results) OneProgram(ISimulator simulator, QuantisedNetwork network, CoreProgram program, ImageSet image, int? seed)
    {
        var configuration = program.Configuration;
        var driver = new BusDriver(simulator, configuration, seed);
        var interpreter = new InstructionInterpreter(configuration);
        var loads = new InstructionProgram(configuration).Loads(program.Rows, program.Initials, program.Levels).End();
        Same(driver, interpreter, loads, [.. InstructionProgram.RecordsOf(configuration, program.Rows, program.Initials, program.Levels)], 0);
        uint[] input = [.. InstructionProgram.InputOf(program, FeatureMapWords.OfInput(program, network, image.Image(0)))];
        var (run, results) = Same(driver, interpreter, InstructionProgram.OfImage(program), input, program.Cycles);
        if (!configuration.OperandSkipping)
        {
            run.LayerCycles.ShouldBe(program.Cycles);
            run.RowActivations.ShouldBe(program.Stages.SelectMany(stage => stage.Passes).Sum(pass => pass.Descriptor.RowActivations));
        }

        Logits(program, network, results).ShouldBe(GoldenModel.Run(network, image.Image(0))[network.Output]);
        return (run, results);
    }

    [Theory]
    [InlineData("compiled", BusKind.Axi)]
    [InlineData("verilator", BusKind.Axi)]
    [InlineData("icarus", BusKind.Axi)]
    [InlineData("compiled", BusKind.Wishbone)]
    [InlineData("verilator", BusKind.Wishbone)]
    [InlineData("icarus", BusKind.Wishbone)]
    public void Registers_answer_as_their_map_says_however_late_the_host_is(string engine, BusKind bus)
    {
        var configuration = Small with { Bus = bus };
        using var simulator = BusNetworkTests.Start(configuration, engine, 3);
        var compared = Registers(simulator, configuration, engine == "icarus" ? 80 : 400);
        output.WriteLine(FormattableString.Invariant($"{engine}, {bus}: {compared} register accesses, 0 differ"));
    }

    /// <summary>Random accesses to registers; gives how many.</summary>
    internal static int Registers(ISimulator simulator, ArrayConfiguration configuration, int accesses)
    {
        var (map, random, compared) = (RegisterMap.Of(configuration), new Random(7), 0);
        var host = new BusHost(simulator, 11);
        // What the host has set, by the map: commands and events stay out of it.
        var settings = map.Registers.ToDictionary(register => register.Offset, register => register.Reset);
        for (var i = 0; i < accesses; i++)
        {
            var offset = random.Next(4) == 0 ? 4 * random.Next(64) : map.Registers[random.Next(map.Registers.Length)].Offset;
            var register = map.Registers.FirstOrDefault(r => r.Offset == offset);
            if (random.Next(2) == 0)
            {
                host.Read(offset).ShouldBe(register is null ? null : settings[offset]);
            }
            else
            {
                var (value, strobe) = ((uint)random.NextInt64(1L << 32), random.Next(16));
                value = register?.Name == "CONTROL" ? 0 : value;
                host.Write(offset, value, strobe).ShouldBe(register is { IsWritable: true });
                var bytes = Enumerable.Range(0, 4).Where(b => ((strobe >> b) & 1) != 0).Aggregate(0u, (all, b) => all | (0xffu << (8 * b)));
                foreach (var field in register?.Fields.Where(f => f.Access == FieldAccess.ReadWrite) ?? [])
                {
                    settings[offset] = (settings[offset] & ~(field.Mask & bytes)) | (value & field.Mask & bytes);
                }
            }

            compared++;
        }

        return compared;
    }

    [Fact]
    public void An_interrupt_comes_where_it_is_enabled_and_goes_when_it_is_cleared()
    {
        using var simulator = BusNetworkTests.Start(Small, "compiled", 4);
        Interrupts(simulator, Small);
    }

    internal static int Interrupts(ISimulator simulator, ArrayConfiguration configuration)
    {
        var driver = new BusDriver(simulator, configuration, 2);
        driver.Write("INTERRUPT_ENABLE", 1);
        driver.LoadProgram(Assembler.Assemble("end\n.word 0\n"));
        driver.Command("START");
        driver.Host.WaitForInterrupt(200).ShouldBeTrue();
        driver.Status("DONE").ShouldBeTrue();
        driver.Read("INTERRUPT_PENDING").ShouldBe(1u);
        driver.Write("INTERRUPT_PENDING", 2);
        driver.Host.HasInterrupt.ShouldBeTrue();
        driver.Write("INTERRUPT_PENDING", 1);
        driver.Host.HasInterrupt.ShouldBeFalse();

        // An error is pending without being enabled, and raises the interrupt once it is.
        driver.Write("PROGRAM_ADDRESS", 1);
        driver.Command("START");
        driver.Host.WaitForInterrupt(200).ShouldBeFalse();
        driver.Read("INTERRUPT_PENDING").ShouldBe(2u);
        driver.Status("ERROR").ShouldBeTrue();
        driver.Read("ERROR").ShouldBe((uint)ErrorCode.Instruction);
        driver.Read("PROGRAM_COUNTER").ShouldBe(1u);
        driver.Write("INTERRUPT_ENABLE", 2);
        driver.Host.HasInterrupt.ShouldBeTrue();

        // The next program that comes to its end is done, and no error is left.
        driver.Write("INTERRUPT_PENDING", 3);
        driver.Write("PROGRAM_ADDRESS", 0);
        driver.Write("INTERRUPT_ENABLE", 1);
        driver.Command("START");
        driver.Host.WaitForInterrupt(200).ShouldBeTrue();
        (driver.Status("DONE"), driver.Status("ERROR"), driver.Status("ABORTED"), driver.Read("ERROR")).ShouldBe((true, false, false, 0u));

        // One that waits for its input shows none of them, and behind its abort it is aborted alone.
        driver.Write("INTERRUPT_PENDING", 3);
        driver.LoadProgram(Assembler.Assemble(".word 0\nreceive.operands 1, 0\nend\n"));
        driver.Write("PROGRAM_ADDRESS", 0);
        driver.Command("START");
        driver.Host.WaitForInterrupt(200).ShouldBeFalse();
        driver.Status("ERROR").ShouldBeTrue();
        driver.Write("PROGRAM_ADDRESS", 1);
        driver.Command("START");
        (driver.Status("BUSY"), driver.Status("DONE"), driver.Status("ERROR"), driver.Status("ABORTED")).ShouldBe((true, false, false, false));
        driver.Command("ABORT");
        IllegalProgramTests.Idle(driver);
        (driver.Status("DONE"), driver.Status("ERROR"), driver.Status("ABORTED"), driver.Read("ERROR")).ShouldBe((false, false, true, 0u));
        return 24;
    }

    [Theory]
    [InlineData("own")]
    [InlineData("all")]
    [InlineData("instruction")]
    public void A_row_operation_is_a_rows_own_or_that_of_all_or_that_of_the_instruction(string kind)
    {
        using var simulator = BusNetworkTests.Start(Small, "compiled", 5);
        Operations(simulator, Small, kind);
    }

    /// <summary>Runs a row of each lane under every row operation; gives how many words were compared.</summary>
    internal static int Operations(ISimulator simulator, ArrayConfiguration configuration, string kind)
    {
        var compared = 0;
        var driver = new BusDriver(simulator, configuration, 4);
        var interpreter = new InstructionInterpreter(configuration);
        var random = new Random(8);
        ImmutableArray<RowImage> rows = [.. Enumerable.Range(0, configuration.TotalRows).Select(i => new RowImage(i / configuration.TotalLanes, i % configuration.TotalLanes, configuration.RowOperations[random.Next(configuration.RowOperations.Count)], [(ulong)random.NextInt64(1L << configuration.Columns)]))];
        ImmutableArray<InitialImage> initials = [.. Enumerable.Range(0, configuration.TotalLanes).Select(lane => new InitialImage(0, lane, 0, false))];
        var (results, expected) = (new HashSet<string>(), 0);
        foreach (var operation in (RowOperation?[])[.. kind == "own" ? [(RowOperation?)null] : configuration.RowOperations.Cast<RowOperation?>()])
        {
            var code = new InstructionProgram(configuration).Loads(rows, initials, []).Address(Opcode.ReceiveOperands, 1, 0);
            if (kind == "all")
            {
                code.Operation(operation);
            }

            // Without an instruction's own operation behind it, that of all rows holds again.
            code.Layer(OneWord(configuration), kind == "instruction" ? operation : null).Address(Opcode.SendResults, configuration.TotalLanes, 0);
            code.Layer(OneWord(configuration)).Address(Opcode.SendResults, configuration.TotalLanes, 0).End();
            var (_, words) = Same(driver, interpreter, code, [.. InstructionProgram.RecordsOf(configuration, rows, initials, []), .. StreamRecord.Words([0xa5], configuration.Columns)], 100);
            compared += words.Length;
            results.Add(string.Join(' ', words.Take(words.Length / 2)));
            words.Skip(words.Length / 2).SequenceEqual(words.Take(words.Length / 2)).ShouldBe(kind != "instruction");
            expected++;
        }

        results.Count.ShouldBe(expected);
        return compared;
    }

    internal static ArrayConfiguration Small { get; } = new("small", 8, 8, 4, ArrayConfiguration.AllOperations, OperandWords: 16, ResultWords: 16, InitialWords: 8, LargestFanIn: 64, InputBits: 2, WeightBits: 2, LevelWords: 8, MultiplierBits: 0)
    {
        Bus = BusKind.Axi,
        ProgramWords = 256,
    };

    /// <summary>One operand word meets one row of each lane; the counts are the results.</summary>
    internal static LayerDescriptor OneWord(ArrayConfiguration configuration) => LayerDescriptor.Create(configuration, new Dictionary<DescriptorField, int>
    {
        [DescriptorField.Planes] = 1,
        [DescriptorField.WeightPlanes] = 1,
        [DescriptorField.ChannelWords] = 1,
        [DescriptorField.LastWordColumns] = 8,
        [DescriptorField.KernelWidth] = 1,
        [DescriptorField.KernelHeight] = 1,
        [DescriptorField.InputWidth] = 1,
        [DescriptorField.InputHeight] = 1,
        [DescriptorField.PoolWidth] = 1,
        [DescriptorField.PoolHeight] = 1,
        [DescriptorField.OutputWidth] = 1,
        [DescriptorField.OutputHeight] = 1,
        [DescriptorField.Tiles] = 1,
        [DescriptorField.TileFilters] = configuration.TotalLanes,
        [DescriptorField.LastTileFilters] = configuration.TotalLanes,
        [DescriptorField.SectorLanes] = configuration.Lanes,
        [DescriptorField.DrainCycles] = 1,
        [DescriptorField.OutputPlanes] = 1,
        [DescriptorField.FinishCycles] = 20,
        [DescriptorField.Control] = (int)(ControlBits.RawOutput | ControlBits.ValueOutput),
    });

    private static (BusRun Run, uint[] Output) Same(BusDriver driver, InstructionInterpreter interpreter, InstructionProgram program, uint[] input, long layerCycles)
    {
        var expected = interpreter.Run(program.Words, 0, input);
        var (run, words) = driver.Execute(program, input, layerCycles);
        run.Error.ShouldBe(ErrorCode.None);
        expected.Error.ShouldBe(ErrorCode.None);
        run.ProgramCounter.ShouldBe(expected.ProgramCounter);
        run.OwnCycles.ShouldBe(expected.Cycles);
        run.LayerCycles.ShouldBe(expected.LayerCycles);
        run.RowActivations.ShouldBe(expected.RowActivations);
        run.SkippedOperands.ShouldBe(expected.SkippedOperands);
        words.ShouldBe(expected.Output);
        driver.Host.InputWords.ShouldBe(0);
        expected.InputWords.ShouldBe(input.Length);
        return (run, words);
    }

    private static long[] Logits(CoreProgram program, QuantisedNetwork network, uint[] words)
    {
        var (configuration, stage) = (program.Configuration, program.Stages[^1]);
        if (stage.Output is { } layout)
        {
            ulong[] bits = [.. words.Chunk(ArrayConfiguration.StreamWords(configuration.Columns)).SelectMany(word => StreamRecord.Bits(word, configuration.Columns))];
            return FeatureMapWords.Unpack(layout, bits, network[stage.Name].Format);
        }

        long[] values = [.. words.Chunk(ArrayConfiguration.StreamWords(configuration.AccumulatorBits)).Select(result => BusDriver.Result(result))];
        var ordered = new long[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            ordered[(i % stage.ResultChannels * (values.Length / stage.ResultChannels)) + (i / stage.ResultChannels)] = values[i];
        }

        return ordered;
    }
}
