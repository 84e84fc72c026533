namespace HwGen.Networks;

/// <summary>The operators that the importer knows, by domain and name.</summary>
internal static class Operators
{
    private static readonly string[] s_quantisedDomains = ["onnx.brevitas", "finn.custom_op.general", "qonnx.custom_op.general"];

    private static readonly Dictionary<string, Action<Node>> s_quantised = new(StringComparer.Ordinal)
    {
        ["Quant"] = QuantiserOperators.Quant,
        ["IntQuant"] = QuantiserOperators.Quant,
        ["BipolarQuant"] = QuantiserOperators.BipolarQuant,
        ["Trunc"] = QuantiserOperators.Trunc,
        ["MultiThreshold"] = QuantiserOperators.MultiThreshold,
        ["XnorPopcountMatMul"] = LinearQuantiserOperators.XnorPopcountMatMul,
    };

    private static readonly Dictionary<string, Action<Node>> s_standard = new(StringComparer.Ordinal)
    {
        ["Conv"] = WeightedOperators.Conv,
        ["MatMul"] = WeightedOperators.MatMul,
        ["Gemm"] = WeightedOperators.Gemm,
        ["QuantizeLinear"] = LinearQuantiserOperators.QuantizeLinear,
        ["DequantizeLinear"] = LinearQuantiserOperators.DequantizeLinear,
        ["MatMulInteger"] = LinearQuantiserOperators.MatMulInteger,
        ["ConvInteger"] = LinearQuantiserOperators.ConvInteger,
        ["QLinearMatMul"] = LinearQuantiserOperators.QLinearMatMul,
        ["QLinearConv"] = LinearQuantiserOperators.QLinearConv,
        ["BatchNormalization"] = ElementOperators.BatchNormalization,
        ["Relu"] = OnMaps(ElementOperators.Relu, node => ConstantOperators.Unary(node, value => Math.Max(0, value))),
        ["Clip"] = ElementOperators.Clip,
        ["Add"] = OnMaps(ElementOperators.Add, node => ConstantOperators.Binary(node, (a, b) => a + b)),
        ["Sub"] = OnMaps(ElementOperators.Subtract, node => ConstantOperators.Binary(node, (a, b) => a - b)),
        ["Mul"] = OnMaps(ElementOperators.Multiply, node => ConstantOperators.Binary(node, (a, b) => a * b)),
        ["Div"] = OnMaps(ElementOperators.Divide, node => ConstantOperators.Binary(node, (a, b) => a / b)),
        ["Neg"] = OnMaps(ElementOperators.Negate, node => ConstantOperators.Unary(node, value => -value)),
        ["Sign"] = QuantiserOperators.Sign,
        ["Pow"] = OnMaps(Only("constants"), node => ConstantOperators.Binary(node, Math.Pow)),
        ["Sqrt"] = OnMaps(Only("constants"), node => ConstantOperators.Unary(node, Math.Sqrt)),
        ["Reciprocal"] = OnMaps(Only("constants"), node => ConstantOperators.Unary(node, value => 1 / value)),
        ["Abs"] = OnMaps(Only("constants"), node => ConstantOperators.Unary(node, Math.Abs)),
        ["Gather"] = OnMaps(Only("constants"), ConstantOperators.Gather),
        ["Constant"] = ConstantOperators.Constant,
        ["Cast"] = OnMaps(ShapeOperators.Identity, ConstantOperators.Cast),
        ["Concat"] = OnMaps(MapSums.Concatenate, ConstantOperators.Concat),
        ["MaxPool"] = PoolOperators.MaxPool,
        ["GlobalMaxPool"] = PoolOperators.GlobalMaxPool,
        ["AveragePool"] = PoolOperators.AveragePool,
        ["GlobalAveragePool"] = PoolOperators.GlobalAveragePool,
        ["ReduceMean"] = PoolOperators.ReduceMean,
        ["Identity"] = ShapeOperators.Identity,
        ["Dropout"] = ShapeOperators.Identity,
        ["Shape"] = ShapeOperators.Shape,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Softmax"] = EndOperators.KeepOrder,
        ["LogSoftmax"] = EndOperators.KeepOrder,
        ["Sigmoid"] = EndOperators.KeepOrder,
        ["ArgMax"] = EndOperators.ArgMax,
        ["TopK"] = EndOperators.TopK,
    };

    /// <summary>What imports the operator; null when it is not supported.</summary>
    public static Action<Node>? Find(string domain, string name) =>
        domain is "" or "ai.onnx" ? s_standard.GetValueOrDefault(name)
        : s_quantisedDomains.Contains(domain, StringComparer.Ordinal) ? s_quantised.GetValueOrDefault(name) : null;

    private static Action<Node> OnMaps(Action<Node> maps, Action<Node> constants) => node => (node.AllConstant ? constants : maps)(node);

    private static Action<Node> Only(string what) => _ => throw new NodeException("is supported on " + what + " only");
}
