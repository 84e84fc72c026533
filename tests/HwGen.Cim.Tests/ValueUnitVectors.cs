using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>Sums of random filters at the positions of a pool against loops over them: partial sums, offset, saturation, the pool by either direction, positions outside of the input, pools of nothing else among them.</summary>
/// <param name="simulator">A value unit.</param>
/// <param name="configuration">Its widths.</param>
internal sealed class ValueUnitVectors(ISimulator simulator, ArrayConfiguration configuration)
{
    private const int Stages = 7;

    private readonly Random _random = new(12);
    private readonly Dictionary<int, (ulong Value, ulong Place, ulong Completes, ulong OutputLast, ulong LayerLast)> _expected = [];
    private int _cycle;
    private int _compared;

    private int Bits => configuration.AccumulatorBits;

    /// <summary>Runs so many outputs; gives how many values were compared.</summary>
    public int Run(int outputs)
    {
        foreach (var port in simulator.Interface.Ports.Where(port => port.Direction == PortDirection.Input && port.Width <= 64))
        {
            simulator.Poke(port.Name, 0);
        }

        if (configuration.WeightBits > 1)
        {
            // No plane of another lane comes before.
            simulator.Poke("join_first", 1);
        }

        simulator.Reset();
        for (var output = 0; output < outputs; output++)
        {
            Output();
        }

        _expected.ShouldBeEmpty();
        return _compared;
    }

    private void Output()
    {
        var (relu, adds, saturates, skips, before) = (Flag(), Flag(), Flag(), Flag(), Flag());
        var (first, bounds) = (Signed(DescriptorField.FirstValue.Width(configuration)), new[] { Signed(DescriptorField.LeastValue.Width(configuration)), Signed(DescriptorField.GreatestValue.Width(configuration)) }.Order().ToArray());
        foreach (var (port, value) in ((string, bool)[])[("relu", relu), ("add_sums", adds), ("saturate", saturates), ("skip_outside", skips), ("direction_before_pool", before)])
        {
            simulator.Poke(port, value ? 1UL : 0);
        }

        Poke("first_value", first, DescriptorField.FirstValue.Width(configuration));
        Poke("least_value", bounds[0], DescriptorField.LeastValue.Width(configuration));
        Poke("greatest_value", bounds[1], DescriptorField.GreatestValue.Width(configuration));
        var (filters, positions) = (_random.Next(1, configuration.TotalLanes + 1), _random.Next(1, 4));
        var directions = Enumerable.Range(0, filters).Select(_ => Flag()).ToArray();
        var pooled = new long[filters];
        for (var position = 0; position < positions; position++)
        {
            var outside = _random.Next(3) == 0;
            for (var filter = 0; filter < filters; filter++)
            {
                var (sum, partial, place) = (Signed(Bits), Signed(Bits), _random.Next(configuration.Columns));
                var (completes, outputLast, layerLast) = (Flag(), Flag(), Flag());
                var total = Wrapped(sum + (adds ? partial : 0));
                var moved = (relu ? Math.Max(0, total) : total) + first;
                var candidate = Wrapped(saturates ? Math.Min(Math.Max(moved, bounds[0]), bounds[1]) : moved);
                var falls = directions[filter] && !before;
                var offered = skips && outside ? (falls ? (1L << (Bits - 1)) - 1 : -(1L << (Bits - 1))) : candidate;
                pooled[filter] = position == 0 ? offered : falls ? Math.Min(pooled[filter], offered) : Math.Max(pooled[filter], offered);
                foreach (var (port, value) in ((string, bool)[])[
                    ("drain", true), ("filter_first", true), ("filter_last", true), ("pool_first", position == 0), ("pool_last", position == positions - 1), ("within_input", !outside), ("output_last", outputLast),
                    ("values_last", layerLast), ("completes", completes)])
                {
                    simulator.Poke(port, value ? 1UL : 0);
                }

                simulator.Poke("place", (ulong)place);
                simulator.Poke("filter", (ulong)filter);
                simulator.Poke("sum", ((ulong)sum & ((1UL << Bits) - 1)) | (directions[filter] ? 1UL << Bits : 0));
                if (position == positions - 1)
                {
                    _expected[_cycle + Stages] = ((ulong)pooled[filter] & ((1UL << Bits) - 1), (ulong)place, completes ? 1UL : 0, outputLast ? 1UL : 0, layerLast ? 1UL : 0);
                }

                Cycle();
                Poke("partial_sum", partial, Bits);
                simulator.Poke("drain", 0);
                for (var pause = _random.Next(3) == 0 ? _random.Next(3) : 0; pause > 0; pause--)
                {
                    Cycle();
                    Poke("partial_sum", Signed(Bits), Bits);
                }
            }
        }

        for (var i = 0; i <= Stages; i++)
        {
            Cycle();
        }
    }

    private bool Flag() => _random.Next(2) == 1;

    /// <summary>A number of at most so many bits, of all magnitudes.</summary>
    private long Signed(int bits) => _random.NextInt64(-(1L << (bits - 1)), 1L << (bits - 1)) >> _random.Next(bits);

    private long Wrapped(long value) => value << (64 - Bits) >> (64 - Bits);

    private void Poke(string port, long value, int bits) => simulator.Poke(port, (ulong)value & ((1UL << bits) - 1));

    private void Cycle()
    {
        simulator.Evaluate();
        simulator.Peek("valid").ShouldBe(_expected.ContainsKey(_cycle) ? 1UL : 0, FormattableString.Invariant($"cycle {_cycle}"));
        if (_expected.Remove(_cycle, out var expected))
        {
            (simulator.Peek("value"), simulator.Peek("value_place"), simulator.Peek("value_completes"), simulator.Peek("value_output_last"), simulator.Peek("value_last")).ShouldBe(expected, FormattableString.Invariant($"cycle {_cycle}"));
            _compared += 5;
        }

        simulator.Step();
        _cycle++;
    }
}
