namespace HwGen.Simulation;

/// <summary>Finds ports and memories by name and checks arguments: the part of a simulator that does not depend on its engine.</summary>
internal sealed class InterfaceTable
{
    private readonly Dictionary<string, int> _portByName;
    private readonly Dictionary<string, int> _memoryByName;
    private readonly bool[] _isClock;

    public InterfaceTable(SimulationInterface description)
    {
        Description = description;
        Ports = [.. description.Ports];
        _portByName = Ports.Select((port, index) => (port.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        _memoryByName = description.Memories.Select((memory, index) => (memory.Name, index))
            .ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        _isClock = [.. Ports.Select(port => description.Clocks.Contains(port.Name, StringComparer.Ordinal))];
    }

    public SimulationInterface Description { get; }

    public PortDescription[] Ports { get; }

    public PortHandle Port(string name) => _portByName.TryGetValue(name, out var index)
        ? new PortHandle(index, Ports[index].Width)
        : throw new ArgumentException($"module '{Description.Top}' has no port '{name}'; it has {List(Ports.Select(port => port.Name))}");

    public MemoryHandle Memory(string name) => _memoryByName.TryGetValue(name, out var index)
        ? new MemoryHandle(index, Description.Memories[index].Width, Description.Memories[index].Depth)
        : throw new ArgumentException(
            $"module '{Description.Top}' describes no memory '{name}'; it has {List(Description.Memories.Select(memory => memory.Name))}");

    public void CheckPoke(PortHandle port, ulong value)
    {
        CheckHandle(port);
        CheckInput(port);
        if (port.Width < 64 && value >> port.Width != 0)
        {
            throw new ArgumentException($"0x{value:x} does not fit into port '{Ports[port.Index].Name}' of {port.Width} bits");
        }
    }

    public void CheckPoke(PortHandle port, ReadOnlySpan<ulong> words)
    {
        CheckHandle(port);
        CheckInput(port);
        CheckLength(port, words.Length);
        if (!BitWords.Fits(words, port.Width))
        {
            throw new ArgumentException($"the value does not fit into port '{Ports[port.Index].Name}' of {port.Width} bits");
        }
    }

    public void CheckNarrow(PortHandle port)
    {
        CheckHandle(port);
        if (port.Width > 64)
        {
            throw new ArgumentException($"port '{Ports[port.Index].Name}' has {port.Width} bits: read it into {port.Words} words");
        }
    }

    public void CheckLength(PortHandle port, int words)
    {
        CheckHandle(port);
        if (words != port.Words)
        {
            throw new ArgumentException($"port '{Ports[port.Index].Name}' of {port.Width} bits takes {port.Words} words, not {words}");
        }
    }

    public void CheckClock(PortHandle clock, long cycles)
    {
        CheckHandle(clock);
        ArgumentOutOfRangeException.ThrowIfNegative(cycles);
        if (!_isClock[clock.Index])
        {
            throw new ArgumentException($"port '{Ports[clock.Index].Name}' is no clock; the clocks are {List(Description.Clocks)}");
        }
    }

    public void CheckSequence(StepSequence plan, ReadOnlySpan<ulong> inputs, int outputs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        CheckClock(plan.Clock, plan.Cycles);
        if (inputs.Length != (long)rows * plan.InputWords || outputs != (long)rows * plan.OutputWords)
        {
            throw new ArgumentException(
                $"{rows} rows of {plan.InputWords} input and {plan.OutputWords} output words do not have {inputs.Length} and {outputs} words");
        }

        foreach (var port in plan.Outputs)
        {
            CheckHandle(port);
        }

        var position = 0;
        foreach (var port in plan.Inputs)
        {
            CheckHandle(port);
            CheckInput(port);
            position += port.Words;
            var beyond = ~BitWords.TopMask(port.Width);
            for (var row = 0; beyond != 0 && row < rows; row++)
            {
                if ((inputs[(row * plan.InputWords) + position - 1] & beyond) != 0)
                {
                    throw new ArgumentException($"row {row}: the value does not fit into port '{Ports[port.Index].Name}' of {port.Width} bits");
                }
            }
        }
    }

    /// <summary>Checks a range of a memory and returns how many of its words it has.</summary>
    public int CheckMemory(MemoryHandle memory, int firstWord, int length)
    {
        if ((uint)memory.Index >= (uint)Description.Memories.Count)
        {
            throw new ArgumentException("the memory does not belong to this simulator");
        }

        var words = length / memory.Words;
        if (words * memory.Words != length || firstWord < 0 || words > memory.Depth - firstWord)
        {
            throw new ArgumentException(
                $"memory '{Description.Memories[memory.Index].Name}' has {memory.Depth} words of {memory.Words} numbers: "
                + $"{length} numbers from word {firstWord} on do not fit");
        }

        return words;
    }

    /// <summary>Checks words that are to be loaded and returns how many words of the memory they are.</summary>
    public int CheckMemory(MemoryHandle memory, int firstWord, ReadOnlySpan<ulong> words)
    {
        var count = CheckMemory(memory, firstWord, words.Length);
        for (var word = 0; word < count; word++)
        {
            if (!BitWords.Fits(words.Slice(word * memory.Words, memory.Words), memory.Width))
                throw new ArgumentException($"word {firstWord + word} does not fit into {memory.Width} bits");
        }

        return count;
    }

    private void CheckHandle(PortHandle port)
    {
        if ((uint)port.Index >= (uint)Ports.Length || Ports[port.Index].Width != port.Width)
        {
            throw new ArgumentException("the port does not belong to this simulator");
        }
    }

    private void CheckInput(PortHandle port)
    {
        if (Ports[port.Index].Direction != PortDirection.Input)
        {
            throw new ArgumentException($"port '{Ports[port.Index].Name}' is an output: only inputs can be set");
        }
    }

    private static string List(IEnumerable<string> names)
    {
        var list = string.Join(", ", names);
        return list.Length == 0 ? "none" : list;
    }
}
