namespace HwGen.Golden;

/// <summary>The keys of an array by definition: which stored bits are inverted before the row operation meets them.</summary>
public sealed class KeyTable
{
    private readonly HashSet<(int Row, int Column)> _inverted = [];

    /// <summary>Gives a row its key, in place of the one that it had: bit i belongs to column i.</summary>
    public void Write(int row, ReadOnlySpan<bool> key)
    {
        _inverted.RemoveWhere(address => address.Row == row);
        for (int column = 0; column < key.Length; column++)
        {
            if (key[column])
                _inverted.Add((row, column));
        }
    }

    /// <summary>Inverts one bit of one row.</summary>
    public void Add(int row, int column) => _inverted.Add((row, column));

    /// <summary>Inverts it no more.</summary>
    public void Remove(int row, int column) => _inverted.Remove((row, column));

    /// <summary>Erases all keys.</summary>
    public void Zeroize() => _inverted.Clear();

    /// <summary>What a row operation meets of a row that is stored.</summary>
    public bool[] Decrypt(int row, ReadOnlySpan<bool> stored)
    {
        var plain = stored.ToArray();
        for (int column = 0; column < plain.Length; column++)
            plain[column] = stored[column] != _inverted.Contains((row, column));
        return plain;
    }
}
