using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>The golden logits of an imported network against the source file run in its own arithmetic.</summary>
public class ImportEqualsSourceTests
{
    [Fact]
    public void Random_quantised_files_give_the_logits_of_their_source()
    {
        int compared = 0, networks = 0;
        var kinds = new HashSet<string>();
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new RandomSource(seed);
            OnnxBuilder builder = random.Next();
            ImportedNetwork imported;
            try
            {
                imported = builder.Import();
            }
            catch (InputFileException refused)
            {
                // The generator may put a ReLU where no quantiser follows before a product, or unlike scales before a sum: refused, never wrong.
                refused.Message.ShouldContain("node '");
                continue;
            }
            networks++;
            SourceModel source = builder.Source();
            FastModel fast = FastModel.Compile(imported.Network);
            for (int image = 0; image < 4; image++)
            {
                byte[] pixels = random.Pixels(source.Pixels);
                long[] golden = GoldenModel.Run(imported.Network, pixels).Logits;
                fast.Logits(pixels).Of(0).ToArray().Select(logit => (long)logit).ShouldBe(golden);
                ShouldBeProportional(golden, source.Run(pixels), Invariant($"seed {seed}\n{LayerTable.ToText(imported.Network)}"));
                compared += golden.Length;
            }
            kinds.UnionWith(imported.Network.Layers.Select(layer => layer.Kind));
        }
        networks.ShouldBeGreaterThan(300);
        compared.ShouldBeGreaterThan(3000);
        kinds.ShouldBeSubsetOf(["convolution", "dense", "threshold", "requantise", "max pool", "sum pool", "add", "flatten", "relu"]);
        kinds.Count.ShouldBeGreaterThan(6);
    }

    /// <summary>Logits are integers, the source's outputs the same integers times a scale, rounded to floats.</summary>
    private static void ShouldBeProportional(long[] golden, double[] source, string message)
    {
        source.Length.ShouldBe(golden.Length, message);
        int largest = Enumerable.Range(0, golden.Length).MaxBy(i => Math.Abs(golden[i]));
        double scale = golden[largest] == 0 ? 0 : source[largest] / golden[largest];
        if (golden[largest] != 0)
            scale.ShouldBeGreaterThan(0, message);
        for (int i = 0; i < golden.Length; i++)
            source[i].ShouldBe(golden[i] * scale, 1e-5 * (Math.Abs(source[largest]) + 1e-9), message);
    }
}
