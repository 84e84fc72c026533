using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;

namespace HwGen.Netlist;

/// <summary>The XML summaries of module classes: they become the header comments of the Verilog.</summary>
internal static partial class ModuleSummaries
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Cache = new();

    /// <summary>The summary of a type, white space folded; empty where the assembly has no documentation file beside it.</summary>
    public static string Of(Type type) =>
        Cache.GetOrAdd(type.Assembly, Load).GetValueOrDefault("T:" + (type.FullName ?? type.Name).Replace('+', '.'), string.Empty);

    private static Dictionary<string, string> Load(Assembly assembly)
    {
        var summaries = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(path))
        {
            return summaries;
        }

        using var reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        string? member = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Name == "member")
            {
                member = reader.GetAttribute("name");
            }
            else if (reader.Name == "summary" && member is { } name && name.StartsWith("T:", StringComparison.Ordinal))
            {
                var text = reader.ReadInnerXml();
                text = Reference().Replace(text, match => match.Groups["last"].Value);
                text = Tag().Replace(text, string.Empty).Replace("&lt;", "<").Replace("&gt;", ">").Replace("&amp;", "&");
                summaries[name] = Space().Replace(text, " ").Trim();
                member = null;
            }
        }

        return summaries;
    }

    [GeneratedRegex("<(see|paramref) (cref|name|langword)=\"([^\"]*[.:])?(?<last>[^\".:(]*)[^\"]*\" ?/>")]
    private static partial Regex Reference();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
