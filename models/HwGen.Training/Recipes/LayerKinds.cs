namespace HwGen.Training.Recipes;

/// <summary>The kinds of layers of a recipe and how the values of each are read.</summary>
internal static class LayerKinds
{
    public static IReadOnlyDictionary<string, Func<string, StrictMapping, IReadOnlyDictionary<string, int>, LayerRecipe>> Readers { get; } =
        new Dictionary<string, Func<string, StrictMapping, IReadOnlyDictionary<string, int>, LayerRecipe>>
        {
            ["convolution"] = (name, values, weights) => new ConvolutionRecipe(
                name, values.Integer("filters", 1, 4096), values.Integer("kernel", 1, 15), values.Integer("padding", 0, 14, 0), values.Choice("weights", weights)),
            ["dense"] = (name, values, weights) => new DenseRecipe(name, values.Integer("units", 1, 65_536), values.Choice("weights", weights)),
            ["maxPool"] = (name, values, _) => new MaxPoolRecipe(name, values.Integer("size", 2, 16)),
            ["batchNorm"] = (name, values, _) => new BatchNormRecipe(name, values.Flag("positiveScale", byDefault: false)),
            ["sign"] = (name, _, _) => new SignRecipe(name),
            ["rectifier"] = (name, values, _) => new RectifierRecipe(name, values.Integer("bits", 1, 8), values.Number("range", 0.01, 100)),
        };
}
