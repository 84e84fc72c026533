using System.Text;
using HwGen.Architecture.Configuration;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Inputs;

/// <summary>A configuration as a command takes it: the path of a YAML file, or the name of a shipped one (<c>edge64</c>).</summary>
/// <param name="Configuration">What it says.</param>
/// <param name="Text">The text of the file, to be copied into results.</param>
internal sealed record ConfigurationInput(ArrayConfiguration Configuration, string Text)
{
    /// <summary>The file's name in folders of results.</summary>
    public const string FileName = "configuration.yaml";

    private const long LargestFile = 1 << 20;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="InputException">There is no such file, and no shipped configuration of that name.</exception>
    /// <exception cref="ConfigurationException">The file has mistakes; all of them are listed.</exception>
    public static ConfigurationInput Read(string nameOrPath)
    {
        if (ShippedFiles.Configurations.Contains(nameOrPath) && !File.Exists(nameOrPath))
            return Parse(Shipped(nameOrPath), nameOrPath + ".yaml");
        if (!File.Exists(nameOrPath))
        {
            throw new InputException(new InputError(Directory.Exists(nameOrPath) ? "is a folder" : "there is no such file")
            {
                File = nameOrPath,
                Allowed = $"a YAML file (`hwgen generate --init` writes one), or a shipped configuration: {string.Join(", ", ShippedFiles.Configurations)}",
            });
        }
        return Parse(new UTF8Encoding(false).GetString(BoundedFile.Read(nameOrPath, LargestFile)).TrimStart('\uFEFF'), nameOrPath);
    }

    /// <summary>The text of a shipped configuration.</summary>
    public static string Shipped(string name) => Encoding.UTF8.GetString(ShippedFiles.Read($"configurations/{name}.yaml"));

    private static ConfigurationInput Parse(string text, string file) => new(ConfigurationReader.Read(text, file), text);
}
