using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>A test that needs the shared models and MNIST; skipped with the reason where they are absent.</summary>
public sealed class ForeignFactAttribute : FactAttribute
{
    public ForeignFactAttribute()
    {
        if (ForeignFileTests.Models is null || DataFolders.Find("mnist") is null)
            Skip = "no folder 'models' with 'qonnx' beside the data folder, or no 'mnist', in $HWGEN_DATA or ../shared/data";
    }
}

/// <summary>Files that other people's tools made.</summary>
public class ForeignFileTests
{
    /// <summary>The folder 'models' beside the data folder.</summary>
    public static string? Models => DataFolders.Candidates()
        .Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "models"))).FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "qonnx")));

    [ForeignFact]
    public void TFC_has_the_published_logits_and_accuracy()
    {
        QuantisedNetwork network = OnnxImporter.Import(Path.Combine(Models!, "qonnx", "TFC_1W1A.onnx")).Network;
        LayerTable.Of(network).Sum(row => row.WeightBits).ShouldBe(59_008);
        network.Input.Rule.ShouldSatisfyAllConditions(rule => rule.Table[127].ShouldBe(-1), rule => rule.Table[128].ShouldBe(1));
        ImageSet test = DataFolders.LoadIdx("mnist", train: false)!;
        Logits logits = FastModel.Compile(network).Logits(test);
        logits.HashOfInt16().ShouldBe("8387122a66c0aa5b996aed3b1e497aa4242f86f392e2078190e64ea0b413be14");
        logits.Correct(test.Labels).ShouldBe(9296);
        for (int image = 0; image < 50; image++)
            GoldenModel.Run(network, test.Image(image)).Logits.ShouldBe(logits.Of(image).ToArray().Select(logit => (long)logit));
        long decisions = network.Layers.OfType<ThresholdLayer>().Sum(layer => BatchNormFolding.Check(layer, network[layer.Input].Range));
        decisions.ShouldBe((64 * 1569) + (2 * 64 * 129));
    }

    [ForeignFact]
    public void The_network_file_keeps_an_imported_network()
    {
        QuantisedNetwork network = OnnxImporter.Import(Path.Combine(Models!, "qonnx", "TFC_1W1A.onnx")).Network;
        QuantisedNetwork again = NetworkFile.Parse(NetworkFile.ToBytes(network), "tfc.hwnet");
        ImageSet images = DataFolders.LoadIdx("mnist", train: false)!.First(200);
        FastModel.Compile(again).Logits(images).Hash().ShouldBe(FastModel.Compile(network).Logits(images).Hash());
    }

    [ForeignFact]
    public void The_binary_layer_of_hls4ml_matches_its_source()
    {
        string path = Path.Combine(Models!, "hls4ml", "bnn_model_fc_1layer.onnx");
        var options = new ImportOptions { Scaling = InputScaling.MinusOneToOne };
        QuantisedNetwork network = OnnxImporter.Import(path, options).Network;
        SourceModel source = SourceModel.Load(path, options);
        var outputs = new HashSet<string>();
        for (int i = 0; i < 8; i++)
        {
            byte[] pixels = [(byte)((i & 1) * 255), (byte)((i >> 1 & 1) * 255), (byte)((i >> 2) * 255)];
            double[] expected = source.Run(pixels);
            GoldenModel.Run(network, pixels).Logits.Select(value => (double)value).ShouldBe(expected);
            outputs.Add(string.Join(",", expected));
        }
        outputs.Count.ShouldBeGreaterThan(1);
        OnnxImporter.Import(path).Notes.ShouldContain(note => note.Contains("every pixel becomes 1"));
    }

    [ForeignFact]
    public void A_float_network_is_refused_and_quantised_on_request()
    {
        string path = Path.Combine(Models!, "onnx", "mnist-conv", "model.onnx");
        Should.Throw<InputFileException>(() => OnnxImporter.Import(path)).Message.ShouldContain("node 'Convolution28' (Conv): its weights are float");
        var options = new ImportOptions { Scaling = InputScaling.Pixels };
        ImageSet test = DataFolders.LoadIdx("mnist", train: false)!, train = DataFolders.LoadIdx("mnist", train: true)!;
        QuantisedNetwork network = PostTrainingQuantiser.Quantise(path, train.First(200), options).Network;
        network.Layers.OfType<WeightedLayer>().ShouldAllBe(layer => layer.Weights.Format.Bits <= 8);
        FastModel.Compile(network).Logits(test).Correct(test.Labels).ShouldBeGreaterThanOrEqualTo(9850);
        SourceModel.Load(path, options).Correct(test.First(1000)).ShouldBeGreaterThanOrEqualTo(985);
    }
}
