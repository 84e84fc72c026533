using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>
/// Runs an ONNX file as it stands, node by node, in double precision: integers times 32-bit scales, and their sums, are exact there, so that no rounding of a
/// runtime's own decides a tie. The first step of the ladder (import ≡ source) and the calibration of post-training quantisation run on it. Shares no step with
/// the importer's search for thresholds.
/// </summary>
public sealed class SourceModel
{
    private readonly OnnxFile _file;
    private readonly InputScaling _scaling;
    private readonly List<NodeProto> _dependent = [];
    private readonly Dictionary<string, object> _constants = new(StringComparer.Ordinal);
    private readonly NetworkInput _input;
    private readonly string _inputName;

    internal SourceModel(OnnxFile file, ImportOptions options)
    {
        _file = file;
        _scaling = options.Scaling;
        (_inputName, Dimensions, InputType) = OnnxImporter.DescribeInput(file);
        _input = new NetworkInput("input", ShapeOperators.ShapeOf(Dimensions), PixelRule.Unsigned8);
        foreach (TensorProto tensor in file.Model.Graph.Initializer)
            _constants[tensor.Name] = TensorReader.Read(tensor, file);
        var lowering = new Lowering(file, _input);
        foreach ((string name, object value) in _constants)
            lowering.Values[name] = value;
        foreach (NodeProto node in GraphOrder.Sorted(file))
        {
            // The input is the only name that is not constant from the start, so what does not reach it is computed once.
            if (node.Input.Any(name => name.Length > 0 && !lowering.Values.ContainsKey(name)))
            {
                _dependent.Add(node);
                continue;
            }
            Execute(lowering, node);
            foreach (string output in node.Output.Where(lowering.Values.ContainsKey))
                _constants[output] = lowering.Values[output];
        }
    }

    internal ImmutableArray<int> Dimensions { get; }

    /// <summary>A tensor that does not depend on the image; null for others.</summary>
    internal Constant? ConstantNamed(string name) => _constants.GetValueOrDefault(name) as Constant;

    internal ElementType InputType { get; }

    internal OnnxFile File => _file;

    /// <summary>The number of bytes of one image.</summary>
    public int Pixels => (int)_input.Shape.Count;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputFileException">The file cannot be read, or a node is not supported.</exception>
    public static SourceModel Load(string path, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        OnnxFile file = OnnxFile.Read(path, options.MaximumBytes);
        return Guard(file, "the graph", () => new SourceModel(file, options));
    }

    /// <summary>The output for one image.</summary>
    /// <param name="pixels">Bytes in CHW order.</param>
    /// <exception cref="InputFileException">A node cannot be run.</exception>
    public double[] Run(ReadOnlySpan<byte> pixels) => Run(pixels, null);

    /// <summary>How many images have their greatest output at their label; the lowest index wins a tie.</summary>
    /// <param name="images">The images.</param>
    public int Correct(ImageSet images)
    {
        int correct = 0;
        Parallel.For(0, images.Count, image =>
        {
            double[] output = Run(images.Image(image));
            if (Array.IndexOf(output, output.Max()) == images.Labels[image])
                Interlocked.Increment(ref correct);
        });
        return correct;
    }

    internal double[] Run(ReadOnlySpan<byte> pixels, Action<string, double[]>? seen)
    {
        if (pixels.Length != Pixels)
            throw new ArgumentException(Invariant($"{pixels.Length} pixels for {Pixels}"), nameof(pixels));
        var values = new double[pixels.Length];
        int area = _input.Shape.Height * _input.Shape.Width;
        double[] factors = [.. _scaling.Factors.Select(factor => factor.ToDouble())], offsets = [.. _scaling.Offsets.Select(offset => offset.ToDouble())];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = factors.Length == 1 ? 0 : i / area;
            values[i] = InputType switch
            {
                ElementType.UInt8 => pixels[i],
                ElementType.Int8 => pixels[i] - 128,
                _ => (pixels[i] * factors[channel]) + offsets[channel],
            };
        }
        seen?.Invoke(_inputName, values);
        string output = _file.Model.Graph.Output[0].Name;
        return Guard(_file, "the graph", () =>
        {
            var lowering = new Lowering(_file, _input);
            foreach ((string name, object value) in _constants)
                lowering.Values[name] = value;
            lowering.Values[_inputName] = new Constant(Dimensions, values, InputType is ElementType.UInt8 or ElementType.Int8 ? InputType : ElementType.Double);
            foreach (NodeProto node in _dependent)
            {
                Execute(lowering, node);
                if (seen is not null && lowering.Values.GetValueOrDefault(node.Output[0]) is Constant result)
                    seen(node.Output[0], result.Values);
            }
            return ((Constant)lowering.Values[output]).Values;
        });
    }

    private static void Execute(Lowering lowering, NodeProto proto)
    {
        Action<Node> operation = SourceOperators.Find(proto.Domain, proto.OpType) ?? Operators.Find(proto.Domain, proto.OpType)
            ?? throw new NodeException(Invariant($"{GraphOrder.Describe(proto)}: the operator is not supported"));
        operation(new Node(lowering, proto, 0));
    }

    private static T Guard<T>(OnnxFile file, string place, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (NodeException reason)
        {
            throw new InputFileException(file.Path, place, reason.Message, reason);
        }
    }
}
