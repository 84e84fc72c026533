namespace HwGen.Training.Tests.Arithmetic;

public sealed class RandomSourceTests
{
    [Fact]
    public void The_stream_of_a_seed_never_changes()
    {
        // These numbers are part of every recipe's result: a change here would make every trained network of the zoo irreproducible.
        var random = new RandomSource(1);
        ulong[] first = [random.NextBits(), random.NextBits(), random.NextBits()];
        first.ShouldBe([0xB3F2AF6D0FC710C5, 0x853B559647364CEA, 0x92F89756082A4514]);
    }

    [Fact]
    public void Seed_purpose_and_index_each_give_another_stream()
    {
        ulong[] firsts =
        [
            RandomSource.For(1, RandomStream.Order, 2).NextBits(),
            RandomSource.For(2, RandomStream.Order, 1).NextBits(),
            RandomSource.For(1, RandomStream.Augmentation, 2).NextBits(),
            RandomSource.For(1, RandomStream.Order, 3).NextBits(),
            RandomSource.For(0, RandomStream.Order, 0).NextBits(),
        ];
        firsts.Distinct().Count().ShouldBe(firsts.Length);
        RandomSource.For(1, RandomStream.Order, 2).NextBits().ShouldBe(firsts[0]);
    }

    [Fact]
    public void Bounded_numbers_stay_below_the_bound_and_reach_every_value()
    {
        var random = new RandomSource(7);
        int[] counts = new int[5];
        for (int i = 0; i < 5000; i++)
            counts[random.NextBelow(5)]++;
        counts.ShouldAllBe(count => count > 850 && count < 1150);
    }

    [Fact]
    public void A_shuffle_is_a_permutation()
    {
        int[] items = [.. Enumerable.Range(0, 1000)];
        new RandomSource(3).Shuffle(items);
        items.ShouldNotBe(Enumerable.Range(0, 1000));
        items.Order().ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public void The_exponential_agrees_with_the_library()
    {
        for (double x = 0; x > -750; x -= 0.37)
            Exponential.Of(x).ShouldBe(Math.Exp(x), Math.Max(1e-300, Math.Exp(x) * 1e-14));
    }
}
