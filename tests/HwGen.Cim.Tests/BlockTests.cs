using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Golden;
using HwGen.Netlist;
using HwGen.Netlist.Verilog;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;
using GoldenRow = HwGen.Golden.RowOperation;
using GoldenShiftAdd = HwGen.Golden.ShiftAdd;
using RowOperation = HwGen.Architecture.Configuration.RowOperation;

namespace HwGen.Cim.Tests;

/// <summary>Each block of the array against its golden definition, one text of vectors on three engines.</summary>
public class BlockTests
{
    public static TheoryData<string> Engines => ["compiled", "verilator", "icarus"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_lane_counts_the_ones_of_every_row_operation_under_the_mask(string engine)
    {
        const int Columns = 70;
        using var simulator = UnitSimulator.Start(new Lane(Columns, ArrayConfiguration.AllOperations), engine);
        var random = new Random(1);
        var compared = 0;
        for (var i = 0; i < 100; i++)
        {
            var (stored, operand, mask) = (Bits(random, Columns), Bits(random, Columns), Bits(random, Columns));
            var operation = (RowFunction)(i % 4);
            simulator.Poke("stored", UnitSimulator.Words(stored));
            simulator.Poke("operation", (ulong)operation);
            simulator.Poke("operand", UnitSimulator.Words(operand));
            simulator.Poke("mask", UnitSimulator.Words(mask));
            simulator.Step();
            ((int)simulator.Peek("count")).ShouldBe(GoldenRow.Count(operation, stored, operand, mask));
            compared++;
        }

        compared.ShouldBe(100);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_shift_add_follows_its_definition_from_the_initial_value_on(string engine)
    {
        const int CountBits = 6, ShiftBits = 3, AccumulatorBits = 24;
        using var simulator = UnitSimulator.Start(new HwGen.Cim.ShiftAdd(CountBits, ShiftBits, AccumulatorBits, initialDepth: 4), engine);
        var random = new Random(2);
        var initials = Enumerable.Range(0, 4).Select(_ => (Value: random.NextInt64(-500, 500), Direction: random.Next(2) == 1)).ToArray();
        simulator.Poke("add", 0);
        simulator.Poke("initial_write", 1);
        for (var i = 0; i < initials.Length; i++)
        {
            simulator.Poke("initial_address", (ulong)i);
            simulator.Poke("initial_data", ((ulong)initials[i].Value & 0xff_ffff) | (initials[i].Direction ? 1UL << AccumulatorBits : 0));
            simulator.Step();
        }

        simulator.Poke("initial_write", 0);
        long accumulator = 0;
        var direction = false;
        for (var i = 0; i < 200; i++)
        {
            var first = i == 0 || random.Next(10) == 0;
            var address = random.Next(4);
            int count = random.Next(33), reference = random.Next(33), shift = random.Next(8);
            bool doubled = random.Next(2) == 1, negate = random.Next(2) == 1, add = i == 0 || random.Next(5) > 0;
            simulator.Poke("initial_address", (ulong)address);
            simulator.Poke("add", 0);
            simulator.Step();
            simulator.Poke("first", first ? 1UL : 0);
            simulator.Poke("count", (ulong)count);
            simulator.Poke("reference", (ulong)reference);
            simulator.Poke("shift", (ulong)shift);
            simulator.Poke("doubled", doubled ? 1UL : 0);
            simulator.Poke("negate", negate ? 1UL : 0);
            simulator.Poke("add", add ? 1UL : 0);
            simulator.Step();
            if (add)
            {
                var start = first ? initials[address].Value : accumulator;
                direction = first ? initials[address].Direction : direction;
                accumulator = GoldenShiftAdd.Apply(start, count, shift + (doubled ? 1 : 0), negate);
                accumulator = GoldenShiftAdd.Apply(accumulator, reference, shift, !negate);
            }

            simulator.Peek("reached").ShouldBe(accumulator >= 0 ? 1UL : 0);
            simulator.Peek("direction").ShouldBe(direction ? 1UL : 0);

            // The queue takes the sum and its direction, then what the next filter has.
            simulator.Poke("add", 0);
            simulator.Poke("capture", 1);
            simulator.Step();
            simulator.Poke("capture", 0);
            ((long)(simulator.Peek("queue_out") << 40) >> 40).ShouldBe(accumulator);
            (simulator.Peek("queue_out") >> AccumulatorBits).ShouldBe(direction ? 1UL : 0);
            var other = (ulong)random.NextInt64(1 << (AccumulatorBits + 1));
            simulator.Poke("queue_in", other);
            simulator.Poke("next", 1);
            simulator.Step();
            simulator.Poke("next", 0);
            simulator.Peek("queue_out").ShouldBe(other);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Planes_that_leave_at_once_sum_to_what_their_definition_says(string engine)
    {
        var compared = 0;
        foreach (var (planes, bits) in ((int, int)[])[(2, 9), (3, 20), (8, 24)])
        {
            using var simulator = UnitSimulator.Start(new PlaneJoin(planes, bits), engine);
            compared += JoinedPlanes(simulator, planes, bits);
        }

        compared.ShouldBe(180);
    }

    /// <summary>Random planes against their definition; gives how many sums were compared.</summary>
    internal static int JoinedPlanes(ISimulator simulator, int planes, int bits)
    {
        const int Sums = 60;
        var random = new Random(5 + planes);
        for (var i = 0; i < Sums; i++)
        {
            var sums = Enumerable.Range(0, planes).Select(_ => random.NextInt64(-(1L << (bits - 1)), 1L << (bits - 1))).ToArray();
            var directions = Enumerable.Range(0, planes).Select(_ => random.Next(2) == 1).ToArray();
            var isSigned = random.Next(2) == 1;
            BigInteger heads = 0, modulus = BigInteger.One << bits;
            for (var plane = planes - 1; plane >= 0; plane--)
            {
                heads = (heads << (bits + 1)) | (sums[plane] & ((1L << bits) - 1)) | (directions[plane] ? modulus : 0);
            }

            simulator.Poke("heads", [.. Enumerable.Range(0, ((planes * (bits + 1)) + 63) / 64).Select(word => (ulong)((heads >> (64 * word)) & ulong.MaxValue))]);
            simulator.Poke("signed_join", isSigned ? 1UL : 0);
            simulator.Evaluate();
            var expected = ((PlaneSum.Of(sums, isSigned) % modulus) + modulus) % modulus;
            simulator.Peek("sum").ShouldBe((ulong)expected | (directions[^1] ? 1UL << bits : 0));
        }

        return Sums;
    }

    [Theory]
    [InlineData(RowOperation.Nand)]
    [InlineData(RowOperation.And)]
    [InlineData(RowOperation.Xor)]
    [InlineData(RowOperation.Or)]
    public void A_lane_with_one_row_operation_has_no_select_and_does_what_is_left(RowOperation operation)
    {
        const int Columns = 8;
        var design = Design.Elaborate(new Lane(Columns, [operation]));
        design.Top.Nodes.ShouldNotContain(n => n.Kind == NodeKind.Select);
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(design), new SimulationOptions());
        var random = new Random(3);
        for (var i = 0; i < 50; i++)
        {
            var (stored, operand, mask) = (Bits(random, Columns), Bits(random, Columns), Bits(random, Columns));
            simulator.Poke("stored", UnitSimulator.Words(stored));
            simulator.Poke("operand", UnitSimulator.Words(operand));
            simulator.Poke("mask", UnitSimulator.Words(mask));
            simulator.Step();
            ((int)simulator.Peek("count")).ShouldBe(GoldenRow.Count((RowFunction)operation, stored, operand, mask));
        }
    }

    [Fact]
    public void A_lane_with_two_row_operations_does_both()
    {
        var random = new Random(4);
        foreach (var first in ArrayConfiguration.AllOperations)
        {
            foreach (var second in ArrayConfiguration.AllOperations.Where(second => second > first))
            {
                using var simulator = new CompiledEngine().Start(NetlistSource.Of(Design.Elaborate(new Lane(8, [first, second]))), new SimulationOptions());
                for (var i = 0; i < 40; i++)
                {
                    var (stored, operand, mask, operation) = (Bits(random, 8), Bits(random, 8), Bits(random, 8), i % 2 == 0 ? first : second);
                    simulator.Poke("stored", UnitSimulator.Words(stored));
                    simulator.Poke("operation", (ulong)operation);
                    simulator.Poke("operand", UnitSimulator.Words(operand));
                    simulator.Poke("mask", UnitSimulator.Words(mask));
                    simulator.Step();
                    ((int)simulator.Peek("count")).ShouldBe(GoldenRow.Count((RowFunction)operation, stored, operand, mask));
                }
            }
        }
    }

    [Fact]
    public void A_configuration_keeps_only_the_logic_of_its_row_operations()
    {
        int Operators(params RowOperation[] operations) =>
            Design.Elaborate(new Lane(16, operations)).Top.Nodes.Count(n => n.Kind is NodeKind.And or NodeKind.Or or NodeKind.Not or NodeKind.Select);
        Operators(RowOperation.Nand, RowOperation.And).ShouldBeLessThan(Operators([.. ArrayConfiguration.AllOperations]));
        Operators(RowOperation.And).ShouldBeLessThan(Operators(RowOperation.Nand, RowOperation.And));
    }

    private static bool[] Bits(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 1)];
}
