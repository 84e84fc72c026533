using System.Xml.Linq;

namespace HwGen.House.Tests;

/// <summary>What the project files of a checkout must keep. Each check returns what breaks it, a sentence each.</summary>
internal static class ProjectWalls
{
    /// <summary>The ending of a project that the compiler loads, not the program.</summary>
    public const string Analyzers = ".Analyzers";

    /// <summary>The projects of a checkout that are part of the product: not tests, not benchmarks.</summary>
    public static IEnumerable<string> ProductProjects(string root) =>
        new[] { "generator", "models" }.Select(place => Path.Combine(root, place)).Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateFiles(place, "*.csproj", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);

    /// <summary>Every room is in the plan, and names only rooms that the plan lets it see.</summary>
    public static IEnumerable<string> WrongArrows(string root)
    {
        foreach (var project in ProductProjects(root))
        {
            var room = Path.GetFileNameWithoutExtension(project);
            if (Rooms.VisibleFrom(room) is not { } visible)
            {
                yield return $"{room} is not in the plan (Rooms.cs and the architecture page)";
                continue;
            }
            foreach (var reference in References(project).Where(reference => !visible.Contains(reference)))
                yield return $"{room} may not see {reference}";
        }
    }

    /// <summary>What is not named is not seen: the setting is on for all, and no project turns it off.</summary>
    public static IEnumerable<string> TransitiveReferences(string root)
    {
        const string setting = "DisableTransitiveProjectReferences";
        var common = XDocument.Load(Path.Combine(root, "Directory.Build.props"));
        if (!common.Descendants(setting).Any(element => element.Value == "true" && element.Attribute("Condition") is null && element.Parent!.Attribute("Condition") is null))
            yield return $"Directory.Build.props does not set {setting} for every project";
        foreach (var file in Files(root, "*.csproj", "*.props", "*.targets"))
        {
            if (XDocument.Load(file).Descendants(setting).Any(element => element.Value != "true"))
                yield return $"{Path.GetFileName(file)} turns {setting} off";
        }
    }

    /// <summary>No source crosses a wall as a linked file, and no assembly of ours as a file reference.</summary>
    public static IEnumerable<string> SideDoors(string root)
    {
        foreach (var project in ProductProjects(root))
        {
            var document = XDocument.Load(project);
            foreach (var include in document.Descendants("Compile").Select(element => (string?)element.Attribute("Include")).OfType<string>().Where(include => include.Contains("..", StringComparison.Ordinal)))
                yield return $"{Path.GetFileName(project)} compiles a file of another room: {include}";
            foreach (var include in document.Descendants("Reference").Select(element => (string?)element.Attribute("Include")).OfType<string>().Where(include => include.Contains("HwGen", StringComparison.OrdinalIgnoreCase)))
                yield return $"{Path.GetFileName(project)} references an assembly of ours as a file: {include}";
        }
    }

    /// <summary>A project outside the solution is built and tested by nobody; a room without tests is tested by nobody.</summary>
    public static IEnumerable<string> Forgotten(string root)
    {
        var solution = File.ReadAllText(Path.Combine(root, "HwGen.sln")).Replace('\\', '/');
        foreach (var project in Files(root, "*.csproj"))
        {
            if (!solution.Contains(Path.GetRelativePath(root, project), StringComparison.Ordinal))
                yield return $"{Path.GetRelativePath(root, project)} is not in HwGen.sln";
        }
        foreach (var project in ProductProjects(root).Select(Path.GetFileNameWithoutExtension))
        {
            // Analyzers are tested with the room that they lie beside.
            var room = project!.EndsWith(Analyzers, StringComparison.Ordinal) ? project[..^Analyzers.Length] : project;
            if (!File.Exists(Path.Combine(root, "tests", room + ".Tests", room + ".Tests.csproj")))
                yield return $"{room} has no test project tests/{room}.Tests";
        }
    }

    private static IEnumerable<string> References(string project)
    {
        foreach (var element in XDocument.Load(project).Descendants("ProjectReference"))
        {
            if ((string?)element.Attribute("Include") is not { } include)
                continue;
            var room = Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
            // What the compiler loads comes into no program: it needs the arrow of the room that it lies beside.
            var isForCompiler = (string?)element.Attribute("OutputItemType") == "Analyzer" && (string?)element.Attribute("ReferenceOutputAssembly") == "false";
            yield return isForCompiler && room.EndsWith(Analyzers, StringComparison.Ordinal) ? room[..^Analyzers.Length] : room;
        }
    }

    private static IEnumerable<string> Files(string root, params string[] patterns) =>
        patterns.SelectMany(pattern => Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories))
            .Where(path => !Path.GetRelativePath(root, path).Split('/').Any(part => part is "bin" or "obj" or ".build"))
            .Order(StringComparer.Ordinal);
}
