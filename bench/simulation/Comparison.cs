using System.Diagnostics;
using HwGen.Netlist;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Verilator;

namespace HwGen.SimulationBench;

/// <summary>
/// One design on both engines, in turns: what else the machine does then slows both alike. Each pair of turns gives a ratio; the median counts.
/// </summary>
internal static class Comparison
{
    private const int Turns = 15;
    private const double RatioTarget = 1.0;
    private const long FirstCycleTarget = 1000;
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(200);

    /// <summary>Prints two lines of the table; true when the targets are met and the signatures are equal.</summary>
    public static bool Run(string name, Design design)
    {
        var source = NetlistSource.Of(design);
        var (compiled, compiledFirst) = Start(new CompiledEngine(), source);
        using var ours = compiled;
        // A folder of its own for the builds: the first cycle is that of a cold start.
        var folder = Directory.CreateTempSubdirectory("hwgen-bench-");
        try
        {
            var (verilator, verilatorFirst) = Start(new VerilatorEngine(folder.FullName), source);
            using var theirs = verilator;
            return Compare(name, ours, theirs, compiledFirst, verilatorFirst);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Compare(string name, ISimulator ours, ISimulator theirs, FirstCycle oursFirst, FirstCycle theirsFirst)
    {
        // Cycles of a turn, so that it lasts long enough to be measured.
        var cycles = 1000L;
        while (Time(ours, cycles) < s_turn)
        {
            Time(theirs, cycles);
            cycles *= 2;
        }

        Time(theirs, cycles);
        var ratios = new List<double>();
        var signatures = new HashSet<ulong>();
        var (oursTime, theirsTime, differing) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var turn = 0; turn < Turns; turn++)
        {
            var (mine, its) = (Time(ours, cycles), Time(theirs, cycles));
            ratios.Add(its / mine);
            oursTime += mine;
            theirsTime += its;
            signatures.Add(ours.Peek("signature"));
            if (ours.Peek("signature") != theirs.Peek("signature"))
                differing++;
        }

        var ratio = ratios.Order().ElementAt(Turns / 2);
        Print(name, ours, oursFirst, Turns * cycles / oursTime.TotalSeconds, ratio);
        Print(name, theirs, theirsFirst, Turns * cycles / theirsTime.TotalSeconds, null);
        // A signature that stands still would compare nothing.
        if (differing > 0 || signatures.Count != Turns)
            Console.Error.WriteLine($"{name}: {differing} of {Turns} signatures differ, {signatures.Count} of them are distinct");
        var isMet = ratio >= RatioTarget && oursFirst.Processor <= FirstCycleTarget;
        if (!isMet)
            Console.Error.WriteLine(FormattableString.Invariant($"{name}: ratio {ratio:0.00} (at least {RatioTarget:0.0}), first cycle after {oursFirst.Processor} ms (at most {FirstCycleTarget})"));
        return isMet && differing == 0 && signatures.Count == Turns;
    }

    private static (ISimulator Simulator, FirstCycle FirstCycle) Start(ISimulationEngine engine, SimulationSource source)
    {
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var simulator = engine.Start(source, new SimulationOptions());
        simulator.Reset();
        simulator.Step();
        return (simulator, new FirstCycle(watch.ElapsedMilliseconds, (long)(Environment.CpuUsage.TotalTime - before).TotalMilliseconds));
    }

    private static TimeSpan Time(ISimulator simulator, long cycles)
    {
        var before = Environment.CpuUsage.TotalTime;
        simulator.Step(cycles);
        return Environment.CpuUsage.TotalTime - before;
    }

    private static void Print(string name, ISimulator simulator, FirstCycle first, double rate, double? ratio) => Console.WriteLine(
        FormattableString.Invariant($"| {name} | {simulator.Engine} | {first.Wall:N0} | {first.Processor:N0} | {rate:N0} | {ratio:0.00} | {simulator.Peek("signature"):x16} |"));

    /// <summary>The time to the first cycle, in milliseconds.</summary>
    /// <param name="Wall">On the clock.</param>
    /// <param name="Processor">Of this process alone: Verilator and the compiler are others.</param>
    private readonly record struct FirstCycle(long Wall, long Processor);
}
