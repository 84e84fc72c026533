using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Whether the keys of a store count, and the erasing of the store: zeroize ends their validity in one cycle, then every word is written with zeros, one a
/// cycle, and read once. Reset does the same.
/// </summary>
/// <param name="words">Words of the store.</param>
public sealed class KeySweep(int words) : Module(FormattableString.Invariant($"w{words}"))
{
    /// <summary>1 to erase all keys; at any time.</summary>
    public Input Zeroize { get; } = new(1);

    /// <summary>1 when a key is written: from then on keys count. Ignored while the store is erased.</summary>
    public Input Write { get; } = new(1);

    /// <summary>1 when keys count; otherwise every key reads 0.</summary>
    public Output KeysValid { get; } = new(1);

    /// <summary>1 while the store is erased and takes no key.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 to write zeros.</summary>
    public Output Clear { get; } = new(1);

    /// <summary>Where.</summary>
    public Output ClearAddress { get; } = new(Widths.Index(words));

    /// <inheritdoc/>
    protected override void Build()
    {
        Register(out var clearing, 1, reset: 1);
        Register(out var settling, 1, reset: 0);
        Register(out var address, Widths.Index(words), reset: 0);
        Register(out var keysValid, 1, reset: 0);
        Wire(out var busy, clearing | settling);

        // The last cycle reads: no output of a memory keeps a word that was there before.
        settling.Drive(clearing & address.EqualTo(words - 1));
        When(clearing, () => address.Drive(address + 1));
        When(clearing & address.EqualTo(words - 1), () => clearing.Drive(0));
        When(Write & ~busy, () => keysValid.Drive(1));
        When(Zeroize, () =>
        {
            keysValid.Drive(0);
            clearing.Drive(1);
            settling.Drive(0);
            address.Drive(0);
        });
        KeysValid.Drive(keysValid);
        Busy.Drive(busy);
        Clear.Drive(clearing);
        ClearAddress.Drive(address);
    }
}
