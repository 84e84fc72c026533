using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Netlists;
using HwGen.Simulation.Verilator;
using HwGen.Tools;
using Xunit.Abstractions;

namespace HwGen.Simulation.Tests;

/// <summary>Random arrays of equal cells, which the compiled engine works on as vectors, give the same values on all engines.</summary>
public sealed class RandomArrayTests(ITestOutputHelper output)
{
    [Fact]
    public void The_compiled_engine_equals_the_interpreter()
    {
        var compared = 0L;
        for (var seed = 0; seed < 16; seed++)
            compared += Compare(seed, 1, new InterpretedEngine(), new CompiledEngine());
        output.WriteLine($"{compared:N0} values compared");
        compared.ShouldBeGreaterThan(16 * 5 * 20);
    }

    [Fact]
    [Trait("Run", "full")]
    public void The_compiled_engine_equals_the_interpreter_on_a_thousand_arrays()
    {
        var compared = 0L;
        for (var seed = 2000; seed < 3000; seed++)
            compared += Compare(seed, 1, new InterpretedEngine(), new CompiledEngine());
        output.WriteLine($"{compared:N0} values compared");
        compared.ShouldBeGreaterThan(1000 * 5 * 20);
    }

    [Fact]
    public void All_engines_agree_on_the_emitted_text()
    {
        var compared = Compare(1000, 6, new CompiledEngine(), new VerilatorEngine { CompilerOptions = ["-O0"] }, new IcarusEngine());
        output.WriteLine($"{compared:N0} values compared");
        compared.ShouldBeGreaterThan(6 * 5 * 20 * 2);
    }

    /// <summary>
    /// Machines without AVX-512, without AVX2, and without any vectors run other code: each in a process of its own, which the runtime is told not to use them.
    /// </summary>
    [Fact]
    [Trait("Run", "full")]
    public async Task The_arrays_are_the_same_on_machines_with_shorter_vectors_and_with_none()
    {
        foreach (var (switches, most) in new (string[], int)[] { (["DOTNET_EnableAVX512=0", "DOTNET_EnableAVX512F=0"], 4), (["DOTNET_EnableAVX2=0", "DOTNET_EnableAVX=0"], 2), (["DOTNET_EnableHWIntrinsic=0"], 0) })
        {
            var result = (await OutsideProgram.RunAsync(new ProgramRequest(
                "dotnet", ["test", typeof(RandomArrayTests).Assembly.Location, "--filter", "FullyQualifiedName~RandomArrayTests&Run!=full", "--logger", "console;verbosity=detailed", "--nologo"])
            {
                TimeLimit = TimeSpan.FromMinutes(10),
                Environment = switches.ToDictionary(name => name.Split('=')[0], string? (name) => name.Split('=')[1]),
            })).EnsureSucceeded();
            var elements = int.Parse(Regex.Match(result.Output, "elements of a vector: ([0-9])").Groups[1].Value, CultureInfo.InvariantCulture);
            elements.ShouldBeLessThanOrEqualTo(most);
            result.Output.ShouldContain("Passed: 3");
            output.WriteLine($"{string.Join(' ', switches)}: {elements} elements; {string.Join("; ", Regex.Matches(result.Output, "[0-9,]+ values compared").Select(match => match.Value))}");
        }
    }

    [Fact]
    public void The_arrays_are_worked_on_as_vectors()
    {
        output.WriteLine($"elements of a vector: {VectorCalls.Elements}");
        var graphs = new Dictionary<ModuleGraph, FlatGraph>(ReferenceEqualityComparer.Instance);
        var operators = new HashSet<NodeKind>();
        var (updates, memories) = (0, 0);
        for (var seed = 0; seed < 60; seed++)
        {
            foreach (var module in Design.Elaborate(new RandomArray(seed)).Modules)
                graphs.Add(module, new FlatGraph(module, graphs));
        }

        foreach (var graph in graphs.Values)
        {
            operators.UnionWith(graph.Vectors.Arrays.Where(array => array.Kind == ArrayKind.Operator).Select(array => graph.Nodes[array.Nodes[0]].Kind));
            updates += Enumerable.Range(0, graph.Registers.Count).Count(register => graph.Vectors.UpdateOf(register) is not null);
            memories += graph.Vectors.MemoryArrays.Count(array => array.Write is not null);
        }

        if (VectorCalls.Elements == 0)
        {
            graphs.Values.SelectMany(graph => graph.Vectors.Arrays).ShouldBeEmpty();
            return;
        }

        // Of the operators, only shifts of the sign stay single ones, and extensions by zeros need nothing.
        Enum.GetValues<NodeKind>().Where(kind => ModulePlan.IsOperator(kind) && !operators.Contains(kind)).ShouldBe([NodeKind.ShiftRightSigned, NodeKind.ZeroExtend], ignoreOrder: true);
        updates.ShouldBeGreaterThan(1000);
        memories.ShouldBeGreaterThan(10);
    }

    private static long Compare(int firstSeed, int count, params ISimulationEngine[] engines)
    {
        var source = NetlistSource.Of(Design.Elaborate(new RandomArrays(firstSeed, count, isWhole: engines.Length > 2)));
        var simulators = engines.Select(engine => engine.Start(source, new SimulationOptions { Seed = firstSeed })).ToArray();
        try
        {
            return new RandomStimulus(firstSeed).Compare(simulators, steps: 16);
        }
        finally
        {
            foreach (var simulator in simulators)
                simulator.Dispose();
        }
    }
}
