using System.Text.Json;

namespace HwGen.Networks;

/// <summary>Reads the network file, strictly: an unknown key is an error, as is a missing one.</summary>
internal static class NetworkReader
{
    private const int MaximumLayers = 10_000;

    public static QuantisedNetwork Read(ReadOnlyMemory<byte> bytes, string file)
    {
        using JsonDocument document = Open(bytes, file);
        var root = new JsonPlace(document.RootElement, file, "");
        // The version is looked at first: a file of a later version may have any keys.
        long version = root["formatVersion"].Integer();
        if (version != NetworkFile.FormatVersion)
            throw root["formatVersion"].Error(Invariant($"is {version}; this program reads version {NetworkFile.FormatVersion}"));
        root.ExpectKeys(["formatVersion", "name", "input", "layers", "output"]);
        NetworkInput input = ReadInput(root["input"]);
        Layer[] layers = [.. root["layers"].Items(MaximumLayers).Select(LayerReader.Read)];
        try
        {
            return QuantisedNetwork.Create(root["name"].Text(), input, layers, root["output"].Text());
        }
        catch (InvalidNetworkException broken)
        {
            throw new InputFileException(file, "", string.Join("; ", broken.Problems), broken);
        }
    }

    private static JsonDocument Open(ReadOnlyMemory<byte> bytes, string file)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
        }
        catch (JsonException cause)
        {
            throw new InputFileException(
                file, Invariant($"line {(cause.LineNumber ?? 0) + 1}, column {(cause.BytePositionInLine ?? 0) + 1}"),
                "is not the JSON of a network: " + cause.Message, cause);
        }
    }

    private static NetworkInput ReadInput(JsonPlace place)
    {
        place.ExpectKeys(["name", "shape", "rule"]);
        JsonPlace rule = place["rule"];
        rule.ExpectKeys(["name", "format", "table"]);
        return new NetworkInput(
            place["name"].Text(), ReadShape(place["shape"]),
            new PixelRule(rule["name"].Text(), rule["format"].Format(), [.. rule["table"].Integers(int.MinValue, int.MaxValue).Select(value => (int)value)]));
    }

    private static TensorShape ReadShape(JsonPlace place)
    {
        int[] extents = place.Extents(3, 1);
        return new TensorShape(extents[0], extents[1], extents[2]);
    }
}
