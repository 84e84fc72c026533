using HwGen.Netlist;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;
using HwGen.Simulation.Verilator;

namespace HwGen.Simulation.Tests;

/// <summary>State that nothing has set yet is the same on every engine, and another one with another seed.</summary>
public sealed class PowerUpTests
{
    private static readonly ISimulationEngine[] s_engines = [new InterpretedEngine(), new CompiledEngine(), new VerilatorEngine { CompilerOptions = ["-O0"] }, new IcarusEngine()];

    [Fact]
    public void All_engines_start_with_the_same_values()
    {
        var source = NetlistSource.Of(Design.Elaborate(new Unset()));
        var bySeed = new[] { 1, 2, -3 }.Select(seed => Values(source, seed)).ToArray();
        bySeed[0].ShouldNotBe(bySeed[1]);
        bySeed[1].ShouldNotBe(bySeed[2]);

        static string Values(SimulationSource source, int seed)
        {
            var values = s_engines.Select(engine =>
            {
                using var simulator = engine.Start(source, new SimulationOptions { Seed = seed });
                var words = source.Interface.Memories.Select(memory =>
                {
                    var content = new ulong[memory.Depth * BitWords.Count(memory.Width)];
                    simulator.ReadMemory(simulator.Memory(memory.Name), 0, content);
                    return string.Join(' ', content.Select(word => word.ToString("x", null)));
                });
                return string.Join('\n', source.Interface.Ports.Select(port => $"{port.Name} {BitWords.ToHexadecimal(simulator.PeekWords(port.Name), port.Width)}").Concat(words));
            }).ToArray();
            values.Length.ShouldBe(4);
            values.Distinct().ShouldHaveSingleItem();
            return values[0];
        }
    }

    /// <summary>Registers and memories of several widths, in the top module and in instances, the outputs of an instance among them.</summary>
    private sealed class Unset : Module
    {
        public Input Address { get; } = new(3);

        public Input Enable { get; } = new(1);

        public List<Output> Values { get; } = [.. new[] { 1, 7, 64, 65, 200 }.Select(width => new Output(width, FormattableString.Invariant($"value_{width}")))];

        public List<Output> Words { get; } = [.. new[] { 1, 64, 130 }.Select(width => new Output(width, FormattableString.Invariant($"word_{width}")))];

        protected override void Build()
        {
            foreach (var output in Values)
            {
                Instance(out var part, new UnsetPart(output.Width), name: FormattableString.Invariant($"part_{output.Width}"));
                Register(out var register, output.Width, name: FormattableString.Invariant($"register_{output.Width}"));
                When(Enable, () => register.Drive(~register));
                output.Drive(part.Value ^ register);
            }

            foreach (var output in Words)
            {
                Memory(out var memory, 6, output.Width, name: FormattableString.Invariant($"memory_{output.Width}"));
                memory.Write(Enable, Address, Repeat(Enable, output.Width));
                output.Drive(memory.Read(Address));
            }
        }
    }

    private sealed class UnsetPart(int width) : Module(FormattableString.Invariant($"w{width}"))
    {
        public Output Value { get; } = new(width);

        protected override void Build()
        {
            Register(out var value, width, reset: 0);
            Register(out var other, ~value);
            value.Drive(other);
            Value.Drive(value);
        }
    }
}
