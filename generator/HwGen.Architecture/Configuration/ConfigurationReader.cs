using System.Globalization;
using System.Numerics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HwGen.Architecture.Configuration;

/// <summary>Reads an array configuration from YAML; docs/configuration.md describes the file.</summary>
public static class ConfigurationReader
{
    private const int LargestFile = 1 << 20;
    private const int DeepestNesting = 16;
    private const int LargestRows = 1 << 16;
    private const int LargestColumns = 1 << 13;
    private static readonly string[] Operations = ["nand", "and", "xor", "or"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">The file is missing or has mistakes; all of them are listed.</exception>
    public static ArrayConfiguration ReadFile(string path)
    {
        string text;
        try
        {
            // Read with a bound, not by the length that the file claims: a device claims none.
            using var reader = new StreamReader(path);
            var buffer = new char[LargestFile + 1];
            var length = reader.ReadBlock(buffer);
            if (length > LargestFile)
            {
                throw Failure(path, 0, 0, "the file is too long for a configuration", FormattableString.Invariant($"at most {LargestFile} characters"));
            }

            text = new string(buffer, 0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, 0, 0, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message, "a YAML file, see `generate --init`");
        }

        return Read(text, path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="file">The name that errors carry.</param>
    /// <exception cref="ConfigurationException">The text has mistakes; all of them are listed.</exception>
    public static ArrayConfiguration Read(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            // The loader recurses: how deep a stranger's text is, and whether it has aliases, is looked at before.
            var scan = new Parser(new StringReader(text));
            for (var depth = 0; scan.MoveNext();)
            {
                depth += scan.Current!.NestingIncrease;
                if (depth > DeepestNesting || scan.Current is YamlDotNet.Core.Events.AnchorAlias)
                {
                    throw Failure(file, (int)scan.Current.Start.Line, (int)scan.Current.Start.Column, "is nested too deeply, or is an alias", FormattableString.Invariant($"at most {DeepestNesting} levels, no aliases"));
                }
            }

            stream.Load(new Parser(new StringReader(text)));
        }
        catch (YamlException e)
        {
            throw Failure(file, (int)e.Start.Line, (int)e.Start.Column, "is not YAML: " + e.Message, "YAML");
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode)
        {
            throw Failure(file, 1, 1, "holds no configuration", "one mapping with at least name and array");
        }

        var errors = new List<ConfigurationError>();
        var root = new YamlSection(file, string.Empty, stream.Documents[0].RootNode, errors);
        root.Integer("formatVersion", 1, 1, 1);
        var name = root.Text("name", null, IsName, "a lower-case letter, then up to 39 lower-case letters, digits and underscores, no underscore last");
        var array = root.Section("array");
        var rows = array.Integer("rows", null, 1, LargestRows);
        var columns = array.Integer("columns", null, 4, LargestColumns);
        var lanes = array.Integer("lanes", null, 1, LargestRows);
        var macros = array.Integer("macros", 1, 1, ArrayConfiguration.LargestMacros);
        var storage = array.Word("storage", StorageKind.FlipFlop);
        var memoryMacro = array.Word("memoryMacro", MemoryMacroKind.Inferred);
        var spareRows = array.Integer("spareRows", 0, 0, ArrayConfiguration.LargestSpareRows);
        var rowParity = array.Word("rowParity", RowParityKind.None);
        var setRetries = array.Integer("setRetries", ArrayConfiguration.DefaultSetRetries, 1, 255);
        if (memoryMacro == MemoryMacroKind.External && storage != StorageKind.Memory)
        {
            array.Error("memoryMacro", "is for another storage", "external where array.storage is memory");
        }

        if (storage != StorageKind.Rram)
        {
            foreach (var (key, isOther) in new[] { ("spareRows", spareRows != 0), ("rowParity", rowParity != RowParityKind.None), ("setRetries", setRetries != ArrayConfiguration.DefaultSetRetries) })
            {
                if (isOther)
                {
                    array.Error(key, "is for another storage", "this where array.storage is rram");
                }
            }
        }

        if (errors.Count == 0)
        {
            if (rows % lanes != 0)
            {
                array.Error("lanes", FormattableString.Invariant($"does not divide the {rows} rows"), "a divisor of rows");
            }

            if ((long)rows * macros * columns > ArrayConfiguration.LargestCells)
            {
                array.Error("rows", FormattableString.Invariant($"{rows * macros} rows of {columns} cells are too many"), FormattableString.Invariant($"at most {ArrayConfiguration.LargestCells} cells"));
            }
        }

        var decrypt = root.Section("decrypt");
        var keys = decrypt.Word("keys", KeyStoreKind.None);
        var keyEntries = decrypt.Integer("entries", ArrayConfiguration.DefaultKeyEntries, 1, ArrayConfiguration.LargestKeyEntries);
        var words = root.Words("rowOperations", Operations);
        var bus = root.Word("bus", BusKind.None);
        var operandSkipping = root.Flag("operandSkipping", false);
        var memories = root.Section("memories");
        var operandWords = PowerOfTwo(memories, "operandWords", ArrayConfiguration.DefaultOperandWords);
        var resultWords = PowerOfTwo(memories, "resultWords", ArrayConfiguration.DefaultResultWords);
        var initialWords = PowerOfTwo(memories, "initialWords", ArrayConfiguration.DefaultInitialWords);
        var windowWords = WindowWords(memories);
        var arithmetic = root.Section("arithmetic");
        var largestFanIn = arithmetic.Integer("largestFanIn", ArrayConfiguration.DefaultLargestFanIn, 1, 1 << 24);
        var inputBits = arithmetic.Integer("inputBits", ArrayConfiguration.DefaultInputBits, 1, 16);
        var weightBits = arithmetic.Integer("weightBits", ArrayConfiguration.DefaultWeightBits, 1, 16);
        var levelWords = PowerOfTwo(memories, "levelWords", ArrayConfiguration.DefaultLevelWords);
        var multiplierBits = arithmetic.Integer("multiplierBits", ArrayConfiguration.DefaultMultiplierBits, 0, 40);
        IReadOnlyList<RowOperation> operations = words is null
            ? ArrayConfiguration.AllOperations
            : [.. words.Select(w => (RowOperation)Array.IndexOf(Operations, w)).Order()];
        var similarity = SimilaritySection.Read(root.Section("similarity"), operations, columns, weightBits);
        if (macros > 1 && (similarity is not null || keys != KeyStoreKind.None))
        {
            array.Error("macros", "is for a core that neither decrypts its rows nor measures similarity", "1 where decrypt.keys is not none, or where there is a section similarity");
        }

        var programWords = PowerOfTwo(memories, "programWords", ArrayConfiguration.DefaultProgramWords);
        if (operandSkipping && weightBits < ArrayConfiguration.LeastSkippingWeightBits)
        {
            root.Error("operandSkipping", "is for a core of more weight bit-planes: two are always met", FormattableString.Invariant($"true where arithmetic.weightBits is at least {ArrayConfiguration.LeastSkippingWeightBits}"));
        }

        array.End();
        decrypt.End();
        memories.End();
        arithmetic.End();
        root.End();
        if (errors.Count > 0)
        {
            throw new ConfigurationException([.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column)]);
        }

        return new ArrayConfiguration(name, rows, columns, lanes, operations, operandWords, resultWords, initialWords, largestFanIn, inputBits, weightBits, levelWords, multiplierBits)
        {
            Macros = macros,
            Storage = storage,
            MemoryMacro = memoryMacro,
            SpareRows = spareRows,
            RowParity = rowParity,
            SetRetries = setRetries,
            Keys = keys,
            KeyEntries = keyEntries,
            Similarity = similarity,
            Bus = bus,
            ProgramWords = programWords,
            OperandSkipping = operandSkipping,
            WindowWords = windowWords,
        };
    }

    private static int PowerOfTwo(YamlSection section, string key, int fallback)
    {
        var value = section.Integer(key, fallback, 2, 1 << 24);
        if (!BitOperations.IsPow2(value))
        {
            section.Error(key, "is not a power of two", "a power of two");
        }

        return value;
    }

    private static int WindowWords(YamlSection memories)
    {
        var words = memories.Integer("windowWords", 0, 0, ArrayConfiguration.MostWindowWords);
        if (words != 0 && (words < ArrayConfiguration.FewestWindowWords || !BitOperations.IsPow2(words)))
        {
            memories.Error("windowWords", "is not a power of two, or too few", FormattableString.Invariant($"0, or a power of two from {ArrayConfiguration.FewestWindowWords} on"));
        }

        return words;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 40 && char.IsAsciiLetterLower(name[0]) && !name.EndsWith('_')
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static ConfigurationException Failure(string file, int line, int column, string message, string allowed) =>
        new([new ConfigurationError(file, line, column, "configuration", string.Empty, message, allowed)]);
}
