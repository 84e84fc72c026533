using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HwGen.Mutation.Tests.Equivalents;

/// <summary>
/// A module by itself: what its memories and instances give is free, and what they are given is looked at. Two modules that give the same memories and instances the same, whatever comes from them, have the same outputs with them in place: what is in
/// them begins equal, and nothing in a netlist depends on itself within a cycle.
/// </summary>
internal static partial class BoxedModule
{
    /// <summary>How the names of its ports begin that were those of memories and instances.</summary>
    public const string Prefix = "box_";

    /// <summary>Takes the memories and instances out of a module.</summary>
    /// <param name="json">The design as Yosys writes it (<c>write_json</c>), its memories as cells.</param>
    /// <param name="top">The module.</param>
    /// <returns>The module alone, in the same form.</returns>
    public static string Of(string json, string top)
    {
        var design = JsonNode.Parse(json)!.AsObject();
        var module = design["modules"]![top]!.DeepClone().AsObject();
        var (ports, cells) = (module["ports"]!.AsObject(), module["cells"]!.AsObject());
        foreach (var (name, cell) in cells.Where(cell => IsBox(cell.Value!["type"]!.GetValue<string>())).ToList())
        {
            foreach (var (port, bits) in cell!["connections"]!.AsObject().Where(port => port.Value!.AsArray().Count > 0 && port.Key is not ("RD_CLK" or "WR_CLK")))
            {
                var isInput = cell["port_directions"]![port]!.GetValue<string>() == "input";
                ports[NoLetter().Replace($"{Prefix}{name}_{port}", "_")] = new JsonObject { ["direction"] = isInput ? "output" : "input", ["bits"] = bits!.DeepClone() };
            }

            cells.Remove(name);
        }

        module.Remove("memories");
        design["modules"] = new JsonObject { [top] = module };
        return design.ToJsonString();
    }

    private static bool IsBox(string type) => type.StartsWith("$mem", StringComparison.Ordinal) || !type.StartsWith('$');

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NoLetter();
}
