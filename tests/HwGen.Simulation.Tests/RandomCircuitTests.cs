using HwGen.Netlist;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;
using HwGen.Simulation.Verilator;

using Xunit.Abstractions;

namespace HwGen.Simulation.Tests;

/// <summary>Random circuits give the same values on all engines.</summary>
public sealed class RandomCircuitTests(ITestOutputHelper output)
{
    [Fact]
    public void The_compiled_engine_equals_the_interpreter()
    {
        var compared = 0L;
        for (var seed = 0; seed < 100; seed += 10)
            compared += Compare(seed, 10, steps: 12, new InterpretedEngine(), new CompiledEngine());
        compared.ShouldBeGreaterThan(3000);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1100)]
    [InlineData(1200)]
    public void All_engines_agree_on_the_emitted_text(int firstSeed)
    {
        var compared = Compare(firstSeed, 100, steps: 16, new CompiledEngine(), new VerilatorEngine { CompilerOptions = ["-O0"] }, new IcarusEngine());
        compared.ShouldBeGreaterThan(10_000);
    }

    [Fact]
    public void The_circuits_have_every_kind_of_node()
    {
        var kinds = Design.Elaborate(new RandomBatch(1000, 100)).Modules.SelectMany(module => module.Nodes).CountBy(node => node.Kind).ToDictionary();
        output.WriteLine(string.Join("\n", kinds.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        Enum.GetValues<NodeKind>().Where(kind => kinds.GetValueOrDefault(kind) < 20).ShouldBeEmpty();
    }

    /// <summary>Runs one stimulus on all engines and compares every output after every step with the first engine's.</summary>
    private static long Compare(int firstSeed, int count, int steps, params ISimulationEngine[] engines)
    {
        var batch = new RandomBatch(firstSeed, count);
        var source = NetlistSource.Of(Design.Elaborate(batch));
        var simulators = engines.Select(engine => engine.Start(source, new SimulationOptions { Seed = firstSeed })).ToArray();
        try
        {
            return Compare(source.Interface, simulators, new Random(firstSeed), steps);
        }
        finally
        {
            foreach (var simulator in simulators)
                simulator.Dispose();
        }
    }

    internal static long Compare(SimulationInterface description, ISimulator[] simulators, Random random, int steps)
    {
        var stimuli = description.Ports.Where(port => port.Name.StartsWith("stimulus", StringComparison.Ordinal)).ToArray();
        var resets = description.Ports.Where(port => port.Name.StartsWith("reset", StringComparison.Ordinal)).ToArray();
        var outputs = description.Ports.Where(port => port.Direction == PortDirection.Output).ToArray();
        void All(Action<ISimulator> action)
        {
            foreach (var simulator in simulators)
                action(simulator);
        }

        // Registers without reset take what they are driven with; then the memories get their words.
        for (var cycle = 0; cycle < 3; cycle++)
        {
            foreach (var clock in description.Clocks)
                All(simulator => simulator.Step(simulator.Port(clock)));
        }

        foreach (var memory in description.Memories)
        {
            var words = Enumerable.Range(0, memory.Depth).SelectMany(_ => Value(memory.Width, random)).ToArray();
            All(simulator => simulator.LoadMemory(memory.Name, 0, words));
        }

        var compared = 0L;
        for (var step = 0; step < steps; step++)
        {
            foreach (var port in stimuli)
            {
                var value = Value(port.Width, random);
                All(simulator => simulator.Poke(port.Name, value));
            }

            foreach (var reset in resets)
            {
                var level = step == 0 || random.Next(8) > 0 ? 1UL : 0;
                All(simulator => simulator.Poke(reset.Name, level));
            }

            Check($"step {step}, before the edge");
            switch (random.Next(4))
            {
                case 0:
                    All(simulator => simulator.Step(simulator.Port(description.Clocks[^1]), 1));
                    break;
                case 1 when description.Clocks.Count > 1:
                    foreach (var level in new ulong[] { 1, 0 })
                    {
                        All(simulator =>
                        {
                            foreach (var clock in description.Clocks)
                                simulator.Poke(clock, level);
                            simulator.Evaluate();
                        });
                    }

                    break;
                default:
                    var cycles = 1 + random.Next(3);
                    All(simulator => simulator.Step(simulator.Port(description.Clocks[0]), cycles));
                    break;
            }

            Check($"step {step}, after the edge");
        }

        return compared;

        void Check(string when)
        {
            foreach (var port in outputs)
            {
                var values = simulators.Select(simulator => BitWords.ToHexadecimal(simulator.PeekWords(port.Name), port.Width)).ToArray();
                if (values.Any(value => value != values[0]))
                    Assert.Fail($"{port.Name} at {when}: {string.Join(", ", simulators.Select((simulator, index) => $"{simulator.Engine} {values[index]}"))}");
                compared += simulators.Length - 1;
            }
        }
    }

    private static ulong[] Value(int width, Random random)
    {
        var words = new ulong[BitWords.Count(width)];
        var kind = random.Next(4);
        for (var word = 0; word < words.Length; word++)
            words[word] = kind switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) };
        words[^1] &= BitWords.TopMask(width);
        return words;
    }
}
