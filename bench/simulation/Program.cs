using System.Diagnostics;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Netlist;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;
using HwGen.SimulationBench;

// Cycles a second of processor time, compiled engine against Verilator -O3 on the simulation twins, in one run:
//   dotnet run -c Release --project bench/simulation -- 64x8x64 32x512x32 512x32x64 [core]
var designs = new List<(string Name, Func<Module> Make)>();
foreach (var shape in args.Where(argument => argument.Contains('x')).DefaultIfEmpty("64x8x64"))
{
    var sizes = shape.Split('x').Select(size => int.Parse(size, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
    var configuration = new ArrayConfiguration("bench", sizes[0], sizes[1], sizes[2], ArrayConfiguration.AllOperations);
    designs.Add(args.Contains("core") ? ($"core_{shape}", () => new Core(configuration)) : ($"macro_{shape}", () => new Macro(configuration)));
}

Console.WriteLine("| design | engine | first cycle, ms | cycles/s | signature |");
Console.WriteLine("| --- | --- | --- | --- | --- |");
var differ = false;
foreach (var (name, make) in designs)
{
    var source = NetlistSource.Of(Design.Elaborate(new StimulatedModule(make, name)));
    var signatures = new HashSet<ulong>();
    foreach (var engine in new ISimulationEngine[] { new CompiledEngine(), new VerilatorEngine() })
    {
        var watch = Stopwatch.StartNew();
        using var simulator = engine.Start(source, new SimulationOptions());
        simulator.Reset();
        simulator.Step();
        var first = watch.ElapsedMilliseconds;
        foreach (var memory in source.Interface.Memories)
            simulator.LoadMemory(memory.Name, 0, new ulong[memory.Depth * BitWords.Count(memory.Width)]);
        // Until all registers without reset have been written: then the reset makes both engines alike.
        simulator.Step(100_000);
        simulator.Reset();
        simulator.Step(20_000);
        signatures.Add(simulator.Peek("signature"));

        var before = Environment.CpuUsage.TotalTime;
        var cycles = 0L;
        while (Environment.CpuUsage.TotalTime - before < TimeSpan.FromSeconds(2))
        {
            simulator.Step(2000);
            cycles += 2000;
        }

        var rate = cycles / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant($"| {name} | {engine.Name} | {first} | {rate:0} | {signatures.Last():x16} |"));
    }

    differ |= signatures.Count != 1;
}

return differ ? 1 : 0;
