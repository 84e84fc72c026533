using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>The definition against numbers that were worked out by hand, and against the formulas of the hardware contract.</summary>
public class GoldenModelTests
{
    private static readonly byte[] s_pixels = [0, 200, 255, 10, 128, 127, 50, 90, 180];

    private static NetworkInput Image(PixelRule rule) => new("image", new TensorShape(1, 3, 3), rule);

    private static long[] Run(PixelRule rule, params Layer[] layers) =>
        GoldenModel.Run(QuantisedNetwork.Create("n", Image(rule), layers), s_pixels).Logits;

    [Fact]
    public void Pixels_follow_the_rule()
    {
        QuantisedNetwork network = QuantisedNetwork.Create("n", Image(PixelRule.BipolarAt()), [new ReluLayer("r", "image")]);
        GoldenModel.Run(network, s_pixels)["image"].ShouldBe([-1, 1, 1, -1, 1, -1, -1, -1, 1]);
        Should.Throw<ArgumentException>(() => GoldenModel.Run(network, s_pixels.AsSpan(1)));
    }

    [Fact]
    public void A_padded_position_of_a_bipolar_map_contributes_nothing()
    {
        var layer = new ConvolutionLayer("c", "image", WeightTensor.Convolution(NumberFormat.Bipolar, 1, 1, 3, 3, (ReadOnlySpan<int>)[1, 1, 1, 1, 1, 1, 1, 1, 1])) { Padding = Padding.Same(1) };
        // Sums of the 2×2, 2×3 and 3×3 neighbourhoods inside the map.
        Run(PixelRule.BipolarAt(), layer).ShouldBe([0, 0, 2, -2, -1, 2, -2, -2, 0]);
    }

    [Fact]
    public void Stride_dilation_and_one_sided_padding_read_the_right_positions()
    {
        var taps = WeightTensor.Convolution(NumberFormat.TwosComplement(8), 1, 1, 2, 2, (ReadOnlySpan<int>)[1, 2, 4, 8]);
        Run(PixelRule.Unsigned8, new ConvolutionLayer("c", "image", taps) { Dilation = new Distance(2, 2), Biases = [-5] })
            .ShouldBe([0 + (2 * 255) + (4 * 50) + (8 * 180) - 5]);
        Run(PixelRule.Unsigned8, new ConvolutionLayer("c", "image", taps) { Stride = new Distance(2, 3), Padding = new Padding(1, 1, 0, 0) })
            .ShouldBe([8 * 0, (2 * 10) + (8 * 50)]);
    }

    [Fact]
    public void Groups_read_their_own_channels()
    {
        var twice = new ConcatenateLayer("two", ["image", "negative"]);
        var negative = new RequantiseLayer("negative", "image", [-1], [0], NumberFormat.TwosComplement(9));
        var grouped = new ConvolutionLayer("c", "two", WeightTensor.Convolution(NumberFormat.TwosComplement(3), 4, 1, 3, 3, (ReadOnlySpan<int>)
            [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0]))
        { Groups = 2 };
        Run(PixelRule.Unsigned8, negative, twice, grouped).ShouldBe([128, 256, -128, -384]);
    }

    [Fact]
    public void Dense_layers_flatten_channels_first()
    {
        var convolution = new ConvolutionLayer("c", "image", WeightTensor.Convolution(NumberFormat.TwosComplement(2), 2, 1, 1, 1, (ReadOnlySpan<int>)[1, -1]));
        int[] pick = new int[18];
        pick[10] = 1; // channel 1, row 0, column 1
        Run(PixelRule.Unsigned8, convolution, new DenseLayer("d", "c", WeightTensor.Dense(NumberFormat.Unsigned(1), 1, 18, pick))).ShouldBe([-200]);
        Run(PixelRule.Unsigned8, convolution, new FlattenLayer("f", "c"), new DenseLayer("d", "f", WeightTensor.Dense(NumberFormat.Unsigned(1), 1, 18, pick))).ShouldBe([-200]);
    }

    [Fact]
    public void Pools_leave_padded_positions_out()
    {
        var negative = new RequantiseLayer("negative", "image", [-1], [0], NumberFormat.TwosComplement(9));
        Run(PixelRule.Unsigned8, negative, new MaxPoolLayer("p", "negative", 2, 2) { Padding = new Padding(1, 1, 0, 0) }).ShouldBe([0, -200, -10, -90]);
        Run(PixelRule.Unsigned8, new SumPoolLayer("p", "image", 3, 3)).ShouldBe([1040]);
    }

    [Fact]
    public void Thresholds_count_what_is_reached_and_directions_turn_them()
    {
        Run(PixelRule.Unsigned8, new ThresholdLayer("t", "image", [128], [false])).ShouldBe([-1, 1, 1, -1, 1, -1, -1, -1, 1]);
        Run(PixelRule.Unsigned8, new ThresholdLayer("t", "image", [128], [true])).ShouldBe([1, -1, -1, 1, -1, 1, 1, 1, -1]);
        var levels = new ThresholdLayer("t", "image", [10, 128, 128, 256], [false]) { Output = NumberFormat.TwosComplement(4), FirstValue = -2 };
        Run(PixelRule.Unsigned8, levels).ShouldBe([-2, 1, 1, -1, 1, -1, -1, -1, 1]);
        Run(PixelRule.Unsigned8, levels with { Directions = [true] }).ShouldBe([2, -1, -1, 1, -1, 1, 1, 1, -1]);
    }

    [Fact]
    public void Requantisation_rounds_half_up_and_saturates()
    {
        var layer = new RequantiseLayer("q", "image", [1], [2], NumberFormat.Unsigned(6)) { ZeroPoint = 1, Saturation = new ValueRange(2, 60) };
        Run(PixelRule.Unsigned8, layer).ShouldBe([2, 51, 60, 4, 33, 33, 14, 24, 46]);
        Run(PixelRule.Signed8, new RequantiseLayer("q", "image", [1], [1], NumberFormat.TwosComplement(7))).ShouldBe([0, -28, 0, 5, -64, 63, 25, 45, -38]);
    }

    [Fact]
    public void Addition_saturates_and_argmax_takes_the_lowest_index()
    {
        Run(PixelRule.Unsigned8, new AddLayer("a", "image", "image", NumberFormat.Unsigned(8))).ShouldBe([0, 255, 255, 20, 255, 254, 100, 180, 255]);
        Run(PixelRule.Unsigned8, new AddLayer("a", "image", "image", NumberFormat.Unsigned(8)), new ArgmaxLayer("best", "a")).ShouldBe([1]);
    }

    [Fact]
    public void Every_format_pair_equals_the_popcount_formula_of_the_hardware_contract()
    {
        // Two's complement × two's complement by bit-planes: Σ s·2^(b+k)·pc(x_b & w_k).
        var random = new System.Random(5);
        const int FanIn = 9, Bits = 5;
        for (int round = 0; round < 50; round++)
        {
            int[] weights = [.. Enumerable.Range(0, FanIn).Select(_ => random.Next(-16, 16))];
            byte[] pixels = new byte[FanIn];
            random.NextBytes(pixels);
            QuantisedNetwork network = QuantisedNetwork.Create("n", Image(PixelRule.Signed8),
                [new DenseLayer("d", "image", WeightTensor.Dense(NumberFormat.TwosComplement(Bits), 1, FanIn, weights))]);
            long sum = 0;
            for (int b = 0; b < 8; b++)
            {
                for (int k = 0; k < Bits; k++)
                {
                    bool[] operand = [.. pixels.Select(pixel => ((pixel >> b) & 1) == 1)], stored = [.. weights.Select(weight => ((weight >> k) & 1) == 1)];
                    int count = RowOperation.Count(RowFunction.And, stored, operand, [.. Enumerable.Repeat(true, FanIn)]);
                    sum = ShiftAdd.Apply(sum, count, b + k, subtract: (b == 7) != (k == Bits - 1));
                }
            }
            GoldenModel.Run(network, pixels).Logits.ShouldBe([sum]);
        }
    }
}
