using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Whether the descriptor describes a layer: no count is 0, and nothing is larger than what is built.</summary>
/// <param name="configuration">What is built.</param>
public sealed class DescriptorCheck(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(configuration, [.. Looked(configuration).Select(rule => rule.Field)]);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when it does.</summary>
    public Output Legal { get; } = new(1);

    /// <summary>Connects the descriptor fields that the check reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var legal = Constant(1, 1);
        foreach (var (field, least, greatest) in Looked(configuration))
        {
            var value = _fields[field];
            if (least > 0)
            {
                legal &= least == 1 ? value.AnyOne() : value.AtLeast(least);
            }

            if (greatest < (1L << value.Width) - 1)
            {
                legal &= value.LessThan(greatest + 1);
            }
        }

        Legal.Drive(legal);
    }

    /// <summary>The rules that the width of a field does not keep by itself.</summary>
    private static IEnumerable<DescriptorRule> Looked(ArrayConfiguration configuration) =>
        DescriptorRules.Of(configuration).Where(rule => rule.Least > 0 || rule.Greatest < (1L << rule.Field.Width(configuration)) - 1);
}
