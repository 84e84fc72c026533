using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <summary>Two paths through one module, and a register between them.</summary>
internal sealed class RandomCrossing(int width) : Module(FormattableString.Invariant($"w{width}"))
{
    public Input First { get; } = new(width);

    public Input Second { get; } = new(width);

    public Output FirstResult { get; } = new(width);

    public Output SecondResult { get; } = new(width);

    protected override void Build()
    {
        Register(out var held, First, reset: 0);
        Wire(out var mixed, First + held);
        FirstResult.Drive(mixed);
        SecondResult.Drive(Second ^ ~mixed);
    }
}

/// <summary>
/// Many random circuits beside each other, so that one build of a slow engine serves all of them. Their outputs stand side by side in a few wide ones: a peek of Icarus is a
/// message to another process and back.
/// </summary>
internal sealed class RandomBatch : Module
{
    private const int CircuitsOfAPort = 20;

    private readonly int _firstSeed;
    private readonly RandomModule[] _circuits;

    public RandomBatch(int firstSeed, int count)
        : base(FormattableString.Invariant($"f{firstSeed}_n{count}"))
    {
        _firstSeed = firstSeed;
        _circuits = [.. Enumerable.Range(firstSeed, count).Select(seed => new RandomModule(seed))];
        Stimuli = [.. new[] { 1, 8, 33, 64, 65, 200 }.Select(width => new Input(width, FormattableString.Invariant($"stimulus_{width}")))];
        Results = [.. _circuits.Chunk(CircuitsOfAPort).Select((circuits, index) =>
            new Output(circuits.Sum(circuit => circuit.Outputs.Sum(output => output.Width)), FormattableString.Invariant($"results_{index}")))];
    }

    public IReadOnlyList<Input> Stimuli { get; }

    public IReadOnlyList<Output> Results { get; }

    /// <summary>The outputs of the circuits, each with where it stands: the port, its lowest bit there.</summary>
    public IEnumerable<(string Name, string Port, int Low, int Width)> Places()
    {
        for (var port = 0; port < Results.Count; port++)
        {
            var low = 0;
            for (var index = port * CircuitsOfAPort; index < Math.Min((port + 1) * CircuitsOfAPort, _circuits.Length); index++)
            {
                foreach (var output in _circuits[index].Outputs)
                {
                    yield return (FormattableString.Invariant($"{output.Name} of seed {_firstSeed + index}"), Results[port].Name, low, output.Width);
                    low += output.Width;
                }
            }
        }
    }

    protected override void Build()
    {
        var stimulus = 0;
        var low = 0;
        for (var index = 0; index < _circuits.Length; index++)
        {
            Instance(out var circuit, _circuits[index], name: FormattableString.Invariant($"circuit_{_firstSeed + index}"));
            foreach (var input in circuit.Inputs)
            {
                Signal source = Stimuli[stimulus++ % Stimuli.Count];
                input.Drive(source.Width > input.Width ? source.Bits(stimulus % (source.Width - input.Width), input.Width) : source.SignExtend(input.Width));
            }

            low = index % CircuitsOfAPort == 0 ? 0 : low;
            foreach (var output in circuit.Outputs)
            {
                Results[index / CircuitsOfAPort].DriveBits(low, output);
                low += output.Width;
            }
        }

        foreach (var input in Stimuli)
            Discard(input);
    }
}
