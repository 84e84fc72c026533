using System.Text;

namespace HwGen.Architecture.Program;

/// <summary>Reads the text of a file that a stranger may have written: no more than a bound is ever held, also where the length is not known before.</summary>
internal static class ProgramText
{
    public static string Read(string path, int maximumBytes)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new MemoryStream();
            var part = new byte[1 << 16];
            for (int count; (count = stream.Read(part)) > 0;)
            {
                if (bytes.Length + count > maximumBytes)
                {
                    throw new ProgramFileException(path, 0, string.Empty, string.Empty, "the file is too long", FormattableString.Invariant($"at most {maximumBytes} bytes"));
                }

                bytes.Write(part, 0, count);
            }

            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (DecoderFallbackException e)
        {
            throw new ProgramFileException(path, 0, string.Empty, string.Empty, "is not UTF-8 text", "a file as `hwgen map` writes it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "cannot be read: " + e.Message;
            throw new ProgramFileException(path, 0, string.Empty, string.Empty, problem, "a file as `hwgen map` writes it", e);
        }
    }
}
