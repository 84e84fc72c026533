namespace HwGen.Netlist;

/// <summary>A memory: see <see cref="MemoryInfo"/> for what a read and a write do.</summary>
public sealed class Memory
{
    private readonly Elaboration _elaboration;
    private readonly ModuleGraph _graph;
    private readonly int _index;
    private readonly Module _module;

    internal Memory(Elaboration elaboration, ModuleGraph graph, int index, Module module)
    {
        _elaboration = elaboration;
        _graph = graph;
        _index = index;
        _module = module;
    }

    internal ClockDomain Domain => Info.Domain;

    private MemoryInfo Info => _graph.MemoryList[_index];

    /// <summary>Bits of an address: ⌈log2 depth⌉, at least 1.</summary>
    public int AddressWidth => Widths.Index(Info.Depth);

    /// <summary>The word at an address, at once. Register it for a synchronous read.</summary>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    public Signal Read(Signal address)
    {
        CheckAddress(address);
        return new Signal(_elaboration, _graph, _graph.Add(NodeKind.MemoryRead, Info.Width, _index, [address.Node]));
    }

    /// <summary>Adds a write port; inside <see cref="Module.When"/> it writes only where the condition holds.</summary>
    /// <param name="enable">1 bit.</param>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    /// <param name="data">Of the word's width.</param>
    public void Write(Signal enable, Signal address, Signal data)
    {
        CheckAddress(address);
        _elaboration.CheckWidth(_graph, enable, 1, "a write enable");
        _elaboration.CheckWidth(_graph, data, Info.Width, "a word");
        var condition = _module.Condition;
        var gated = condition < 0 ? enable.Node : _graph.Add(NodeKind.And, 1, 0, [condition, enable.Node]);
        foreach (var node in (ReadOnlySpan<int>)[gated, address.Node, data.Node])
        {
            _graph.MarkRead(node);
        }

        Info.WriteList.Add(new MemoryWrite(gated, address.Node, data.Node));
    }

    private void CheckAddress(Signal address)
    {
        if (_elaboration.IsLocal(_graph, address) && address.Width != AddressWidth)
        {
            _elaboration.Forgive(address);
            _elaboration.Report(
                DiagnosticCodes.MemoryAddress, _graph, $"an address of {address.Width} bits for memory {Info.Name} of {Info.Depth} words", $"use {AddressWidth} bits");
        }
    }
}

/// <summary>
/// A memory whose words are written in lanes, each with an enable of its own (byte enables): one <see cref="Memory"/> a lane, named
/// after the lane's number, which is what block RAMs take.
/// </summary>
public sealed class MaskedMemory
{
    private readonly Memory[] _lanes;
    private readonly int _laneWidth;

    internal MaskedMemory(Memory[] lanes, int laneWidth)
    {
        _lanes = lanes;
        _laneWidth = laneWidth;
    }

    /// <summary>Bits of an address: ⌈log2 depth⌉, at least 1.</summary>
    public int AddressWidth => _lanes[0].AddressWidth;

    internal ClockDomain Domain => _lanes[0].Domain;

    /// <summary>The number of lanes, and of enables of a write.</summary>
    public int Lanes => _lanes.Length;

    /// <summary>The word at an address, at once.</summary>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    public Signal Read(Signal address)
    {
        var word = _lanes[^1].Read(address);
        for (var lane = _lanes.Length - 2; lane >= 0; lane--)
        {
            word = word.Concatenate(_lanes[lane].Read(address));
        }

        return word;
    }

    /// <summary>Adds a write port; inside <see cref="Module.When"/> it writes only where the condition holds.</summary>
    /// <param name="enables">One bit a lane, the lowest for the lowest bits of the word.</param>
    /// <param name="address">Of <see cref="AddressWidth"/> bits.</param>
    /// <param name="data">Of the word's width.</param>
    public void Write(Signal enables, Signal address, Signal data)
    {
        for (var lane = 0; lane < _lanes.Length; lane++)
        {
            _lanes[lane].Write(enables[lane], address, data.Bits(lane * _laneWidth, _laneWidth));
        }
    }
}

/// <summary>What a registered read gives of a word that is written at the same rising edge.</summary>
public enum ReadMode
{
    /// <summary>The word before the write (read-first).</summary>
    OldWord,

    /// <summary>
    /// The word after the write (write-first). The register holds the address: while the read is not enabled, a later write
    /// to that address shows too.
    /// </summary>
    NewWord,
}
