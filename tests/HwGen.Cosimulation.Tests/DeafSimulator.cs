using HwGen.Simulation;

namespace HwGen.Cosimulation.Tests;

/// <summary>A simulator one of whose inputs stays 0: a planted fault.</summary>
internal sealed class DeafSimulator(ISimulator inner, string deaf) : ISimulator
{
    public string Engine => inner.Engine;

    public SimulationInterface Interface => inner.Interface;

    public PortHandle Port(string name) => inner.Port(name);

    public MemoryHandle Memory(string name) => inner.Memory(name);

    public void Poke(PortHandle port, ulong value) => inner.Poke(port, port.Index == inner.Port(deaf).Index ? 0 : value);

    public void Poke(PortHandle port, ReadOnlySpan<ulong> words) => inner.Poke(port, words);

    public ulong Peek(PortHandle port) => inner.Peek(port);

    public void Peek(PortHandle port, Span<ulong> words) => inner.Peek(port, words);

    public void Evaluate() => inner.Evaluate();

    public void Step(PortHandle clock, long cycles = 1) => inner.Step(clock, cycles);

    public RunResult RunUntil(PortHandle clock, PortHandle port, ulong value, long maximumCycles) => inner.RunUntil(clock, port, value, maximumCycles);

    public void Run(StepSequence plan, ReadOnlySpan<ulong> inputs, Span<ulong> outputs, int rows) => inner.Run(plan, inputs, outputs, rows);

    public void LoadMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words) => inner.LoadMemory(memory, firstWord, words);

    public void ReadMemory(MemoryHandle memory, int firstWord, Span<ulong> words) => inner.ReadMemory(memory, firstWord, words);

    public void StartTrace(string path) => inner.StartTrace(path);

    public void StopTrace() => inner.StopTrace();

    public string TakeOutput() => inner.TakeOutput();

    public void Dispose() => inner.Dispose();
}
