using FsCheck;
using FsCheck.Fluent;
using HwGen.Networks;

namespace HwGen.Golden.Tests;

public class FastModelTests
{
    [Fact]
    public void Random_networks_give_the_logits_of_the_definition()
    {
        int compared = 0;
        var kinds = new HashSet<string>();
        var paths = new HashSet<string>();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new RandomNetworks(seed);
            QuantisedNetwork network = random.Next();
            byte[] pixels = random.Pixels(network, 3);
            FastModel fast = FastModel.Compile(network);
            Logits logits = fast.Logits(pixels, threads: 1);
            int size = (int)network.Input.Shape.Count;
            for (int image = 0; image < 3; image++)
            {
                long[] expected = GoldenModel.Run(network, pixels.AsSpan(image * size, size)).Logits;
                logits.Of(image).ToArray().Select(logit => (long)logit).ShouldBe(expected, Invariant($"seed {seed}, image {image}\n{LayerTable.ToText(network)}"));
                compared += expected.Length;
            }
            kinds.UnionWith(network.Layers.Select(layer => layer.Kind));
            paths.UnionWith(fast.Paths.Select(path => path[(path.IndexOf(':', StringComparison.Ordinal) + 2)..]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithEndSize(1_000_000_000));
        compared.ShouldBeGreaterThan(10_000);
        kinds.Count.ShouldBe(10);
        paths.ShouldContain("XOR and popcount of words");
        paths.ShouldContain("16-bit vectors");
        paths.ShouldContain("OR of words");
        paths.ShouldContain("the definition");
    }
}
