using HwGen.Formal;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>Something in a block that properties name, now and as it was a cycle before: <c>now_name</c> and <c>past_name</c>.</summary>
/// <param name="Name">The name in properties.</param>
/// <param name="Width">Its bits.</param>
/// <param name="Path">A register or wire of the block, or one of its inputs.</param>
internal sealed record Watched(string Name, int Width, string Path);

/// <summary>A block whose inputs are free, with what was in it a cycle before: what a register becomes can then be said as a property of one cycle and the next, and proved from any state.</summary>
internal sealed class WatchedBlock : Module
{
    private const string Unit = "unit";
    private readonly Module _block;
    private readonly IReadOnlyList<Watched> _watched;
    private readonly List<(Input Inner, Input Outer)> _inputs = [];
    private readonly List<Output> _outputs = [];
    private readonly List<(Input Now, Output Past)> _pasts = [];

    /// <param name="block">The block.</param>
    /// <param name="watched">What is watched.</param>
    public WatchedBlock(Module block, params IReadOnlyList<Watched> watched)
    {
        (_block, _watched) = (block, watched);
        foreach (var port in BlockPorts.Of(block))
        {
            if (port is Input input)
            {
                _inputs.Add((input, new Input(input.Width, input.Name)));
            }
            else if (port is Output output)
            {
                _outputs.Add(output);
            }
        }

        foreach (var (name, width, _) in watched)
        {
            _pasts.Add((new Input(width, "now_" + name), new Output(width, "past_" + name)));
        }
    }

    public IEnumerable<Port> Ports => [.. _inputs.Select(input => input.Outer), .. _pasts.SelectMany(past => (Port[])[past.Now, past.Past])];

    /// <summary>The rules, shown from the second cycle on, and what is now taken to be what it names.</summary>
    public IReadOnlyList<StateProperty> Properties(params IEnumerable<string> rules) =>
        [.. _watched.Select(watched => new StateProperty(StatePropertyKind.Assume, $"now_{watched.Name} == {{{Unit}.{watched.Path}}}")), .. rules.Select(rule => new StateProperty(StatePropertyKind.Assert, $"formal_first || ({rule})"))];

    protected override void Build()
    {
        Instance<Module>(out var placed, _block, name: Unit);
        _ = placed;
        foreach (var (inner, outer) in _inputs)
        {
            inner.Drive(outer);
        }

        foreach (var output in _outputs)
        {
            Discard(output);
        }

        foreach (var (now, past) in _pasts)
        {
            Register(out var before, now, name: past.Name + "_register");
            past.Drive(before);
        }
    }
}
