using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>Those fields of the descriptor that a block reads, as input ports of their names.</summary>
internal static class DescriptorPorts
{
    public static IReadOnlyDictionary<DescriptorField, Input> Of(ArrayConfiguration configuration, params ReadOnlySpan<DescriptorField> fields)
    {
        var ports = new SortedDictionary<DescriptorField, Input>();
        foreach (var field in fields)
        {
            ports.Add(field, new Input(field.Width(configuration), Names.ToSnakeCase(field.ToString())));
        }

        return ports;
    }

    public static void Drive(IReadOnlyDictionary<DescriptorField, Input> ports, DescriptorRegisters registers)
    {
        foreach (var (field, port) in ports)
        {
            port.Drive(registers.Of(field));
        }
    }
}
