using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The command of the similarity unit: one register for each field that its configuration reads, written by the host while nothing runs.</summary>
/// <param name="configuration">The widths of the fields.</param>
public sealed class SimilarityRegisters(ArrayConfiguration configuration) : Module
{
    private readonly SortedDictionary<SimilarityField, Output> _fields = new(SimilarityLayout.Fields.Where(f => IsBuilt(f, configuration)).ToDictionary(
        f => f, f => new Output(f.Width(configuration), Names.ToSnakeCase(f.ToString()))));

    /// <summary>1 to write a field.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The field: its place in <see cref="SimilarityLayout.Fields"/>.</summary>
    public Input Address { get; } = new(SimilarityLayout.AddressBits);

    /// <summary>The value, in the low bits.</summary>
    public Input WriteData { get; } = new(32);

    /// <summary>The fields that are built, in order of their addresses.</summary>
    public IEnumerable<Output> Command => _fields.Values;

    /// <summary>A field that is built.</summary>
    internal Output this[SimilarityField field] => _fields[field];

    /// <summary>Whether a field is read in a configuration.</summary>
    internal static bool IsBuilt(SimilarityField field, ArrayConfiguration configuration) => field switch
    {
        SimilarityField.Filters or SimilarityField.Limit or SimilarityField.Mantissa or SimilarityField.Exponent or SimilarityField.Threshold =>
            configuration.Similarity!.HasStatistics,
        SimilarityField.Quota => configuration.Similarity!.Rules.Contains(SimilarityRule.Quota),
        SimilarityField.Tiles or SimilarityField.GroupsPerTile => new SimilarityWidths(configuration).LargestTiles > 1,
        _ => true,
    };

    /// <inheritdoc/>
    protected override void Build()
    {
        var widest = _fields.Values.Max(port => port.Width);
        if (widest < 32)
        {
            Discard(WriteData.Bits(widest, 32 - widest));
        }

        foreach (var (field, port) in _fields)
        {
            Register(out var register, port.Width, reset: 0, name: port.Name);
            When(Write & Address.EqualTo((int)field), () => register.Drive(WriteData.Truncate(port.Width)));
            port.Drive(register);
        }
    }
}
