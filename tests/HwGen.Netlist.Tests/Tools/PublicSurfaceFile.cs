using System.Reflection;
using System.Text;

namespace HwGen.PublicSurface;

/// <summary>
/// The public surface of a library is the text file beside its project. A change of it is a decision: run the tests with HWGEN_UPDATE_SURFACE=1, and look at the difference.
/// </summary>
internal static class PublicSurfaceFile
{
    /// <summary>Compares the surface of an assembly with its file.</summary>
    public static void Check(Assembly assembly)
    {
        var surface = Surface(assembly);
        var file = Path.Combine(Root(), "generator", assembly.GetName().Name!, "PublicSurface.txt");
        if (Environment.GetEnvironmentVariable("HWGEN_UPDATE_SURFACE") == "1")
        {
            File.WriteAllText(file, surface);
        }

        surface.ShouldBe(File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    private static string Surface(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append($"{type.FullName}{(type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum) ? " : " + Name(parent) : string.Empty)}\n");
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append($"    {member}\n");
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(All).Where(f => (f.IsPublic || f.IsFamily) && f.Name != "value__"))
        {
            yield return $"{Name(field.FieldType)} {field.Name}";
        }

        foreach (var property in type.GetProperties(All).Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod)))
        {
            yield return $"{Name(property.PropertyType)} {property.Name} {{{(IsVisible(property.GetMethod) ? " get;" : string.Empty)}{(IsVisible(property.SetMethod) ? " set;" : string.Empty)} }}";
        }

        foreach (var method in type.GetMethods(All).Where(m => IsVisible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
            && m.Name is not ("Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "<Clone>$" or "Deconstruct" or "op_Equality" or "op_Inequality")))
        {
            yield return $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})";
        }

        foreach (var constructor in type.GetConstructors(All).Where(c => IsVisible(c)))
        {
            yield return $"new({Parameters(constructor)})";
        }
    }

    private static bool IsVisible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily);

    // Those that the compiler fills in are of no interest.
    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters()
        .Where(p => p.Name is not ("file" or "line" or "argument" or "property")).Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = …" : string.Empty)}"));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        return type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
    }
}
