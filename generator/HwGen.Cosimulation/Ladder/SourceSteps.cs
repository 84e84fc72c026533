using System.Globalization;
using HwGen.Golden;
using HwGen.Networks;

namespace HwGen.Cosimulation.Ladder;

/// <summary>The steps of the ladder above the hardware: the source file, the imported network, the golden model.</summary>
public static class SourceSteps
{
    /// <summary>The name of the first step.</summary>
    public const string ImportName = "import = source";

    /// <summary>The name of the second step.</summary>
    public const string GoldenName = "golden = import";

    /// <summary>
    /// The imported network, by its definition, against the source file as it stands, node by node in its own arithmetic: every output, as the integer that
    /// it stands for; or the class that wins, where the import keeps only the order.
    /// </summary>
    /// <param name="source">The source file.</param>
    /// <param name="imported">What was imported from it.</param>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Ends the comparison between two images.</param>
    public static LadderStep ImportStep(SourceModel source, ImportedNetwork imported, ImageSet images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(imported);
        ArgumentNullException.ThrowIfNull(images);
        var relation = imported.Relation;
        var (expected, actual) = (new long?[images.Count][], new long[images.Count][]);
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellationToken }, image =>
        {
            var outputs = source.Run(images.Image(image));
            var logits = GoldenModel.Run(imported.Network, images.Image(image)).Logits;
            expected[image] = relation.ClassesOnly ? [Array.IndexOf(outputs, outputs.Max())] : [.. outputs.Select(relation.Integer)];
            actual[image] = relation.ClassesOnly ? [Argmax.Of(logits)] : logits;
        });
        var comparison = new Comparison(imported.Network.Output);
        for (var image = 0; image < images.Count; image++)
            comparison.Add(image, expected[image], actual[image]);
        return comparison.Step(ImportName, string.Create(CultureInfo.InvariantCulture,
            $"{(relation.ClassesOnly ? "the class that wins" : "every output")} of {images.Count:N0} images"));
    }

    /// <summary>The golden model's fast path against the network by its definition, every logit; and each folded threshold against the batch norm that it was folded from.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Ends the comparison between two images.</param>
    public static LadderStep GoldenStep(QuantisedNetwork network, ImageSet images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        var logits = FastModel.Compile(network).Logits(images);
        var definition = new long[images.Count][];
        Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellationToken }, image => definition[image] = GoldenModel.Run(network, images.Image(image)).Logits);
        var comparison = new Comparison(network.Output);
        for (var image = 0; image < images.Count; image++)
            comparison.Add(image, [.. definition[image].Select(value => (long?)value)], [.. logits.Of(image).ToArray().Select(value => (long)value)]);
        var decisions = 0L;
        foreach (var layer in network.Layers.OfType<ThresholdLayer>().Where(layer => layer.Unfolded is not null))
        {
            try
            {
                decisions += BatchNormFolding.Check(layer, network[layer.Inputs[0]].Range);
            }
            catch (InvalidNetworkException differs)
            {
                comparison.Other.Add(differs.Message);
            }
        }
        return comparison.Step(GoldenName, string.Create(CultureInfo.InvariantCulture,
            $"every logit of {images.Count:N0} images by definition and on the fast path; {decisions:N0} decisions of folded thresholds and their batch norms"));
    }

    /// <summary>Outputs, image by image.</summary>
    private sealed class Comparison(string layer)
    {
        private readonly List<Mismatch> _mismatches = [];
        private long _compared, _different;

        public List<string> Other { get; } = [];

        public void Add(int image, long?[] expected, long[] actual)
        {
            if (expected.Length != actual.Length)
            {
                Other.Add(FormattableString.Invariant($"image {image}: {expected.Length} outputs expected, {actual.Length} found"));
                return;
            }
            for (var i = 0; i < actual.Length; i++)
            {
                _compared++;
                if (expected[i] == actual[i])
                    continue;
                _different++;
                if (expected[i] is not { } value)
                    Other.Add(FormattableString.Invariant($"image {image}, output {i}: the source's value is no whole number of steps"));
                else if (_mismatches.Count < NetworkCosimulation.ListedMismatches)
                    _mismatches.Add(new Mismatch(image, layer, i, 0, 0, value, actual[i]));
            }
        }

        public LadderStep Step(string name, string what) => new(name, _compared, _different, what, _mismatches, [.. Other.Take(NetworkCosimulation.ListedMismatches)]);
    }
}
