using System.Collections.Immutable;
using System.Security.Cryptography;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

/// <summary>
/// What is loaded in the core: row groups, initial values, words of the level memory, one after another. What is there already, to the bit, is
/// not loaded again: layers without weights share one block of rows.
/// </summary>
/// <param name="configuration">The core.</param>
internal sealed class LoadSpace(ArrayConfiguration configuration)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private int _groups, _initials, _levels;

    /// <summary>Row groups that are free.</summary>
    public int FreeGroups => configuration.Groups - _groups;

    /// <summary>Finds or makes room for what a pass needs; null when there is none.</summary>
    /// <param name="rows">Rows, their groups counted from 0.</param>
    /// <param name="groups">Row groups that they take.</param>
    /// <param name="initials">Initial values, their addresses counted from 0.</param>
    /// <param name="levels">Words of the level memory, their addresses counted from 0.</param>
    public Loads? Place(ImmutableArray<RowImage> rows, int groups, ImmutableArray<InitialImage> initials, ImmutableArray<LevelImage> levels)
    {
        var tiles = initials.IsEmpty ? 0 : initials.Max(initial => initial.Address) + 1;
        var (rowKey, initialKey, levelKey) = (Key(rows), Key(initials), Key(levels));
        int? rowPlace = Find(rowKey), initialPlace = tiles == 0 ? 0 : Find(initialKey), levelPlace = levels.IsEmpty ? 0 : Find(levelKey);
        if ((rowPlace is null && _groups + groups > configuration.Groups)
            || (initialPlace is null && _initials + tiles > configuration.InitialDepth)
            || (levelPlace is null && _levels + levels.Length > configuration.LevelWords))
        {
            return null;
        }

        var loads = new Loads(rowPlace ?? _groups, initialPlace ?? _initials, levelPlace ?? _levels, [], [], []);
        if (rowPlace is null)
        {
            _places.Add(rowKey, _groups);
            _groups += groups;
            loads = loads with { Rows = [.. rows.Select(row => row with { Group = row.Group + loads.Group })] };
        }

        if (initialPlace is null)
        {
            _places.Add(initialKey, _initials);
            _initials += tiles;
            loads = loads with { Initials = [.. initials.Select(initial => initial with { Address = initial.Address + loads.Initial })] };
        }

        if (levelPlace is null)
        {
            _places.Add(levelKey, _levels);
            _levels += levels.Length;
            loads = loads with { Levels = [.. levels.Select(level => level with { Address = level.Address + loads.Level })] };
        }

        return loads;
    }

    /// <summary>Forgets everything: from here on it is loaded over.</summary>
    public void Clear()
    {
        _places.Clear();
        (_groups, _initials, _levels) = (0, 0, 0);
    }

    private int? Find(string key) => _places.TryGetValue(key, out var place) ? place : null;

    private static string Key(ImmutableArray<RowImage> rows) => Key("rows", writer =>
    {
        foreach (var row in rows)
        {
            writer.Write(row.Group);
            writer.Write(row.Lane);
            writer.Write((int)row.Operation);
            foreach (var word in row.Bits)
            {
                writer.Write(word);
            }
        }
    });

    private static string Key(ImmutableArray<InitialImage> initials) => Key("initials", writer =>
    {
        foreach (var initial in initials)
        {
            writer.Write(initial.Address);
            writer.Write(initial.Lane);
            writer.Write(initial.Value);
            writer.Write(initial.Direction);
        }
    });

    private static string Key(ImmutableArray<LevelImage> levels) => Key("levels", writer =>
    {
        foreach (var level in levels)
        {
            writer.Write(level.Value);
            writer.Write(level.Shift);
        }
    });

    private static string Key(string kind, Action<BinaryWriter> write)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        write(writer);
        writer.Flush();
        return kind + Convert.ToHexString(SHA256.HashData(content.GetBuffer().AsSpan(0, (int)content.Length)));
    }
}

/// <summary>Where the loads of a pass are, and what of them is new.</summary>
/// <param name="Group">The first row group.</param>
/// <param name="Initial">The address of the first initial value.</param>
/// <param name="Level">The address of the first word of the level memory.</param>
/// <param name="Rows">New rows.</param>
/// <param name="Initials">New initial values.</param>
/// <param name="Levels">New words of the level memory.</param>
internal sealed record Loads(
    int Group, int Initial, int Level, ImmutableArray<RowImage> Rows, ImmutableArray<InitialImage> Initials, ImmutableArray<LevelImage> Levels);
