using System.Text;

namespace HwGen.Networks;

/// <summary>One line of the layer table.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Inputs">What it reads, joined by commas.</param>
/// <param name="Output">The shape that it makes.</param>
/// <param name="Format">The format of its output.</param>
/// <param name="Range">The least and greatest output value that can occur.</param>
/// <param name="WeightFormat">The format of its weights; empty when it has none.</param>
/// <param name="Weights">The number of its weights.</param>
/// <param name="WeightBits">Weights · bits of their format.</param>
/// <param name="MultiplyAccumulates">Products that the layer adds up for one image, those with padded positions included.</param>
public sealed record LayerTableRow(
    string Name, string Kind, string Inputs, TensorShape Output, NumberFormat Format, ValueRange Range,
    string WeightFormat, long Weights, long WeightBits, long MultiplyAccumulates);

/// <summary>A network as a table that people read: one row a layer.</summary>
public static class LayerTable
{
    /// <summary>The rows, in the order of the layers.</summary>
    public static IReadOnlyList<LayerTableRow> Of(QuantisedNetwork network) =>
        [.. network.Layers.Select(layer => Row(network, layer))];

    /// <summary>The table as aligned text with a heading, a line for the input and a last line of totals; lines end in \n.</summary>
    public static string ToText(QuantisedNetwork network)
    {
        string[] heading = ["layer", "kind", "reads", "makes", "format", "range", "weights", "weight bits", "MACs"];
        var lines = new List<string[]> { heading };
        lines.Add([network.Input.Name, "input", network.Input.Rule.Name, Invariant($"{network.Input.Shape}"),
            Invariant($"{network.Input.Rule.Format}"), Invariant($"{network.Input.Rule.Range}"), "", "", ""]);
        IReadOnlyList<LayerTableRow> rows = Of(network);
        foreach (LayerTableRow row in rows)
        {
            lines.Add([row.Name, row.Kind, row.Inputs, Invariant($"{row.Output}"), Invariant($"{row.Format}"), Invariant($"{row.Range}"),
                row.Weights == 0 ? "" : Invariant($"{row.Weights:N0} {row.WeightFormat}"),
                row.Weights == 0 ? "" : Invariant($"{row.WeightBits:N0}"),
                row.MultiplyAccumulates == 0 ? "" : Invariant($"{row.MultiplyAccumulates:N0}")]);
        }
        lines.Add(["total", "", "", "", "", "", Invariant($"{rows.Sum(row => row.Weights):N0}"),
            Invariant($"{rows.Sum(row => row.WeightBits):N0}"), Invariant($"{rows.Sum(row => row.MultiplyAccumulates):N0}")]);
        return Align(lines);
    }

    private static LayerTableRow Row(QuantisedNetwork network, Layer layer)
    {
        FeatureMap map = network[layer.Name];
        WeightTensor? weights = (layer as WeightedLayer)?.Weights;
        long positions = (long)map.Shape.Height * map.Shape.Width;
        return new LayerTableRow(
            layer.Name, layer.Kind, string.Join(", ", layer.Inputs), map.Shape, map.Format, map.Range,
            weights is null ? "" : weights.Format.ToString(), weights?.Values.Length ?? 0, weights?.StoredBits ?? 0,
            weights is null ? 0 : weights.Values.Length * positions);
    }

    private static string Align(List<string[]> lines)
    {
        const int FirstNumber = 6;
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in lines)
        {
            string[] cells = [.. line.Select((cell, column) => column < FirstNumber ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))];
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        return text.ToString();
    }
}
