using System.Numerics;
using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <content>Memories and clock crossings.</content>
public abstract partial class Module
{
    /// <summary>Declares a memory.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="depth">Its number of words.</param>
    /// <param name="width">Bits of a word.</param>
    /// <param name="domain">The clock of its writes; the module's when null.</param>
    /// <param name="name">Its name; from the argument when null.</param>
    /// <param name="initial">Its words at power-up, from address 0; missing ones are 0. Null: they are not set. Few ASIC flows keep them.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void Memory(out Memory memory, int depth, int width, ClockDomain? domain = null, string? name = null, IReadOnlyList<BigInteger>? initial = null,
        [CallerArgumentExpression(nameof(memory))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var location = new SourceLocation(file, line);
        if (depth < 1 || width < 1)
        {
            Elaboration.Report(DiagnosticCodes.Size, Graph, FormattableString.Invariant($"a memory of {depth} words of {width} bits"), "both are at least 1", location);
        }

        memory = NewMemory(depth, width, domain, Scoped(name ?? Names.FromOutArgument(argument)), location, Within(initial, depth, location));
    }

    /// <summary>Declares a memory with a write enable for each lane of a word.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="depth">Its number of words.</param>
    /// <param name="width">Bits of a word: a multiple of <paramref name="laneWidth"/>.</param>
    /// <param name="laneWidth">Bits of a lane: 8 for byte enables.</param>
    /// <param name="domain">The clock of its writes; the module's when null.</param>
    /// <param name="name">Its name; from the argument when null. Lane 2 is named <c>name_2</c>.</param>
    /// <param name="initial">Its whole words at power-up, from address 0; missing ones are 0. Null: they are not set.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void MaskedMemory(out MaskedMemory memory, int depth, int width, int laneWidth = 8, ClockDomain? domain = null, string? name = null, IReadOnlyList<BigInteger>? initial = null,
        [CallerArgumentExpression(nameof(memory))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        var location = new SourceLocation(file, line);
        if (depth < 1 || laneWidth < 1 || width < laneWidth || width % laneWidth != 0)
        {
            Elaboration.Report(
                DiagnosticCodes.Size, Graph, FormattableString.Invariant($"a memory of {depth} words of {width} bits in lanes of {laneWidth}"), "the lane divides the word; all are at least 1", location);
            (depth, width, laneWidth) = (1, 1, 1);
        }

        var stem = Scoped(name ?? Names.FromOutArgument(argument));
        var words = Within(initial, depth, location)?.Select(word => Elaboration.Fit(Graph, word, width)).ToArray();
        var lanes = new Memory[width / laneWidth];
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            var low = lane * laneWidth;
            lanes[lane] = NewMemory(
                depth, laneWidth, domain, FormattableString.Invariant($"{stem}_{lane}"), location, words?.Select(word => (word >> low) & ((BigInteger.One << laneWidth) - 1)).ToArray());
        }

        memory = new MaskedMemory(lanes, laneWidth);
    }

    /// <summary>A registered read of a memory: the word appears after the rising edge.</summary>
    /// <param name="word">The word.</param>
    /// <param name="memory">The memory.</param>
    /// <param name="address">Where to read.</param>
    /// <param name="enable">1 to read; always when null.</param>
    /// <param name="mode">What a word gives that is written at the same edge.</param>
    /// <param name="name">The name of the word; from the argument when null.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void ReadPort(out Signal word, Memory memory, Signal address, Signal? enable = null, ReadMode mode = ReadMode.OldWord, string? name = null,
        [CallerArgumentExpression(nameof(word))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ReadPort(out word, memory.Read, memory.Domain, address, enable, mode, name ?? Names.FromOutArgument(argument), new SourceLocation(file, line));
    }

    /// <inheritdoc cref="ReadPort(out Signal, Memory, Signal, Signal?, ReadMode, string?, string?, string, int)"/>
    protected void ReadPort(out Signal word, MaskedMemory memory, Signal address, Signal? enable = null, ReadMode mode = ReadMode.OldWord, string? name = null,
        [CallerArgumentExpression(nameof(word))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ReadPort(out word, memory.Read, memory.Domain, address, enable, mode, name ?? Names.FromOutArgument(argument), new SourceLocation(file, line));
    }

    /// <summary>States that a value may pass from one clock to another here, and why that is safe.</summary>
    /// <param name="wire">The value, named.</param>
    /// <param name="value">What is read on the other side.</param>
    /// <param name="reason">Why it is safe: it stands in the Verilog as a comment.</param>
    /// <param name="name">The name of the wire; from the argument when null.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void ClockCrossing(out Signal wire, Signal value, string reason, string? name = null,
        [CallerArgumentExpression(nameof(wire))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (string.IsNullOrWhiteSpace(reason))
        {
            Elaboration.Report(DiagnosticCodes.ClockCrossing, Graph, "a clock crossing without a reason", "say why it is safe", new SourceLocation(file, line));
        }

        Wire(out wire, value, name ?? Names.FromOutArgument(argument), file: file, line: line);
        Graph.WireList[^1].CrossingReason = string.Join(' ', (reason ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Takes one bit into another clock domain through registers in a row; the first may become metastable.</summary>
    /// <param name="synchronised">The bit in its new domain, <paramref name="stages"/> rising edges later.</param>
    /// <param name="bit">1 bit, straight from a register of the other domain.</param>
    /// <param name="domain">The new domain.</param>
    /// <param name="stages">Registers in the row, at least 2.</param>
    /// <param name="reset">Their value after reset; null for none.</param>
    /// <param name="name">The name of the last register; from the argument when null.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void Synchronise(out Register synchronised, Signal bit, ClockDomain domain, int stages = 2, BigInteger? reset = null, string? name = null,
        [CallerArgumentExpression(nameof(synchronised))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Elaboration.CheckWidth(Graph, bit, 1, "a synchronised bit", new SourceLocation(file, line));
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 2);
        var stem = name ?? Names.FromOutArgument(argument);
        ClockCrossing(out var crossing, bit, FormattableString.Invariant($"synchronised by {stages} registers"), stem + "_crossing", file: file, line: line);
        var value = crossing;
        for (var stage = 1; stage < stages; stage++)
        {
            Register(out var early, value, reset, domain: domain, name: FormattableString.Invariant($"{stem}_stage_{stage}"), file: file, line: line);
            value = early;
        }

        Register(out synchronised, value, reset, domain: domain, name: stem, file: file, line: line);
    }

    private void ReadPort(out Signal word, Func<Signal, Signal> read, ClockDomain domain, Signal address, Signal? enable, ReadMode mode, string name, SourceLocation location)
    {
        if (mode == ReadMode.OldWord)
        {
            Register(out var held, read(address), enable: enable, domain: domain, name: name, file: location.File, line: location.Line);
            word = held;
            return;
        }

        Register(out var place, address, enable: enable, domain: domain, name: name + "_address", file: location.File, line: location.Line);
        Wire(out word, read(place), name: name, file: location.File, line: location.Line);
    }

    /// <summary>Initial words, none where there are more than the memory has.</summary>
    private IReadOnlyList<BigInteger>? Within(IReadOnlyList<BigInteger>? initial, int depth, SourceLocation location)
    {
        if (initial is null || initial.Count <= Math.Max(depth, 1))
        {
            return initial;
        }

        Elaboration.Report(DiagnosticCodes.Size, Graph, FormattableString.Invariant($"{initial.Count} initial words for a memory of {depth}"), "give at most as many as the memory has", location);
        return null;
    }

    private Memory NewMemory(int depth, int width, ClockDomain? domain, string name, SourceLocation location, IReadOnlyList<BigInteger>? initial)
    {
        var info = new MemoryInfo(name, Math.Max(depth, 1), Math.Max(width, 1), domain ?? Domain, location);
        if (initial is not null)
        {
            info.Initial = [.. initial.Select(word => Elaboration.Fit(Graph, word, info.Width)), .. Enumerable.Repeat(BigInteger.Zero, info.Depth - initial.Count)];
        }

        UseDomain(info.Domain, reset: false);
        Graph.MemoryList.Add(info);
        return new Memory(Elaboration, Graph, Graph.MemoryList.Count - 1, this);
    }
}
