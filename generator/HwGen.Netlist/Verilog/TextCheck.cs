namespace HwGen.Netlist.Verilog;

/// <summary>
/// Looks at the text of a module before anyone gets it: every name that it reads is declared, and once. A break is a fault of the writer: it throws, and no
/// file exists.
/// </summary>
internal static class TextCheck
{
    private static readonly string[] Declarations = ["wire", "reg", "localparam", "input", "output"];

    /// <param name="module">The module's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="otherNames">Names that stand in the text without a declaration: modules, instances, properties.</param>
    public static void Hold(string module, string text, IEnumerable<string> otherNames)
    {
        var declared = new HashSet<string>(StringComparer.Ordinal);
        var read = new HashSet<string>(otherNames, StringComparer.Ordinal) { module };
        var lookup = read.GetAlternateLookup<ReadOnlySpan<char>>();
        var unknown = new List<string>();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var isDeclaration = false;
            var isFirst = true;
            foreach (var range in NamesIn(line))
            {
                var name = line[range];
                if (isFirst)
                {
                    isFirst = false;
                    isDeclaration = IsDeclaration(name);
                }

                if (isDeclaration && !Names.IsReserved(name.ToString()))
                {
                    isDeclaration = false;
                    if (!declared.Add(name.ToString()))
                    {
                        throw Fault(module, name.ToString(), "declared twice");
                    }

                    lookup.Add(name);
                }
                else if (!lookup.Contains(name) && !Names.IsReserved(name.ToString()))
                {
                    unknown.Add(name.ToString());
                }
            }
        }

        if (unknown.Find(name => !declared.Contains(name)) is { } missing)
        {
            throw Fault(module, missing, "read and not declared");
        }

        if (unknown.Count > 0)
        {
            throw Fault(module, unknown[0], "read before it is declared");
        }
    }

    private static bool IsDeclaration(ReadOnlySpan<char> word)
    {
        foreach (var declaration in Declarations)
        {
            if (word.SequenceEqual(declaration))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The identifiers of a line, without comments, directives, system functions, digits of constants, strings, and ports of instances.</summary>
    private static List<Range> NamesIn(ReadOnlySpan<char> line)
    {
        var names = new List<Range>();
        for (var i = 0; i < line.Length;)
        {
            var c = line[i];
            if (c == '`' || (c == '/' && i + 1 < line.Length && line[i + 1] == '/'))
            {
                break;
            }

            if (c == '"')
            {
                var end = line[(i + 1)..].IndexOf('"');
                i = end < 0 ? line.Length : i + end + 2;
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                i++;
                continue;
            }

            var start = i;
            while (i < line.Length && (char.IsAsciiLetterOrDigit(line[i]) || line[i] == '_'))
            {
                i++;
            }

            var before = start > 0 ? line[start - 1] : ' ';
            if (!char.IsAsciiDigit(c) && before is not ('$' or '\'' or '.'))
            {
                names.Add(start..i);
            }
        }

        return names;
    }

    private static InvalidOperationException Fault(string module, string name, string what) =>
        new($"A fault of the Verilog writer: {name} in {module} is {what}.");
}
