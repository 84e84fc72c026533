using HwGen.Networks;

namespace HwGen.Training.Data;

/// <summary>The two halves of a data set.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Test">What accuracy is measured on.</param>
public sealed record TrainingData(ImageSet Train, ImageSet Test)
{
    /// <summary>The name of the set that the program draws itself.</summary>
    public const string DrawnDigitsName = "drawn-digits";

    /// <summary>Images of the drawn training half.</summary>
    public const int DrawnTrainCount = 20_000;

    /// <summary>Seed of the drawn training half.</summary>
    public const ulong DrawnTrainSeed = 1;

    /// <summary>Images of the drawn test half.</summary>
    public const int DrawnTestCount = 2_000;

    /// <summary>Seed of the drawn test half.</summary>
    public const ulong DrawnTestSeed = 2;

    /// <summary>Loads a set of a recipe: idx files from the data folders, or drawn digits.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="dataFolder">The value of <c>--data-dir</c>; null when not given.</param>
    /// <returns>Both halves; null when no folder has the set.</returns>
    /// <exception cref="InputFileException">A file is missing or damaged.</exception>
    public static TrainingData? Load(string set, string? dataFolder = null)
    {
        if (set == DrawnDigitsName)
            return new TrainingData(DrawnDigits.Draw(DrawnTrainCount, DrawnTrainSeed), DrawTest());
        ImageSet? train = DataFolders.LoadIdx(set, train: true, dataFolder);
        ImageSet? test = DataFolders.LoadIdx(set, train: false, dataFolder);
        return train is null || test is null ? null : new TrainingData(train, test);
    }

    /// <summary>The test half alone: what a trained network's facts are measured on.</summary>
    /// <param name="set">The set's name.</param>
    /// <param name="dataFolder">The value of <c>--data-dir</c>; null when not given.</param>
    /// <returns>The images; null when no folder has the set.</returns>
    /// <exception cref="InputFileException">A file is missing or damaged.</exception>
    public static ImageSet? LoadTest(string set, string? dataFolder = null) =>
        set == DrawnDigitsName ? DrawTest() : DataFolders.LoadIdx(set, train: false, dataFolder);

    private static ImageSet DrawTest() => DrawnDigits.Draw(DrawnTestCount, DrawnTestSeed);
}
