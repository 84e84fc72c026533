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
                ShouldBeTheSame(imported, golden, source.Run(pixels), Invariant($"seed {seed}\n{LayerTable.ToText(imported.Network)}"));
                compared += golden.Length;
            }
            kinds.UnionWith(imported.Network.Layers.Select(layer => layer.Kind));
        }
        networks.ShouldBeGreaterThan(300);
        compared.ShouldBeGreaterThan(3000);
        kinds.ShouldBeSubsetOf(["convolution", "dense", "threshold", "requantise", "max pool", "sum pool", "add", "flatten", "relu"]);
        kinds.Count.ShouldBeGreaterThan(6);
    }

    /// <summary>Logits are the integers that the source's outputs stand for, exactly; where only the order is kept, the class that wins is the same.</summary>
    private static void ShouldBeTheSame(ImportedNetwork imported, long[] golden, double[] source, string message)
    {
        source.Length.ShouldBe(golden.Length, message);
        if (imported.Relation.ClassesOnly)
            Argmax.Of(golden).ShouldBe(Array.IndexOf(source, source.Max()), message);
        else
            source.Select(imported.Relation.Integer).ShouldBe(golden.Select(logit => (long?)logit), message);
    }
}
