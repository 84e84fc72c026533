using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Two words of a stream, first in first out: ready and valid come from registers, and a word a cycle goes through.</summary>
/// <param name="width">Bits of a word.</param>
/// <param name="canClear">Whether it can be emptied.</param>
public sealed class StreamBuffer(int width, bool canClear = false) : Module(FormattableString.Invariant($"w{width}") + (canClear ? "_clear" : string.Empty))
{
    /// <summary>1 to empty it: what it holds is lost.</summary>
    public Input? Clear { get; } = canClear ? new(1) : null;

    /// <summary>The word that comes.</summary>
    public Input From { get; } = new(width);

    /// <summary>1 when one comes.</summary>
    public Input FromValid { get; } = new(1);

    /// <summary>1 when there is room.</summary>
    public Output FromReady { get; } = new(1);

    /// <summary>The word that goes.</summary>
    public Output To { get; } = new(width);

    /// <summary>1 when one is there.</summary>
    public Output ToValid { get; } = new(1);

    /// <summary>1 when it is taken.</summary>
    public Input ToReady { get; } = new(1);

    /// <inheritdoc/>
    protected override void Build()
    {
        Register(out var head, width);
        Register(out var tail, width);
        Register(out var hasHead, 1, reset: 0);
        Register(out var hasTail, 1, reset: 0);
        // It is ready only behind a reset, when the first clock has come.
        Register(out var awake, Constant(1, 1), reset: 0);
        Wire(out var ready, awake & ~hasTail);
        Wire(out var takes, FromValid & ready);
        Wire(out var gives, hasHead & ToReady);
        When(gives, () =>
        {
            hasHead.Drive(hasTail);
            head.Drive(tail);
            hasTail.Drive(0);
        });
        When(takes & (~hasHead | gives), () =>
        {
            head.Drive(From);
            hasHead.Drive(1);
        });
        When(takes & hasHead & ~gives, () =>
        {
            tail.Drive(From);
            hasTail.Drive(1);
        });
        if (Clear is { } clear)
        {
            When(clear, () =>
            {
                hasHead.Drive(0);
                hasTail.Drive(0);
            });
        }

        FromReady.Drive(ready);
        To.Drive(head);
        ToValid.Drive(hasHead);
    }
}
