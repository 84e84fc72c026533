using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The flags of the filters: valid, which the host writes and reads and which alone says that a filter is alive; over the limit; to go.
/// </summary>
/// <param name="configuration">Filters, and whether similar partners are counted.</param>
public sealed class FilterFlags(ArrayConfiguration configuration) : Module(Name(configuration))
{
    private readonly SimilarityWidths _widths = new(configuration);

    /// <summary>1 for the host to write 32 valid bits.</summary>
    public Input Write { get; } = new(1);

    /// <summary>Which 32 bits the host writes or reads.</summary>
    public Input Address { get; } = new(new SimilarityWidths(configuration).ValidAddressBits);

    /// <summary>The bits.</summary>
    public Input WriteData { get; } = new(32);

    /// <summary>The valid bits at the address, one cycle later.</summary>
    public Output ReadData { get; } = new(32);

    /// <summary>1 to begin: no filter is over the limit or to go.</summary>
    public Input? Start { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>1 when a filter is over the limit.</summary>
    public Input? SetOver { get; } = HasKeepOne(configuration) ? new(1) : null;

    /// <summary>That filter.</summary>
    public Input? OverFilter { get; } = HasKeepOne(configuration) ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>1 when a filter is to go.</summary>
    public Input? SetGoing { get; } = configuration.Similarity!.HasStatistics ? new(1) : null;

    /// <summary>That filter.</summary>
    public Input? GoingFilter { get; } = configuration.Similarity!.HasStatistics ? new(new SimilarityWidths(configuration).FilterBits) : null;

    /// <summary>1 when a filter is pruned.</summary>
    public Input Prune { get; } = new(1);

    /// <summary>That filter.</summary>
    public Input PrunedFilter { get; } = new(new SimilarityWidths(configuration).FilterBits);

    /// <summary>One bit a filter: alive.</summary>
    public Output Valid { get; } = new(configuration.Similarity!.Filters);

    /// <summary>One bit a filter: over the limit.</summary>
    public Output? Over { get; } = HasKeepOne(configuration) ? new(configuration.Similarity!.Filters) : null;

    /// <summary>One bit a filter: to go.</summary>
    public Output? Going { get; } = configuration.Similarity!.HasStatistics ? new(configuration.Similarity!.Filters) : null;

    private static bool HasKeepOne(ArrayConfiguration configuration) => configuration.Similarity!.Rules.Contains(SimilarityRule.KeepOne);

    /// <inheritdoc/>
    protected override void Build()
    {
        var filters = _widths.Unit.Filters;
        Register(out var valid, filters, reset: 0);
        When(Prune, () => valid.Drive(valid & ~Constant(1, filters).ShiftLeft(PrunedFilter)));

        // The host sees words; bits beyond the filters are 0.
        var written = new Signal[_widths.ValidWords];
        var words = new Signal[_widths.ValidWords];
        for (var word = 0; word < words.Length; word++)
        {
            var width = Math.Min(32, filters - (32 * word));
            Signal present = valid.Bits(32 * word, width);
            words[word] = present.ZeroExtend(32);
            written[words.Length - 1 - word] = words.Length == 1 ? WriteData.Truncate(width) : Choose(Address.EqualTo(word), WriteData.Truncate(width), present);
        }

        if (filters < 32)
        {
            Discard(WriteData.Bits(filters, 32 - filters));
        }

        if (words.Length == 1)
        {
            Discard(Address);
        }

        When(Write, () => valid.Drive(Concatenate(written)));
        Register(out var readData, Select(Address, words));
        ReadData.Drive(readData);
        Valid.Drive(valid);
        if (Going is not null)
        {
            Register(out var going, filters);
            When(SetGoing!, () => going.Drive(going | Constant(1, filters).ShiftLeft(GoingFilter!)));
            When(Start!, () => going.Drive(0));
            Going.Drive(going);
        }

        if (Over is not null)
        {
            Register(out var over, filters);
            When(SetOver!, () => over.Drive(over | Constant(1, filters).ShiftLeft(OverFilter!)));
            When(Start!, () => over.Drive(0));
            Over.Drive(over);
        }
    }

    private static string Name(ArrayConfiguration configuration) =>
        FormattableString.Invariant($"f{configuration.Similarity!.Filters}")
        + (HasKeepOne(configuration) ? "_keep_one" : configuration.Similarity.HasStatistics ? "_paper" : string.Empty);
}
