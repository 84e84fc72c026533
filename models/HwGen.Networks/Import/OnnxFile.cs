using Google.Protobuf;
using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>An ONNX file as it was read: the parsed model and where external data may lie.</summary>
internal sealed record OnnxFile(ModelProto Model, string Path, string? Folder, long MaximumBytes)
{
    public static OnnxFile Read(string path, long maximumBytes) =>
        Parse(BoundedFile.Read(path, maximumBytes), path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)), maximumBytes);

    public static OnnxFile Parse(ReadOnlySpan<byte> bytes, string path, string? folder, long maximumBytes)
    {
        WireGuard.Check(bytes, ModelProto.Descriptor, path);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException cause)
        {
            throw new InputFileException(path, "", "is not an ONNX file: " + cause.Message, cause);
        }
        if (model.Graph is null || model.Graph.Node.Count == 0)
            throw new InputFileException(path, "", "holds no graph with nodes: is it an ONNX model?");
        if (model.Functions.Count > 0)
            throw new InputFileException(path, Invariant($"function '{model.Functions[0].Name}'"), "model-local functions are not supported; inline them first");
        return new OnnxFile(model, path, folder, maximumBytes);
    }
}
