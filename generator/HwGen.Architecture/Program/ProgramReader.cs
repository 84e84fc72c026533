using System.Collections.Immutable;
using System.Text.Json;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>Reads a program folder, strictly: what is not understood is an error, and so is an image that nothing names.</summary>
internal sealed class ProgramReader
{
    private const int LargestFile = 1 << 26;
    private const int MostStages = 10_000;
    private const int MostMaps = 10_000;
    private const int LargestBatch = 1 << 20;
    private const int MostPasses = 1 << 20;
    private const int LargestExtent = 1 << 24;
    private const int LargestWindowExtent = 1 << 12;
    private const long MostPositions = 1 << 26;

    /// <summary>What the sequencer counts up to: with 0 it would not end.</summary>
    private static readonly DescriptorField[] Counts =
    [
        DescriptorField.Planes, DescriptorField.WeightPlanes, DescriptorField.OutputPlanes, DescriptorField.DrainCycles, DescriptorField.ChannelWords, DescriptorField.LastWordColumns, DescriptorField.KernelWidth, DescriptorField.KernelHeight,
        DescriptorField.PoolWidth, DescriptorField.PoolHeight, DescriptorField.OutputWidth, DescriptorField.OutputHeight,
        DescriptorField.Tiles, DescriptorField.TileFilters, DescriptorField.LastTileFilters,
    ];

    private readonly ArrayConfiguration _configuration;
    private readonly LoadTable<RowImage> _rows;
    private readonly LoadTable<InitialImage> _initials;
    private readonly LoadTable<LevelImage> _levels;

    private ProgramReader(ArrayConfiguration configuration, string folder)
    {
        _configuration = configuration;
        _rows = new LoadTable<RowImage>(Path.Combine(folder, ProgramFiles.RowsName), path => ImageFile.ReadRows(path, configuration));
        _initials = new LoadTable<InitialImage>(Path.Combine(folder, ProgramFiles.InitialsName), path => ImageFile.ReadInitials(path, configuration));
        _levels = new LoadTable<LevelImage>(Path.Combine(folder, ProgramFiles.LevelsName), path => ImageFile.ReadLevels(path, configuration));
    }

    public static CoreProgram Read(string folder)
    {
        var path = Path.Combine(folder, ProgramFiles.ProgramName);
        var text = ProgramText.Read(path, LargestFile);
        var (document, root) = ProgramJson.Open(text, path);
        using var opened = document;

        // The version is looked at first: a file of a later version may have any keys.
        root["formatVersion"].Integer(ProgramFiles.FormatVersion, ProgramFiles.FormatVersion);
        root.ExpectKeys("formatVersion", "network", "configuration", "rows", "initials", "levels", "batch", "input", "windows", "stages");
        var configuration = Configuration(root["configuration"], text, path);
        var reader = new ProgramReader(configuration, folder);
        reader._rows.ExpectCount(root["rows"].Integer(0, int.MaxValue));
        reader._initials.ExpectCount(root["initials"].Integer(0, int.MaxValue));
        reader._levels.ExpectCount(root["levels"].Integer(0, int.MaxValue));
        var program = new CoreProgram(
            configuration, root["network"].Text(), reader._rows.Take(0), reader._initials.Take(0), reader._levels.Take(0), reader.Layout(root["input"]),
            [.. root["stages"].Items(1, MostStages).Select(reader.Stage)])
        {
            Batch = root["batch"].Integer(1, LargestBatch),
        };
        program = program with { Windows = Windows(root["windows"], program.Input) };
        reader._rows.ExpectAllTaken();
        reader._initials.ExpectAllTaken();
        reader._levels.ExpectAllTaken();
        return program;
    }

    private static ArrayConfiguration Configuration(ProgramJson place, string text, string path)
    {
        // JSON is YAML: the one reader of configurations reads it. Empty lines before it make its lines those of the file.
        var raw = place.Element.GetRawText();
        var lines = text.AsSpan(0, Math.Max(0, text.IndexOf(raw, StringComparison.Ordinal))).Count('\n');
        return ConfigurationReader.Read(new string('\n', lines) + raw, path);
    }

    private ProgramStage Stage(ProgramJson place)
    {
        place.ExpectKeys("name", "layers", "output", "results", "resultChannels", "channels", "constants", "passes");
        var layers = place["layers"].Items(1, MostStages).Select(layer => layer.Text()).ToImmutableArray();
        var output = place["output"].Element.ValueKind == JsonValueKind.Null ? null : Layout(place["output"]);
        var results = place["results"].Integer(0, _configuration.ResultWords);
        if (output is null == (results == 0))
        {
            throw place["results"].Error("does not go with output", "0 where there is an output, at least 1 where there is none");
        }

        var channels = place["resultChannels"].Integer(results > 0 ? 1 : 0, results);
        if (results > 0 && results % channels != 0)
        {
            throw place["resultChannels"].Error("does not divide the results", "the number of channels");
        }

        var stage = new ProgramStage(place["name"].Text(), layers, [.. place["passes"].Items(1, MostPasses).Select(Pass)], output, results, channels)
        {
            Channels = [.. place["channels"].Items(0, LargestExtent).Select(channel => channel.Integer(0, LargestExtent))],
            Constants = [.. place["constants"].Items(0, LargestExtent).Select(Constant)],
        };

        // Every channel once: those that lie in the core, and those that are constant.
        var all = stage.Channels.Concat(stage.Constants.Select(constant => constant.Channel)).Order();
        var isWhole = stage.Constants.IsEmpty ? stage.Channels.IsEmpty : stage.Channels.Length == (output?.Channels ?? channels) && all.SequenceEqual(Enumerable.Range(0, stage.Channels.Length + stage.Constants.Length));
        return isWhole ? stage : throw place["channels"].Error("does not go with constants and the channels that lie in the core", "both empty, or each channel of the layer in one of them");
    }

    private static ConstantChannel Constant(ProgramJson place)
    {
        place.ExpectKeys("channel", "value");
        return new ConstantChannel(place["channel"].Integer(0, LargestExtent), place["value"].Long());
    }

    private ProgramPass Pass(ProgramJson place)
    {
        place.ExpectKeys("rowLoad", "initialLoad", "levelLoad", "overwrites", "restores", "descriptor");
        var fields = place["descriptor"];
        var named = DescriptorLayout.NamedFields(_configuration).ToList();
        fields.ExpectKeys(named.Select(ProgramFiles.Key));
        var descriptor = new LayerDescriptor([.. DescriptorLayout.Fields.Select(field => field >= (DescriptorField)named.Count
            ? 0 : fields[ProgramFiles.Key(field)].Integer(Counts.Contains(field) || field.Unnamed(_configuration) > 0 ? 1 : 0, (int)Math.Min(int.MaxValue, (1L << field.Width(_configuration)) - 1)))]);

        // The core counts cycles in 32 bits: what runs longer cannot be compared, and may never end. The first two bounds keep the prediction itself within 64 bits.
        var isBounded = descriptor.Positions <= MostPositions && (Int128)descriptor.Positions * (descriptor.OperandsPerRound + descriptor[DescriptorField.RoundCycles]) <= uint.MaxValue
            && (!descriptor.PacksWindows || new WindowSchedule(descriptor).MostReads <= uint.MaxValue);
        return isBounded && descriptor.Cycles <= uint.MaxValue
            ? new ProgramPass(_rows.Take(place["rowLoad"]), _initials.Take(place["initialLoad"]), _levels.Take(place["levelLoad"]), descriptor)
            {
                Overwrites = place["overwrites"].Flag(),
                Restores = [.. place["restores"].Items(0, MostMaps).Select(Layout)],
            }
            : throw fields.Error("takes too many cycles", FormattableString.Invariant($"at most {uint.MaxValue} cycles a pass"));
    }

    private static InputWindows? Windows(ProgramJson place, FeatureMapLayout layout)
    {
        if (place.Element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        place.ExpectKeys("channels", "height", "width", "kernelHeight", "kernelWidth", "strideY", "strideX", "dilationY", "dilationX", "top", "left");
        int Extent(string key, int minimum = 1) => place[key].Integer(minimum, LargestWindowExtent);
        var windows = new InputWindows(
            Extent("channels"), Extent("height"), Extent("width"), Extent("kernelHeight"), Extent("kernelWidth"), Extent("strideY"), Extent("strideX"),
            Extent("dilationY"), Extent("dilationX"), Extent("top", 0), Extent("left", 0));
        if ((Int128)windows.Channels * windows.KernelHeight * windows.KernelWidth != layout.Channels)
        {
            throw place.Error("does not go with input", FormattableString.Invariant($"windows of input.channels = {layout.Channels} values"));
        }

        return (Int128)windows.Channels * windows.Height * windows.Width <= LargestExtent
            ? windows
            : throw place.Error("is an input of too many values", FormattableString.Invariant($"at most {LargestExtent} values"));
    }

    private FeatureMapLayout Layout(ProgramJson place)
    {
        place.ExpectKeys("base", "channels", "height", "width", "planes", "signed");
        var layout = new FeatureMapLayout(
            place["base"].Integer(0, _configuration.OperandWords - 1),
            place["channels"].Integer(1, LargestExtent), place["height"].Integer(1, LargestExtent), place["width"].Integer(1, LargestExtent),
            place["planes"].Integer(1, _configuration.InputBits), _configuration.Columns, place["signed"].Flag());
        var words = (Int128)layout.Height * layout.Width * layout.ChannelWords * layout.Planes;
        return layout.Base + words <= _configuration.OperandWords
            ? layout
            : throw place.Error(FormattableString.Invariant($"needs {words} words from word {layout.Base}"), FormattableString.Invariant($"what lies inside of the {_configuration.OperandWords} operand words"));
    }

    /// <summary>The loads of an image file, each to be taken once.</summary>
    private sealed class LoadTable<T>
    {
        private readonly string _path;
        private readonly Dictionary<int, ImmutableArray<T>> _loads;
        private readonly int _count;

        public LoadTable(string path, Func<string, Dictionary<int, ImmutableArray<T>>> read)
        {
            _path = path;
            _loads = read(path);
            _count = _loads.Values.Sum(load => load.Length);
        }

        /// <summary>What is loaded once, or a load that must be there.</summary>
        public ImmutableArray<T> Take(int load) => _loads.Remove(load, out var entries) ? entries : [];

        /// <summary>The load that a key names; none where it is null.</summary>
        public ImmutableArray<T> Take(ProgramJson key)
        {
            if (key.Element.ValueKind == JsonValueKind.Null)
            {
                return [];
            }

            var load = key.Integer(1, int.MaxValue);
            return Take(load) is { Length: > 0 } entries
                ? entries
                : throw key.Error($"has no entries in {Path.GetFileName(_path)}, or is named twice", "a load of that file, or null");
        }

        public void ExpectCount(int count)
        {
            if (_count != count)
            {
                throw new ProgramFileException(_path, 0, string.Empty, string.Empty, FormattableString.Invariant($"has {_count} entries"), FormattableString.Invariant($"{count}, as {ProgramFiles.ProgramName} says"));
            }
        }

        public void ExpectAllTaken()
        {
            if (_loads.Count > 0)
            {
                throw new ProgramFileException(
                    _path, 0, "load", FormattableString.Invariant($"{_loads.Keys.Min()}"), $"is not named in {ProgramFiles.ProgramName}", "0, and the loads that are named there");
            }
        }
    }
}
