using HwGen.Networks;
using HwGen.Training.Arithmetic;
using HwGen.Training.Layers;
using HwGen.Training.Recipes;

namespace HwGen.Training;

/// <summary>A network in training: the layers of a recipe one behind the other, and a scale on the logits for the loss.</summary>
public sealed class TrainableNetwork
{
    private const long MostWeights = 20_000_000;
    private const long MostValues = 200_000_000;

    private readonly Shards _shards;

    private TrainableNetwork(Recipe recipe, MapShape input, IReadOnlyList<TrainableLayer> layers, Shards shards)
    {
        Recipe = recipe;
        Input = input;
        Layers = layers;
        Parameters = [.. layers.SelectMany(layer => layer.Parameters)];
        _shards = shards;
    }

    /// <summary>The recipe that it was built from.</summary>
    public Recipe Recipe { get; }

    /// <summary>The shape of an image.</summary>
    public MapShape Input { get; }

    /// <summary>The layers, in order; the last one is the scale on the logits.</summary>
    public IReadOnlyList<TrainableLayer> Layers { get; }

    /// <summary>All that the network learns, in the order of the layers.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Builds the layers of a recipe with initial weights from its seed.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">The shape of an image.</param>
    /// <param name="threads">Threads; they change the speed and nothing else.</param>
    /// <returns>The untrained network.</returns>
    /// <exception cref="InputFileException">The layers do not fit together; the layer is named.</exception>
    public static TrainableNetwork Build(Recipe recipe, MapShape input, int threads)
    {
        LayerOrder.Check(recipe);
        var layers = new List<TrainableLayer>();
        MapShape shape = input;
        foreach (LayerRecipe layer in recipe.Layers)
        {
            // Every layer has a stream of its own: another layer before it, or another size of one, leaves its draws alone.
            RandomSource random = RandomSource.For(recipe.Seed, RandomStream.InitialWeights, (ulong)layers.Count);
            CheckSize(recipe, layer, shape);
            try
            {
                layers.Add(Make(layer, shape, random));
            }
            catch (ArgumentException error)
            {
                throw new InputFileException(recipe.Name, layer.Name, Invariant($"does not fit its input of {shape.Height} × {shape.Width} × {shape.Channels}: {error.Message}"), error);
            }
            shape = layers[^1].Output;
        }
        var last = (IWeightedLayer)layers[^1];
        // The deviation of an untrained logit: ±1 weights have a mean square of 1, uniform ones of a third.
        double deviation = last.Quantiser.Largest * Math.Sqrt(last.FanIn * (last.Quantiser.Bits == 1 ? 1 : 1.0 / 3)) * TypicalInput(recipe);
        layers.Add(new LogitScale("logits", shape, (float)(1 / deviation)));
        return new TrainableNetwork(recipe, input, layers, new Shards(threads));
    }

    /// <summary>Computes scaled logits.</summary>
    /// <param name="images">A batch.</param>
    /// <param name="pass">What the pass is for.</param>
    /// <returns>A vector an image.</returns>
    public FeatureMaps Forward(FeatureMaps images, Pass pass)
    {
        FeatureMaps values = images;
        foreach (TrainableLayer layer in Layers)
            values = layer.Forward(values, pass, _shards);
        return values;
    }

    /// <summary>Computes all gradients after a forward pass in training.</summary>
    /// <param name="gradient">The gradient of the loss in the scaled logits.</param>
    public void Backward(FeatureMaps gradient)
    {
        FeatureMaps current = gradient;
        for (int i = Layers.Count - 1; i >= 0; i--)
            current = Layers[i].Backward(current, needInput: i > 0, _shards);
    }

    // A recipe may come from anywhere: its sizes are judged before memory is taken.
    private static void CheckSize(Recipe recipe, LayerRecipe layer, MapShape input)
    {
        (long weights, long outputs) = layer switch
        {
            ConvolutionRecipe convolution => (
                (long)convolution.Kernel * convolution.Kernel * input.Channels * convolution.Filters,
                (long)(input.Height + (2 * convolution.Padding)) * (input.Width + (2 * convolution.Padding)) * Math.Max(input.Channels, convolution.Filters)),
            DenseRecipe dense => ((long)input.Size * dense.Units, dense.Units),
            _ => (0, input.Size),
        };
        if (weights > MostWeights)
            throw new InputFileException(recipe.Name, layer.Name, Invariant($"has {weights} weights; at most {MostWeights} are allowed"));
        if (outputs * recipe.Plan.Batch > MostValues)
            throw new InputFileException(recipe.Name, layer.Name, Invariant($"makes {outputs} values an image, {outputs * recipe.Plan.Batch} a batch; at most {MostValues} are allowed"));
    }

    private static TrainableLayer Make(LayerRecipe layer, MapShape input, RandomSource random) => layer switch
    {
        ConvolutionRecipe convolution => new TrainableConvolution(
            layer.Name, input, convolution.Filters, convolution.Kernel, convolution.Padding, Quantiser(convolution.WeightBits), random),
        DenseRecipe dense => new TrainableDense(layer.Name, input, dense.Units, Quantiser(dense.WeightBits), random),
        MaxPoolRecipe pool => new TrainableMaxPool(layer.Name, input, pool.Size),
        BatchNormRecipe norm => new TrainableBatchNorm(layer.Name, input, norm.PositiveScale ? TrainableBatchNorm.LeastPositiveScale : float.NegativeInfinity),
        SignRecipe => new SignActivation(layer.Name, input),
        RectifierRecipe rectifier => new LevelActivation(layer.Name, input, rectifier.Bits, (float)(rectifier.Range / ((1 << rectifier.Bits) - 1))),
        _ => throw new NotSupportedException(Invariant($"no layer for the recipe {layer.GetType().Name}")),
    };

    private static IWeightQuantiser Quantiser(int bits) => bits == 1 ? new BinaryWeights() : new IntegerWeights(bits);

    // The root mean square of what the last layer reads, roughly: it only sets the temperature that training starts with.
    private static double TypicalInput(Recipe recipe) =>
        recipe.Layers.OfType<RectifierRecipe>().LastOrDefault() is { } rectifier && recipe.Layers.Length >= 2 && recipe.Layers[^2] == rectifier
            ? 0.5 * ((1 << rectifier.Bits) - 1)
            : recipe.Layers.Length == 1 && recipe.Data.Pixels == PixelKind.Unsigned8 ? 128 : 1;
}
