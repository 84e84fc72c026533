using System.Globalization;
using HwGen.Networks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HwGen.Training.Recipes;

/// <summary>A YAML file that holds one mapping: bounded in size and depth, without aliases; all its problems are told at once.</summary>
internal static class StrictDocument
{
    private const int LargestFile = 64 * 1024;
    private const int DeepestNesting = 16;

    public static string ReadText(string path)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(BoundedFile.Read(path, LargestFile)));
            return reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputFileException(path, "", "cannot be read: " + error.Message, error);
        }
    }

    public static YamlMappingNode Root(string text, string file)
    {
        try
        {
            // Aliases would let a small file stand for a very large one, and nothing here has a use for them.
            var scan = new Parser(new StringReader(text));
            int depth = 0;
            while (scan.MoveNext())
            {
                depth += scan.Current!.NestingIncrease;
                if (scan.Current is YamlDotNet.Core.Events.AnchorAlias || depth > DeepestNesting)
                    throw new InputFileException(file, Place(scan.Current.Start.Line, scan.Current.Start.Column), "aliases and deep nesting are not allowed");
            }
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode mapping)
                return mapping;
        }
        catch (YamlException error)
        {
            throw new InputFileException(file, Place(error.Start.Line, error.Start.Column), "this is not YAML: " + error.Message, error);
        }
        throw new InputFileException(file, "", "one YAML mapping of keys to values is allowed");
    }

    public static void ThrowIfAny(string file, List<RecipeProblem> problems)
    {
        if (problems.Count == 0)
            return;
        RecipeProblem[] sorted = [.. problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];
        string rest = string.Concat(sorted.Skip(1).Select(problem => $"\n{file}: {Place(problem.Line, problem.Column)}: {problem.Text}"));
        throw new InputFileException(file, Place(sorted[0].Line, sorted[0].Column), sorted[0].Text + rest);
    }

    private static string Place(long line, long column) => string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}");
}
