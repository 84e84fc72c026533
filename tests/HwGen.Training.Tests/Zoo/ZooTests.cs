using System.Security.Cryptography;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Recipes;
using HwGen.Training.Zoo;

namespace HwGen.Training.Tests.Zoo;

public sealed class ZooTests
{
    private static string Folder(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.ShouldNotBeNull().FullName, "models", "zoo", name);
    }

    private static void Reproduce(string name)
    {
        NetworkFacts facts = NetworkFacts.Read(Path.Combine(Folder(name), NetworkFacts.FileName));
        QuantisedNetwork network = NetworkFile.Read(Path.Combine(Folder(name), "network.hwnet"));
        ImageSet test = TrainingData.LoadTest(facts.DataSet).ShouldNotBeNull();
        NetworkFacts.Measure(network, facts.Seed, test, Environment.ProcessorCount).ShouldBe(facts);
    }

    public static TheoryData<string> Names => [.. Directory.GetDirectories(Folder("")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Recipe_network_and_facts_belong_together(string name)
    {
        NetworkFacts facts = NetworkFacts.Read(Path.Combine(Folder(name), NetworkFacts.FileName));
        Recipe recipe = RecipeReader.ReadFile(Path.Combine(Folder(name), "recipe.yaml"));
        byte[] file = File.ReadAllBytes(Path.Combine(Folder(name), "network.hwnet"));
        file.Length.ShouldBeLessThan(5_000_000);
        (recipe.Name, recipe.Seed, recipe.Data.Set).ShouldBe((facts.Name, facts.Seed, facts.DataSet));
        facts.Name.ShouldBe(name);
        QuantisedNetwork network = NetworkFile.Parse(file, name);
        network.Name.ShouldBe(name);
        facts.NetworkSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        int folds = 0;
        foreach (ThresholdLayer layer in network.Layers.OfType<ThresholdLayer>().Where(layer => layer.Unfolded is not null))
        {
            BatchNormFolding.Check(layer, network[layer.Inputs[0]].Range).ShouldBeGreaterThan(0);
            folds++;
        }
        folds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Drawn_digits_gives_its_facts_again() => Reproduce("drawn-digits");

    [DataSetFact("mnist")]
    public void Mnist_binary_gives_its_facts_again() => Reproduce("mnist-binary");

    [DataSetFact("mnist")]
    public void Mnist_pruned_70_gives_its_facts_again() => Reproduce("mnist-pruned-70");

    [DataSetFact("mnist")]
    public void Mnist_unpruned_gives_its_facts_again() => Reproduce("mnist-unpruned");

    [Fact]
    public void Mnist_pruned_70_has_lost_seventy_percent_of_its_convolution_operations()
    {
        QuantisedNetwork network = NetworkFile.Read(Path.Combine(Folder("mnist-pruned-70"), "network.hwnet"));
        long operations = network.Layers.OfType<ConvolutionLayer>().Sum(layer => layer.Weights.Values.Length * (long)network[layer.Name].Shape.Height * network[layer.Name].Shape.Width);
        (1 - (operations / 4_290_048.0)).ShouldBeGreaterThanOrEqualTo(0.70);
    }

    [Fact]
    public void The_required_accuracies_are_reached()
    {
        NetworkFacts.Read(Path.Combine(Folder("mnist-binary"), NetworkFacts.FileName)).Accuracy.ShouldBeGreaterThanOrEqualTo(0.97);
        NetworkFacts.Read(Path.Combine(Folder("mnist-pruned-70"), NetworkFacts.FileName)).Accuracy.ShouldBeGreaterThanOrEqualTo(0.99);
        NetworkFacts.Read(Path.Combine(Folder("drawn-digits"), NetworkFacts.FileName)).Accuracy.ShouldBeGreaterThanOrEqualTo(0.97);
    }
}
