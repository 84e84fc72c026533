using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>Mutants of valid files: every one is imported or refused with an input error.</summary>
public class FuzzTests
{
    private const int Count = 2_000;

    [Fact]
    public void Mutants_are_imported_or_refused_never_worse()
    {
        var mutants = new Mutants(1, Foreign());
        int parsed = 0, imported = 0, refused = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] mutant = mutants.Next();
            parsed += Mutants.Parses(mutant) ? 1 : 0;
            try
            {
                QuantisedNetwork network = OnnxImporter.Import(mutant, "mutant.onnx").Network;
                imported++;
                if (LayerTable.Of(network).Sum(row => row.MultiplyAccumulates) < 100_000 && network.Input.Shape.Count < 10_000 && network.Layers.All(layer => network[layer.Name].Shape.Count < 100_000))
                    GoldenModel.Run(network, new byte[network.Input.Shape.Count]);
            }
            catch (InputFileException)
            {
                refused++;
            }
            catch (Exception worse) when (worse is not OutOfMemoryException)
            {
                throw new InvalidOperationException(Invariant($"mutant {i}: {worse}"), worse);
            }
        }
        (imported + refused).ShouldBe(Count);
        parsed.ShouldBeGreaterThan(Count / 2);
        imported.ShouldBeGreaterThan(Count / 50);
        refused.ShouldBeGreaterThan(Count / 4);
    }

    private static IEnumerable<byte[]> Foreign() => ForeignFileTests.Models is not { } folder ? []
        : [File.ReadAllBytes(Path.Combine(folder, "hls4ml", "bnn_model_fc_1layer.onnx")), File.ReadAllBytes(Path.Combine(folder, "onnx", "mnist-conv", "model.onnx"))];
}
