namespace HwGen.Golden;

/// <summary>
/// Resistive rows with spare rows by definition: what is stored and what is reported after each write, self-test and scrub, when some cells are stuck and pulses reach all others.
/// Rows are numbered group · lanes + lane; spare rows stand in any row's place, the lowest free one first.
/// </summary>
/// <param name="rows">Rows of the array.</param>
/// <param name="lanes">Lanes: a test goes through the rows of one after those of the other.</param>
/// <param name="spares">Spare rows.</param>
/// <param name="columns">Cells of a row.</param>
public sealed class RepairedRows(int rows, int lanes, int spares, int columns)
{
    private readonly Dictionary<int, int> _spareOf = [];
    private readonly HashSet<int> _badSpares = [];
    private readonly bool[]?[] _stored = new bool[]?[rows + spares];
    private readonly Dictionary<int, bool>[] _stuck = [.. Enumerable.Range(0, rows + spares).Select(_ => new Dictionary<int, bool>())];
    private readonly HashSet<int> _reported = [];

    /// <summary>True since some row could not be repaired, until a self-test.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Makes a cell read one value from now on. Rows from <c>rows</c> on are spare rows.</summary>
    public void Stick(int row, int column, bool value) => _stuck[row][column] = value;

    /// <summary>True when a row is reported.</summary>
    public bool IsReported(int row) => _reported.Contains(row);

    /// <summary>What a row gives; null when it was never written since the last test.</summary>
    public bool[]? Read(int row) => Seen(_spareOf.TryGetValue(row, out int spare) ? rows + spare : row);

    /// <summary>Writes a row: what cannot hold it gives way to a spare row.</summary>
    public void Write(int row, bool[] bits)
    {
        while (true)
        {
            int word = _spareOf.TryGetValue(row, out int spare) ? rows + spare : row;
            _stored[word] = [.. bits];
            if (Seen(word)!.SequenceEqual(bits))
            {
                _reported.Remove(row);
                return;
            }
            if (Free() is not { } next)
            {
                _reported.Add(row);
                HasFailed = true;
                return;
            }
            if (word >= rows)
                _badSpares.Add(word - rows);
            _spareOf[row] = next;
        }
    }

    /// <summary>Tests everything: a row or spare row with a stuck cell is bad.</summary>
    public void SelfTest()
    {
        _spareOf.Clear();
        _badSpares.Clear();
        _reported.Clear();
        HasFailed = false;
        Array.Clear(_stored);
        for (int spare = 0; spare < spares; spare++)
        {
            if (_stuck[rows + spare].Count > 0)
                _badSpares.Add(spare);
        }
        foreach (int row in Enumerable.Range(0, rows).OrderBy(row => row % lanes).ThenBy(row => row))
        {
            if (_stuck[row].Count == 0)
                continue;
            if (Free() is { } spare)
            {
                _spareOf[row] = spare;
            }
            else
            {
                _reported.Add(row);
                HasFailed = true;
            }
        }
    }

    private int? Free()
    {
        for (int spare = 0; spare < spares; spare++)
        {
            if (!_badSpares.Contains(spare) && !_spareOf.ContainsValue(spare))
                return spare;
        }
        return null;
    }

    private bool[]? Seen(int word) =>
        _stored[word] is not { } bits ? null : [.. Enumerable.Range(0, columns).Select(column => _stuck[word].TryGetValue(column, out bool value) ? value : bits[column])];
}
