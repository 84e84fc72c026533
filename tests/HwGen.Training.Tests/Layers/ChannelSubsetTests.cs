using HwGen.Training.Arithmetic;
using HwGen.Training.Layers;

namespace HwGen.Training.Tests.Layers;

/// <summary>A convolution that leaves out what is pruned gives the bits of one that computes with zeros.</summary>
public sealed class ChannelSubsetTests
{
    [Theory]
    [InlineData(5, 7, new[] { 0, 2, 6 }, new[] { 1, 4 })]
    [InlineData(5, 40, new[] { 3, 5, 8, 9, 11, 12, 13, 20, 21, 22, 23, 24, 25, 26, 31, 32, 39 }, new[] { 0, 2, 3 })]
    [InlineData(1, 20, new[] { 7 }, new[] { 0 })]
    [InlineData(3, 4, new[] { 0, 1, 2, 3 }, new[] { 2 })]
    public void Left_out_channels_change_no_bit(int channels, int filters, int[] aliveFilters, int[] aliveChannels)
    {
        var shape = new MapShape(6, 5, channels);
        TrainableConvolution Make() => new("convolution", shape, filters, 3, 1, new IntegerWeights(4), RandomSource.For(3, RandomStream.InitialWeights, 0));
        (TrainableConvolution whole, TrainableConvolution subset) = (Make(), Make());
        subset.Keep(aliveFilters, aliveChannels);

        var random = RandomSource.For(4, RandomStream.InitialWeights, 1);
        const int Images = 11;
        FeatureMaps input = Draw(random, Images, shape, aliveChannels);
        FeatureMaps gradient = Draw(random, Images, whole.Output, aliveFilters);
        float[] expected = [.. whole.Forward(input, Pass.Training, new Shards(1)).Values.ToArray()];
        float[] actual = [.. subset.Forward(input, Pass.Training, new Shards(2)).Values.ToArray()];
        int compared = Compare(expected, actual, filters, aliveFilters);

        expected = [.. whole.Backward(gradient, needInput: true, new Shards(1)).Values.ToArray()];
        actual = [.. subset.Backward(gradient, needInput: true, new Shards(2)).Values.ToArray()];
        compared += Compare(expected, actual, channels, aliveChannels);

        for (int i = 0; i < whole.Weights.Gradient.Length; i++)
        {
            bool alive = aliveFilters.Contains(i % filters) && aliveChannels.Contains(i / filters % channels);
            BitConverter.SingleToInt32Bits(subset.Weights.Gradient[i]).ShouldBe(alive ? BitConverter.SingleToInt32Bits(whole.Weights.Gradient[i]) : 0);
            compared++;
        }
        compared.ShouldBe((Images * 30 * (filters + channels)) + (9 * filters * channels));
    }

    private static int Compare(float[] expected, float[] actual, int all, int[] alive)
    {
        actual.Length.ShouldBe(expected.Length);
        for (int i = 0; i < actual.Length; i++)
            actual[i].ShouldBe(alive.Contains(i % all) ? expected[i] : 0);
        return actual.Length;
    }

    private static FeatureMaps Draw(RandomSource random, int images, MapShape shape, int[] alive)
    {
        var maps = new FeatureMaps(images, shape);
        for (int i = 0; i < maps.Values.Length; i++)
            maps.Values[i] = alive.Contains(i % shape.Channels) ? (random.NextSingle() * 2) - 1 : 0;
        return maps;
    }
}
