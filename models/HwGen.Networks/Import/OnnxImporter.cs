using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>What the importer may be told.</summary>
public sealed record ImportOptions
{
    /// <summary>The largest file that is read, in bytes; 256 MB unless set.</summary>
    public long MaximumBytes { get; init; } = BoundedFile.DefaultMaximumBytes;

    /// <summary>What a float input expects of a pixel; integer inputs take the pixel as it is (uint8) or less 128 (int8).</summary>
    public InputScaling Scaling { get; init; } = InputScaling.ZeroToOne;

    /// <summary>The network's name; that of the file without its extension when null.</summary>
    public string? Name { get; init; }
}

/// <summary>An imported network.</summary>
/// <param name="Network">In our graph.</param>
/// <param name="Notes">What a user should know: parts left out, roundings at the end; in order.</param>
/// <param name="Relation">How the source's outputs follow from the network's.</param>
public sealed record ImportedNetwork(QuantisedNetwork Network, IReadOnlyList<string> Notes, SourceRelation Relation);

/// <summary>
/// Reads quantised networks of other people's tools: ONNX with QONNX operators, QuantizeLinear/DequantizeLinear (QDQ, QCDQ), or integer operators. What it cannot
/// do it refuses by node name and reason. Between two quantisers the source's arithmetic is taken as exact real arithmetic on the exact values
/// of its floats; QLinear operators are taken with the 32-bit float multiplier that their runtimes use.
/// </summary>
public static class OnnxImporter
{
    /// <summary>Imports a file.</summary>
    /// <exception cref="InputFileException">The file cannot be read, or a node is not supported: named with its reason.</exception>
    public static ImportedNetwork Import(string path, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        return Import(OnnxFile.Read(path, options.MaximumBytes), options);
    }

    /// <summary>Imports the bytes of a file; external data is not available.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The name for messages.</param>
    /// <param name="options">What the importer may be told.</param>
    /// <exception cref="InputFileException">As above.</exception>
    public static ImportedNetwork Import(ReadOnlySpan<byte> bytes, string path, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        return Import(OnnxFile.Parse(bytes, path, null, options.MaximumBytes), options);
    }

    internal static ImportedNetwork Import(OnnxFile file, ImportOptions options)
    {
        GraphProto graph = file.Model.Graph;
        long opset = file.Model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        List<NodeProto> nodes = GraphOrder.Sorted(file);
        RefuseUnknown(file, nodes);
        string place = "the graph's input";
        try
        {
            Lowering lowering = Start(file, options);
            CountUsers(lowering, nodes, graph);
            foreach (NodeProto node in nodes)
            {
                place = GraphOrder.Describe(node);
                Action<Node> operation = Operators.Find(node.Domain, node.OpType)!;
                operation(new Node(lowering, node, opset));
            }
            place = "the graph's output";
            return Finish(lowering, graph, options);
        }
        catch (NodeException reason)
        {
            throw new InputFileException(file.Path, place, reason.Message, reason);
        }
        catch (InvalidNetworkException broken)
        {
            throw new InputFileException(file.Path, "", string.Join("; ", broken.Problems), broken);
        }
    }

    /// <summary>The graph's one input: its name, its extents with a batch of 1, its element type.</summary>
    internal static (string Name, ImmutableArray<int> Dimensions, ElementType Type) DescribeInput(OnnxFile file)
    {
        GraphProto graph = file.Model.Graph;
        var initialisers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !initialisers.Contains(input.Name))];
        if (inputs.Length != 1)
            throw new NodeException(Invariant($"the graph has {inputs.Length} inputs ({string.Join(", ", inputs.Take(5).Select(one => "'" + one.Name + "'"))}); one is supported"));
        TypeProto.Types.Tensor? type = inputs[0].Type?.TensorType;
        if (type?.Shape is null || type.Shape.Dim.Count is < 2 or > 4)
            throw new NodeException(Invariant($"'{inputs[0].Name}' has no shape of 2 to 4 dimensions"));
        // A batch of any size stands for one image; other open extents cannot be known.
        ImmutableArray<int> dimensions = [1, .. type.Shape.Dim.Skip(1).Select(dimension => dimension.DimValue is > 0 and <= int.MaxValue
            ? (int)dimension.DimValue
            : throw new NodeException(Invariant($"'{inputs[0].Name}' has the extent '{dimension.DimParam}{dimension.DimValue}'; a number is needed")))];
        if (!ShapeOperators.ShapeOf(dimensions).IsValid)
            throw new NodeException(Invariant($"'{inputs[0].Name}' has the shape {WeightedOperators.Shape(dimensions)}; at most 2^28 values are supported"));
        return (inputs[0].Name, dimensions, (ElementType)type.ElemType);
    }

    private static Lowering Start(OnnxFile file, ImportOptions options)
    {
        (string name, ImmutableArray<int> dimensions, ElementType type) = DescribeInput(file);
        (ImmutableArray<Rational> factors, ImmutableArray<Rational> offsets) = type switch
        {
            ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16 => (options.Scaling.Factors, options.Scaling.Offsets),
            ElementType.UInt8 => (InputScaling.Pixels.Factors, InputScaling.Pixels.Offsets),
            ElementType.Int8 => ([Rational.FromInteger(1)], [Rational.FromInteger(-128)]),
            _ => throw new NodeException(Invariant($"'{name}' has the element type {(int)type}; float, uint8 and int8 are supported")),
        };
        TensorShape shape = ShapeOperators.ShapeOf(dimensions);
        if ((factors.Length != 1 && factors.Length != shape.Channels) || offsets.Length != factors.Length)
            throw new NodeException(Invariant($"'{name}' has {shape.Channels} channels; its scaling has {factors.Length}"));
        var lowering = new Lowering(file, new NetworkInput("input", shape, PixelRule.Unsigned8));
        foreach (TensorProto tensor in file.Model.Graph.Initializer)
            lowering.Values[tensor.Name] = TensorReader.Read(tensor, file);
        lowering.Values[name] = new MapValue("input", dimensions, [.. factors.Select((factor, i) => ElementFunction.Affine(factor, offsets[i]))]);
        return lowering;
    }

    private static void CountUsers(Lowering lowering, List<NodeProto> nodes, GraphProto graph)
    {
        foreach (string name in nodes.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)))
            lowering.Users[name] = lowering.Users.GetValueOrDefault(name) + 1;
    }

    private static ImportedNetwork Finish(Lowering lowering, GraphProto graph, ImportOptions options)
    {
        string name = graph.Output[0].Name;
        MapValue result = lowering.Values.GetValueOrDefault(name) switch
        {
            MapValue map => map,
            OrderedValue ordered => ordered.Before,
            _ => throw new NodeException(Invariant($"'{name}' does not depend on the image")),
        };
        string Named(string suffix) => lowering.NewName(new NodeProto { Name = "output" }, suffix);
        (string output, SourceRelation relation) = Output.Comparable(lowering, result, Named);
        if (lowering.Values[name] is OrderedValue)
            relation = SourceRelation.Classes;
        if (output == lowering.Input.Name)
            throw new NodeException(Invariant($"'{name}' is the input itself: no layer stands between"));
        (NetworkInput input, List<Layer> layers) = InputRulePass.Run(lowering.Input, lowering.Layers, output);
        if (input.Rule.Table.Distinct().Count() == 1)
            lowering.Notes.Add(Invariant($"every pixel becomes {input.Rule.Table[0]} with the scaling '{options.Scaling.Name}': is another scaling meant?"));
        string network = options.Name ?? Path.GetFileNameWithoutExtension(lowering.File.Path);
        return new ImportedNetwork(QuantisedNetwork.Create(network.Length == 0 ? "imported" : network, input, layers, output), lowering.Notes, relation);
    }

    private static void RefuseUnknown(OnnxFile file, List<NodeProto> nodes)
    {
        const int Told = 10;
        string[] unknown = [.. nodes.Where(node => Operators.Find(node.Domain, node.OpType) is null).Select(node =>
            Invariant($"{GraphOrder.Describe(node)}: the operator is not supported{(node.Domain.Length > 0 ? Invariant($" (domain '{node.Domain}')") : "")}"))];
        if (unknown.Length > 0)
        {
            throw new InputFileException(file.Path, "",
                string.Join("; ", unknown.Take(Told)) + (unknown.Length > Told ? Invariant($"; and {unknown.Length - Told} more") : ""));
        }
    }
}
