using System.Security.Cryptography;
using HwGen.Networks;

namespace HwGen.Golden.Tests;

public class LogitsTests
{
    private static readonly Logits s_logits = new(new[,] { { 1, -2, 300 }, { 5, 5, 4 } });

    [Fact]
    public void Hashes_are_over_little_endian_integers_image_by_image()
    {
        s_logits.Hash().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(
            [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x2C, 1, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0])));
        s_logits.HashOfInt16().ShouldBe(Convert.ToHexStringLower(SHA256.HashData([1, 0, 0xFE, 0xFF, 0x2C, 1, 5, 0, 5, 0, 4, 0])));
        Should.Throw<OverflowException>(() => new Logits(new[,] { { 40000 } }).HashOfInt16());
    }

    [Fact]
    public void Accuracy_gives_a_tie_to_the_lowest_index()
    {
        s_logits.Correct([2, 0]).ShouldBe(2);
        s_logits.Correct([2, 1]).ShouldBe(1);
        s_logits.Accuracy([2, 1]).ShouldBe(0.5);
        Should.Throw<ArgumentException>(() => s_logits.Correct([2]));
    }

    [Fact]
    public void Threads_do_not_change_a_value()
    {
        var random = new RandomNetworks(11);
        QuantisedNetwork network = random.Next();
        byte[] pixels = random.Pixels(network, 101);
        FastModel fast = FastModel.Compile(network);
        fast.Logits(pixels, threads: 5).Hash().ShouldBe(fast.Logits(pixels, threads: 1).Hash());
        fast.Logits(ReadOnlyMemory<byte>.Empty).Images.ShouldBe(0);
        Should.Throw<ArgumentException>(() => fast.Logits(new byte[network.Input.Shape.Count + 1]));
    }

    [Fact]
    public void Numbers_beyond_31_bits_run_by_definition()
    {
        var input = new NetworkInput("image", new TensorShape(1, 2, 2), PixelRule.Unsigned8);
        var wide = new RequantiseLayer("wide", "image", [1L << 40], [0], NumberFormat.TwosComplement(60));
        var back = new RequantiseLayer("back", "wide", [1], [40], NumberFormat.Unsigned(8));
        FastModel fast = FastModel.Compile(QuantisedNetwork.Create("n", input, [wide, back]));
        fast.Logits(new byte[] { 1, 2, 3, 255 }).Of(0).ToArray().ShouldBe([1, 2, 3, 255]);
        fast.Paths.ShouldAllBe(path => path.EndsWith("the definition"));
        Should.Throw<OverflowException>(() => FastModel.Compile(QuantisedNetwork.Create("n", input, [wide])).Logits(new byte[] { 1, 2, 3, 255 }));
    }
}
