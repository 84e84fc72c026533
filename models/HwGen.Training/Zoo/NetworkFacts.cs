using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using HwGen.Golden;
using HwGen.Networks;

namespace HwGen.Training.Zoo;

/// <summary>What was measured of a trained network, beside it in the zoo: whoever runs the network again must see the same.</summary>
/// <param name="FormatVersion">The version of this file's format.</param>
/// <param name="Name">The network's name.</param>
/// <param name="Seed">The seed of its recipe.</param>
/// <param name="DataSet">The data set; its test half was measured.</param>
/// <param name="TestImages">Images of the test half.</param>
/// <param name="CorrectImages">Images that the golden model classifies rightly, the lowest index winning a tie.</param>
/// <param name="LogitsSha256">SHA-256 of all logits: int32 little endian, image by image, class by class.</param>
/// <param name="FirstImages">The images of the second hash.</param>
/// <param name="FirstLogitsSha256">The same hash over the first images alone, for runs that cannot see all.</param>
/// <param name="NetworkSha256">SHA-256 of the network's file.</param>
public sealed record NetworkFacts(
    int FormatVersion,
    string Name,
    ulong Seed,
    string DataSet,
    int TestImages,
    int CorrectImages,
    string LogitsSha256,
    int FirstImages,
    string FirstLogitsSha256,
    string NetworkSha256)
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The file's name in a folder of the zoo.</summary>
    public const string FileName = "facts.json";

    private const int FirstImagesWanted = 100;
    private const long LargestFile = 64 * 1024;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The share of test images that is right, 0 to 1.</summary>
    [JsonIgnore]
    public double Accuracy => (double)CorrectImages / TestImages;

    /// <summary>Measures a network with the golden model: all images on its fast path, the first ones by definition as well.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The seed of its recipe.</param>
    /// <param name="test">The test half of its data set.</param>
    /// <param name="threads">Threads; they change the speed and nothing else.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="InvalidOperationException">The golden model's two paths differ: an error of ours, never written down as a fact.</exception>
    public static NetworkFacts Measure(QuantisedNetwork network, ulong seed, ImageSet test, int threads)
    {
        Logits all = FastModel.Compile(network).Logits(test, threads);
        int first = Math.Min(FirstImagesWanted, test.Count);
        var byDefinition = new Logits(new int[first, all.Classes]);
        for (int image = 0; image < first; image++)
        {
            long[] logits = GoldenModel.Run(network, test.Image(image)).Logits;
            for (int i = 0; i < all.Classes; i++)
            {
                byDefinition.Values[image, i] = checked((int)logits[i]);
                if (logits[i] != all.Values[image, i])
                    throw new InvalidOperationException(Invariant($"image {image}, logit {i}: {logits[i]} by definition, {all.Values[image, i]} on the fast path"));
            }
        }
        return new NetworkFacts(
            CurrentVersion, network.Name, seed, test.Name, test.Count, all.Correct(test.Labels), all.Hash(), first, byDefinition.Hash(),
            Convert.ToHexStringLower(SHA256.HashData(NetworkFile.ToBytes(network))));
    }

    /// <summary>The text of the facts' file.</summary>
    /// <returns>JSON with line feeds and one at the end.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, s_options) + "\n";

    /// <summary>Reads a facts' file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="InputFileException">The file is missing, too large, not JSON, or has a key or value that is not allowed.</exception>
    public static NetworkFacts Read(string path)
    {
        NetworkFacts? facts;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > LargestFile)
                throw new InputFileException(path, "", Invariant($"has {file.Length} bytes; at most {LargestFile} are allowed"));
            facts = JsonSerializer.Deserialize<NetworkFacts>(File.ReadAllText(path), s_options);
        }
        catch (JsonException error)
        {
            throw new InputFileException(path, Invariant($"line {error.LineNumber + 1}, {error.Path}"), error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, "", "cannot be read: " + error.Message, error);
        }
        if (facts is null || facts.FormatVersion != CurrentVersion)
            throw new InputFileException(path, "formatVersion", Invariant($"is {facts?.FormatVersion}; allowed: {CurrentVersion}"));
        if (facts.TestImages < 1 || facts.CorrectImages < 0 || facts.CorrectImages > facts.TestImages || facts.FirstImages < 1 || facts.FirstImages > facts.TestImages)
            throw new InputFileException(path, "testImages", Invariant($"{facts.CorrectImages} right of {facts.TestImages}, hash over the first {facts.FirstImages}: counts from 1 to testImages are allowed"));
        return facts;
    }
}
