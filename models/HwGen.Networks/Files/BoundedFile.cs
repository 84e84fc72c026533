using System.IO.Compression;

namespace HwGen.Networks;

/// <summary>Reading files from strangers: the length is looked at first, and no more than a bound is ever held.</summary>
public static class BoundedFile
{
    /// <summary>The bound when none is given: 256 MB (2^28 bytes).</summary>
    public const long DefaultMaximumBytes = 1L << 28;

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">The largest length that is accepted.</param>
    /// <exception cref="InputFileException">Missing, unreadable, not a file, or too long.</exception>
    public static byte[] Read(string path, long maximumBytes = DefaultMaximumBytes)
    {
        try
        {
            using FileStream stream = Open(path);
            if (stream.Length > maximumBytes)
                throw new InputFileException(path, "", Invariant($"has {stream.Length} bytes; at most {maximumBytes} are accepted"));
            return ReadAtMost(stream, path, maximumBytes);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, cause);
        }
    }

    /// <summary>All bytes of a file, unpacked when it starts with the two bytes of gzip (1F 8B).</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">The largest length that is accepted, packed and unpacked.</param>
    /// <exception cref="InputFileException">Missing, unreadable, damaged, or too long.</exception>
    public static byte[] ReadUnpacked(string path, long maximumBytes = DefaultMaximumBytes)
    {
        byte[] bytes = Read(path, maximumBytes);
        if (bytes.Length < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B)
            return bytes;
        try
        {
            using var packed = new GZipStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
            return ReadAtMost(packed, path, maximumBytes);
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw new InputFileException(path, "", "is a damaged or cut gzip file: " + cause.Message, cause);
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new InputFileException(path, "", "is a folder; a file is expected");
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
            : throw new InputFileException(path, "", "there is no such file");
    }

    private static InputFileException Unreadable(string path, Exception cause) => new(path, "", "cannot be read: " + cause.Message, cause);

    private static byte[] ReadAtMost(Stream stream, string path, long maximumBytes)
    {
        using var all = new MemoryStream();
        byte[] part = new byte[1 << 16];
        for (int count; (count = stream.Read(part)) > 0;)
        {
            if (all.Length + count > maximumBytes)
                throw new InputFileException(path, "", Invariant($"holds more than {maximumBytes} bytes, the most that is accepted"));
            all.Write(part, 0, count);
        }
        return all.ToArray();
    }
}
