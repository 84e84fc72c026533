using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace HwGen.Netlist.Json;

/// <summary>
/// Writes a design as the JSON netlist of Yosys (<c>read_json</c>): word-level cells such as <c>$add</c>, <c>$dff</c> and
/// <c>$mem_v2</c>, a number a bit. Properties become <c>$assert</c>, <c>$assume</c> and <c>$cover</c> cells.
/// </summary>
public static class YosysJson
{
    /// <summary>The whole netlist; black boxes are modules with the attribute <c>blackbox</c>.</summary>
    public static string Write(Design design)
    {
        ArgumentNullException.ThrowIfNull(design);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("creator", "HwGen");
            json.WriteStartObject("modules");
            foreach (var module in design.Modules)
            {
                json.WriteStartObject(module.BlackBox?.ModuleName ?? module.Name);
                new YosysModule(module, json).Write(isTop: ReferenceEquals(module, design.Top));
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A value as Yosys writes parameters: binary digits, the most significant first.</summary>
    internal static string Binary(BigInteger value, int width)
    {
        var text = new StringBuilder(width);
        for (var bit = width - 1; bit >= 0; bit--)
        {
            text.Append(((value >> bit) & 1).IsZero ? '0' : '1');
        }

        return text.ToString();
    }

    internal static string Decimal(int value) => Binary(value, 32);

    internal static string Name(params object[] parts) => string.Join('$', parts.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture)));
}
