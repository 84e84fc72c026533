using HwGen.Networks;
using HwGen.Tools;
using HwGen.Training.Zoo;

namespace HwGen.Cli.Inputs;

/// <summary>A network as a command takes it: the path of a .hwnet file, or <c>zoo:NAME</c> for one that is shipped.</summary>
/// <param name="Network">The network.</param>
/// <param name="Bytes">Its file.</param>
/// <param name="Name">What the person wrote.</param>
internal sealed record NetworkFileInput(QuantisedNetwork Network, byte[] Bytes, string Name)
{
    private const string ZooPrefix = "zoo:";

    /// <summary>Reads a network.</summary>
    /// <exception cref="InputException">The zoo has no such network.</exception>
    /// <exception cref="InputFileException">The file is missing or damaged.</exception>
    public static NetworkFileInput Read(string nameOrPath)
    {
        var bytes = nameOrPath.StartsWith(ZooPrefix, StringComparison.Ordinal)
            ? ShippedFiles.Read($"zoo/{ZooName(nameOrPath)}/network{NetworkFile.Extension}")
            : BoundedFile.Read(nameOrPath);
        return new NetworkFileInput(NetworkFile.Parse(bytes, nameOrPath), bytes, nameOrPath);
    }

    /// <summary>What was measured of a network of the zoo.</summary>
    public static NetworkFacts Facts(string zooName)
    {
        // The reader takes files; the shipped text becomes one for a moment.
        var file = Path.Combine(Directory.CreateTempSubdirectory("hwgen-facts-").FullName, NetworkFacts.FileName);
        try
        {
            File.WriteAllBytes(file, ShippedFiles.Read($"zoo/{zooName}/{NetworkFacts.FileName}"));
            return NetworkFacts.Read(file);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    private static string ZooName(string nameOrPath)
    {
        var name = nameOrPath[ZooPrefix.Length..];
        return ShippedFiles.Zoo.Contains(name)
            ? name
            : throw new InputException(new InputError("the zoo has no such network")
            {
                Key = "NET",
                Value = nameOrPath,
                Allowed = "the path of a .hwnet file, or " + string.Join(", ", ShippedFiles.Zoo.Select(known => ZooPrefix + known)),
            });
    }
}
