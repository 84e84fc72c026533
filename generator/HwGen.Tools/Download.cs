using System.Globalization;
using System.Security.Cryptography;

namespace HwGen.Tools;

/// <summary>A public file: where it can be had, and how it is known to be the right one.</summary>
/// <param name="Sources">Addresses that are tried one after the other.</param>
/// <param name="Length">Its length in bytes; no more is read.</param>
/// <param name="Sha256">Its SHA-256: 64 lower-case hexadecimal digits.</param>
public sealed record PublicFile(IReadOnlyList<Uri> Sources, long Length, string Sha256);

/// <summary>Downloads public files: bounded, checked, and in their place only when whole.</summary>
public static class Download
{
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(60);

    /// <summary>Downloads one file.</summary>
    /// <param name="client">The client that asks.</param>
    /// <param name="file">What to download.</param>
    /// <param name="path">Where it goes; a file that is there is replaced at the end.</param>
    /// <param name="progress">Told the number of bytes that have come, from the current source; null for nobody.</param>
    /// <param name="cancellationToken">Ends the download; nothing stays.</param>
    /// <returns>The source that it came from.</returns>
    /// <exception cref="ToolException">No source gave the right file; the message has what each of them did.</exception>
    public static async Task<Uri> ToFileAsync(
        HttpClient client, PublicFile file, string path, Action<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(file);
        var problems = new List<string>();
        var partial = path + ".part";
        using var undo = ForcedEnd.Register(() => File.Delete(partial));
        try
        {
            foreach (var source in file.Sources)
            {
                try
                {
                    await FromAsync(client, source, file, partial, progress, cancellationToken).ConfigureAwait(false);
                    File.Move(partial, path, overwrite: true);
                    return source;
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or TimeoutException
                    || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    problems.Add($"{source}: {exception.Message}");
                }
            }
        }
        finally
        {
            File.Delete(partial);
        }
        throw new ToolException("download", $"{Path.GetFileName(path)} could not be downloaded\n  " + string.Join("\n  ", problems));
    }

    private static async Task FromAsync(
        HttpClient client, Uri source, PublicFile file, string partial, Action<long>? progress, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(s_longestSilence);
        using var response = await client.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        await using var output = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[1 << 16];
        var length = 0L;
        int count;
        while ((count = await body.ReadAsync(block, silence.Token).ConfigureAwait(false)) > 0)
        {
            silence.CancelAfter(s_longestSilence);
            length += count;
            if (length > file.Length)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"more than the {file.Length} bytes of the file"));
            hash.AppendData(block, 0, count);
            await output.WriteAsync(block.AsMemory(0, count), silence.Token).ConfigureAwait(false);
            progress?.Invoke(length);
        }
        if (length != file.Length)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{length} bytes instead of {file.Length}"));
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != file.Sha256)
            throw new InvalidDataException($"another file: its SHA-256 is {found}, not {file.Sha256}");
    }
}
