using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Simulation;
using Xunit.Abstractions;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Random words as programs: the core always ends, in done or in an error with a code and a place, as the interpreter of instructions says; and stored rows are as they were, but for those that
/// were legally written. Layers that are aborted leave nothing behind.
/// </summary>
public class IllegalProgramTests(ITestOutputHelper output)
{
    private const int Limit = 300;

    [Theory]
    [InlineData("compiled", 400)]
    [InlineData("verilator", 60)]
    public void Random_words_end_in_done_or_error_and_leave_rows_alone(string engine, int programs)
    {
        programs = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 50 * programs : programs;
        var (errors, rowsCompared, longest) = (new SortedDictionary<ErrorCode, int>(), 0L, 0L);
        foreach (var configuration in Cores.Take(engine == "compiled" ? 3 : 1))
        {
            using var simulator = BusNetworkTests.Start(configuration, engine, 5);
            rowsCompared += Programs(simulator, configuration, programs / (engine == "compiled" ? 3 : 1), errors, ref longest);
        }

        foreach (var code in Enum.GetValues<ErrorCode>().Where(code => engine == "compiled" && code != ErrorCode.Locked))
        {
            errors.GetValueOrDefault(code).ShouldBeGreaterThan(0, code.ToString());
        }

        output.WriteLine(FormattableString.Invariant($"{engine}: {errors.Values.Sum()} programs of random words, {string.Join(", ", errors.Select(e => $"{e.Value} {e.Key}"))}; {rowsCompared} rows read back, 0 differ; the longest took {longest} cycles of the host"));
    }

    [Fact]
    public void Random_words_end_in_done_or_error_on_a_core_that_skips_operands_too()
    {
        var configuration = Cores[0] with { WeightBits = ArrayConfiguration.LeastSkippingWeightBits, OperandSkipping = true };
        var (errors, longest) = (new SortedDictionary<ErrorCode, int>(), 0L);
        using var simulator = BusNetworkTests.Start(configuration, "compiled", 5);
        var rowsCompared = Programs(simulator, configuration, Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 20_000 : 400, errors, ref longest);
        output.WriteLine(FormattableString.Invariant($"{errors.Values.Sum()} programs of random words, {string.Join(", ", errors.Select(e => $"{e.Value} {e.Key}"))}; {rowsCompared} rows read back, 0 differ; the longest took {longest} cycles of the host"));
        rowsCompared.ShouldBeGreaterThan(100);
        errors.Count.ShouldBeGreaterThan(5);
    }

    /// <summary>Runs programs of random words; gives how many rows were read back.</summary>
    internal static long Programs(ISimulator simulator, ArrayConfiguration configuration, int programs, SortedDictionary<ErrorCode, int> errors, ref long longest, int seed = 0)
    {
        var rowsCompared = 0L;
        var random = new Random(configuration.Rows + seed);
        var driver = new BusDriver(simulator, configuration, 3);
        driver.Write("RUN_LIMIT", Limit);
        var interpreter = new InstructionInterpreter(configuration) { Computes = false };
        var rows = RandomRows(random, configuration);
        var (load, records) = (new InstructionProgram(configuration).Loads(rows, [], []).End(), InstructionProgram.RecordsOf(configuration, rows, [], []).ToList());
        driver.Execute(load, records).Run.Error.ShouldBe(ErrorCode.None);
        interpreter.Run(load.Words, 0, records).Error.ShouldBe(ErrorCode.None);
        for (var i = 0; i < programs; i++)
        {
            var words = RandomProgram(random, configuration);
            uint[] input = [.. Enumerable.Range(0, 3000).Select(_ => RandomInput(random, configuration))];
            driver.LoadProgram(words);
            driver.Host.Receive();
            driver.Host.Send(input);
            var before = driver.Host.Cycles;
            var expected = interpreter.Run(words, 0, input, Limit);
            var run = driver.RunProgram(100_000).ShouldNotBeNull();
            longest = Math.Max(longest, driver.Host.Cycles - before);
            var what = FormattableString.Invariant($"program {i}:\n{Assembler.Disassemble(words)}");
            driver.Status("BUSY").ShouldBeFalse(what);
            driver.Status(run.Error == ErrorCode.None ? "DONE" : "ERROR").ShouldBeTrue(what);
            errors[run.Error] = errors.GetValueOrDefault(run.Error) + 1;

            // Where operands are skipped, how long a layer takes and which rows it asks for depends on what it meets: the program ends, with an error or without, and rows are loaded anew.
            if (configuration.OperandSkipping && (IsOfLayer(expected.Error) || IsOfLayer(run.Error)))
            {
                Stop(driver);
                driver.Execute(load, records).Run.Error.ShouldBe(ErrorCode.None, what);
                interpreter.Run(load.Words, 0, records).Error.ShouldBe(ErrorCode.None, what);
                continue;
            }

            run.Error.ShouldBe(expected.Error, what);
            run.ProgramCounter.ShouldBe(expected.ProgramCounter, what);
            driver.Host.Receive().Length.ShouldBe(expected.Output.Count, what);
            if (expected.Error == ErrorCode.None && !configuration.OperandSkipping)
            {
                run.OwnCycles.ShouldBe(expected.Cycles, what);
            }

            // What waited in the stream is forgotten, and the rows are read back.
            Stop(driver);
            if (i % 4 == 0)
            {
                rowsCompared += SameRows(driver, interpreter, configuration, what);
            }
        }

        return rowsCompared;
    }

    [Fact]
    public void A_layer_that_is_aborted_leaves_the_next_run_right()
    {
        using var simulator = BusNetworkTests.Start(Cores[0], "compiled", 6);
        output.WriteLine(Aborts(simulator, Cores[0]));
    }

    [Fact]
    public void A_layer_of_windows_that_is_aborted_leaves_the_next_run_right()
    {
        var configuration = Cores[0] with { WindowWords = 16 };
        using var simulator = BusNetworkTests.Start(configuration, "compiled", 6);
        output.WriteLine(Aborts(simulator, configuration));
    }

    [Fact]
    public void Fields_of_windows_that_are_out_of_range_stop_the_program_and_are_no_fields_without_a_window_memory()
    {
        var configuration = Cores[0] with { WindowWords = 16 };
        using var simulator = BusNetworkTests.Start(configuration, "compiled", 9);
        using var without = BusNetworkTests.Start(Cores[0], "compiled", 9);
        var (driver, other) = (new BusDriver(simulator, configuration), new BusDriver(without, Cores[0]));
        var stopped = 0;
        foreach (var rule in DescriptorRules.Of(configuration).Where(rule => rule.Field.IsOfWindows()))
        {
            foreach (var (value, error) in new[] { (rule.Least - 1, ErrorCode.Descriptor), (rule.Least, ErrorCode.None), (rule.Greatest, ErrorCode.None), (rule.Greatest + 1, ErrorCode.Descriptor) })
            {
                if (value < 0 || value >= 1L << rule.Field.Width(configuration))
                {
                    continue;
                }

                var code = new InstructionProgram(configuration).Layer(BusProgramTests.OneWord(configuration) with { Values = BusProgramTests.OneWord(configuration).Values.SetItem((int)rule.Field, (int)value) }).End();
                driver.Execute(code, []).Run.Error.ShouldBe(error, FormattableString.Invariant($"{rule.Field} {value}"));
                new InstructionInterpreter(configuration).Run(code.Words, 0, []).Error.ShouldBe(error);
                stopped += error == ErrorCode.None ? 0 : 1;
            }

            other.LoadProgram([InstructionWord.Set(rule.Field, 1), InstructionWord.Of(Opcode.End)]);
            other.RunProgram(500).ShouldNotBeNull().Error.ShouldBe(ErrorCode.Instruction);
        }

        stopped.ShouldBe(8);
    }

    [Fact]
    public void Words_that_a_program_leaves_in_the_stream_are_there_for_the_next_one()
    {
        using var simulator = BusNetworkTests.Start(Cores[0], "compiled", 8);
        LeftWords(simulator, Cores[0]).ShouldBe(5);
    }

    /// <summary>A program ends in an error and one in done, each before it has taken its words: the next takes them; gives how many values were compared.</summary>
    internal static int LeftWords(ISimulator simulator, ArrayConfiguration configuration)
    {
        var driver = new BusDriver(simulator, configuration);
        driver.LoadProgram(Assembler.Assemble(".word 0\nend\nreceive.operands 3, 0\nend\n"));
        uint[] words = [.. Enumerable.Range(1, 3).SelectMany(i => StreamRecord.Words([(ulong)(40 + i)], configuration.Columns))];
        driver.Host.Send(words);
        driver.RunProgram(500, 0).ShouldNotBeNull().Error.ShouldBe(ErrorCode.Instruction);
        driver.RunProgram(500, 1).ShouldNotBeNull().Error.ShouldBe(ErrorCode.None);
        driver.RunProgram(500, 2).ShouldNotBeNull().Error.ShouldBe(ErrorCode.None);
        driver.ReadOperands(0, 3).ShouldBe([41UL, 42, 43]);
        return 5;
    }

    internal static string Aborts(ISimulator simulator, ArrayConfiguration configuration)
    {
        var (aborts, compared) = (0, 0);
        var random = new Random(2);
        var driver = new BusDriver(simulator, configuration, 9);
        var interpreter = new InstructionInterpreter(configuration);
        var rows = RandomRows(random, configuration);
        ImmutableArray<InitialImage> initials = [.. Enumerable.Range(0, configuration.TotalLanes).Select(lane => new InitialImage(0, lane, lane - 2, lane % 2 == 0))];
        var load = new InstructionProgram(configuration).Loads(rows, initials, []).Address(Opcode.ReceiveOperands, 16, 0).End();
        List<uint> records = [.. InstructionProgram.RecordsOf(configuration, rows, initials, []), .. Enumerable.Range(0, 16).Select(_ => (uint)random.Next(256))];
        driver.Execute(load, records).Run.Error.ShouldBe(ErrorCode.None);
        interpreter.Run(load.Words, 0, records);

        // Values to the result memory, values and bits to the operand memory: each unit behind the accumulators is met in its work.
        foreach (var control in (ControlBits[])[ControlBits.RawOutput | ControlBits.ValueOutput, ControlBits.ValueOutput, ControlBits.None])
        {
            var descriptor = Layer(configuration, control);
            var code = new InstructionProgram(configuration).Layer(descriptor);
            _ = control.HasFlag(ControlBits.RawOutput) ? code.Address(Opcode.SendResults, 8, 0) : code.Address(Opcode.SendOperands, 4, 8);
            code.End();
            var expected = interpreter.Run(code.Words, 0, []);
            expected.Error.ShouldBe(ErrorCode.None);
            driver.Execute(code, []).Output.ShouldBe(expected.Output);
            for (var after = 0; after < 160; after += 1 + random.Next(5))
            {
                driver.LoadProgram(code.Words);
                driver.Write("PROGRAM_ADDRESS", 0);
                driver.Command("START");
                for (var i = 0; i < after; i++)
                {
                    driver.Host.Step();
                }

                driver.Command("ABORT");
                Idle(driver);
                driver.Status("ABORTED").ShouldBeTrue();
                driver.Status("DONE").ShouldBeFalse();
                driver.Status("ERROR").ShouldBeFalse();
                driver.Host.Receive();
                driver.Write("INTERRUPT_PENDING", 3);
                var (run, words) = driver.Execute(code, []);
                run.Error.ShouldBe(ErrorCode.None);
                run.OwnCycles.ShouldBe(expected.Cycles);
                words.ShouldBe(expected.Output);
                aborts++;
                compared += words.Length;
            }
        }

        // A transfer that waits for words that never come is ended too, and what comes meanwhile is forgotten.
        driver.LoadProgram(Assembler.Assemble("receive.operands 4, 0\nend"));
        driver.Host.Send([1, 2]);
        driver.Write("PROGRAM_ADDRESS", 0);
        driver.Command("START");
        driver.Host.WaitForInterrupt(200).ShouldBeFalse();
        driver.Status("WAITS_FOR_INPUT").ShouldBeTrue();
        driver.Command("ABORT");
        Idle(driver);
        return FormattableString.Invariant($"{aborts} layers aborted, {compared} words of the runs behind them compared, 0 differ; {SameRows(driver, interpreter, configuration, "behind aborts")} rows as they were");
    }

    /// <summary>Rows, groups and initial values that are powers of two, and such that are not; a core of two row operations; a core with several macros.</summary>
    internal static ArrayConfiguration[] Cores { get; } =
    [
        BusProgramTests.Small,
        BusProgramTests.Small with { Rows = 9, Lanes = 3, RowOperations = [RowOperation.And, RowOperation.Xor], InitialWords = 8, ProgramWords = 128, WindowWords = 16 },
        BusProgramTests.Small with { Rows = 6, Lanes = 2, Macros = 3, Columns = 36, ProgramWords = 64 },
    ];

    private static LayerDescriptor Layer(ArrayConfiguration configuration, ControlBits control)
    {
        var values = DescriptorLayout.Fields.ToDictionary(field => field, field => BusProgramTests.OneWord(configuration)[field]);
        values[DescriptorField.OperandBase] = 0;
        values[DescriptorField.KernelWidth] = 2;
        values[DescriptorField.KernelColumnStep] = 1;
        values[DescriptorField.InputWidth] = 8;
        values[DescriptorField.OutputWidth] = 4;
        values[DescriptorField.OutputColumnStep] = 2;
        values[DescriptorField.OutputStrideX] = 2;
        values[DescriptorField.RoundCycles] = 14;
        values[DescriptorField.OutputBase] = control.HasFlag(ControlBits.RawOutput) ? 0 : 8;
        values[DescriptorField.OutputStep] = control.HasFlag(ControlBits.RawOutput) ? 4 : 1;
        values[DescriptorField.Control] = (int)(control | ControlBits.Double);
        if (configuration.PacksWindows)
        {
            // The same windows, of 7 of 8 channels, packed densely: 14 bits.
            (values[DescriptorField.KernelWidth], values[DescriptorField.ChannelWords], values[DescriptorField.LastWordColumns]) = (1, 2, 6);
            (values[DescriptorField.WindowColumns], values[DescriptorField.StepColumns], values[DescriptorField.PixelColumns], values[DescriptorField.RingWords]) = (2, 2, 7, 6);
            values[DescriptorField.Control] |= (int)ControlBits.DenseWindows;
        }

        return LayerDescriptor.Create(configuration, values);
    }

    private static bool IsOfLayer(ErrorCode error) => error is ErrorCode.TimeLimit or ErrorCode.LayerRange;

    private static void Stop(BusDriver driver)
    {
        driver.Host.Forget();
        driver.Command("ABORT");
        Idle(driver);
        driver.Host.Forget();
        driver.Host.Receive();
    }

    /// <summary>Waits for the end of an abort.</summary>
    internal static void Idle(BusDriver driver)
    {
        for (var i = 0; driver.Status("BUSY"); i++)
        {
            i.ShouldBeLessThan(100, "an abort ends");
        }
    }

    private static int SameRows(BusDriver driver, InstructionInterpreter interpreter, ArrayConfiguration configuration, string what)
    {
        var (_, words) = driver.Execute(new InstructionProgram(configuration).Address(Opcode.SendRows, configuration.TotalRows, 0).End(), []);
        var expected = Enumerable.Range(0, configuration.TotalRows)
            .SelectMany(row => StreamRecord.Words(interpreter.Row(row / configuration.TotalLanes, row % configuration.TotalLanes)!.Bits.AsSpan(), configuration.Columns));
        words.ShouldBe(expected, what);
        return configuration.TotalRows;
    }

    private static ImmutableArray<RowImage> RandomRows(Random random, ArrayConfiguration configuration) =>
    [
        .. Enumerable.Range(0, configuration.TotalRows).Select(i => new RowImage(
            i / configuration.TotalLanes, i % configuration.TotalLanes, configuration.RowOperations[random.Next(configuration.RowOperations.Count)], [(ulong)random.NextInt64(1L << configuration.Columns)])),
    ];

    /// <summary>From noise to programs that are nearly right: a legal descriptor with a field or two that are not, transfers, runs.</summary>
    private static uint[] RandomProgram(Random random, ArrayConfiguration configuration)
    {
        var words = new List<uint>();
        var legal = DescriptorRules.Of(configuration).ToDictionary(rule => rule.Field);
        var shape = random.Next(4);
        while (words.Count < configuration.ProgramWords)
        {
            switch (shape switch { 0 => random.Next(3), 1 => 12, _ => random.Next(3, 12) })
            {
                case 0:
                    words.Add((uint)random.NextInt64(1L << 32));
                    break;
                case 1:
                    words.Add(((uint)InstructionSet.All[random.Next(InstructionSet.All.Length)].Opcode << 26) | (uint)random.NextInt64(1L << 26));
                    break;
                case 2 or 3 or 4:
                    words.Add(((uint)InstructionSet.All[random.Next(1, InstructionSet.All.Length)].Opcode << 26) | (uint)random.Next(5));
                    break;
                case 5 or 6:
                    words.AddRange([InstructionWord.Of(random.Next(2) == 0 ? Opcode.ReceiveOperands : Opcode.SendRows, random.Next(4)), (uint)(random.Next(3) == 0 ? configuration.OperandWords - random.Next(6) : random.Next(12))]);
                    break;
                case 7:
                    words.Add(InstructionWord.Of(Opcode.ReceiveRows, random.Next(4)));
                    break;
                case 12:
                    // Nothing but what is legal, to the end of the memory.
                    words.Add(random.Next(2) == 0 ? InstructionWord.Of(Opcode.Operation, configuration.RowOperations[0]) : InstructionWord.Set(DescriptorField.Planes, (uint)random.Next(3)));
                    break;
                default:
                    // A layer: most fields small, now and then one that is anything.
                    foreach (var field in DescriptorLayout.NamedFields(configuration).Where(_ => random.Next(8) > 0))
                    {
                        var width = field.Width(configuration);
                        var least = legal.TryGetValue(field, out var rule) ? rule.Least : 0;
                        var value = field == DescriptorField.Control ? random.NextInt64(1L << width)
                            : random.Next(400) == 0 ? random.NextInt64(1L << Math.Min(width, InstructionSet.ShortBits)) : Math.Min(least + random.Next(3), (1L << width) - 1);
                        words.AddRange(value < 1 << InstructionSet.ShortBits ? [InstructionWord.Set(field, (uint)value)] : [InstructionWord.SetLong(field), (uint)value]);
                    }

                    words.Add(InstructionWord.Of(Opcode.Run));
                    if (random.Next(2) == 0)
                    {
                        words.Add(InstructionWord.Of(Opcode.End));
                    }

                    break;
            }
        }

        return [.. words.Take(random.Next(6) == 0 ? random.Next(1, configuration.ProgramWords + 1) : configuration.ProgramWords).Concat(Enumerable.Repeat(0u, configuration.ProgramWords)).Take(configuration.ProgramWords)];
    }

    /// <summary>Words that are heads of records now and then, and noise otherwise.</summary>
    private static uint RandomInput(Random random, ArrayConfiguration configuration) => random.Next(50) == 0
        ? (uint)random.NextInt64(1L << 32)
        : StreamRecord.Head(configuration, random.Next(configuration.Groups), random.Next(configuration.TotalLanes), configuration.RowOperations[random.Next(configuration.RowOperations.Count)]);
}
