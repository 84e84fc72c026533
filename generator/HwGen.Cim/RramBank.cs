using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// A bank of 1T1R resistive cells with its word, bit and source lines; synthesis takes it from elsewhere. In a cycle one word is pulsed or read: a bit line sets its cell to
/// 1, a source line resets it to 0; without a pulse the word is read, and stands at the output from the next cycle on. Reads are exact.
/// </summary>
/// <remarks>
/// The behavioural model fails as it is told by memories that a test bench writes, all 0 at power-up: <c>stuck</c> and <c>stuck_values</c> (cells that read one value whatever is
/// done), <c>failure_rate</c> (a pulse leaves a cell as it was with this probability · 2^20, each cell for itself), <c>endurance</c> (pulses after which the cells of a word change no
/// more; 0 for no end). <c>wear</c> counts the pulses of each word, and <c>seed</c> is the state of the model's randomness.
/// </remarks>
/// <param name="words">Words.</param>
/// <param name="width">Cells of a word.</param>
public sealed class RramBank(int words, int width) : Module(FormattableString.Invariant($"w{words}_c{width}"))
{
    /// <summary>Bits of the failure rate.</summary>
    public const int RateBits = 20;

    /// <inheritdoc/>
    protected override bool IsExternal => true;

    /// <summary>The word; none for a bank of one word.</summary>
    public Input? WordLine { get; } = words > 1 ? new(Widths.Index(words)) : null;

    /// <summary>1 to pulse a cell to 1.</summary>
    public Input BitLine { get; } = new(width);

    /// <summary>1 to pulse a cell to 0.</summary>
    public Input SourceLine { get; } = new(width);

    /// <summary>The word that was read last.</summary>
    public Output Sense { get; } = new(width);

    /// <inheritdoc/>
    protected override void Build()
    {
        var address = WordLine ?? Constant(0, 1);
        Memory(out var cells, words, width, initial: []);
        Memory(out var stuck, words, width, initial: []);
        Memory(out var stuckValues, words, width, initial: []);
        Memory(out var wear, words, 32, initial: []);
        Memory(out var failureRate, 1, RateBits, initial: []);
        Memory(out var endurance, 1, 32, initial: []);
        Memory(out var seed, 1, 32, initial: []);
        var only = Constant(0, 1);
        Wire(out var pulse, BitLine.AnyOne() | SourceLine.AnyOne());
        Wire(out var old, cells.Read(address));
        Wire(out var worn, wear.Read(address));
        Wire(out var limit, endurance.Read(only));
        Wire(out var isWornOut, limit.AnyOne() & worn.AtLeast(limit));

        // A number of its own for each cell and pulse: a step of a linear generator, mixed by a product.
        Wire(out var state, seed.Read(only));
        Wire(out var rate, failureRate.Read(only));
        seed.Write(pulse, only, (state * Constant(1664525, 32)) + Constant(1013904223, 32));
        Wire(out var fails, width);
        for (var cell = 0; cell < width; cell++)
        {
            using var scope = Scope(FormattableString.Invariant($"cell_{cell}"));
            Wire(out var mixed, (state ^ Constant((uint)((cell + 1) * 0x9E3779B1L), 32)) * Constant(0x85EBCA6B, 32));
            Wire(out var twice, (mixed ^ mixed.Bits(15, 17).ZeroExtend(32)) * Constant(0xC2B2AE35, 32));
            fails.DriveBits(cell, twice.Bits(32 - RateBits, RateBits).LessThan(rate));
            Discard(twice);
        }

        Wire(out var holds, fails | Repeat(isWornOut, width));
        cells.Write(pulse, address, (old | (BitLine & ~holds)) & ~(SourceLine & ~holds));
        wear.Write(pulse, address, worn + 1);
        Wire(out var seen, (old & ~stuck.Read(address)) | (stuckValues.Read(address) & stuck.Read(address)));
        Register(out var word, seen, enable: ~pulse);
        Sense.Drive(word);
    }
}
