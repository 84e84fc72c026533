using System.Globalization;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Inputs;

/// <summary>Images as a command takes them: the test half of a named set, digits that the program draws itself, or files of the person's own.</summary>
internal static class DataInput
{
    /// <summary>What <c>--data</c> takes, for help and errors.</summary>
    public const string Allowed = "mnist, fashion-mnist, drawn-digits:SEED, IMAGES,LABELS (a pair of idx or .npy files), or IMAGES.npy (without labels)";

    private const string Drawn = "drawn-digits";
    private const ulong DrawnTestSeed = Training.Data.TrainingData.DrawnTestSeed;

    /// <summary>Reads the first images.</summary>
    /// <param name="set">What the person wrote.</param>
    /// <param name="count">How many images.</param>
    /// <param name="dataFolder">The value of <c>--data-dir</c>.</param>
    /// <param name="network">The network that takes them.</param>
    /// <exception cref="InputException">There is no such set, it has fewer images, or they are of another shape.</exception>
    /// <exception cref="InputFileException">A file is missing or damaged.</exception>
    public static ImageSet Read(string set, int count, string? dataFolder, QuantisedNetwork network)
    {
        var images = Open(set, count, dataFolder);
        if (images.Shape.Count != network.Input.Shape.Count || (!network.Input.Shape.IsFlat && images.Shape != network.Input.Shape))
            throw Refused("--data", set, FormattableString.Invariant($"its images are {images.Shape}"), FormattableString.Invariant($"images of {network.Input.Shape}, the input of the network"));
        return count <= images.Count
            ? images.First(count)
            : throw Refused("--images", FormattableString.Invariant($"{count}"), "the set has fewer images", FormattableString.Invariant($"1 to {images.Count}"));
    }

    private static ImageSet Open(string set, int count, string? dataFolder)
    {
        if (set == Drawn || set.StartsWith(Drawn + ":", StringComparison.Ordinal))
        {
            const int most = 100_000;
            if (count > most)
                throw Refused("--images", FormattableString.Invariant($"{count}"), "so many are not drawn", FormattableString.Invariant($"1 to {most}"));
            var seed = DrawnTestSeed;
            if (set.Length > Drawn.Length && !ulong.TryParse(set.AsSpan(Drawn.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out seed))
                throw Refused("--data", set, "the seed is not a number", "drawn-digits:0 to drawn-digits:18446744073709551615");
            return DrawnDigits.Draw(count, seed);
        }
        if (set.Split(',') is [{ Length: > 0 } array, .. var rest] && IsArray(array) && rest.Length <= 1 && rest.All(IsArray))
            return ImageSet.ReadNpy(Path.GetFileName(array), array, rest.Length == 0 ? null : rest[0]);
        if (set.Split(',') is [{ Length: > 0 } images, { Length: > 0 } labels])
            return ImageSet.ReadIdx(Path.GetFileName(images), images, labels);
        if (set is "mnist" or "fashion-mnist")
        {
            return DataFolders.LoadIdx(set, train: false, dataFolder) ?? throw Refused(
                "--data", set, $"no folder '{set}' in {string.Join(", ", DataFolders.Candidates(dataFolder))}", $"a folder that has it (`hwgen data get {set}` downloads it), or drawn-digits:SEED");
        }
        throw Refused("--data", set, "is not known", Allowed);
    }

    private static bool IsArray(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static InputException Refused(string key, string value, string message, string allowed) =>
        new(new InputError(message) { Key = key, Value = value, Allowed = allowed });
}
