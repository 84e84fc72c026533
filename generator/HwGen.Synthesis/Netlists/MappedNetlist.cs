using HwGen.Tools;

namespace HwGen.Synthesis.Netlists;

/// <summary>An instance of a cell.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cell">The name of the cell.</param>
/// <param name="Connections">The nets of each pin, the least significant bit first: <c>lane_3.count[2]</c>, <c>1'b0</c>.</param>
public sealed record NetlistInstance(string Name, string Cell, IReadOnlyDictionary<string, IReadOnlyList<string>> Connections)
{
    /// <summary>Its whole-numbered parameters by name: only black boxes have any.</summary>
    public IReadOnlyDictionary<string, long> Parameters { get; init; } = new Dictionary<string, long>();

    /// <summary>The net of a pin of one bit; null when it is not connected.</summary>
    public string? Net(string pin) => Connections.TryGetValue(pin, out var nets) && nets.Count == 1 ? nets[0] : null;
}

/// <summary>A port of a netlist.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsInput">True for an input.</param>
/// <param name="Bits">Its nets, the least significant first.</param>
public sealed record NetlistPort(string Name, bool IsInput, IReadOnlyList<string> Bits);

/// <summary>A flat netlist of cells: what synthesis ends in.</summary>
/// <param name="Top">The name of the module.</param>
/// <param name="Ports">Its ports, in order.</param>
/// <param name="Instances">Its cells, in order.</param>
public sealed record MappedNetlist(string Top, IReadOnlyList<NetlistPort> Ports, IReadOnlyList<NetlistInstance> Instances)
{
    /// <summary>Reads the flat structural Verilog of a synthesizer.</summary>
    /// <exception cref="InputException">It cannot be read, or is more than structure.</exception>
    public static MappedNetlist Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllText(file));
        }
        catch (IOException exception)
        {
            throw new InputException(new InputError("cannot be read: " + exception.Message) { File = file }, exception);
        }
    }

    /// <summary>Reads a text of flat structural Verilog.</summary>
    public static MappedNetlist Parse(string file, string text) => new NetlistReader(file, text).Read();

    /// <summary>How often each cell stands, by name.</summary>
    public IReadOnlyDictionary<string, int> CellCounts()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var instance in Instances)
            counts[instance.Cell] = counts.GetValueOrDefault(instance.Cell) + 1;
        return counts;
    }
}
