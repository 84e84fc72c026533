using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The integer root ⌊√value⌋, one bit a cycle, by the digit method: what is left of the value, less twice the root so far.</summary>
/// <param name="bits">Bits of the root; the value has twice as many.</param>
public sealed class IntegerRoot(int bits) : Module(FormattableString.Invariant($"b{bits}"))
{
    /// <summary>1 to begin.</summary>
    public Input Start { get; } = new(1);

    /// <summary>The value.</summary>
    public Input Value { get; } = new(2 * bits);

    /// <summary>1 in the cycles in which the root grows by a bit.</summary>
    public Input Step { get; } = new(1);

    /// <summary>The root, after as many steps as it has bits; each step beyond gives a bit behind the binary point, while the bits above fit.</summary>
    public Output Root { get; } = new(bits);

    /// <inheritdoc/>
    protected override void Build()
    {
        // The remainder is at most twice the root; two bits of the value enter below it.
        var width = bits + 2;
        Register(out var rest, 2 * bits);
        Register(out var remainder, width);
        Register(out var root, bits);
        Wire(out var brought, Concatenate(remainder.Truncate(width - 2), rest.Bits((2 * bits) - 2, 2)));
        Wire(out var trial, Concatenate(root, Constant(1, 2)));
        Wire(out var fits, brought.AtLeast(trial));
        When(Step, () =>
        {
            rest.Drive(rest.ShiftLeft(2));
            remainder.Drive(Choose(fits, brought - trial, brought));
            root.Drive(bits == 1 ? fits : Concatenate(root.Truncate(bits - 1), fits));
        });
        When(Start, () =>
        {
            rest.Drive(Value);
            remainder.Drive(0);
            root.Drive(0);
        });
        Root.Drive(root);
        Discard(remainder.Bits(width - 2, 2));
    }
}
