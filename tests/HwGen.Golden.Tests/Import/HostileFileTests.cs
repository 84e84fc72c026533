using Google.Protobuf;
using HwGen.Networks;
using HwGen.Networks.Onnx;

namespace HwGen.Golden.Tests;

/// <summary>Files that are broken by accident or on purpose: always an error that says where, never a crash.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Message(OnnxBuilder builder) => Should.Throw<InputFileException>(() => builder.Import()).Message;

    private static OnnxBuilder Small(Func<OnnxBuilder, string> rest)
    {
        var builder = new OnnxBuilder(1, 1, 4, 4);
        return builder.Output(rest(builder));
    }

    private static string Weights(OnnxBuilder builder, params int[] shape) =>
        builder.Floats(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, extent) => product * extent)).Select(i => i % 2 == 0 ? 1.0 : -1)]);

    [Fact]
    public void Graphs_that_are_wrong_name_the_node()
    {
        Message(Small(b => b.Node("Relu", ["nowhere"]))).ShouldContain("reads 'nowhere', which no node and no initializer makes");
        Message(Small(b => b.Node("Frobnicate", ["image"]))).ShouldContain("node 'Frobnicate_t0' (Frobnicate): the operator is not supported");
        Message(Small(b => b.NodeIn("com.acme", "Quant", ["image"]))).ShouldContain("(domain 'com.acme')");
        Message(Small(b => b.Node("Conv", [b.Quant("image", 1, 0, 4), Weights(b, 2, 3, 3, 3)]))).ShouldContain("has weights for 3 channels a group: its input has 1 channels");
        Message(Small(b => b.Node("Conv", [b.Quant("image", 1, 0, 4), Weights(b, 2, 1, 9, 9)]))).ShouldContain("does not fit");
        Message(Small(b => b.Node("Conv", ["image", b.Floats([1, 1, 1, 2], 0.3, 0.5)]))).ShouldContain("its weights are float and no quantiser stands before them");
        Message(Small(b => b.Node("MatMul", [b.Quant("image", 1, 0, 4), Weights(b, 7, 2)]))).ShouldContain("multiplies 1×1×4×4 with 7×2");
        Message(Small(b => b.Quant("image", -1, 0, 4))).ShouldContain("a scale that is not positive");
        Message(Small(b => b.Quant("image", 1, 0.5, 4))).ShouldContain("a zero point that is not a whole number");
        Message(Small(b => b.Quant("image", 1, 0, 99))).ShouldContain("a bit width of 99; 1 to 32 are supported");
        Message(Small(b => b.Quant("image", 1, 0, 4, rounding: "SIDEWAYS"))).ShouldContain("the rounding mode 'SIDEWAYS' is unknown");
        Message(Small(b => b.Node("Reshape", [b.Quant("image", 1, 0, 4), b.Longs(1, 17)]))).ShouldContain("not the same number of values");
        Message(Small(b => b.Node("Relu", [b.Node("Softmax", [b.Quant("image", 1, 0, 4)])]))).ShouldContain("at the end of a network only");
        Message(Small(b => "image")).ShouldContain("no graph with nodes");
    }

    [Fact]
    public void A_cycle_is_found()
    {
        OnnxBuilder builder = Small(b => b.Node("Add", [b.Node("Relu", ["image"]), "image"]));
        builder.Model.Graph.Node[0].Input[0] = builder.Model.Graph.Node[1].Output[0];
        Message(builder).ShouldContain("the graph has a cycle");
    }

    [Fact]
    public void A_chain_of_many_nodes_does_not_end_the_stack()
    {
        var builder = new OnnxBuilder(1, 4);
        string x = builder.Quant("image", 1, 0, 4);
        for (int i = 0; i < 50_000; i++)
            x = builder.Node("Identity", [x]);
        x = builder.Node("MatMul", [x, Weights(builder, 4, 2)]);
        builder.Output(x);
        builder.Model.Graph.Node.Count.ShouldBe(50_002);
        ModelProto reversed = builder.Model.Clone();
        reversed.Graph.Node.Clear();
        reversed.Graph.Node.AddRange(builder.Model.Graph.Node.Reverse());
        OnnxImporter.Import(reversed.ToByteArray(), "long.onnx").Network.Layers.ShouldHaveSingleItem();
    }

    [Fact]
    public void Tensors_that_lie_about_their_size_are_refused()
    {
        void Changed(Action<TensorProto> change, string message)
        {
            OnnxBuilder builder = Small(b => b.Node("Conv", [b.Quant("image", 1, 0, 4), Weights(b, 2, 1, 3, 3)]));
            change(builder.Model.Graph.Initializer[^1]);
            Message(builder).ShouldContain(message);
        }
        Changed(t => t.RawData = t.RawData.Memory[..^1].ToArray() is var cut ? ByteString.CopyFrom(cut) : null, "has 71 bytes of data; 72 are expected for 18 values");
        Changed(t => t.Dims[0] = 1L << 40, "the extent 1099511627776");
        Changed(t => { t.Dims[0] = int.MaxValue; t.Dims[1] = int.MaxValue; }, "values; at most");
        Changed(t => t.Dims[0] = -1, "the extent -1");
        Changed(t => t.DataType = 99, "the element type 99");
        Changed(t => t.RawData = ByteString.CopyFrom([.. Enumerable.Repeat((byte)0xFF, 72)]), "not a finite number");
        Changed(t => t.Name = "other", "reads 'c4', which no node and no initializer makes");
    }

    [Fact]
    public void External_data_is_read_beside_the_model_and_nowhere_else()
    {
        OnnxBuilder builder = Small(b => b.Node("Conv", [b.Quant("image", 1, 0, 4), Weights(b, 2, 1, 3, 3)]));
        TensorProto tensor = builder.Model.Graph.Initializer[^1];
        string inside = Path.Combine(_folder, "model"), path = Path.Combine(inside, "m.onnx");
        Directory.CreateDirectory(inside);
        byte[] data = tensor.RawData.ToByteArray();
        File.WriteAllBytes(Path.Combine(inside, "weights.bin"), [0, 0, .. data]);
        File.WriteAllBytes(Path.Combine(_folder, "secret.bin"), data);
        File.CreateSymbolicLink(Path.Combine(inside, "link.bin"), Path.Combine(_folder, "secret.bin"));
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = 1;
        ImportedNetwork? From(string location, string offset)
        {
            tensor.ExternalData.Clear();
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
            File.WriteAllBytes(path, builder.Bytes());
            return OnnxImporter.Import(path);
        }
        From("weights.bin", "2")!.Network.Layers.Length.ShouldBe(1);
        string Refused(string location, string offset) => Should.Throw<InputFileException>(() => From(location, offset)).Message;
        Refused("weights.bin", "3").ShouldContain("71 bytes");
        Refused("weights.bin", "-1").ShouldContain("offset");
        Refused("weights.bin", "99999").ShouldContain("which has 74");
        Refused("../secret.bin", "0").ShouldContain("outside of the model's folder");
        Refused(Path.Combine(_folder, "secret.bin"), "0").ShouldContain("outside of the model's folder");
        Refused("link.bin", "0").ShouldContain("outside of the model's folder");
        Directory.CreateSymbolicLink(Path.Combine(inside, "way"), _folder);
        Refused("way/secret.bin", "0").ShouldContain("outside of the model's folder");
        Refused("absent.bin", "0").ShouldContain("no such file");
    }

    [Fact]
    public void Files_that_are_too_long_cut_or_no_protobuf_are_refused()
    {
        byte[] good = Small(b => b.Node("Conv", [b.Quant("image", 1, 0, 4), Weights(b, 2, 1, 3, 3)])).Bytes();
        string path = Path.Combine(_folder, "m.onnx");
        File.WriteAllBytes(path, good);
        Should.Throw<InputFileException>(() => OnnxImporter.Import(path, new ImportOptions { MaximumBytes = 100 })).Message.ShouldContain("at most 100 are accepted");
        Should.Throw<InputFileException>(() => OnnxImporter.Import(good.AsSpan(0, good.Length - 5), "cut.onnx")).Message.ShouldStartWith("cut.onnx");
        Should.Throw<InputFileException>(() => OnnxImporter.Import("hello world, this is no protobuf"u8, "text.onnx"));
        Should.Throw<InputFileException>(() => OnnxImporter.Import([], "empty.onnx")).Message.ShouldContain("no graph");
    }

    [Fact]
    public void A_small_file_of_empty_messages_does_not_take_gigabytes()
    {
        // Two bytes a node: field 1 of the graph, length 0.
        byte[] nodes = new byte[4_000_000];
        for (int i = 0; i < nodes.Length; i += 2)
            nodes[i] = 0x0A;
        var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(7, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(nodes));
        }
        Should.Throw<InputFileException>(() => OnnxImporter.Import(bytes.ToArray(), "bomb.onnx")).Message.ShouldContain("more than 1000000 messages");
    }
}
