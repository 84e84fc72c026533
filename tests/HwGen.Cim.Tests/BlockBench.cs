using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>Several blocks side by side in one module, so that one build serves the vectors of all: port <c>valid</c> of block <c>count</c> is <c>count_valid</c>.</summary>
internal sealed class BlockBench : Module
{
    private readonly (string Name, Module Block)[] _blocks;
    private readonly List<(int Block, Port Inner, Port Outer)> _ports = [];

    public BlockBench(params (string Name, Module Block)[] blocks)
    {
        _blocks = blocks;
        for (var i = 0; i < blocks.Length; i++)
        {
            foreach (var port in BlockPorts.Of(blocks[i].Block))
            {
                var name = $"{blocks[i].Name}_{port.Name}";
                _ports.Add((i, port, port is Input ? new Input(port.Width, name) : new Output(port.Width, name)));
            }
        }
    }

    public IEnumerable<Port> Ports => _ports.Select(p => p.Outer);

    protected override void Build()
    {
        for (var i = 0; i < _blocks.Length; i++)
        {
            Instance<Module>(out var placed, _blocks[i].Block, name: _blocks[i].Name + "_block");
            _ = placed;
        }

        foreach (var (_, inner, outer) in _ports)
        {
            (inner is Input ? inner : outer).Drive(inner is Input ? outer : inner);
        }
    }
}
