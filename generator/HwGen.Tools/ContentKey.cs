using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HwGen.Tools;

/// <summary>
/// A SHA-256 over named parts, for naming things by their content. Each part goes in with its length, so that no two
/// different lists of parts are the same bytes.
/// </summary>
public sealed class ContentKey : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a text, as UTF-8.</summary>
    /// <param name="name">What the text is.</param>
    /// <param name="text">The text.</param>
    /// <returns>This key.</returns>
    public ContentKey Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes.</summary>
    /// <param name="name">What the bytes are.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>This key.</returns>
    public ContentKey Add(string name, ReadOnlySpan<byte> bytes)
    {
        AppendLengthAnd(Encoding.UTF8.GetBytes(name));
        AppendLengthAnd(bytes);
        return this;
    }

    /// <summary>Adds the content of a file; its path does not count, only <paramref name="name"/>.</summary>
    /// <param name="name">What the file is.</param>
    /// <param name="path">Where it is.</param>
    /// <returns>This key.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ContentKey AddFile(string name, string path)
    {
        using var stream = File.OpenRead(path);
        return Add(name, SHA256.HashData(stream));
    }

    /// <summary>The key of all that was added until now.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string ToHex() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The plain SHA-256 of bytes, as sha256sum prints it.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The plain SHA-256 of a file, as sha256sum prints it.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Sha256OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    private void AppendLengthAnd(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }
}
