using HwGen.Networks;
using HwGen.Training.Recipes;

namespace HwGen.Training;

/// <summary>
/// The orders of layers that can be exported without a float: weights, perhaps a pool, batch norm, sign or rectifier, perhaps a pool; at the
/// end a dense layer whose accumulators are the logits.
/// </summary>
internal static class LayerOrder
{
    /// <summary>Refuses a recipe whose layers stand in another order.</summary>
    public static void Check(Recipe recipe)
    {
        LayerRecipe? before = null;
        foreach (LayerRecipe layer in recipe.Layers)
        {
            string? problem = layer switch
            {
                ConvolutionRecipe or DenseRecipe when IsAccumulator(before) => "needs a batchNorm and a sign or rectifier between it and the weights before it",
                BatchNormRecipe when !IsAccumulator(before) => "stands behind a convolution or dense layer, or a maxPool behind one",
                SignRecipe or RectifierRecipe when before is not BatchNormRecipe => "stands behind a batchNorm",
                MaxPoolRecipe when before is null or BatchNormRecipe or DenseRecipe => "stands behind a convolution, a sign, a rectifier or another maxPool",
                _ => null,
            };
            problem ??= before is BatchNormRecipe && layer is not (SignRecipe or RectifierRecipe) ? "stands behind a batchNorm, which only a sign or rectifier can follow" : null;
            if (problem is not null)
                throw new InputFileException(recipe.Name, layer.Name, problem);
            before = IsAccumulator(before) && layer is MaxPoolRecipe ? before : layer;
        }
        if (before is not DenseRecipe)
            throw new InputFileException(recipe.Name, before?.Name ?? "layers", "is the last layer; a dense layer that makes the logits is needed");
    }

    private static bool IsAccumulator(LayerRecipe? layer) => layer is ConvolutionRecipe or DenseRecipe;
}
