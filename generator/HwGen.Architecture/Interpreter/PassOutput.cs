using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Architecture.Interpreter;

/// <summary>What a run writes: a bit a filter, or a value a filter to the operand memory or to the result memory.</summary>
internal sealed class PassOutput
{
    private readonly ArrayConfiguration _configuration;
    private readonly CoreState _state;
    private readonly LayerDescriptor _descriptor;
    private readonly ValueRule _rule;
    private readonly long[] _pooled;
    private readonly bool _isValue;
    private int _output = -1;
    private int _address;
    private int _written;
    private int _bit;
    private int _sum;

    public PassOutput(ArrayConfiguration configuration, CoreState state, LayerDescriptor descriptor)
    {
        (_configuration, _state, _descriptor) = (configuration, state, descriptor);
        _rule = new ValueRule(configuration, state, descriptor);
        _pooled = new long[configuration.TotalLanes];
        _isValue = Is(ControlBits.ValueOutput) || Is(ControlBits.RawOutput);
        if (Is(ControlBits.Argmax) && !Is(ControlBits.KeepGreatest))
        {
            state.Greatest = null;
        }
    }

    private bool Is(ControlBits bit) => _descriptor.Control.HasFlag(bit);

    /// <summary>Lanes of a filter.</summary>
    private int Lanes => _descriptor.FilterLanes;

    /// <summary>The lane that begins with the filter's initial value: of its lowest plane, the last.</summary>
    private int Lane(int filter) => (filter * Lanes) + Lanes - 1;

    /// <summary>The sum of a filter, of all planes.</summary>
    private long Joined(int filter)
    {
        long sum = 0;
        for (var plane = 0; plane < Lanes; plane++)
        {
            var accumulated = _state.Accumulators[(filter * Lanes) + Lanes - 1 - plane] << plane;
            sum += Lanes > 1 && plane == Lanes - 1 && Is(ControlBits.SignedJoin) ? -accumulated : accumulated;
        }

        return sum;
    }

    /// <summary>Begins the next output position: each begins a step behind the one before.</summary>
    public void Begin()
    {
        _output++;
        var words = Is(ControlBits.RawOutput) ? _configuration.ResultWords : _configuration.OperandWords;
        _address = (int)((_descriptor[OutputBase] + (Is(ControlBits.Argmax) ? 0 : (long)_output * _descriptor[OutputStep])) % words);
        _written = 0;
        _bit = _descriptor[FirstOutputBit];
    }

    /// <summary>Takes the accumulators of one pooled position: pooled by the greatest value, which behind a falling function is the least.</summary>
    public void Add(int tile, int filters, bool isFirst, bool isInside)
    {
        for (var filter = 0; filter < filters / Lanes; filter++)
        {
            var isBefore = Is(ControlBits.DirectionBeforePool);
            long value;
            if (_isValue)
            {
                var partial = Is(ControlBits.AddSums) ? _state.Results[(_descriptor[SumBase] + _sum++) % _configuration.ResultWords] : 0;
                value = _rule.Value(Joined(filter) + partial, tile, filter, _state.Directions[Lane(filter)]);
                if (Is(ControlBits.Unpooled))
                {
                    Write(value);
                    continue;
                }

                var falls = _state.Directions[Lane(filter)] && !isBefore;
                if (Is(ControlBits.SkipOutside) && !isInside)
                {
                    value = falls ? long.MaxValue : long.MinValue;
                }

                _pooled[filter] = isFirst ? value : falls ? Math.Min(_pooled[filter], value) : Math.Max(_pooled[filter], value);
                continue;
            }

            var reached = _state.Accumulators[filter] >= 0 ? 1 : 0;
            value = isBefore ? Directed(reached, filter) : reached;
            _pooled[filter] = isFirst ? value : Math.Max(_pooled[filter], value);
        }
    }

    /// <summary>Writes the pooled values of a tile; behind the last one the rest of a word is 0.</summary>
    public void EndTile(int tile, int filters)
    {
        for (var filter = 0; filter < filters / Lanes && !Is(ControlBits.Unpooled); filter++)
        {
            var value = _isValue || Is(ControlBits.DirectionBeforePool) ? _pooled[filter] : Directed(_pooled[filter], filter);
            if (!Is(ControlBits.Argmax))
            {
                Write(value);
                continue;
            }

            var index = _descriptor[IndexBase] + _output + ((long)_written++ * _descriptor[IndexStep]);
            if (_state.Greatest is not { } greatest || value > greatest.Value || (value == greatest.Value && index < greatest.Index))
            {
                _state.Greatest = (value, index);
            }
        }

        if (tile == _descriptor[Tiles] - 1 && !Is(ControlBits.Argmax))
        {
            EndWords();
        }
    }

    /// <summary>Writes the index of the greatest value, where that is what is asked for.</summary>
    public void EndRun()
    {
        if (Is(ControlBits.Argmax) && !Is(ControlBits.HoldGreatest))
        {
            _written = 0;
            _bit = _descriptor[FirstOutputBit];

            // A layer that offers no value has no greatest one: what a core writes then is left open.
            Write(_state.Greatest?.Index ?? 0);
            EndWords();
        }
    }

    private void EndWords()
    {
        for (; !Is(ControlBits.RawOutput) && _bit % _configuration.Columns != 0;)
        {
            Write(0);
        }
    }

    /// <summary>A result word, or one bit of each plane of the value.</summary>
    private void Write(long value)
    {
        if (Is(ControlBits.RawOutput))
        {
            _state.Results[(_address + _written++) % _configuration.ResultWords] = value;
            return;
        }

        var planes = _isValue ? _descriptor[OutputPlanes] : 1;
        for (var plane = 0; plane < planes; plane++)
        {
            var word = (_address + (_bit / _configuration.Columns * planes) + plane) % _configuration.OperandWords;
            _state.SetOperand(word, _bit % _configuration.Columns, ((value >> plane) & 1) != 0);
        }

        _bit++;
    }

    private long Directed(long reached, int filter) => _state.Directions[filter] ? 1 - reached : reached;
}
