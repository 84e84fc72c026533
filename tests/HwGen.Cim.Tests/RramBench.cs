using HwGen.Architecture.Configuration;
using HwGen.Netlist;
using HwGen.Simulation;
using HwGen.Simulation.Compiled;
using HwGen.Simulation.Icarus;
using HwGen.Simulation.Verilator;

namespace HwGen.Cim.Tests;

/// <summary>The rows of an array in a simulator, and the host that drives them.</summary>
internal sealed class RramBench : IDisposable
{
    private readonly ArrayConfiguration _configuration;

    public RramBench(ArrayConfiguration configuration, string engine, int seed)
        : this(configuration, Start(Design.Elaborate(new RramArray(configuration), "unit_"), engine, new SimulationOptions { Seed = seed }))
    {
    }

    /// <summary>Takes over a simulator; no cell is stuck.</summary>
    public RramBench(ArrayConfiguration configuration, ISimulator simulator)
    {
        (_configuration, Simulator) = (configuration, simulator);
        foreach (var memory in simulator.Interface.Memories.Where(m => m.Name.EndsWith(".stuck", StringComparison.Ordinal)))
        {
            simulator.LoadMemory(memory.Name, 0, new ulong[memory.Depth * (((memory.Width - 1) / 64) + 1)]);
        }

        foreach (var input in simulator.Interface.Ports.Where(p => p.Direction == PortDirection.Input))
        {
            Simulator.Poke(input.Name, new ulong[((input.Width - 1) / 64) + 1]);
        }

        Simulator.Reset();
        Wait();
    }

    private static ISimulator Start(Design design, string engine, SimulationOptions options) => engine switch
    {
        "compiled" => new CompiledEngine().Start(NetlistSource.Of(design), options),
        "verilator" => new VerilatorEngine { CompilerOptions = ["-O0"] }.Start(NetlistSource.Of(design), options),
        _ => new IcarusEngine().Start(NetlistSource.Of(design), options),
    };

    public ISimulator Simulator { get; }

    public long Cycles { get; private set; }

    public void Stick(int word, int column, bool value)
    {
        var (bank, address) = word >= _configuration.Rows
            ? (FormattableString.Invariant($"spare_{word - _configuration.Rows}"), 0)
            : (FormattableString.Invariant($"bank_{word % _configuration.Lanes}"), word / _configuration.Lanes);
        Set(bank + ".stuck", true);
        Set(bank + ".stuck_values", value);

        void Set(string memory, bool bit)
        {
            var words = Simulator.ReadMemory(memory, address, 1);
            words[column / 64] = bit ? words[column / 64] | (1UL << (column % 64)) : words[column / 64] & ~(1UL << (column % 64));
            Simulator.LoadMemory(memory, address, words);
        }
    }

    public void Write(int row, bool[] bits)
    {
        Address(row);
        var words = new ulong[((bits.Length - 1) / 64) + 1];
        for (var i = 0; i < bits.Length; i++)
        {
            words[i / 64] |= bits[i] ? 1UL << (i % 64) : 0;
        }

        Simulator.Poke("write_data", words);
        Command("write");
    }

    public (bool[] Bits, bool IsReported) Read(int row)
    {
        Address(row);
        Simulator.Step();
        var words = Simulator.PeekWords(FormattableString.Invariant($"stored_{row % _configuration.Lanes}"));
        return ([.. Enumerable.Range(0, _configuration.Columns).Select(column => (words[column / 64] >> (column % 64) & 1) == 1)], Simulator.Peek("row_failed") == 1);
    }

    /// <summary>Gives a command; gives the cycles until it is done.</summary>
    public int Command(string port)
    {
        Simulator.Poke(port, 1);
        Simulator.Step();
        Simulator.Poke(port, 0);
        return Wait();
    }

    public void Dispose() => Simulator.Dispose();

    private void Address(int row)
    {
        if (_configuration.Groups > 1)
        {
            Simulator.Poke("group", (ulong)(row / _configuration.Lanes));
        }

        Simulator.Poke("write_lane", (ulong)(row % _configuration.Lanes));
    }

    private int Wait()
    {
        var run = Simulator.RunUntil("busy", 0, 1_000_000);
        run.Reached.ShouldBeTrue();
        Cycles += run.Cycles;
        return (int)run.Cycles;
    }
}
