namespace HwGen.Training.Recipes;

/// <summary>One layer of a recipe.</summary>
/// <param name="Name">Its name: the kind and its number, such as <c>convolution1</c>.</param>
public abstract record LayerRecipe(string Name);

/// <summary>A convolution of stride 1.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Filters">Filters.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Padding">Zeros on each side.</param>
/// <param name="WeightBits">Bits of a weight; 1 is ±1.</param>
public sealed record ConvolutionRecipe(string Name, int Filters, int Kernel, int Padding, int WeightBits) : LayerRecipe(Name);

/// <summary>A dense layer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Units">Outputs.</param>
/// <param name="WeightBits">Bits of a weight; 1 is ±1.</param>
public sealed record DenseRecipe(string Name, int Units, int WeightBits) : LayerRecipe(Name);

/// <summary>Max pooling of squares side by side.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Height and width of a square.</param>
public sealed record MaxPoolRecipe(string Name, int Size) : LayerRecipe(Name);

/// <summary>Batch normalisation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PositiveScale">
/// Whether scales are kept above 0. Then max pooling before it and the threshold after it may change places: the pool becomes an OR of bits.
/// </param>
public sealed record BatchNormRecipe(string Name, bool PositiveScale) : LayerRecipe(Name);

/// <summary>The sign.</summary>
/// <param name="Name">Its name.</param>
public sealed record SignRecipe(string Name) : LayerRecipe(Name);

/// <summary>A rectifier with levels of n bits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bits">Bits of a level.</param>
/// <param name="Range">The input at which the largest level is reached, in deviations of the batch norm before it.</param>
public sealed record RectifierRecipe(string Name, int Bits, double Range) : LayerRecipe(Name);
