namespace HwGen.Simulation.Tests;

/// <summary>
/// Plays one random sequence of inputs, resets and edges of both clocks, alone and at one instant, to several simulators of one batch, and compares what they show. Registers
/// and memories start at the values at power-up, which are the same everywhere; halfway some memories get words from outside.
/// </summary>
internal sealed class RandomStimulus(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Compares every output of every circuit before and after every step with the first simulator's.</summary>
    /// <returns>How many values were compared.</returns>
    public long Compare(RandomBatch batch, string[] names, ISimulator[] simulators, int steps)
    {
        var (compared, places) = (0L, batch.Places().ToLookup(place => place.Port));
        Play(simulators, steps, when =>
        {
            foreach (var port in places)
            {
                var values = simulators.Select(simulator => simulator.PeekWords(port.Key)).ToArray();
                if (values.Any(value => !value.AsSpan().SequenceEqual(values[0])))
                {
                    var (name, _, low, width) = port.First(place => values.Any(value => Bits(value, place.Low, place.Width) != Bits(values[0], place.Low, place.Width)));
                    throw new InvalidOperationException($"{name} {when}: {string.Join(", ", names.Zip(values, (engine, value) => $"{engine} {Bits(value, low, width)}"))}");
                }

                compared += port.Count() * (simulators.Length - 1L);
            }
        });
        return compared;
    }

    /// <summary>Compares every output port before and after every step with the first simulator's.</summary>
    /// <returns>How many values were compared.</returns>
    public long Compare(ISimulator[] simulators, int steps)
    {
        var (compared, outputs) = (0L, simulators[0].Interface.Ports.Where(port => port.Direction == PortDirection.Output).ToArray());
        Play(simulators, steps, when =>
        {
            foreach (var port in outputs)
            {
                var values = simulators.Select(simulator => BitWords.ToHexadecimal(simulator.PeekWords(port.Name), port.Width)).ToArray();
                if (values.Any(value => value != values[0]))
                    throw new InvalidOperationException($"{port.Name} {when}: {string.Join(", ", simulators.Zip(values, (simulator, value) => $"{simulator.Engine} {value}"))}");
                compared += simulators.Length - 1;
            }
        });
        return compared;
    }

    private static string Bits(ulong[] words, int low, int width) =>
        string.Concat(Enumerable.Range(low, width).Reverse().Select(bit => (words[bit >> 6] >> (bit & 63)) & 1));

    /// <summary>All outputs of a simulator before and after every step.</summary>
    public List<string> Trace(ISimulator simulator, int steps)
    {
        var values = new List<string>();
        var outputs = simulator.Interface.Ports.Where(port => port.Direction == PortDirection.Output).ToArray();
        Play([simulator], steps, _ => values.AddRange(outputs.Select(port => BitWords.ToHexadecimal(simulator.PeekWords(port.Name), port.Width))));
        return values;
    }

    private void Play(ISimulator[] simulators, int steps, Action<string> look)
    {
        var description = simulators[0].Interface;
        var stimuli = description.Ports.Where(port => port.Name.StartsWith("stimulus", StringComparison.Ordinal)).ToArray();
        var resets = description.Ports.Where(port => port.Name.StartsWith("reset", StringComparison.Ordinal)).ToArray();

        for (var step = 0; step < steps; step++)
        {
            foreach (var memory in step == steps / 2 ? description.Memories.Where((_, index) => index % 2 == 0) : [])
            {
                var words = Enumerable.Range(0, memory.Depth).SelectMany(_ => Value(memory.Width)).ToArray();
                All(simulator => simulator.LoadMemory(memory.Name, 0, words));
            }

            foreach (var port in stimuli)
            {
                var value = Value(port.Width);
                All(simulator => simulator.Poke(port.Name, value));
            }

            foreach (var reset in resets)
            {
                var level = step == 0 || _random.Next(8) > 0 ? 1UL : 0;
                All(simulator => simulator.Poke(reset.Name, level));
            }

            look($"before the edge of step {step}");
            switch (_random.Next(4))
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
                    var cycles = 1 + _random.Next(3);
                    All(simulator => simulator.Step(simulator.Port(description.Clocks[0]), cycles));
                    break;
            }

            look($"after the edge of step {step}");
        }

        void All(Action<ISimulator> action)
        {
            foreach (var simulator in simulators)
                action(simulator);
        }
    }

    private ulong[] Value(int width)
    {
        var words = new ulong[BitWords.Count(width)];
        var kind = _random.Next(4);
        for (var word = 0; word < words.Length; word++)
            words[word] = kind switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)_random.NextInt64(long.MinValue, long.MaxValue) };
        words[^1] &= BitWords.TopMask(width);
        return words;
    }
}
