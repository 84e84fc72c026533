using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;
using HwGen.Formal;
using HwGen.Netlist;
using HwGen.Simulation;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>What the host reads of a register is what the core says, all bits of counters too that no simulation would fill.</summary>
public class RegisterFileTests(ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_small = new("unit", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { Bus = BusKind.Axi, ProgramWords = 16 };

    [Theory]
    [InlineData("compiled")]
    [InlineData("verilator")]
    [InlineData("icarus")]
    public void A_register_reads_what_the_core_says(string engine)
    {
        var map = RegisterMap.Of(s_small);
        using var simulator = UnitSimulator.Start(new RegisterFile(map), engine);
        Reads(simulator, map).ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData(false, ProofOutcome.Proved)]
    [InlineData(true, ProofOutcome.Refuted)]
    public async Task Each_half_of_a_counter_is_at_its_register(bool isWrong, ProofOutcome expected)
    {
        StateProperty[] halves = [.. CounterHalves(s_small).Select(half => isWrong ? half with { Expression = half.Expression.Replace("[63:32]", "[62:31]", StringComparison.Ordinal) } : half)];
        var result = await StateProof.ProveAsync(Design.Elaborate(new BusCore(s_small), "unit_", BusCore.Clock), halves, new ProofOptions { Depth = 1, TimeLimit = TimeSpan.FromMinutes(5) });
        output.WriteLine(FormattableString.Invariant($"{halves.Length} registers: {result}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(expected);
    }

    /// <summary>In a core with a bus the registers of each counter of the instruction unit, as properties of the whole core.</summary>
    internal static IReadOnlyList<StateProperty> CounterHalves(ArrayConfiguration configuration) =>
    [
        .. RegisterMap.Of(configuration).Registers.Where(register => register.Name.EndsWith("_LOW", StringComparison.Ordinal) || register.Name.EndsWith("_HIGH", StringComparison.Ordinal))
            .Where(register => new InstructionUnit(configuration) is var unit && BlockPorts.Of(unit).Any(port => port.Name == Counter(register))).Select(register => new StateProperty(
                StatePropertyKind.Assert, $"{{registers.{register.Name.ToLowerInvariant()}}} == {{program_unit.{Counter(register)}}}{(register.Name.EndsWith("_LOW", StringComparison.Ordinal) ? "[31:0]" : "[63:32]")}")),
    ];

    private static string Counter(HostRegister register) => register.Name[..register.Name.LastIndexOf('_')].ToLowerInvariant();

    /// <summary>Random values of the core at all registers that only read; gives how many words were compared.</summary>
    internal static int Reads(ISimulator simulator, RegisterMap map)
    {
        var (random, compared) = (new Random(3), 0);
        foreach (var port in simulator.Interface.Ports.Where(port => port.Direction == PortDirection.Input))
        {
            simulator.Poke(port.Name, 0);
        }

        simulator.Reset();
        for (var round = 0; round < 20; round++)
        {
            foreach (var register in map.Registers.Where(register => register.Fields.All(field => field.Access == FieldAccess.ReadOnly)))
            {
                var expected = 0UL;
                foreach (var field in register.Fields)
                {
                    var value = field.IsConstant ? field.Reset : (ulong)random.NextInt64(1L << field.Width);
                    if (!field.IsConstant)
                    {
                        simulator.Poke((field.Name == "VALUE" ? register.Name : register.Name + "_" + field.Name).ToLower(CultureInfo.InvariantCulture), value);
                    }

                    expected |= value << field.Low;
                }

                simulator.Poke("host_read_address", (ulong)register.Offset);
                simulator.Evaluate();
                (simulator.Peek("host_read_accepted"), simulator.Peek("host_read_data")).ShouldBe((1UL, expected), register.Name);
                compared++;
            }
        }

        return compared;
    }
}
