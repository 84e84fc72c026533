using System.Collections.Immutable;

namespace HwGen.Training.Recipes;

/// <summary>Everything that a trained network depends on, besides the images: two runs of one recipe give the same weights bit for bit.</summary>
/// <param name="Name">The network's name.</param>
/// <param name="Data">The images and how a pixel becomes a number.</param>
/// <param name="Seed">The seed of initial weights, order and shifts.</param>
/// <param name="Plan">How long and how fast it learns.</param>
/// <param name="Layers">The layers from the image to the logits.</param>
public sealed record Recipe(string Name, DataRecipe Data, ulong Seed, TrainingPlan Plan, ImmutableArray<LayerRecipe> Layers)
{
    /// <summary>Pruning while learning; null for none.</summary>
    public PruningRecipe? Pruning { get; init; }

    /// <summary>SHA-256 of the recipe's text (line ends as line feeds): a checkpoint continues only the recipe that it was made from.</summary>
    public string TextSha256 { get; init; } = "";

    /// <summary>The version of the recipe format that this program reads.</summary>
    public const int FormatVersion = 1;
}

/// <summary>The images of a recipe.</summary>
/// <param name="Set">The name of the data set, such as <c>mnist</c>.</param>
/// <param name="Pixels">How a pixel becomes a number.</param>
public sealed record DataRecipe(string Set, PixelKind Pixels);

/// <summary>How a pixel of 0 to 255 becomes the network's input.</summary>
public enum PixelKind
{
    /// <summary>+1 from 128 upwards, otherwise −1.</summary>
    Binary,

    /// <summary>The unsigned pixel.</summary>
    Unsigned8,
}

/// <summary>How long and how fast a network learns.</summary>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="Batch">Images of a step; a rest that does not fill a batch is left out of the epoch.</param>
/// <param name="Optimiser">The rule of a step.</param>
/// <param name="LearningRate">The learning rate before the schedule.</param>
/// <param name="Schedule">How the learning rate falls.</param>
/// <param name="Shift">Images are shifted by up to so many pixels in each direction while learning.</param>
/// <param name="RecalibrationBatches">Batches that batch-norm statistics are collected on before each evaluation.</param>
public sealed record TrainingPlan(
    int Epochs,
    int Batch,
    OptimiserKind Optimiser,
    double LearningRate,
    ScheduleKind Schedule,
    int Shift,
    int RecalibrationBatches)
{
    /// <summary>The momentum of stochastic gradient descent.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The points of a step schedule, as shares of the run.</summary>
    public ImmutableArray<double> StepPoints { get; init; } = [];
}

/// <summary>The rule of a step.</summary>
public enum OptimiserKind
{
    /// <summary>Adam.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>How the learning rate falls.</summary>
public enum ScheduleKind
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>Half a cosine to 0.</summary>
    Cosine,

    /// <summary>To a tenth at each of some points.</summary>
    Step,
}
