namespace HwGen.Networks;

/// <summary>
/// Our network file, extension <c>.hwnet</c>: UTF-8 JSON with packed weights, versioned by <c>formatVersion</c>; every key is described in
/// docs/network-file.md. Writing is deterministic: the same network gives the same bytes.
/// </summary>
public static class NetworkFile
{
    /// <summary>The extension, with its dot.</summary>
    public const string Extension = ".hwnet";

    /// <summary>The version that is written, and the only one that is read so far.</summary>
    public const int FormatVersion = 1;

    /// <summary>Writes a network beside the path and renames it when whole; a file that is there is replaced.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file.</param>
    public static void Write(QuantisedNetwork network, string path)
    {
        string unfinished = path + ".part";
        try
        {
            File.WriteAllBytes(unfinished, ToBytes(network));
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>The bytes of a network's file.</summary>
    public static byte[] ToBytes(QuantisedNetwork network) => NetworkWriter.Write(network);

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">The largest length that is accepted.</param>
    /// <exception cref="InputFileException">
    /// Missing, too long, not JSON (with line and column), a key unknown, missing or of the wrong type (with its place), or a network that breaks the graph's rules.
    /// </exception>
    public static QuantisedNetwork Read(string path, long maximumBytes = BoundedFile.DefaultMaximumBytes) =>
        Parse(BoundedFile.Read(path, maximumBytes), path);

    /// <summary>Reads a network from the bytes of its file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="path">The name for messages.</param>
    /// <exception cref="InputFileException">As <see cref="Read"/>.</exception>
    public static QuantisedNetwork Parse(ReadOnlyMemory<byte> bytes, string path) => NetworkReader.Read(bytes, path);
}
