using HwGen.Networks;
using HwGen.Tools;
using HwGen.Training.Zoo;

namespace HwGen.Cli.Inputs;

/// <summary>A network as a command takes it: the path of a .hwnet file, <c>zoo:NAME</c> for one that is shipped, or an ONNX file that is imported.</summary>
/// <param name="Network">The network.</param>
/// <param name="Bytes">Its file.</param>
/// <param name="Name">What the person wrote.</param>
internal sealed record NetworkFileInput(QuantisedNetwork Network, byte[] Bytes, string Name)
{
    private const string ZooPrefix = "zoo:";
    private const string OnnxExtension = ".onnx";

    /// <summary>The file that it was imported from, as it stands, and what came of it; null where it is a file of ours.</summary>
    public (SourceModel Model, ImportedNetwork Imported)? Source { get; private init; }

    /// <summary>Reads a network, or imports it where its file is an ONNX file.</summary>
    /// <param name="nameOrPath">What the person wrote.</param>
    /// <param name="scaling">What the floats of a foreign file's input are for a pixel; null takes the default.</param>
    /// <exception cref="InputException">The zoo has no such network, or a scaling is given for a file of ours.</exception>
    /// <exception cref="InputFileException">The file is missing or damaged, or the importer refuses it.</exception>
    public static NetworkFileInput ReadOrImport(string nameOrPath, InputScaling? scaling)
    {
        if (!nameOrPath.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase))
        {
            return scaling is null
                ? Read(nameOrPath)
                : throw new InputException(new InputError("is for ONNX files: a network of ours has its rule for pixels in it") { Key = "--input-scaling", Value = scaling.Name });
        }
        var options = new ImportOptions { Scaling = scaling ?? InputScaling.ZeroToOne };
        var imported = OnnxImporter.Import(nameOrPath, options);
        return new NetworkFileInput(imported.Network, NetworkFile.ToBytes(imported.Network), nameOrPath) { Source = (SourceModel.Load(nameOrPath, options), imported) };
    }

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
