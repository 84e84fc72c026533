using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>Random quantised source files: QONNX, QDQ and thresholds, with batch norms of either sign, biases, ReLU, pools, residual sums.</summary>
internal sealed class RandomSource(int seed)
{
    private readonly System.Random _random = new(seed);
    private OnnxBuilder _builder = null!;
    private int _channels, _height, _width;

    public OnnxBuilder Next()
    {
        (_channels, _height, _width) = (_random.Next(1, 4), _random.Next(4, 9), _random.Next(4, 9));
        _builder = new OnnxBuilder(1, _channels, _height, _width);
        string x = Quantiser("image");
        for (int block = _random.Next(1, 4); block > 0 && _height >= 3 && _width >= 3; block--)
            x = Quantiser(Block(x));
        int inputs = _channels * _height * _width, outputs = _random.Next(2, 6);
        x = _builder.Node("Flatten", [x]);
        x = _builder.Node("MatMul", [x, Weights([inputs, outputs], 1, oneScale: true)]);
        return _builder.Output(x);
    }

    public byte[] Pixels(int count)
    {
        var pixels = new byte[count];
        _random.NextBytes(pixels);
        return pixels;
    }

    private string Block(string x)
    {
        int filters = _random.Next(1, 6), kernel = _random.Next(1, 4), padding = _random.Next(2), stride = _random.Next(1, 3);
        string residual = x;
        bool sum = _random.Next(4) == 0;
        if (sum)
            (filters, kernel, padding, stride) = (_channels, 3, 1, 1);
        List<string> inputs = [x, Weights([filters, _channels, kernel, kernel], 0, oneScale: sum)];
        if (_random.Next(2) == 0)
            inputs.Add(_builder.Floats([filters], Doubles(filters, 2)));
        x = _builder.Node("Conv", [.. inputs], ("pads", new[] { padding, padding, padding, padding }), ("strides", new[] { stride, stride }), ("kernel_shape", new[] { kernel, kernel }));
        (_channels, _height, _width) = (filters, ((_height + (2 * padding) - kernel) / stride) + 1, ((_width + (2 * padding) - kernel) / stride) + 1);
        if (sum)
            x = _builder.Node("Add", [Scale8(x), Scale8(residual)]);
        if (_random.Next(2) == 0)
            x = _builder.Node("BatchNormalization", [x, _builder.Floats([filters], Doubles(filters, 2)), _builder.Floats([filters], Doubles(filters, 1)),
                _builder.Floats([filters], Doubles(filters, 3)), _builder.Floats([filters], [.. Doubles(filters, 4).Select(Math.Abs)])]);
        if (_random.Next(3) == 0)
            x = _builder.Node("Relu", [x]);
        if (_random.Next(3) == 0 && _height >= 2 && _width >= 2)
        {
            x = _builder.Node("MaxPool", [x], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }));
            (_height, _width) = (_height / 2, _width / 2);
        }
        if (_random.Next(5) == 0 && _height >= 2 && _width >= 2)
        {
            x = _builder.Node("AveragePool", [Scale8(x)], ("kernel_shape", new[] { 2, 2 }));
            (_height, _width) = (_height - 1, _width - 1);
        }
        return x;
    }

    private string Scale8(string x) => _builder.Quant(x, 1 / 16.0, 0, 8);

    private string Quantiser(string x) => _random.Next(5) switch
    {
        0 => _builder.Quantised("BipolarQuant", [x, _builder.Float(Scale())]),
        1 => _builder.Quant(x, Scale(), 0, _random.Next(2, 9), signed: _random.Next(2) == 0, narrow: _random.Next(2) == 0,
            rounding: new[] { "ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN", "HALF_EVEN" }[_random.Next(8)]),
        2 => Linear(x),
        3 => _builder.Quantised("MultiThreshold", [x, _builder.Floats([1, 3], [.. Doubles(3, 2).Order()])], ("out_scale", 0.5f), ("out_bias", -0.5f)),
        _ => _builder.Quant(x, Scale(), _random.Next(-3, 4), 6),
    };

    private string Linear(string x)
    {
        string scale = _builder.Float(Scale()), zero = _random.Next(2) == 0 ? _builder.Int8s([], _random.Next(-20, 20)) : _builder.UInt8s([], _random.Next(0, 100));
        return _builder.Node("DequantizeLinear", [_builder.Node("QuantizeLinear", [x, scale, zero]), scale, zero]);
    }

    private string Weights(int[] shape, int axis, bool oneScale)
    {
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        switch (_random.Next(3))
        {
            case 0:
                return _builder.Quantised("BipolarQuant", [_builder.Floats(shape, Doubles(count, 2)), _builder.Float(0.25)]);
            case 1:
                return _builder.Quant(_builder.Floats(shape, Doubles(count, 2)), 0.07, 0, _random.Next(2, 6), narrow: true);
            default:
                string codes = _builder.Int8s(shape, [.. Enumerable.Range(0, count).Select(_ => _random.Next(-128, 128))]);
                if (oneScale)
                    return _builder.Node("DequantizeLinear", [codes, _builder.Float(0.01), _builder.Int8s([], 3)]);
                return _builder.Node("DequantizeLinear", [codes, _builder.Floats([shape[axis]], [.. Doubles(shape[axis], 0.1).Select(value => Math.Abs(value) + 0.001)])], ("axis", axis));
        }
    }

    // Half of the scales are powers of two: there ties occur, and floats are exact.
    private double Scale() => _random.Next(2) == 0 ? Math.Pow(2, -_random.Next(0, 6)) : (_random.NextDouble() * 0.5) + 0.01;

    private double[] Doubles(int count, double size) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)((_random.NextDouble() - 0.5) * 2 * size))];
}
