using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Mapping.Tests;

/// <summary>What filters of zeros cost: nothing where their constant can be told in another way.</summary>
public class CompactionTests
{
    private static readonly ArrayConfiguration s_array = new("test", 1024, 16, 8, ArrayConfiguration.AllOperations) { InitialWords = 64 };

    [Fact]
    public void Filters_of_zeros_take_no_rows_and_the_next_layer_reads_fewer_channels()
    {
        // 40 ternary filters of two words in two planes, of which 12 stay: the next layer reads one word of 12 channels in place of three of 40.
        int[] stay = [.. Enumerable.Range(0, 12).Select(i => (3 * i) + 1)];
        var whole = Map(40, Enumerable.Range(0, 40).ToArray(), biases: false);
        var pruned = Map(40, stay, biases: false);
        (whole.Layers[0].Rows, pruned.Layers[0].Rows).ShouldBe((40 * 2 * 2, 12 * 2 * 2));
        (whole.Layers[1].Rows, pruned.Layers[1].Rows).ShouldBe((5 * 3 * 2, 5 * 1 * 2));
        (whole.Layers[0].ConstantFilters, pruned.Layers[0].ConstantFilters, pruned.Layers[1].ConstantFilters).ShouldBe((0, 28, 0));
        pruned.Cycles.ShouldBeLessThan(whole.Cycles);
        pruned.Layers[0].MultiplyAccumulates.ShouldBe(12 * 20);
        var stage = pruned.Program.Stages[0];
        stage.Channels.ShouldBe(stay);
        stage.Output!.Channels.ShouldBe(12);

        // A sum of 0 reaches the threshold of even channels, and not that of odd ones.
        stage.Constants.ShouldBe([.. Enumerable.Range(0, 40).Except(stay).Select(channel => new ConstantChannel(channel, channel % 2 == 0 ? 1 : -1))]);
    }

    [Fact]
    public void A_constant_that_is_not_0_goes_into_the_biases_of_what_reads_it()
    {
        var pruned = Map(8, [0, 5], biases: true);
        var accumulators = pruned.Program.Initials.Where(initial => initial.Address == pruned.Program.Initials.Max(i => i.Address)).OrderBy(initial => initial.Lane).Select(initial => initial.Value).ToList();

        // Logits begin with their bias and the ±1 of the six channels that are left out, times their weights.
        var expected = Enumerable.Range(0, 5).Select(logit => 100L + logit + ((int[])[1, 2, 3, 4, 6, 7]).Sum(channel => (channel % 2 == 0 ? 1 : -1) * Weight(logit, channel)));
        accumulators.ShouldBe(expected);
    }

    [Fact]
    public void A_channel_whose_pixels_get_different_values_behind_a_flattening_stays()
    {
        // Filters 1 and 2 are zeros; behind the flattening the pixels of filter 1 have thresholds of their own. Found by the covering set.
        var input = new NetworkInput("pixels", new TensorShape(1, 1, 2), PixelRule.BipolarAt());
        var weights = new WeightTensor(NumberFormat.Ternary, 3, 1, 1, 1, [1, 0, 0]);
        var network = QuantisedNetwork.Create("n", input,
        [
            new ConvolutionLayer("sums", "pixels", weights), new FlattenLayer("flat", "sums"),
            new ThresholdLayer("bits", "flat", [0, 0, 0, 1, 1, 1], [.. new bool[6]]),
            new DenseLayer("logits", "bits", WeightTensor.Dense(NumberFormat.Bipolar, 2, 6, (ReadOnlySpan<int>)[1, 1, -1, 1, -1, 1, -1, 1, 1, 1, -1, -1])),
        ]);
        var stage = Mapper.Map(network, s_array, packing: InputPacking.Channel).Program.Stages[0];
        stage.Constants.ShouldBe([new ConstantChannel(2, -1)]);
        stage.Channels.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_constant_that_a_padded_convolution_reads_stays_unless_it_is_0()
    {
        // Outside of the map there is 0: a constant ±1 is not 0, a constant of a map of values can be.
        foreach (var (format, left) in new[] { (NumberFormat.Bipolar, 0), (NumberFormat.Unsigned(1), 2) })
        {
            var input = new NetworkInput("pixels", new TensorShape(1, 4, 4), PixelRule.BipolarAt());
            var first = new WeightTensor(NumberFormat.Ternary, 4, 1, 1, 1, [1, 0, -1, 0]);
            var second = new WeightTensor(NumberFormat.Bipolar, 2, 4, 3, 3, [.. Enumerable.Range(0, 72).Select(i => i % 5 < 2 ? 1 : -1)]);
            var network = QuantisedNetwork.Create("n", input,
            [
                new ConvolutionLayer("first", "pixels", first), new ThresholdLayer("function", "first", [1, 1, 1, 1], [false, false, false, false]) { Output = format },
                new ConvolutionLayer("second", "function", second) { Padding = Padding.Same(1) },
            ]);
            var mapped = Mapper.Map(network, s_array);
            mapped.Layers[0].ConstantFilters.ShouldBe(left);
            mapped.Program.Stages[0].Constants.Length.ShouldBe(left);
        }
    }

    [Fact]
    public void A_network_of_zeros_keeps_a_channel_a_map_and_all_logits()
    {
        var mapped = Map(8, [], biases: true);
        mapped.Program.Stages[0].Channels.ShouldBe([0]);
        mapped.Program.Stages[1].Results.ShouldBe(5);
    }

    /// <summary>20 inputs, filters of which some stay, their signs, five logits.</summary>
    private static MappedNetwork Map(int filters, int[] stay, bool biases)
    {
        var input = new NetworkInput("pixels", TensorShape.Flat(20), PixelRule.BipolarAt());
        int[] first = [.. Enumerable.Range(0, filters * 20).Select(i => !stay.Contains(i / 20) ? 0 : (i * 7 / 3 % 3) - 1)];
        int[] second = [.. Enumerable.Range(0, 5 * filters).Select(i => Weight(i / filters, i % filters))];
        return Mapper.Map(QuantisedNetwork.Create("n", input,
        [
            new DenseLayer("first", "pixels", WeightTensor.Dense(NumberFormat.Ternary, filters, 20, (ReadOnlySpan<int>)first)),
            new ThresholdLayer("signs", "first", [.. Enumerable.Range(0, filters).Select(channel => channel % 2 == 0 ? 0L : 1)], [.. new bool[filters]]),
            new DenseLayer("logits", "signs", WeightTensor.Dense(NumberFormat.TwosComplement(2), 5, filters, (ReadOnlySpan<int>)second)) { Biases = biases ? [100, 101, 102, 103, 104] : [] },
        ]), s_array);
    }

    private static int Weight(int logit, int channel) => (((logit * 5) + (channel * 3)) % 4) - 2;
}
