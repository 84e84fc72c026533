using System.Reflection;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>A port of the top module, as documents show it.</summary>
/// <param name="Name">Its name in Verilog.</param>
/// <param name="Direction"><c>input</c> or <c>output</c>.</param>
/// <param name="Width">Bits.</param>
/// <param name="Meaning">What it is for.</param>
public sealed record CorePort(string Name, string Direction, int Width, string Meaning);

/// <summary>A field of the layer descriptor, as documents show it.</summary>
/// <param name="Address">Where the host writes it.</param>
/// <param name="Name">Its name in program files.</param>
/// <param name="Width">Bits.</param>
/// <param name="Meaning">What it is for.</param>
public sealed record CoreField(int Address, string Name, int Width, string Meaning);

/// <summary>What the netlist and the documentation of its classes know of a core: ports, descriptor fields, counts.</summary>
/// <param name="Ports">The ports of the top module, the clock and the reset first.</param>
/// <param name="Fields">The descriptor fields in order of their addresses.</param>
/// <param name="RegisterBits">Bits of all registers, every instance counted.</param>
/// <param name="MemoryBits">Bits of all memories, every instance counted.</param>
public sealed record CoreDescription(IReadOnlyList<CorePort> Ports, IReadOnlyList<CoreField> Fields, long RegisterBits, long MemoryBits)
{
    /// <summary>
    /// How the names of registers begin that the host writes only while the core is idle, and that keep their value while it is busy: the layer's descriptor. A start comes in the cycle after the last of
    /// them at the earliest and they are first read in the cycle after that, so that paths from them have two cycles at least.
    /// </summary>
    public static IReadOnlyList<string> StaticRegisters { get; } = ["descriptor.", "descriptor_"];

    /// <summary>Describes a core.</summary>
    public static CoreDescription Of(GeneratedCore core)
    {
        ArgumentNullException.ThrowIfNull(core);
        var top = core.Design.Top;
        var meanings = core.Configuration.HasBus ? BusMeanings(core) : new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in typeof(Core).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            meanings[Names.ToSnakeCase(property.Name)] = ModuleSummaries.Of(property);
        }

        var ports = new List<CorePort>();
        foreach (var domain in top.Domains)
        {
            ports.Add(new CorePort(domain.Clock, "input", 1, "The clock; everything changes at its rising edge."));
            if (top.UsesReset(domain))
            {
                ports.Add(new CorePort(domain.Reset, "input", 1, $"The reset, active low, {(domain.IsAsynchronous ? "asynchronous" : "synchronous")}; at least one cycle."));
            }
        }

        ports.AddRange(top.Ports.Select(port => new CorePort(port.Name, port.IsInput ? "input" : "output", port.Width, meanings.GetValueOrDefault(port.Name, string.Empty))));
        var fields = DescriptorLayout.FieldsOf(core.Configuration).Select(field => new CoreField(
            (int)field, System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(field.ToString()), field.Width(core.Configuration),
            ModuleSummaries.Of(typeof(DescriptorField).GetField(field.ToString())!)));
        var counts = Count(top, []);
        return new CoreDescription(ports, [.. fields], counts.Registers, counts.Memories);
    }

    /// <summary>The ports of bundles are named after both: what they mean stands with the bundle.</summary>
    private static Dictionary<string, string> BusMeanings(GeneratedCore core)
    {
        var meanings = new Dictionary<string, string>(StringComparer.Ordinal) { ["interrupt_request"] = ModuleSummaries.Of(typeof(BusCore).GetProperty(nameof(BusCore.InterruptRequest))!) };
        Bundle[] bundles = [new AxiLite(BundleSide.Sink), new AxiStream(BundleSide.Sink, hasLast: true), new Wishbone(BundleSide.Sink)];
        foreach (var bundle in bundles)
        {
            foreach (var property in bundle.GetType().GetProperties().Where(p => p.PropertyType == typeof(Port)))
            {
                var name = ((Port)property.GetValue(bundle)!).Name;
                foreach (var port in core.Design.Top.Ports.Where(port => port.Name.EndsWith("_" + name, StringComparison.Ordinal)))
                {
                    meanings[port.Name] = ModuleSummaries.Of(property);
                }
            }
        }

        return meanings;
    }

    private static (long Registers, long Memories) Count(ModuleGraph module, Dictionary<ModuleGraph, (long, long)> known)
    {
        if (known.TryGetValue(module, out var found))
        {
            return found;
        }

        var counts = (Registers: module.Registers.Sum(r => (long)r.Width), Memories: module.Memories.Sum(m => (long)m.Width * m.Depth));
        foreach (var instance in module.Instances)
        {
            var (registers, memories) = Count(instance.Module, known);
            counts = (counts.Registers + registers, counts.Memories + memories);
        }

        known.Add(module, counts);
        return counts;
    }
}
