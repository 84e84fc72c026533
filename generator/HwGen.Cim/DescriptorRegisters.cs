using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The layer descriptor: one register a field, written by the host while the sequencer is idle.</summary>
/// <param name="configuration">The widths of the fields.</param>
public sealed class DescriptorRegisters(ArrayConfiguration configuration) : Module
{
    /// <summary>1 to write a field.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The field: its place in <see cref="DescriptorLayout.Fields"/>.</summary>
    public Input Address { get; } = new(DescriptorLayout.AddressBits);

    /// <summary>The value, in the low bits.</summary>
    public Input WriteData { get; } = new(32);

    /// <summary>The fields.</summary>
    public IReadOnlyList<Output> Fields { get; } =
        [.. DescriptorLayout.FieldsOf(configuration).Select(f => new Output(f.Width(configuration), Names.ToSnakeCase(f.ToString())))];

    /// <summary>The port of a field.</summary>
    internal Output Of(DescriptorField field) => Fields[DescriptorLayout.FieldsOf(configuration).ToList().IndexOf(field)];

    /// <inheritdoc/>
    protected override void Build()
    {
        var widest = DescriptorLayout.FieldsOf(configuration).Max(f => f.Width(configuration));
        if (widest < 32)
        {
            Discard(WriteData.Bits(widest, 32 - widest));
        }

        foreach (var field in DescriptorLayout.FieldsOf(configuration))
        {
            var port = Of(field);
            Register(out var register, port.Width, reset: 0, name: port.Name);
            When(Write & Address.EqualTo((int)field), () => register.Drive(WriteData.Truncate(port.Width)));
            port.Drive(register);
        }
    }
}
