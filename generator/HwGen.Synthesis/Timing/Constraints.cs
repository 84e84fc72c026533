using System.Globalization;
using System.Text;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;

namespace HwGen.Synthesis.Timing;

/// <summary>The timing constraints of a netlist, written as SDC: clock, port delays, drivers and loads, false paths of static configuration.</summary>
/// <param name="Clock">The clock's port; null for logic without a clock, which gets a virtual one.</param>
/// <param name="Inputs">The inputs without the clock.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="StaticPins">The clock pins of the flip-flops that hold static configuration, as <c>instance/pin</c>.</param>
/// <param name="Options">Loads, drivers, shares.</param>
/// <param name="DrivingCell">The cell that drives the inputs; null for a transition.</param>
public sealed record Constraints(
    string? Clock, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> StaticPins, SynthesisOptions Options, string? DrivingCell)
{
    /// <summary>Constraints for a netlist of a library: the clock is what the flip-flops' clock pins are connected to.</summary>
    public static Constraints Of(MappedNetlist netlist, CellLibrary library, SynthesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(netlist);
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(options);
        var inputs = netlist.Ports.Where(port => port.IsInput).ToList();
        var clocks = new Dictionary<string, int>(StringComparer.Ordinal);
        var isStatic = new List<string>();
        foreach (var instance in netlist.Instances)
        {
            if (library.Find(instance.Cell) is not { State: { } state } cell)
                continue;
            foreach (var pin in state.Clock.Inputs)
            {
                if (instance.Net(pin) is { } net)
                    clocks[net] = clocks.GetValueOrDefault(net) + 1;
                if (cell.Outputs.Any(output => instance.Net(output.Name) is { } q && options.StaticRegisters.Any(name => q.StartsWith(name, StringComparison.Ordinal))))
                    isStatic.Add($"{instance.Name}/{pin}");
            }
        }

        // A design of ours has one clock; of several the one that most flip-flops take, the first in alphabetical order of equals.
        var clock = clocks.Where(c => inputs.Any(port => port.Name == c.Key)).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).FirstOrDefault().Key;
        var driver = options.DrivingCell ?? (clock is null ? null : library.StrongestInverter?.Name);
        return new Constraints(
            clock, [.. inputs.Select(port => port.Name).Where(name => name != clock)], [.. netlist.Ports.Where(port => !port.IsInput).Select(port => port.Name)],
            isStatic, options, driver)
        {
            Wide = netlist.Ports.Where(port => port.Bits.Count > 1 || port.Bits is [var bit] && port.IsInput && bit != port.Name).Select(port => port.Name).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The constraints for a clock period.</summary>
    /// <param name="period">Nanoseconds, or a Tcl expression for them.</param>
    public string ToSdc(string period)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"create_clock -name {Clock ?? "virtual_clock"} -period {period}{(Clock is null ? string.Empty : $" [get_ports {{{Clock}}}]")}\n");
        var delay = Options.PortShare == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"[expr {{{period} * {Options.PortShare}}}]");
        var name = Clock ?? "virtual_clock";
        if (Inputs.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"set_input_delay {delay} -clock {name} [get_ports {{{Patterns(Inputs)}}}]\n");
            text.Append(DrivingCell is { } cell
                ? $"set_driving_cell -lib_cell {cell} [get_ports {{{Patterns(Inputs)}}}]\n"
                : string.Create(CultureInfo.InvariantCulture, $"set_input_transition {Options.InputTransition} [get_ports {{{Patterns(Inputs)}}}]\n"));
        }
        if (Outputs.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"set_output_delay {delay} -clock {name} [get_ports {{{Patterns(Outputs)}}}]\n");
            text.Append(CultureInfo.InvariantCulture, $"set_load {Options.OutputLoad} [get_ports {{{Patterns(Outputs)}}}]\n");
        }
        if (StaticPins.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"set_false_path -from [get_pins {{{string.Join(' ', StaticPins)}}}]\n");
        return text.ToString();
    }

    /// <summary>A port of several bits is named by all its bits.</summary>
    private string Patterns(IReadOnlyList<string> ports) => string.Join(' ', ports.Select(port => Wide.Contains(port) ? port + "[*]" : port));

    /// <summary>The ports of several bits.</summary>
    internal IReadOnlySet<string> Wide { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
