namespace HwGen.Training.Layers;

/// <summary>
/// The channels of a map that are alive, packed side by side: what is pruned costs no arithmetic. Where all are alive, packed and whole maps
/// are the same.
/// </summary>
internal sealed class ChannelSubset
{
    /// <summary>Makes a subset.</summary>
    /// <param name="all">Channels of the whole map.</param>
    /// <param name="alive">Those that are alive, ascending.</param>
    /// <param name="multiple">Packed pixels are filled with zeros to a multiple of this.</param>
    public ChannelSubset(int all, int[] alive, int multiple)
    {
        All = all;
        Alive = alive;
        Packed = IsWhole ? all : (alive.Length + multiple - 1) / multiple * multiple;
    }

    /// <summary>Channels of a whole pixel.</summary>
    public int All { get; }

    /// <summary>Those that are alive, ascending.</summary>
    public int[] Alive { get; }

    /// <summary>Channels of a packed pixel.</summary>
    public int Packed { get; }

    /// <summary>True when every channel is alive.</summary>
    public bool IsWhole => Alive.Length == All;

    /// <summary>All channels of a map.</summary>
    public static ChannelSubset Whole(int all) => new(all, [.. Enumerable.Range(0, all)], 1);

    /// <summary>Packs whole pixels.</summary>
    /// <param name="whole">Pixels of <see cref="All"/> channels.</param>
    /// <param name="packed">Receives as many pixels of <see cref="Packed"/> channels.</param>
    public void Pack(ReadOnlySpan<float> whole, Span<float> packed)
    {
        if (IsWhole)
        {
            whole.CopyTo(packed);
            return;
        }
        for (int from = 0, to = 0; from < whole.Length; from += All, to += Packed)
        {
            Span<float> pixel = packed.Slice(to, Packed);
            for (int i = 0; i < Alive.Length; i++)
                pixel[i] = whole[from + Alive[i]];
            pixel[Alive.Length..].Clear();
        }
    }

    /// <summary>Spreads packed pixels; channels that are not alive become 0.</summary>
    /// <param name="packed">Pixels of <see cref="Packed"/> channels.</param>
    /// <param name="whole">Receives as many pixels of <see cref="All"/> channels.</param>
    public void Spread(ReadOnlySpan<float> packed, Span<float> whole)
    {
        if (IsWhole)
        {
            packed.CopyTo(whole);
            return;
        }
        whole.Clear();
        for (int from = 0, to = 0; to < whole.Length; from += Packed, to += All)
            for (int i = 0; i < Alive.Length; i++)
                whole[to + Alive[i]] = packed[from + i];
    }
}
