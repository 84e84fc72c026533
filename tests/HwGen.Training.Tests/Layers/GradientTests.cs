using HwGen.Training.Layers;

namespace HwGen.Training.Tests.Layers;

public sealed class GradientTests
{
    [Fact]
    public void Convolution()
    {
        foreach ((int kernel, int padding, int channels, int filters) in new[] { (3, 1, 2, 5), (3, 0, 1, 17), (1, 0, 3, 4), (2, 1, 2, 3), (5, 2, 1, 2) })
        {
            var map = new MapShape(6, 5, channels);
            var layer = new TrainableConvolution("c", map, filters, kernel, padding, new GradientCheck.Identity(), new RandomSource(1));
            GradientCheck.Check(layer, GradientCheck.Images(9, map, 2));
        }
    }

    [Fact]
    public void Dense()
    {
        var map = new MapShape(2, 3, 4);
        GradientCheck.Check(new TrainableDense("d", map, 19, new GradientCheck.Identity(), new RandomSource(1)), GradientCheck.Images(11, map, 3));
    }

    [Fact]
    public void Batch_norm()
    {
        var map = new MapShape(3, 2, 5);
        var layer = new TrainableBatchNorm("n", map);
        for (int channel = 0; channel < 5; channel++)
        {
            layer.Scale.Values[channel] = channel - 1.5f;
            layer.Shift.Values[channel] = 0.3f * channel;
        }
        GradientCheck.Check(layer, GradientCheck.Images(13, map, 4), tolerance: 5e-3);
    }

    [Fact]
    public void Max_pool()
    {
        foreach (int channels in new[] { 3, 16, 21 })
        {
            var map = new MapShape(5, 7, channels);
            // Values apart by more than the step, so that no difference crosses a change of the maximum.
            FeatureMaps images = GradientCheck.Images(2, map, 5);
            int[] order = [.. Enumerable.Range(0, images.Values.Length)];
            new RandomSource(6).Shuffle(order);
            for (int i = 0; i < order.Length; i++)
                images.Values[i] = order[i] / 16f;
            GradientCheck.Check(new TrainableMaxPool("p", map, 2), images, step: 1 / 64f);
        }
    }

    [Fact]
    public void Logit_scale()
    {
        var map = new MapShape(1, 1, 10);
        GradientCheck.Check(new LogitScale("l", map, 0.25f), GradientCheck.Images(4, map, 7));
    }

    [Fact]
    public void Softmax_cross_entropy()
    {
        var map = new MapShape(1, 1, 10);
        FeatureMaps logits = GradientCheck.Images(3, map, 8);
        byte[] labels = [0, 7, 9];
        var loss = new SoftmaxCrossEntropy();
        float[] gradient = loss.Compute(logits, labels).Gradient.Values.ToArray();
        for (int i = 0; i < gradient.Length; i++)
        {
            float old = logits.Values[i];
            logits.Values[i] = old + (1 / 64f);
            double above = loss.Compute(logits, labels).Loss;
            logits.Values[i] = old - (1 / 64f);
            double below = loss.Compute(logits, labels).Loss;
            logits.Values[i] = old;
            ((above - below) * 32).ShouldBe(gradient[i], 1e-4);
        }
    }

    [Fact]
    public void The_sign_passes_gradients_straight_through_within_one()
    {
        var map = new MapShape(1, 1, 20);
        var input = new FeatureMaps(1, map);
        var gradient = new FeatureMaps(1, map);
        for (int i = 0; i < 20; i++)
        {
            input.Values[i] = (i - 10) / 5f;
            gradient.Values[i] = i + 1;
        }
        var layer = new SignActivation("s", map);
        float[] output = layer.Forward(input, Pass.Training, new Shards(1)).Values.ToArray();
        float[] passed = layer.Backward(gradient, true, new Shards(1)).Values.ToArray();
        for (int i = 0; i < 20; i++)
        {
            output[i].ShouldBe(i >= 10 ? 1 : -1);
            passed[i].ShouldBe(i is >= 5 and <= 15 ? i + 1 : 0);
        }
    }

    [Fact]
    public void The_rectifier_makes_levels_and_passes_gradients_within_its_range()
    {
        var map = new MapShape(1, 1, 6);
        var input = new FeatureMaps(1, map);
        new float[] { -1, 0.24f, 0.25f, 0.9f, 1.49f, 9 }.CopyTo(input.Values);
        var gradient = new FeatureMaps(1, map);
        gradient.Values.Fill(1);
        var layer = new LevelActivation("r", map, bits: 2, step: 0.5f);
        layer.Forward(input, Pass.Training, new Shards(1)).Values.ToArray().ShouldBe([0, 0, 1, 2, 3, 3]);
        layer.Backward(gradient, true, new Shards(1)).Values.ToArray().ShouldBe([0, 2, 2, 2, 2, 0]);
    }

    [Fact]
    public void Equal_values_give_the_gradient_of_a_pool_to_the_first()
    {
        var map = new MapShape(2, 2, 17);
        var input = new FeatureMaps(1, map);
        input.Values.Fill(3);
        var gradient = new FeatureMaps(1, new MapShape(1, 1, 17));
        gradient.Values.Fill(5);
        var layer = new TrainableMaxPool("p", map, 2);
        layer.Forward(input, Pass.Training, new Shards(1));
        float[] passed = layer.Backward(gradient, true, new Shards(1)).Values.ToArray();
        passed[..17].ShouldAllBe(value => value == 5);
        passed[17..].ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void A_dead_channel_is_zero_and_gets_no_gradient()
    {
        var map = new MapShape(2, 2, 3);
        FeatureMaps input = GradientCheck.Images(2, map, 9);
        var gradient = new FeatureMaps(2, map);
        gradient.Values.Fill(1);
        var layer = new SignActivation("s", map) { Alive = [true, false, true] };
        float[] output = layer.Forward(input, Pass.Training, new Shards(1)).Values.ToArray();
        float[] passed = layer.Backward(gradient, true, new Shards(1)).Values.ToArray();
        for (int i = 0; i < output.Length; i++)
        {
            (output[i] == 0).ShouldBe(i % 3 == 1);
            (passed[i] == 0).ShouldBe(i % 3 == 1);
        }
    }

    [Fact]
    public void Integer_weights_use_the_symmetric_range()
    {
        float[] stored = new float[5];
        new IntegerWeights(4).Quantise([-1, -0.5f, 0, 0.99f, 1], stored);
        stored.ShouldBe([-7, -4, 0, 7, 7]);
        new BinaryWeights().Quantise([-1, -0.01f, 0, 0.5f, 1], stored);
        stored.ShouldBe([-1, -1, 1, 1, 1]);
    }
}
