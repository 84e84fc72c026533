using System.Text;
using System.Text.Json.Nodes;

namespace HwGen.Networks.Tests;

public class NetworkFileTests
{
    private static string Error(string text) =>
        Should.Throw<InputFileException>(() => NetworkFile.Parse(Encoding.UTF8.GetBytes(text), "n.hwnet")).Message;

    private static string Changed(Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(NetworkFile.ToBytes(Samples.EveryKind()))!;
        change(root);
        return root.ToJsonString();
    }

    [Fact]
    public void Every_layer_kind_and_format_comes_back_byte_for_byte()
    {
        foreach (QuantisedNetwork network in new[] { Samples.Binary(), Samples.EveryKind() })
        {
            byte[] bytes = NetworkFile.ToBytes(network);
            QuantisedNetwork again = NetworkFile.Parse(bytes, "n.hwnet");
            NetworkFile.ToBytes(again).ShouldBe(bytes);
            again.Layers.Length.ShouldBe(network.Layers.Length);
            foreach (WeightedLayer layer in network.Layers.OfType<WeightedLayer>())
                ((WeightedLayer)again.LayerNamed(layer.Name)).Weights.Values.ShouldBe(layer.Weights.Values);
            LayerTable.ToText(again).ShouldBe(LayerTable.ToText(network));
        }
    }

    [Fact]
    public void The_kept_batch_norm_comes_back_exactly()
    {
        var layer = (ThresholdLayer)NetworkFile.Parse(NetworkFile.ToBytes(Samples.Binary()), "n.hwnet").LayerNamed("sign1");
        layer.Unfolded!.Beta[0].ShouldBe(Rational.FromDouble(0.1));
        BatchNormFolding.Check(layer, new ValueRange(-9, 9)).ShouldBe(4 * 19);
    }

    [Fact]
    public void A_file_is_written_whole_and_replaced()
    {
        string folder = Directory.CreateTempSubdirectory("hwgen").FullName, path = Path.Combine(folder, "n.hwnet");
        File.WriteAllText(path, "old");
        NetworkFile.Write(Samples.Binary(), path);
        Directory.GetFiles(folder).ShouldBe([path]);
        NetworkFile.Read(path).Name.ShouldBe("sample");
        Should.Throw<InputFileException>(() => NetworkFile.Read(path, maximumBytes: 100)).Message.ShouldContain("at most 100 are accepted");
        Directory.Delete(folder, recursive: true);
        Should.Throw<InputFileException>(() => NetworkFile.Read(path)).Message.ShouldContain("no such file");
    }

    [Fact]
    public void A_cut_file_names_line_and_column()
    {
        string text = Encoding.UTF8.GetString(NetworkFile.ToBytes(Samples.Binary()));
        Error(text[..(text.Length / 2)]).ShouldStartWith("n.hwnet: line ");
        Error("").ShouldContain("line 1");
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_gives_a_network_or_an_input_error()
    {
        byte[] good = NetworkFile.ToBytes(Samples.Binary());
        var random = new System.Random(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = i % 2 == 0 ? good[..random.Next(good.Length)] : (byte[])good.Clone();
            if (i % 2 == 1)
                bad[random.Next(bad.Length)] = (byte)random.Next(32, 127);
            try
            {
                NetworkFile.Parse(bad, "n.hwnet");
            }
            catch (InputFileException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(1500);
    }

    [Fact]
    public void Faults_are_told_with_their_place()
    {
        Error(Changed(root => root["formatVersion"] = 2)).ShouldContain("formatVersion: is 2; this program reads version 1");
        Error(Changed(root => root["extra"] = 1)).ShouldContain("the key 'extra' is unknown");
        Error(Changed(root => root["layers"]![0]!["groups"] = "two")).ShouldContain("layers[0].groups: '\"two\"' was found; an integer of 1 to");
        Error(Changed(root => root["layers"]![0]!["kind"] = "conv3d")).ShouldContain("layers[0].kind: 'conv3d' is not a layer kind");
        Error(Changed(root => root["layers"]![0]!["kernel"] = 1)).ShouldContain("layers[0]: the key 'kernel' is unknown");
        Error(Changed(root => root["layers"]![0]!.AsObject().Remove("stride"))).ShouldContain("layers[0]: the key 'stride' is missing");
        Error(Changed(root => root["layers"]![0]!["weights"]!["format"] = "s99")).ShouldContain("layers[0].weights.format: 's99' is not a number format");
        Error(Changed(root => root["layers"]![0]!["weights"]!["planes"] = "AAAA")).ShouldContain("holds 3 bytes; 15 are expected for 24 weights of 5 bits");
        Error(Changed(root => root["layers"]![0]!["weights"]!["planes"] = "!")).ShouldContain("base64");
        Error(Changed(root => root["layers"]![0]!["weights"]!["shape"] = JsonNode.Parse("[100000,100000,3,3]"))).ShouldContain("at most 2^28");
        Error(Changed(root => root["layers"]![5]!["inputs"] = JsonNode.Parse("[\"max\"]"))).ShouldContain("a layer of the kind 'add' reads 2");
        Error(Changed(root => root["layers"]![1]!["multipliers"]![2] = 1.5)).ShouldContain("layers[1].multipliers[2]: '1.5' was found");
        Error(Changed(root => root["input"]!["rule"]!["table"]!.AsArray().RemoveAt(0))).ShouldContain("256 values");
        Error(Changed(root => root["output"] = "none")).ShouldContain("the output 'none' is not a layer");
        Error("[1]").ShouldContain("an object");
        Error("{\"formatVersion\":1,\"formatVersion\":1}").ShouldContain("JSON");
    }

    [Fact]
    public void A_sign_magnitude_minus_zero_is_refused()
    {
        // Sign plane set with magnitude 0: a second zero that no writer makes.
        byte[] planes = [0, 0, 0, 1];
        WeightPlanes.Unpack(NumberFormat.SignMagnitude(4), 1, planes).ShouldBeNull();
        WeightPlanes.Unpack(NumberFormat.Ternary, 1, [0, 1]).ShouldBeNull();
    }
}
