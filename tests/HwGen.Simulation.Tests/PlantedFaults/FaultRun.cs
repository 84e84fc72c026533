using HwGen.Netlist;
using HwGen.Netlist.Passes;
using HwGen.Netlist.Verilog;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Netlists;

namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>Runs random circuits in the assembly with the planted faults. This file is compiled there, not in the tests.</summary>
public static class FaultRun
{
    private const int Steps = 10;

    public static string[] Trace(int fault, string engine, bool isOfArrays, int firstSeed, int count)
    {
        try
        {
            // A fault of the engine is not to be one of the design too, nor the other way round.
            var isEngines = engine == "compiled";
            Planted.Active = isEngines ? -1 : fault;
            var design = isOfArrays
                ? Design.Elaborate(new RandomArrays(firstSeed, count, isWhole: false))
                : DesignPasses.Legalise(DesignPasses.Prettify(Design.Elaborate(new RandomBatch(firstSeed, count))));
            var source = NetlistSource.Of(design, []) with { Files = [new SourceFile("none.v", string.Empty)] };
            Planted.Active = isEngines ? fault : -1;
            ISimulationEngine chosen = isEngines ? new CompiledEngine() : new InterpretedEngine();
            using var simulator = chosen.Start(source, new SimulationOptions { Seed = firstSeed });
            return [.. new RandomStimulus(firstSeed).Trace(simulator, Steps)];
        }
        finally
        {
            Planted.Active = -1;
        }
    }

    public static string[][] Texts(int fault, string prefix, int firstSeed, int count)
    {
        try
        {
            Planted.Active = fault;
            return [.. VerilogWriter.Write(Design.Elaborate(new RandomBatch(firstSeed, count), prefix)).Where(file => file.Role != SourceRole.Synthesis).Select(file => new[] { file.FileName, file.Text })];
        }
        finally
        {
            Planted.Active = -1;
        }
    }
}
