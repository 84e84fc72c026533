using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// The keys of all lanes: the key of the row group that is given in one cycle is there in the next, when the row is. Keys can be written and erased, and
/// no port reads them: they go to the exclusive-or between a lane's storage and its row operation.
/// </summary>
/// <param name="configuration">The array and the kind of the store.</param>
/// <param name="parameters">What tells the store from others of its class.</param>
public abstract class KeyStore(ArrayConfiguration configuration, string parameters) : Module(parameters)
{
    /// <summary>The row group whose keys are written, or wanted in the next cycle.</summary>
    public Input? Group { get; } = configuration.Groups > 1 ? new(configuration.GroupAddressBits) : null;

    /// <summary>1 to write a key; ignored while the store is busy.</summary>
    public Input Write { get; } = new(1);

    /// <summary>The lane of the row that the key is for.</summary>
    public Input Lane { get; } = new(configuration.LaneBits);

    /// <summary>1 to erase all keys.</summary>
    public Input Zeroize { get; } = new(1);

    /// <summary>1 while the keys are erased.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>The key of each lane's row.</summary>
    public IReadOnlyList<Output> Keys { get; } =
        [.. Enumerable.Range(0, configuration.Lanes).Select(lane => new Output(configuration.Columns, FormattableString.Invariant($"key_{lane}")))];

    /// <summary>The array and the kind of the store.</summary>
    protected ArrayConfiguration Configuration { get; } = configuration;

    /// <summary>The key store of a configuration; null where rows are stored as they are.</summary>
    internal static KeyStore? Of(ArrayConfiguration configuration) => configuration.Keys switch
    {
        KeyStoreKind.Dense => new DenseKeyStore(configuration),
        KeyStoreKind.Sparse => new SparseKeyStore(configuration),
        _ => null,
    };
}
