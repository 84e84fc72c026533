using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace HwGen.House.Tests;

/// <summary>What the tracked files must keep: they are the same on every machine, short, and in one spelling.</summary>
internal static partial class TextRules
{
    /// <summary>Most lines of a source file: one idea a file.</summary>
    public const int MostLines = 600;

    private static readonly string[] s_samplesOfOthers = [".bs2", ".npz", ".pt", ".onnx", ".off", ".pickle", ".pkl"];
    private static readonly string[] s_privateDomains = [".internal", ".local", ".lan", ".corp", ".intranet", ".home", ".svc"];
    private static readonly string[] s_wordsOfRegistries = ["artifactory", "nexus", "registry", "mirror", "proxy", "nuget", "pypi", "npmjs", "goproxy"];

    /// <summary>Checks one text file.</summary>
    /// <param name="path">Its path in the repository.</param>
    /// <param name="text">Its content.</param>
    public static IEnumerable<string> Check(string path, string text)
    {
        var lines = text.Split('\n');
        if (path.EndsWith(".cs", StringComparison.Ordinal) && lines.Length > MostLines)
            yield return string.Create(CultureInfo.InvariantCulture, $"{path}: {lines.Length} lines, more than {MostLines}: more than one idea");
        for (var index = 0; index < lines.Length; index++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{path}:{index + 1}");
            foreach (Match match in MachinePath().Matches(lines[index]))
                yield return $"{place}: a path of one machine: {match.Value}";
            foreach (Match match in Address().Matches(lines[index]))
            {
                if (IsPrivate(match.Groups["host"].Value))
                    yield return $"{place}: an address of one workplace: {match.Value}";
            }
            // The licence is not ours to spell; this file has to name what it looks for.
            if (path != "LICENSE" && !path.EndsWith("/" + nameof(TextRules) + ".cs", StringComparison.Ordinal))
            {
                foreach (Match match in OtherSpelling().Matches(lines[index]))
                    yield return $"{place}: British spelling, please: {match.Value}";
            }
        }
    }

    /// <summary>Checks the name of a file: no data sets, no settings of one workplace.</summary>
    /// <param name="path">Its path in the repository.</param>
    public static IEnumerable<string> CheckName(string path)
    {
        var name = Path.GetFileName(path).ToLowerInvariant();
        if (name is "nuget.config" or ".npmrc" or "pip.conf")
            yield return $"{path}: package sources belong to the machine, not to the repository";
        if (name.Contains("ubyte", StringComparison.Ordinal) || s_samplesOfOthers.Any(name.EndsWith) || name.Contains("voxels", StringComparison.Ordinal))
            yield return $"{path}: looks like a data set or a foreign model; they are not committed";
    }

    private static bool IsPrivate(string host)
    {
        if (IPAddress.TryParse(host, out var address))
            return !IPAddress.IsLoopback(address);
        if (host is "localhost" or "example.com" || host.EndsWith(".example.com", StringComparison.Ordinal) || host.EndsWith(".example", StringComparison.Ordinal))
            return false;
        return !host.Contains('.')
            || s_privateDomains.Any(host.EndsWith)
            || s_wordsOfRegistries.Any(word => host.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"(?<![\w.\-\]\)}])/(work|home|root|Users|mnt)/[\w.\-]+")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bhttps?://(?<host>[\w.\-]+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(utilization|utilized|behavior|behaviors|behavioral|neighbor|neighbors|quantized|quantization|quantizer|labeled|modeled|modeling)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OtherSpelling();
}
