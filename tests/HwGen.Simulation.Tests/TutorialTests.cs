using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Netlist.Analysis;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Tests;

/// <summary>The examples of docs/dsl.md, compiled from the page itself, do what the page says: on the compiled engine, on the interpreter, and their Verilog on Icarus.</summary>
public sealed class TutorialTests
{
    private static readonly string s_page = Repository.Read("docs", "dsl.md");
    private static readonly Lazy<System.Reflection.Assembly> s_examples = new(() => Compiler.Load(
        "using HwGen.Simulation; using HwGen.Simulation.Compiled;\n" + string.Join('\n', Blocks("csharp")) + "public static class Runs {\n" + string.Join('\n', Blocks("csharp run")) + "}\n"));

    [Fact]
    public void EveryExampleIsSimulated()
    {
        var modules = s_examples.Value.GetTypes().Where(type => type.IsSubclassOf(typeof(Module)) && !type.IsSubclassOf(typeof(BlackBox))).Select(type => type.Name);
        modules.Order().ShouldBe(["Beacon", "Calculator", "ClockSource", "Counter", "Fifo", "FullAdder", "LongFifo", "RippleAdder", "SquareTable", "TrafficLight", "UartTransmitter"]);
    }

    [Fact]
    public void The_waveform_of_the_page_is_what_its_text_draws()
    {
        var waveform = (string)s_examples.Value.GetType("Runs")!.GetMethod("CounterWaveform")!.Invoke(null, null)!;
        Blocks("text").ShouldContain(waveform);
    }

    [Fact]
    public void The_analysis_of_the_page_is_that_of_its_design() => Blocks("text").ShouldContain(DesignAnalysis.Of(Design.Elaborate(Example("RippleAdder"))).ToString());

    [Fact]
    public void The_counter_counts_where_it_is_enabled() => OnEngines("Counter", counter =>
    {
        counter.Reset();
        for (var cycle = 0; cycle < 40; cycle++)
        {
            counter.Peek("count").ShouldBe((ulong)(cycle / 2 % 16));
            counter.Poke("enable", (ulong)(cycle % 2));
            counter.Step();
        }
    });

    [Fact]
    public void The_ripple_adder_adds() => OnEngines("RippleAdder", adder =>
    {
        for (var pair = 0UL; pair < 64; pair++)
        {
            adder.Poke("left", pair & 7);
            adder.Poke("right", pair >> 3);
            adder.Peek("sum").ShouldBe((pair & 7) + (pair >> 3));
        }
    });

    [Fact]
    public void A_full_adder_adds_three_bits() => OnEngines("FullAdder", adder =>
    {
        for (var bits = 0UL; bits < 8; bits++)
        {
            adder.Poke("a", bits & 1);
            adder.Poke("b", (bits >> 1) & 1);
            adder.Poke("carry_in", bits >> 2);
            ((adder.Peek("carry_out") << 1) + adder.Peek("sum")).ShouldBe((bits & 1) + ((bits >> 1) & 1) + (bits >> 2));
        }
    });

    [Fact]
    public void The_traffic_light_is_green_while_a_car_waits() => OnEngines("TrafficLight", light =>
    {
        light.Reset();
        var seen = new List<ulong>();
        foreach (var waits in (ulong[])[0, 1, 1, 1, 0, 0, 1, 1])
        {
            seen.Add(light.Peek("is_green"));
            light.Poke("car_waits", waits);
            light.Step();
        }

        // Red, red, green while the car is there, yellow, red, green again.
        seen.ShouldBe([0, 0, 1, 1, 1, 0, 0, 1]);
    });

    [Fact]
    public void The_calculator_has_an_answer_for_each_code() => OnEngines("Calculator", calculator =>
    {
        foreach (var (left, right) in ((ulong, ulong)[])[(200, 100), (3, 5), (255, 1)])
        {
            ulong[] results = [(left + right) & 255, (left - right) & 255, right > 7 ? 0 : (left << (int)right) & 255, left];
            for (var choice = 0UL; choice < 4; choice++)
            {
                calculator.Poke("choice", choice);
                calculator.Poke("left", left);
                calculator.Poke("right", right);
                calculator.Peek("result").ShouldBe(results[choice]);
                calculator.Peek("is_sum").ShouldBe(choice < 2 ? 1UL : 0);
            }
        }
    });

    [Fact]
    public void The_transmitter_sends_a_byte_bit_by_bit() => OnEngines("UartTransmitter", transmitter =>
    {
        const int CyclesPerBit = 868;
        transmitter.Reset();
        transmitter.Peek("line").ShouldBe(1UL);
        transmitter.Poke("data", 0xa6);
        transmitter.Poke("start", 1);
        transmitter.Step();
        transmitter.Poke("start", 0);
        transmitter.Step(CyclesPerBit / 2);
        var bits = new List<ulong>();
        for (var bit = 0; bit < 10; bit++)
        {
            bits.Add(transmitter.Peek("line"));
            transmitter.Peek("is_busy").ShouldBe(1UL);
            transmitter.Step(CyclesPerBit);
        }

        bits.ShouldBe([0, 0, 1, 1, 0, 0, 1, 0, 1, 1]);
        transmitter.Peek("is_busy").ShouldBe(0UL);
        transmitter.Peek("line").ShouldBe(1UL);
    });

    [Fact]
    public void The_fifo_gives_what_it_took_in_order() => OnEngines("Fifo", fifo => Fill(fifo, 8));

    [Fact]
    public void Two_fifos_hold_twice_as_much() => OnEngines("LongFifo", fifo => Fill(fifo, 16));

    [Fact]
    public void The_table_squares_and_the_memory_takes_single_bytes() => OnEngines("SquareTable", table =>
    {
        var words = new ulong[16];
        (words[0], words[1]) = (0x1234, 0x5678);
        var random = new Random(5);
        for (var cycle = 0; cycle < 60; cycle++)
        {
            var (address, write, word) = (random.Next(16), random.Next(4), (ulong)random.Next(1 << 16));
            table.Poke("address", (ulong)address);
            table.Poke("write", (ulong)write);
            table.Poke("word", word);
            table.Step();
            var mask = ((write & 1) == 1 ? 0xffUL : 0) | ((write & 2) == 2 ? 0xff00UL : 0);
            words[address] = (words[address] & ~mask) | (word & mask);
            table.Peek("square").ShouldBe((ulong)(address * address));
            table.Peek("stored").ShouldBe(words[address]);
        }
    });

    [Fact]
    public void The_beacon_flashes_once_for_each_press_however_slow_the_other_clock() => OnEngines("Beacon", beacon =>
    {
        var (slow, fast) = (beacon.Port("clock"), beacon.Port("fast_clock"));
        beacon.Poke("fast_reset_n", 0);
        beacon.Poke("reset_n", 0);
        beacon.Step(slow, 1);
        beacon.Step(fast, 1);
        beacon.Poke("fast_reset_n", 1);
        beacon.Poke("reset_n", 1);
        var flashes = new List<int>();
        foreach (var press in (ulong[])[0, 1, 1, 0, 1, 0])
        {
            beacon.Poke("press", press);
            beacon.Step(slow, 1);
            var count = 0;
            for (var cycle = 0; cycle < 5; cycle++)
            {
                beacon.Step(fast, 1);
                count += (int)beacon.Peek("flash");
            }

            flashes.Add(count);
        }

        flashes.ShouldBe([0, 1, 0, 0, 1, 0]);
        // Its reset acts without a clock.
        beacon.Poke("press", 1);
        beacon.Step(slow, 1);
        beacon.Step(fast, 2);
        beacon.Peek("flash").ShouldBe(1UL);
        beacon.Poke("fast_reset_n", 0);
        beacon.Peek("flash").ShouldBe(0UL);
    });

    /// <summary>What a black box does is described elsewhere: here by a model that stands beside the emitted text.</summary>
    [Fact]
    public void The_clock_source_runs_with_a_model_of_its_black_box()
    {
        const string Model = """
            module SB_PLL40_CORE #(parameter DIVF = 0, parameter FEEDBACK_PATH = "DELAY") (input wire REFERENCECLK, input wire BYPASS, output wire PLLOUTCORE);
                assign PLLOUTCORE = DIVF == 63 && FEEDBACK_PATH == "SIMPLE" && !BYPASS ? ~REFERENCECLK : 1'bx;
            endmodule
            """;
        var source = NetlistSource.Of(Design.Elaborate(Example("ClockSource")));
        using var simulator = new IcarusEngine().Start(source with { Files = [.. source.Files, new SourceFile("model.v", Model)] }, new SimulationOptions());
        foreach (var crystal in (ulong[])[0, 1, 1, 0])
        {
            simulator.Poke("crystal", crystal);
            simulator.Peek("fast").ShouldBe(1 - crystal);
        }

        Should.Throw<ArgumentException>(() => new CompiledEngine().Start(source, new SimulationOptions())).Message.ShouldContain("black box");
    }

    private static void Fill(ISimulator fifo, int depth)
    {
        fifo.Reset();
        var (random, held, most) = (new Random(depth), new Queue<ulong>(), 0);
        var (taken, given) = (0, 0);
        for (var cycle = 0; cycle < 400; cycle++)
        {
            // First more goes in, then more goes out.
            var (valid, ready, data) = (random.Next(4) < (cycle < 200 ? 3 : 1), random.Next(4) < (cycle < 200 ? 1 : 3), (ulong)random.Next(256));
            fifo.Poke("from_valid", valid ? 1UL : 0);
            fifo.Poke("from_data", data);
            fifo.Poke("to_ready", ready ? 1UL : 0);
            var (takes, gives) = (valid && fifo.Peek("from_ready") == 1, ready && fifo.Peek("to_valid") == 1);
            if (gives)
            {
                fifo.Peek("to_data").ShouldBe(held.Dequeue());
                given++;
            }

            if (takes)
            {
                held.Enqueue(data);
                taken++;
            }

            most = Math.Max(most, held.Count);
            fifo.Step();
        }

        most.ShouldBe(depth);
        (taken - given).ShouldBe(held.Count);
        given.ShouldBeGreaterThan(80);
    }

    private static void OnEngines(string example, Action<ISimulator> test)
    {
        var source = NetlistSource.Of(Design.Elaborate(Example(example)));
        foreach (var engine in new ISimulationEngine[] { new CompiledEngine(), new InterpretedEngine(), new IcarusEngine() })
        {
            using var simulator = engine.Start(source, new SimulationOptions { Seed = 3 });
            test(simulator);
        }
    }

    private static Module Example(string name) => (Module)Activator.CreateInstance(s_examples.Value.GetType(name)!)!;

    private static IEnumerable<string> Blocks(string language) => Regex.Matches(s_page, $"\n```{language}\n(.*?\n)```\n", RegexOptions.Singleline).Select(match => match.Groups[1].Value);
}
