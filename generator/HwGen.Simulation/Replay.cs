using System.Numerics;
using HwGen.Netlist;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation;

/// <summary>A property that a run breaks.</summary>
/// <param name="Step">In which step of the run, from 0.</param>
/// <param name="Property">Its name, after those of the instances around it: <c>lane_3.count_is_small</c>.</param>
public sealed record BrokenProperty(int Step, string Property);

/// <summary>Plays a run that a proof has found on the reference interpreter, watches the properties, and writes the waveform.</summary>
public static class Replay
{
    /// <summary>Plays a run.</summary>
    /// <param name="design">The design.</param>
    /// <param name="steps">
    /// The inputs of the top module by name, resets included, a step a cycle. A design of one clock rises at the end of each step; one of several has its clocks among the
    /// inputs, and rises where they do; what it samples is the step before.
    /// </param>
    /// <param name="registers">Values of registers at the start by path, such as <c>lane_3.count</c>; the others start at the values of the seed.</param>
    /// <param name="waveform">A file for the value change dump; none when null.</param>
    /// <param name="seed">Chooses the values at power-up that are not given.</param>
    /// <returns>The assertions that did not hold when their clock rose and their reset was not active, in the order of the steps.</returns>
    public static IReadOnlyList<BrokenProperty> Play(
        Design design, IReadOnlyList<IReadOnlyDictionary<string, BigInteger>> steps, IReadOnlyDictionary<string, BigInteger>? registers = null, string? waveform = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(steps);
        var source = NetlistSource.Of(design);
        var model = new InterpretedModel(design, source.Interface, seed);
        model.SetRegisters(registers ?? new Dictionary<string, BigInteger>());
        using var simulator = new NetlistSimulator("replay", model, source.Interface, new SimulationOptions { Seed = seed, Tracing = waveform is not null });
        if (waveform is not null)
            simulator.StartTrace(waveform);
        var clocks = source.Interface.Clocks;
        var broken = new List<BrokenProperty>();
        for (var step = 0; step < steps.Count; step++)
        {
            if (clocks.Count > 1 && step > 0)
            {
                // A clock that rises in this step samples what the step before has left: it rises first, then the other inputs change.
                var rising = clocks.Where(clock => steps[step - 1].GetValueOrDefault(clock).IsZero && steps[step].GetValueOrDefault(clock).IsOne).ToHashSet(StringComparer.Ordinal);
                broken.AddRange(model.BrokenAssertions(rising).Select(property => new BrokenProperty(step, property)));
                foreach (var clock in clocks.Where(clock => steps[step - 1].GetValueOrDefault(clock) != steps[step].GetValueOrDefault(clock)))
                    simulator.Poke(clock, (ulong)steps[step].GetValueOrDefault(clock));
                simulator.Evaluate();
            }

            foreach (var (name, value) in steps[step].Where(input => clocks.Count == 1 || !clocks.Contains(input.Key)))
                simulator.Poke(name, Words(value, simulator.Port(name).Width));
            simulator.Peek(simulator.Port(clocks[0]));
            if (clocks.Count == 1)
            {
                broken.AddRange(model.BrokenAssertions(clocks.ToHashSet(StringComparer.Ordinal)).Select(property => new BrokenProperty(step, property)));
                simulator.Step(simulator.Port(clocks[0]));
            }
        }

        if (waveform is not null)
            simulator.StopTrace();
        return broken;
    }

    private static ulong[] Words(BigInteger value, int width) =>
        [.. Enumerable.Range(0, BitWords.Count(width)).Select(word => (ulong)((value >> (64 * word)) & ulong.MaxValue))];
}
