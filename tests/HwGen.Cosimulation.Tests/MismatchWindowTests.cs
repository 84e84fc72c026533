using HwGen.Architecture.Program;
using HwGen.Cim;
using HwGen.Mapping;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;

namespace HwGen.Cosimulation.Tests;

/// <summary>The window around a value is where the hardware writes the value, whatever the layer's shape and wherever the value lies.</summary>
public sealed class MismatchWindowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_window_has_the_cycle_in_which_the_word_of_the_value_is_written()
    {
        var found = 0;
        for (var seed = 0; found < 10; seed++)
        {
            seed.ShouldBeLessThan(200);
            var random = new Random(seed);
            var configuration = RandomNetworks.Array(random);
            var network = RandomNetworks.Network(random);
            MappedNetwork mapped;
            try
            {
                mapped = Mapper.Map(network, configuration);
            }
            catch (MappingException)
            {
                continue;
            }

            var program = mapped.Program;
            var stage = program.Stages[random.Next(program.Stages.Length)];
            if (stage.Output is not { } layout || stage.Passes.Any(p => p.Descriptor.Control.HasFlag(ControlBits.ValueOutput)))
                continue;
            var (channel, row, column) = (random.Next(layout.Channels), random.Next(layout.Height), random.Next(layout.Width));
            var images = RandomNetworks.Images(random, network, 1);
            var report = new NetworkCosimulation(network, program, new InterpretedCore(configuration)).Run(images) with
            {
                FirstMismatches = [new Mismatch(0, stage.Name, channel, row, column, 0, 1)],
            };
            var window = MismatchWindow.Of(report, program, network, images).ShouldNotBeNull();
            window.Cycles.ShouldBeInRange(1, MismatchWindow.Longest);
            var path = Path.Combine(_folder, FormattableString.Invariant($"{seed}.vcd"));
            var core = CoreGenerator.Generate(configuration);
            using (var simulator = new CompiledEngine().Start(NetlistSource.Of(core.Design), new SimulationOptions { Seed = 1, Tracing = true }))
                window.Trace(network, program, images.Image(0), simulator, path);
            var word = layout.Base + (((row * layout.Width) + column) * layout.PixelWords) + (channel / layout.Columns);
            Written(ValueChangeDump.Read(path)).ShouldContain(word, FormattableString.Invariant($"seed {seed}, {stage.Name}, channel {channel}, row {row}, column {column}, {window}"));
            found++;
        }
    }

    [Fact]
    public void A_report_without_differences_has_no_window_and_a_counter_has_the_end_of_its_pass()
    {
        var random = new Random(3);
        var network = RandomNetworks.Network(random);
        var mapped = Mapper.Map(network, new Architecture.Configuration.ArrayConfiguration("wide", 1024, 64, 32, Architecture.Configuration.ArrayConfiguration.AllOperations));
        var images = RandomNetworks.Images(random, network, 1);
        var report = new NetworkCosimulation(network, mapped.Program, new InterpretedCore(mapped.Program.Configuration)).Run(images);
        MismatchWindow.Of(report, mapped.Program, network, images).ShouldBeNull();
        var stage = mapped.Program.Stages[^1];
        var counter = new CounterMismatch(0, stage.Name, 0, "cycles", 1, 2);
        var window = MismatchWindow.Of(report with { CounterMismatches = [counter] }, mapped.Program, network, images).ShouldNotBeNull();
        (window.Stage, window.Pass).ShouldBe((mapped.Program.Stages.Length - 1, 0));
        (window.FirstCycle + window.Cycles).ShouldBeGreaterThan(stage.Passes[0].Descriptor.Cycles);
    }

    /// <summary>The operand words that are written in a dump.</summary>
    private static List<int> Written(ValueChangeDump dump)
    {
        var words = new List<int>();
        foreach (var (time, value) in dump.ChangesOf("results.word_write"))
        {
            if (value != "1")
                continue;
            var end = dump.ChangesOf("results.word_write").Where(c => c.Time > time).Select(c => c.Time).DefaultIfEmpty(long.MaxValue).First();
            var addresses = dump.ChangesOf("results.word_address");
            words.AddRange(addresses.Where((c, i) => c.Time < end && (i + 1 == addresses.Count || addresses[i + 1].Time > time)).Select(c => Convert.ToInt32(c.Value, 2)));
        }

        return words;
    }
}
