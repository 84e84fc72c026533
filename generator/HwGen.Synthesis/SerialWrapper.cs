using System.Globalization;
using System.Text.Json;
using HwGen.Templates;
using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>A port of a module that is wrapped.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsInput">True for an input.</param>
/// <param name="Width">Its bits.</param>
public sealed record ModulePort(string Name, bool IsInput, int Width);

/// <summary>
/// A module with four pins around one that has too many: inputs come out of a shift register, outputs go into another. Every port of the design
/// stays registered and in use, so that nothing of it is optimised away.
/// </summary>
public static class SerialWrapper
{
    /// <summary>Writes the wrapper.</summary>
    /// <param name="name">The wrapper's module name.</param>
    /// <param name="design">The module inside.</param>
    /// <param name="ports">Its ports, the clock and the reset among them.</param>
    public static string Write(string name, string design, IReadOnlyList<ModulePort> ports)
    {
        ArgumentNullException.ThrowIfNull(ports);
        var inputs = Placed(ports.Where(port => port.IsInput && !IsClock(port.Name)));
        var outputs = Placed(ports.Where(port => !port.IsInput));
        if (inputs.Bits == 0 || outputs.Bits == 0)
            throw new InputException(new InputError("has no inputs or no outputs: there is nothing to shift in or out") { Key = "module", Value = design });
        var clock = ports.FirstOrDefault(port => IsClock(port.Name));
        return TextTemplates.Render("synthesis/serial_wrapper.v.hbs", new
        {
            name,
            design,
            clock = clock?.Name ?? string.Empty,
            inputBits = inputs.Bits,
            outputBits = outputs.Bits,
            lastInput = inputs.Bits - 1,
            lastOutput = outputs.Bits - 1,
            inputs = inputs.Ports,
            outputs = outputs.Ports,
        });
    }

    /// <summary>Reads the ports of a module from the JSON netlist of Yosys.</summary>
    internal static IReadOnlyList<ModulePort> PortsOf(string json, string module)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("modules").GetProperty(module).GetProperty("ports").EnumerateObject()
            .Select(port => new ModulePort(port.Name, port.Value.GetProperty("direction").GetString() == "input", port.Value.GetProperty("bits").GetArrayLength()))];
    }

    private static bool IsClock(string name) => name is "clock" or "aclk" or "clk";

    private static (IReadOnlyList<object> Ports, int Bits) Placed(IEnumerable<ModulePort> ports)
    {
        var placed = new List<object>();
        var low = 0;
        foreach (var port in ports)
        {
            placed.Add(new { port = port.Name, part = string.Create(CultureInfo.InvariantCulture, $"[{low + port.Width - 1}:{low}]") });
            low += port.Width;
        }
        return (placed, low);
    }
}
