using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Interpreter;

/// <summary>What one output position writes: a bit a filter, a value of several levels a filter, or the sums themselves.</summary>
internal sealed class PassOutput
{
    private readonly ArrayConfiguration _configuration;
    private readonly CoreState _state;
    private readonly LayerDescriptor _descriptor;
    private readonly int _address;
    private readonly long[] _pooled;
    private int _written;
    private int _bit;

    /// <param name="configuration">The core.</param>
    /// <param name="state">What it stores.</param>
    /// <param name="descriptor">The run.</param>
    /// <param name="output">The output position: each begins a step behind the one before.</param>
    public PassOutput(ArrayConfiguration configuration, CoreState state, LayerDescriptor descriptor, int output)
    {
        (_configuration, _state, _descriptor) = (configuration, state, descriptor);
        var words = Is(ControlBits.RawOutput) ? configuration.ResultWords : configuration.OperandWords;
        _address = (int)((descriptor[OutputBase] + ((long)output * descriptor[OutputStep])) % words);
        _pooled = new long[configuration.Lanes];
        _bit = descriptor[FirstOutputBit];
    }

    private bool Is(ControlBits bit) => _descriptor.Control.HasFlag(bit);

    /// <summary>Takes the accumulators of one pooled position: sums are written, bits and levels pooled by their maximum.</summary>
    public void Add(int tile, int filters, bool isFirst)
    {
        for (var filter = 0; filter < filters; filter++)
        {
            if (Is(ControlBits.RawOutput))
            {
                _state.Results[(_address + _written++) % _configuration.ResultWords] = _state.Accumulators[filter];
                continue;
            }

            var reached = Is(ControlBits.LevelOutput) ? LevelsReached(tile, filter) : _state.Accumulators[filter] >= 0 ? 1 : 0;
            var value = Is(ControlBits.DirectionBeforePool) ? Directed(reached, filter) : reached;
            _pooled[filter] = isFirst ? value : Math.Max(_pooled[filter], value);
        }
    }

    /// <summary>Writes the pooled values of a tile; behind the last one the rest of a word of bits is 0.</summary>
    public void EndTile(int tile, int filters)
    {
        if (Is(ControlBits.RawOutput))
        {
            return;
        }

        for (var filter = 0; filter < filters; filter++, _bit++)
        {
            var value = Is(ControlBits.DirectionBeforePool) ? _pooled[filter] : Directed(_pooled[filter], filter);
            if (Is(ControlBits.LevelOutput))
            {
                value += _descriptor[FirstValue];
            }

            Write(value);
        }

        if (!Is(ControlBits.LevelOutput) && tile == _descriptor[Tiles] - 1)
        {
            for (; _bit % _configuration.Columns != 0; _bit++)
            {
                Write(0);
            }
        }
    }

    /// <summary>One bit of each plane of the value.</summary>
    private void Write(long value)
    {
        var planes = Is(ControlBits.LevelOutput) ? _descriptor[OutputPlanes] : 1;
        for (var plane = 0; plane < planes; plane++)
        {
            var word = (_address + (_bit / _configuration.Columns * planes) + plane) % _configuration.OperandWords;
            _state.SetOperand(word, _bit % _configuration.Columns, ((value >> plane) & 1) != 0);
        }
    }

    private long Directed(long reached, int filter)
    {
        var most = Is(ControlBits.LevelOutput) ? _descriptor[Levels] : 1;
        return _state.Directions[filter] ? most - reached : reached;
    }

    private long LevelsReached(int tile, int filter)
    {
        var first = _descriptor[LevelBase] + (tile * _descriptor[TileLevels]) + (filter * _descriptor[DrainCycles]);
        var reached = 0;
        for (var i = 0; i < _descriptor[DrainCycles]; i++)
        {
            reached += _state.Accumulators[filter] >= _state.Level((first + i) % _configuration.LevelWords) ? 1 : 0;
        }

        return reached;
    }
}
