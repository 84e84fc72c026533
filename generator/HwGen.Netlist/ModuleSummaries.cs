using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;

namespace HwGen.Netlist;

/// <summary>The XML summaries of classes and their members: those of modules become the header comments of the Verilog, those of ports the tables of documents.</summary>
public static partial class ModuleSummaries
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Cache = new();

    /// <summary>The summary of a type, white space folded; empty where the assembly has no documentation file beside it.</summary>
    public static string Of(Type type) =>
        Find(type, "T:" + Name(type));

    /// <summary>The summary of a property or field (an enumeration's value is one), white space folded; empty where there is none.</summary>
    public static string Of(MemberInfo member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.DeclaringType is { } type ? Find(type, (member is System.Reflection.PropertyInfo ? "P:" : "F:") + Name(type) + "." + member.Name) : string.Empty;
    }

    private static string Find(Type type, string key) => Cache.GetOrAdd(type.Assembly, Load).GetValueOrDefault(key, string.Empty);

    private static string Name(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

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
            else if (reader.Name == "summary" && member is { } name && name[0] is 'T' or 'P' or 'F')
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
