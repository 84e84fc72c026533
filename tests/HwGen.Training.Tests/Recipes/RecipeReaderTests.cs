using HwGen.Networks;
using HwGen.Training.Recipes;

namespace HwGen.Training.Tests.Recipes;

public sealed class RecipeReaderTests
{
    private const string Good = """
        formatVersion: 1
        name: small
        data: { set: mnist, pixels: unsigned8 }
        seed: 18446744073709551615
        training:
          epochs: 12
          batch: 96
          learningRate: 0.001
          shift: 2
        layers:
          - convolution: { filters: 32, kernel: 3, padding: 1, weights: binary }
          - maxPool: { size: 2 }
          - batchNorm: { positiveScale: true }
          - sign
          - dense: { units: 64, weights: int8 }
          - batchNorm
          - rectifier: { bits: 4, range: 3 }
          - dense: { units: 10, weights: int4 }

        """;

    [Fact]
    public void Reads_a_recipe()
    {
        Recipe recipe = RecipeReader.Read(Good, "r.yaml");
        recipe.Name.ShouldBe("small");
        recipe.Seed.ShouldBe(ulong.MaxValue);
        recipe.Data.ShouldBe(new DataRecipe("mnist", PixelKind.Unsigned8));
        recipe.Plan.StepPoints.ShouldBeEmpty();
        (recipe.Plan with { StepPoints = [] }).ShouldBe(new TrainingPlan(12, 96, OptimiserKind.Adam, 0.001, ScheduleKind.Cosine, 2, 50) { StepPoints = [] });
        recipe.Layers.ShouldBe(new LayerRecipe[]
        {
            new ConvolutionRecipe("convolution1", 32, 3, 1, 1),
            new MaxPoolRecipe("maxPool1", 2),
            new BatchNormRecipe("batchNorm1", PositiveScale: true),
            new SignRecipe("sign1"),
            new DenseRecipe("dense1", 64, 8),
            new BatchNormRecipe("batchNorm2", PositiveScale: false),
            new RectifierRecipe("rectifier1", 4, 3),
            new DenseRecipe("dense2", 10, 4),
        });
    }

    [Theory]
    [InlineData("epochs: 12", "epoch: 12", "line 6, column 3", "the key 'training.epoch' is not known", "epochs, batch")]
    [InlineData("epochs: 12", "epochs: twelve", "line 6, column 11", "'training.epochs' is 'twelve'", "a whole number from 1 to 10000")]
    [InlineData("epochs: 12", "epochs: 0", "line 6, column 11", "'training.epochs' is '0'", "from 1 to 10000")]
    [InlineData("epochs: 12", "epochs: [12]", "line 6, column 11", "'training.epochs' is a list", "a single value")]
    [InlineData("learningRate: 0.001", "learningRate: NaN", "line 8, column 17", "'training.learningRate' is 'NaN'", "a number from")]
    [InlineData("learningRate: 0.001", "learningRate: 0,001", "line 8, column 17", "'0,001'", "a number from")]
    [InlineData("seed: 18446744073709551615", "seed: -1", "line 4, column 7", "'seed' is '-1'", "a whole number from 0")]
    [InlineData("set: mnist", "set: imagenet", "line 3, column 14", "'data.set' is 'imagenet'", "mnist, fashion-mnist, drawn-digits")]
    [InlineData("- sign", "- sine", "line 14, column 5", "'layers[3]' is 'sine'", "convolution, dense, maxPool, batchNorm, sign, rectifier")]
    [InlineData("weights: int8", "weights: int9", "line 15, column 34", "'layers[4].dense.weights' is 'int9'", "int8")]
    [InlineData("positiveScale: true", "positiveScale: yes", "line 13, column 33", "'yes'", "true or false")]
    [InlineData("maxPool: { size: 2 }", "maxPool", "line 12, column 5", "'layers[1].maxPool.size' is nothing", "the key is missing")]
    [InlineData("name: small", "name: ../small", "line 2, column 7", "'name' is '../small'", "lower-case letters, digits and dashes")]
    [InlineData("formatVersion: 1", "formatVersion: 2", "line 1, column 16", "'formatVersion' is '2'", "from 1 to 1")]
    [InlineData("shift: 2", "shift: 2\n  shift: 2", "line 10", "not YAML", "")]
    [InlineData("shift: 2", "shift: *x", "line 9", "aliases", "")]
    public void Names_place_key_value_and_what_is_allowed(string old, string replacement, string place, string problem, string allowed)
    {
        var error = Should.Throw<InputFileException>(() => RecipeReader.Read(Good.Replace(old, replacement, StringComparison.Ordinal), "r.yaml"));
        error.Message.ShouldStartWith("r.yaml: ");
        error.Place.ShouldContain(place);
        error.Message.ShouldContain(problem);
        error.Message.ShouldContain(allowed);
    }

    [Fact]
    public void Shows_all_errors_at_once_in_order()
    {
        string text = Good.Replace("epochs: 12", "epochs: x", StringComparison.Ordinal).Replace("bits: 4", "bits: 40", StringComparison.Ordinal) + "more: 1\n";
        var error = Should.Throw<InputFileException>(() => RecipeReader.Read(text, "r.yaml"));
        string[] lines = error.Message.Split('\n');
        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => line.StartsWith("r.yaml: line "));
        lines[0].ShouldContain("training.epochs");
        lines[1].ShouldContain("rectifier.bits");
        lines[2].ShouldContain("'more'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a list")]
    [InlineData("{ unclosed: ")]
    [InlineData("\t")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Refuses_what_is_not_a_mapping(string text) =>
        Should.Throw<InputFileException>(() => RecipeReader.Read(text, "r.yaml")).File.ShouldBe("r.yaml");

    [Fact]
    public void A_missing_or_oversized_file_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("hwgen-recipe").FullName;
        try
        {
            string path = Path.Combine(folder, "absent.yaml");
            Should.Throw<InputFileException>(() => RecipeReader.ReadFile(path)).Message.ShouldContain("absent.yaml");
            File.WriteAllText(path, "# " + new string('x', 70_000));
            Should.Throw<InputFileException>(() => RecipeReader.ReadFile(path)).Message.ShouldContain("65536");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
