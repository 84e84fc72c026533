namespace HwGen.Simulation.Tests;

/// <summary>What every engine must do: one test text, run on each by a derived class.</summary>
public abstract class SimulatorContract
{
    private protected abstract ISimulationEngine Engine { get; }

    private protected ISimulator Start(SimulationSource source, bool tracing = false, int seed = 1) =>
        Engine.Start(source, new SimulationOptions { Tracing = tracing, Seed = seed });

    [Fact]
    public void A_counter_resets_counts_and_holds()
    {
        using var simulator = Start(Designs.Counter);
        simulator.Engine.ShouldBe(Engine.Name);
        simulator.Reset();
        simulator.Peek("count").ShouldBe(0UL);
        simulator.Step(5);
        simulator.Peek("count").ShouldBe(0UL);
        simulator.Poke("enable", 1);
        simulator.Step();
        simulator.Peek("count").ShouldBe(1UL);
        simulator.Step(299);
        simulator.Peek("count").ShouldBe(300UL % 256);
        simulator.Step(0);
        simulator.Peek("count").ShouldBe(300UL % 256);
        simulator.Poke("enable", 0);
        simulator.Step(3);
        simulator.Peek("count").ShouldBe(300UL % 256);
        simulator.Reset();
        simulator.Peek("count").ShouldBe(0UL);
    }

    [Fact]
    public void Combinational_outputs_follow_inputs_without_a_clock()
    {
        using var simulator = Start(Designs.Counter);
        simulator.Reset();
        simulator.Peek("at_limit").ShouldBe(1UL);
        simulator.Poke("limit", 7);
        simulator.Peek("at_limit").ShouldBe(0UL);
        simulator.Poke("limit", 0);
        simulator.Peek("at_limit").ShouldBe(1UL);
    }

    [Fact]
    public void A_run_ends_at_the_value_or_at_the_limit()
    {
        using var simulator = Start(Designs.Counter);
        simulator.Reset();
        simulator.Poke("enable", 1);
        simulator.Poke("limit", 100);
        simulator.RunUntil("at_limit", 1, 1000).ShouldBe(new RunResult(true, 100));
        simulator.Peek("count").ShouldBe(100UL);
        simulator.RunUntil("at_limit", 1, 1000).ShouldBe(new RunResult(true, 0));
        simulator.Poke("enable", 0);
        simulator.Poke("limit", 99);
        simulator.RunUntil("at_limit", 1, 50).ShouldBe(new RunResult(false, 50));
        simulator.RunUntil("at_limit", 0, 0).ShouldBe(new RunResult(true, 0));
        simulator.RunUntil("at_limit", 1, 0).ShouldBe(new RunResult(false, 0));
    }

    [Fact]
    public void Values_of_every_width_pass_through_whole()
    {
        int[] widths = [1, 7, 8, 9, 16, 17, 31, 32, 33, 63, 64, 65, 95, 96, 97, 128, 129, 600];
        using var simulator = Start(Designs.Widths(widths));
        var random = new Random(1);
        foreach (var width in widths)
        {
            for (var round = 0; round < 4; round++)
            {
                var value = Value(width, round, random);
                var inverted = value.Select(word => ~word).ToArray();
                inverted[^1] &= BitWords.TopMask(width);
                simulator.Poke($"in_{width}", value);
                simulator.PeekWords($"not_{width}").ShouldBe(inverted, $"width {width}");
                simulator.Step();
                simulator.PeekWords($"out_{width}").ShouldBe(value, $"width {width}");
                simulator.PeekWords($"in_{width}").ShouldBe(value, $"width {width}");
                if (width <= 64)
                    simulator.Peek($"out_{width}").ShouldBe(value[0]);
            }
        }

        simulator.Poke("in_600", 5);
        simulator.PeekWords("in_600").ShouldBe([5UL, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(8, 1000)]
    [InlineData(33, 16)]
    [InlineData(65, 100)]
    public void A_memory_is_loaded_and_read_beside_the_design(int width, int depth)
    {
        using var simulator = Start(Designs.Memory(width, depth));
        var words = BitWords.Count(width);
        var random = new Random(width);
        var image = Enumerable.Range(0, depth).SelectMany(_ => Value(width, 2, random)).ToArray();
        simulator.LoadMemory("bank.cells", 0, image);
        simulator.ReadMemory("bank.cells", 0, depth).ShouldBe(image);
        for (var address = 0; address < depth; address += Math.Max(1, depth / 7))
        {
            simulator.Poke("address", (ulong)address);
            simulator.PeekWords("word").ShouldBe(image[(address * words)..((address + 1) * words)]);
        }

        // The address stays: a load shows at the combinational read port, as a write by the design does.
        var last = Value(width, 1, random);
        simulator.Poke("address", (ulong)depth - 1);
        simulator.LoadMemory("bank.cells", depth - 1, last);
        simulator.PeekWords("word").ShouldBe(last);
        var zero = new ulong[words];
        simulator.Poke("write", 1);
        simulator.Poke("data", zero);
        simulator.Step();
        simulator.PeekWords("word").ShouldBe(zero);
        simulator.ReadMemory("bank.cells", depth - 1, 1).ShouldBe(zero);
    }

    [Fact]
    public void A_table_of_stimuli_runs_in_one_call()
    {
        using var simulator = Start(Designs.Memory(65, 100));
        var clock = simulator.Clock();
        var write = new StepSequence(clock, 1, [simulator.Port("address"), simulator.Port("data"), simulator.Port("write")], []);
        write.InputWords.ShouldBe(4);
        var random = new Random(3);
        var image = Enumerable.Range(0, 100).Select(_ => Value(65, 2, random)).ToArray();
        simulator.Run(write, image.SelectMany((value, address) => new[] { (ulong)address, value[0], value[1], 1UL }).ToArray(), [], 100);
        simulator.ReadMemory("bank.cells", 0, 100).ShouldBe(image.SelectMany(value => value));

        simulator.Poke("write", 0);
        foreach (var cycles in new[] { 0, 3 })
        {
            var read = new StepSequence(clock, cycles, [simulator.Port("address")], [simulator.Port("word"), simulator.Port("address")]);
            var outputs = new ulong[300];
            simulator.Run(read, Enumerable.Range(0, 100).Select(address => (ulong)address).ToArray(), outputs, 100);
            outputs.ShouldBe(image.SelectMany((value, address) => new[] { value[0], value[1], (ulong)address }));
        }
    }

    [Fact]
    public void Two_clocks_step_apart_and_together()
    {
        using var simulator = Start(Designs.TwoClocks);
        var (fast, slow) = (simulator.Port("fast"), simulator.Port("slow"));
        simulator.Step(fast, 2);
        simulator.Poke("reset_n", 1);
        // Verilog knows an asynchronous reset by its edge: it must have been high.
        simulator.Poke("reset_slow_n", 1);
        simulator.Evaluate();
        simulator.Poke("reset_slow_n", 0);
        simulator.Peek("slow_count").ShouldBe(0UL);
        simulator.Poke("reset_slow_n", 1);
        simulator.Step(fast, 5);
        simulator.Step(slow, 1);
        simulator.Peek("fast_count").ShouldBe(5UL);
        simulator.Peek("slow_count").ShouldBe(1UL);
        simulator.Peek("crossed").ShouldBe(5UL);
        // Both edges at one instant: the crossing register takes the count of before.
        simulator.Poke(fast, 1);
        simulator.Poke(slow, 1);
        simulator.Evaluate();
        simulator.Peek("fast_count").ShouldBe(6UL);
        simulator.Peek("slow_count").ShouldBe(2UL);
        simulator.Peek("crossed").ShouldBe(5UL);
        Should.Throw<InvalidOperationException>(() => simulator.Step(fast)).Message.ShouldContain("'fast' is high");
        simulator.Poke(fast, 0);
        simulator.Poke(slow, 0);
        simulator.Evaluate();
        simulator.Peek("fast_count").ShouldBe(6UL);
        simulator.Peek("slow_count").ShouldBe(2UL);
        // An asynchronous reset needs no clock.
        simulator.Poke("reset_slow_n", 0);
        simulator.Peek("slow_count").ShouldBe(0UL);
        simulator.Peek("fast_count").ShouldBe(6UL);
    }

    [Fact]
    public void Two_simulators_of_one_design_do_not_share_state()
    {
        using var one = Start(Designs.Counter);
        using var two = Start(Designs.Counter);
        one.Reset();
        two.Reset();
        one.Poke("enable", 1);
        one.Step(10);
        two.Step(10);
        two.Poke("enable", 1);
        two.Step(3);
        one.Peek("count").ShouldBe(10UL);
        two.Peek("count").ShouldBe(3UL);
        one.Dispose();
        two.Step();
        two.Peek("count").ShouldBe(4UL);
    }

    [Fact]
    public void A_trace_has_the_names_of_the_Verilog_and_the_right_values()
    {
        var path = Path.Combine(Path.GetTempPath(), $"hwgen-trace-{Guid.NewGuid():N}.vcd");
        try
        {
            using (var simulator = Start(Designs.Counter, tracing: true))
            {
                simulator.Reset();
                simulator.Poke("enable", 1);
                simulator.StartTrace(path);
                Should.Throw<InvalidOperationException>(() => simulator.StartTrace(path));
                simulator.Step(4);
                simulator.StopTrace();
                simulator.Step(100);
                simulator.StopTrace();
            }

            var trace = ValueChangeDump.Read(path);
            trace.ValuesOf("counter.count").ShouldBe(["0", "1", "10", "11", "100"]);
            trace.ValuesOf("counter.enable").ShouldBe(["1"]);
            trace.ValuesOf("counter.clock").ShouldBe(["0", "1", "0", "1", "0", "1", "0", "1", "0"]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_trace_must_be_asked_for_at_the_start_and_must_be_writable()
    {
        using var plain = Start(Designs.Counter);
        Should.Throw<InvalidOperationException>(() => plain.StartTrace(Path.GetTempFileName()));
        plain.StopTrace();
        using var tracing = Start(Designs.Counter, tracing: true);
        Should.Throw<IOException>(() => tracing.StartTrace("/no/such/folder/trace.vcd"));
        tracing.Reset();
        tracing.Peek("count").ShouldBe(0UL);
    }

    [Fact]
    public void Wrong_names_and_values_are_told()
    {
        using var simulator = Start(Designs.Counter);
        Should.Throw<ArgumentException>(() => simulator.Port("cuont")).Message.ShouldContain("enable, limit, count, at_limit, clock, reset_n");
        Should.Throw<ArgumentException>(() => simulator.Memory("cells")).Message.ShouldContain("none");
        Should.Throw<ArgumentException>(() => simulator.Poke("limit", 256)).Message.ShouldContain("8 bits");
        Should.Throw<ArgumentException>(() => simulator.Poke("limit", [256UL])).Message.ShouldContain("8 bits");
        Should.Throw<ArgumentException>(() => simulator.Poke("limit", [1UL, 0UL])).Message.ShouldContain("1 words, not 2");
        Should.Throw<ArgumentException>(() => simulator.Poke("count", 1)).Message.ShouldContain("is an output");
        Should.Throw<ArgumentException>(() => simulator.Step(simulator.Port("enable"), 1)).Message.ShouldContain("is no clock");
        Should.Throw<ArgumentException>(() => simulator.Peek(new PortHandle(99, 1))).Message.ShouldContain("does not belong");
        Should.Throw<ArgumentOutOfRangeException>(() => simulator.Step(-1));
        using var wide = Start(Designs.Memory(65, 100));
        Should.Throw<ArgumentException>(() => wide.Peek("word")).Message.ShouldContain("2 words");
        Should.Throw<ArgumentException>(() => wide.LoadMemory("bank.cells", 99, new ulong[4])).Message.ShouldContain("do not fit");
        Should.Throw<ArgumentException>(() => wide.LoadMemory("bank.cells", -1, new ulong[2])).Message.ShouldContain("do not fit");
        Should.Throw<ArgumentException>(() => wide.LoadMemory("bank.cells", 0, [0, 2])).Message.ShouldContain("65 bits");
    }

    [Fact]
    public void A_disposed_simulator_says_so()
    {
        var simulator = Start(Designs.Counter);
        simulator.Dispose();
        simulator.Dispose();
        Should.Throw<ObjectDisposedException>(() => simulator.Step());
        Should.Throw<ObjectDisposedException>(() => simulator.Peek("count"));
        Should.Throw<ObjectDisposedException>(() => simulator.Poke("enable", 1));
    }

    /// <summary>Rounds 0 and 1 give all zeros and all ones, later rounds random bits.</summary>
    private static ulong[] Value(int width, int round, Random random)
    {
        var words = new ulong[BitWords.Count(width)];
        for (var word = 0; word < words.Length; word++)
            words[word] = round switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) };
        words[^1] &= BitWords.TopMask(width);
        return words;
    }
}
