using System.Globalization;

namespace HwGen.Netlist;

/// <summary>
/// A module that is described elsewhere: a vendor's primitive, a memory macro, handwritten Verilog. It has ports and parameters and no logic;
/// the writer instantiates it and writes no file. The loop check takes its outputs as registered: <see cref="Design.NotChecked"/> says so.
/// </summary>
/// <param name="moduleName">Its name in Verilog, exactly.</param>
/// <param name="parameters">Its Verilog parameters: whole numbers and strings.</param>
public abstract class BlackBox(string moduleName, params (string Name, object Value)[] parameters)
    : Module(string.Join('_', parameters.Select(p => Part(p.Value))))
{
    /// <summary>Its clock and reset ports, which no signal drives.</summary>
    protected virtual IReadOnlyList<ClockPort> ClockPorts => [];

    internal BlackBoxInfo Info => new(moduleName, [.. parameters.Select(p => (p.Name, Text(p.Value)))], ClockPorts);

    /// <summary>Nothing: what the module does is described elsewhere.</summary>
    protected sealed override void Build()
    {
        foreach (var port in ClockPorts)
        {
            UseDomain(port.Domain, port.IsReset);
        }

        foreach (var port in HwGen.Netlist.Elaboration.PortsOf(this).OfType<Output>())
        {
            port.Drive(Constant(0, port.Width));
        }
    }

    private static string Part(object value) => string.Concat(Text(value).Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static string Text(object value) => value switch
    {
        string text when !text.Contains('"') && !text.Contains('\\') && !text.Any(char.IsControl) => $"\"{text}\"",
        int or long or uint or byte or short => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw new ArgumentException($"A parameter of a black box is a whole number or a string without quotes; {value} is not.", nameof(value)),
    };
}
