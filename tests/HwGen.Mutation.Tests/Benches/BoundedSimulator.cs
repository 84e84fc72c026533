using HwGen.Simulation;

namespace HwGen.Mutation.Tests.Benches;

/// <summary>A simulator that ends a run that does not come to an end by itself.</summary>
internal sealed class BoundedSimulator(ISimulator inner, long limit) : ISimulator
{
    /// <summary>Cycles run, and values read: a host that waits does at least one of both.</summary>
    public long Cycles { get; private set; }

    public string Engine => inner.Engine;

    public SimulationInterface Interface => inner.Interface;

    public PortHandle Port(string name) => inner.Port(name);

    public MemoryHandle Memory(string name) => inner.Memory(name);

    public void Poke(PortHandle port, ulong value) => inner.Poke(port, value);

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words) => inner.Poke(port, words);

    public ulong Peek(PortHandle port)
    {
        Count(1);
        return inner.Peek(port);
    }

    public void Peek(PortHandle port, Span<ulong> words)
    {
        Count(1);
        inner.Peek(port, words);
    }

    public void Evaluate() => inner.Evaluate();

    public void Step(PortHandle clock, long cycles = 1)
    {
        Count(cycles);
        inner.Step(clock, cycles);
    }

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles)
    {
        var run = inner.RunUntil(clock, port, value, Math.Min(maximumCycles, limit));
        Count(run.Cycles);
        return run;
    }

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows)
    {
        Count(rows);
        inner.Run(plan, inputs, outputs, rows);
    }

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words) => inner.LoadMemory(memory, firstWord, words);

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words) => inner.ReadMemory(memory, firstWord, words);

    public void StartTrace(string path) => inner.StartTrace(path);

    public void StopTrace() => inner.StopTrace();

    public string TakeOutput() => inner.TakeOutput();

    public void Dispose() => inner.Dispose();

    private void Count(long cycles)
    {
        Cycles += cycles;
        if (Cycles > limit)
        {
            throw new InvalidOperationException("the design does not come to an end");
        }
    }
}
