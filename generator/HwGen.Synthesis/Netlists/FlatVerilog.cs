using System.Globalization;
using System.Text;

namespace HwGen.Synthesis.Netlists;

/// <summary>
/// Writes a netlist as plainly as Verilog can be: instances, bits, one assignment for each output bit that has another name. Older tools lose what is written in other ways: OpenSTA 2.0.17
/// skips an assignment whose left side is a concatenation, and every instance with parameters.
/// </summary>
internal static class FlatVerilog
{
    /// <summary>The text of a netlist.</summary>
    public static string Of(MappedNetlist netlist)
    {
        var text = new StringBuilder();
        var ports = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bit in netlist.Ports.SelectMany(Own))
            ports.Add(bit);
        text.Append(CultureInfo.InvariantCulture, $"module {netlist.Top} ({string.Join(", ", netlist.Ports.Select(port => port.Name))});\n");
        foreach (var port in netlist.Ports)
        {
            text.Append(port.IsInput ? "  input " : "  output ");
            if (port.Bits.Count > 1)
                text.Append(CultureInfo.InvariantCulture, $"[{port.Bits.Count - 1}:0] ");
            text.Append(CultureInfo.InvariantCulture, $"{port.Name};\n");
        }
        foreach (var instance in netlist.Instances)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {instance.Cell} {(IsPlain(instance.Name) ? instance.Name : $"\\{instance.Name} ")} (");
            text.AppendJoin(", ", instance.Connections.Where(c => c.Value.Count > 0).Select(c => $".{c.Key}({Nets(c.Value)})"));
            text.Append(");\n");
        }
        foreach (var port in netlist.Ports.Where(port => !port.IsInput))
        {
            foreach (var (own, driver) in Own(port).Zip(port.Bits))
            {
                if (own != driver)
                    text.Append(CultureInfo.InvariantCulture, $"  assign {own} = {Net(driver)};\n");
            }
        }
        return text.Append("endmodule\n").ToString();

        string Nets(IReadOnlyList<string> nets) => nets.Count == 1 ? Net(nets[0]) : $"{{ {string.Join(", ", nets.Reverse().Select(Net))} }}";

        string Net(string net) => net.StartsWith("1'b", StringComparison.Ordinal) || ports.Contains(net) || IsPlain(net) ? net : $"\\{net} ";
    }

    /// <summary>The bits of a port by its own names.</summary>
    private static IEnumerable<string> Own(NetlistPort port) => port.Bits.Count == 1
        ? [port.IsInput ? port.Bits[0] : port.Name]
        : Enumerable.Range(0, port.Bits.Count).Select(bit => string.Create(CultureInfo.InvariantCulture, $"{port.Name}[{bit}]"));

    private static bool IsPlain(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
