using Google.Protobuf;
using HwGen.Networks.Onnx;

namespace HwGen.Networks;

/// <summary>
/// Makes an 8-bit network of a float network: the ranges of the tensors that products read are measured on calibration images and frozen; weights get one scale
/// a filter (one for all in the last layer, so that logits compare), biases 32 bits in steps of the product of the scales. The result is written as a QDQ graph in memory and imported like any other.
/// </summary>
public static class PostTrainingQuantiser
{
    private static readonly string[] s_products = ["Conv", "MatMul", "Gemm"];

    /// <summary>Quantises a float ONNX file to int8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="calibration">Images that show the ranges; some hundred are enough.</param>
    /// <param name="options">As for an import.</param>
    /// <exception cref="InputFileException">The file cannot be read, or a node is not supported.</exception>
    public static ImportedNetwork Quantise(string path, ImageSet calibration, ImportOptions? options = null)
    {
        options ??= new ImportOptions();
        SourceModel source = SourceModel.Load(path, options);
        ModelProto model = source.File.Model.Clone();
        var rewriting = new Rewriting(source, model, Ranges(source, calibration));
        try
        {
            rewriting.Run(source.File);
        }
        catch (NodeException reason)
        {
            throw new InputFileException(path, "", reason.Message, reason);
        }
        return OnnxImporter.Import(source.File with { Model = model }, options);
    }

    private static Dictionary<string, (double Low, double High)> Ranges(SourceModel source, ImageSet calibration)
    {
        var ranges = new Dictionary<string, (double Low, double High)>(StringComparer.Ordinal);
        Parallel.For(0, calibration.Count, image => source.Run(calibration.Image(image), (name, values) =>
        {
            (double low, double high) = (values.Min(), values.Max());
            lock (ranges)
                ranges[name] = ranges.TryGetValue(name, out var known) ? (Math.Min(known.Low, low), Math.Max(known.High, high)) : (low, high);
        }));
        return ranges;
    }

    private sealed class Rewriting(SourceModel source, ModelProto model, Dictionary<string, (double Low, double High)> ranges)
    {
        private readonly Dictionary<string, (string Name, double Scale)> _quantised = new(StringComparer.Ordinal);
        private readonly List<NodeProto> _nodes = [];

        public void Run(OnnxFile file)
        {
            GraphProto graph = model.Graph;
            var constants = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            List<NodeProto> sorted = [.. GraphOrder.Sorted(file with { Model = model })];
            NodeProto? last = sorted.LastOrDefault(node => s_products.Contains(node.OpType, StringComparer.Ordinal));
            if (last is null)
                throw new NodeException("the graph has no Conv, MatMul or Gemm to quantise");
            foreach (NodeProto node in sorted)
            {
                _nodes.Add(node);
                if (!s_products.Contains(node.OpType, StringComparer.Ordinal) || !ranges.ContainsKey(node.Input[0]))
                    continue;
                _nodes.RemoveAt(_nodes.Count - 1);
                double inputScale = Activation(node);
                Constant weights = Known(file, constants, node, node.Input[1]);
                bool transposed = node.OpType == "Conv" || node.Attribute.Any(attribute => attribute.Name == "transB" && attribute.I != 0);
                double[] scales = Weights(node, weights, transposed ? 0 : weights.Dimensions.Length - 1, oneScale: node == last);
                Bias(file, constants, node, sorted, [.. scales.Select(scale => (double)(float)(scale * inputScale))]);
                _nodes.Add(node);
            }
            graph.Node.Clear();
            graph.Node.AddRange(_nodes);
        }

        /// <summary>Quantises what a product reads; once for all readers.</summary>
        private double Activation(NodeProto node)
        {
            string name = node.Input[0];
            if (!_quantised.TryGetValue(name, out var done))
            {
                (double low, double high) = ranges[name];
                bool signed = low < 0;
                float scale = (float)Math.Max(signed ? Math.Max(-low, high) / 127 : high / 255, 1e-30);
                string scaleName = Scalar(name + "_scale", scale), zero = Zero(name + "_zero", signed ? ElementType.Int8 : ElementType.UInt8);
                _nodes.Add(New("QuantizeLinear", name + "_quantised", [name, scaleName, zero]));
                _nodes.Add(New("DequantizeLinear", name + "_dequantised", [name + "_quantised", scaleName, zero]));
                done = _quantised[name] = (name + "_dequantised", scale);
            }
            node.Input[0] = done.Name;
            return done.Scale;
        }

        private double[] Weights(NodeProto node, Constant weights, int axis, bool oneScale)
        {
            int filters = weights.Dimensions[axis], inner = weights.Dimensions.Skip(axis + 1).Aggregate(1, (product, extent) => product * extent);
            double[] largest = new double[filters];
            for (int i = 0; i < weights.Values.Length; i++)
                largest[i / inner % filters] = Math.Max(largest[i / inner % filters], Math.Abs(weights.Values[i]));
            if (oneScale)
                Array.Fill(largest, largest.Max());
            float[] scales = [.. largest.Select(value => (float)Math.Max(value / 127, 1e-30))];
            byte[] codes = [.. weights.Values.Select((value, i) => (byte)(sbyte)Math.Clamp(Math.Round(value / scales[i / inner % filters], MidpointRounding.ToEven), -127, 127))];
            string name = node.Output[0] + "_weights";
            model.Graph.Initializer.Add(Tensor(name, ElementType.Int8, weights.Dimensions, codes));
            _nodes.Add(Dequantise(name, node.Output[0] + "_weights_dequantised", Vector(name + "_scale", scales), axis));
            node.Input[1] = name + "_dequantised";
            return [.. scales.Select(scale => (double)scale)];
        }

        /// <summary>The bias of the node, or the constant of an Add that alone reads its output.</summary>
        private void Bias(OnnxFile file, Dictionary<string, TensorProto> constants, NodeProto node, List<NodeProto> sorted, double[] steps)
        {
            NodeProto[] readers = [.. sorted.Where(other => other.Input.Contains(node.Output[0]))];
            (NodeProto owner, int input) = node.Input.Count > 2 ? (node, 2)
                : readers is [{ OpType: "Add" } add] ? (add, add.Input[0] == node.Output[0] ? 1 : 0) : (node, -1);
            if (input < 0 || !constants.ContainsKey(owner.Input[input]))
                return;
            Constant bias = Known(file, constants, owner, owner.Input[input]);
            if (bias.Values.Length != steps.Length)
                return;
            byte[] codes = [.. bias.Values.SelectMany((value, i) => BitConverter.GetBytes((int)Math.Clamp(Math.Round(value / steps[i]), int.MinValue, int.MaxValue)))];
            string name = node.Output[0] + "_bias";
            int axis = Enumerable.Range(0, bias.Dimensions.Length).First(i => bias.Dimensions[i] == steps.Length);
            model.Graph.Initializer.Add(Tensor(name, ElementType.Int32, bias.Dimensions, codes));
            _nodes.Add(Dequantise(name, name + "_dequantised", Vector(name + "_scale", [.. steps.Select(step => (float)step)]), axis));
            owner.Input[input] = name + "_dequantised";
        }

        private Constant Known(OnnxFile file, Dictionary<string, TensorProto> constants, NodeProto node, string name)
        {
            if (constants.TryGetValue(name, out TensorProto? tensor))
                return TensorReader.Read(tensor, file);
            // A weight that is computed from constants (a reshape): the source's model has folded it.
            return source.ConstantNamed(name) ?? throw new NodeException(Invariant($"{GraphOrder.Describe(node)}: its constant '{name}' depends on the image"));
        }

        private string Scalar(string name, float value)
        {
            model.Graph.Initializer.Add(Tensor(name, ElementType.Float, [], BitConverter.GetBytes(value)));
            return name;
        }

        private string Vector(string name, float[] values)
        {
            model.Graph.Initializer.Add(Tensor(name, ElementType.Float, [values.Length], [.. values.SelectMany(BitConverter.GetBytes)]));
            return name;
        }

        private string Zero(string name, ElementType type)
        {
            model.Graph.Initializer.Add(Tensor(name, type, [], [0]));
            return name;
        }

        private static NodeProto Dequantise(string input, string output, string scale, int axis)
        {
            const int IntegerAttribute = 2;
            NodeProto node = New("DequantizeLinear", output, [input, scale]);
            node.Attribute.Add(new AttributeProto { Name = "axis", I = axis, Type = IntegerAttribute });
            return node;
        }

        private static NodeProto New(string type, string output, string[] inputs)
        {
            var node = new NodeProto { OpType = type, Name = output };
            node.Input.AddRange(inputs);
            node.Output.Add(output);
            return node;
        }

        private static TensorProto Tensor(string name, ElementType type, ImmutableArray<int> dimensions, byte[] raw)
        {
            var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(raw) };
            tensor.Dims.AddRange(dimensions.Select(extent => (long)extent));
            return tensor;
        }
    }
}
