using HwGen.Architecture.Configuration;
using HwGen.Netlist;

namespace HwGen.Cim.Tests;

/// <summary>
/// Two cores with the same inputs. A plain core on the left and one with decryption on the right: a row is written with its key, encrypted on the right. Or two with decryption: the same
/// ciphertext, and keys of their own, written at the same times.
/// </summary>
/// <param name="left">The left core.</param>
/// <param name="right">The right core, with decryption.</param>
/// <param name="ignored">Outputs that may differ.</param>
internal sealed class CorePair(ArrayConfiguration left, ArrayConfiguration right, params string[] ignored) : Module
{
    private static readonly string[] s_keyInputs = [nameof(Core.KeyData), nameof(Core.KeyEntry), nameof(Core.KeyColumn), nameof(Core.KeyPresent)];

    /// <summary>The inputs that both have, by the names of the core's.</summary>
    public IReadOnlyList<Input> Shared { get; } = [.. Inputs(new Core(right)).Where(p => !s_keyInputs.Contains(p.Name)).Select(p => new Input(p.Port.Width, Names.ToSnakeCase(p.Name)))];

    /// <summary>Keys of the left core.</summary>
    public IReadOnlyList<Input> LeftKeys { get; } = [.. Inputs(new Core(left)).Where(p => s_keyInputs.Contains(p.Name)).Select(p => new Input(p.Port.Width, "left_" + Names.ToSnakeCase(p.Name)))];

    /// <summary>Keys of the right core.</summary>
    public IReadOnlyList<Input> RightKeys { get; } = [.. Inputs(new Core(right)).Where(p => s_keyInputs.Contains(p.Name)).Select(p => new Input(p.Port.Width, "right_" + Names.ToSnakeCase(p.Name)))];

    /// <summary>1 when all outputs are equal that are compared.</summary>
    public Output Same { get; } = new(1);

    private bool IsEncryption => left.Keys == KeyStoreKind.None;

    protected override void Build()
    {
        Instance(out var leftCore, new Core(left, "left"), name: "left");
        Instance(out var rightCore, new Core(right, "right"), name: "right");
        var shared = Shared.Zip(Inputs(rightCore).Where(p => !s_keyInputs.Contains(p.Name)), (input, p) => (p.Name, Signal: (Signal)input)).ToDictionary(p => p.Name, p => p.Signal);
        Connect(leftCore, LeftKeys, isRight: false);
        Connect(rightCore, RightKeys, isRight: true);
        if (IsEncryption)
        {
            Discard(shared[nameof(Core.KeyWrite)]);
            Discard(shared[nameof(Core.Zeroize)]);
            Discard(shared[nameof(Core.Lock)]);
        }

        var same = Constant(1, 1);
        var rightOutputs = Outputs(rightCore).ToDictionary(p => p.Name, p => p.Port);
        foreach (var (name, port) in Outputs(leftCore))
        {
            // Read-back gives ciphertext.
            if (ignored.Contains(Names.ToSnakeCase(name)) || (IsEncryption && name == nameof(Core.RowReadData)))
            {
                Discard(port);
                Discard(rightOutputs[name]);
            }
            else
            {
                same &= port.EqualTo(rightOutputs[name]);
            }

            rightOutputs.Remove(name);
        }

        foreach (var port in rightOutputs.Values)
        {
            Discard(port);
        }

        Same.Drive(same);

        void Connect(Core core, IReadOnlyList<Input> keys, bool isRight)
        {
            var next = 0;
            foreach (var (name, port) in Inputs(core))
            {
                port.Drive(name switch
                {
                    _ when s_keyInputs.Contains(name) => keys[next++],
                    nameof(Core.RowData) when IsEncryption && isRight => shared[name] ^ keys[0],
                    nameof(Core.KeyWrite) when IsEncryption => shared[nameof(Core.RowWrite)],
                    nameof(Core.Zeroize) or nameof(Core.Lock) when IsEncryption => Constant(0, 1),
                    _ => shared[name],
                });
            }
        }
    }

    private static IEnumerable<(string Name, Input Port)> Inputs(Core core) =>
        typeof(Core).GetProperties().Where(p => p.PropertyType == typeof(Input)).Select(p => (p.Name, Port: (Input?)p.GetValue(core))).Where(p => p.Port is not null).Select(p => (p.Name, p.Port!));

    private static IEnumerable<(string Name, Output Port)> Outputs(Core core) =>
        typeof(Core).GetProperties().Where(p => p.PropertyType == typeof(Output)).Select(p => (p.Name, Port: (Output?)p.GetValue(core))).Where(p => p.Port is not null).Select(p => (p.Name, p.Port!));
}

/// <summary>A key store with a register that says "erased, and no key written since".</summary>
internal sealed class ZeroizedStore(ArrayConfiguration configuration) : Module
{
    public Input Group { get; } = new(configuration.GroupAddressBits);

    public Input Write { get; } = new(1);

    public Input Lane { get; } = new(configuration.LaneBits);

    public Input Zeroize { get; } = new(1);

    public Input Data { get; } = new(configuration.Columns);

    public Input Entry { get; } = new(configuration.KeyEntryBits);

    public Output KeysAreZero { get; } = new(1);

    protected override void Build()
    {
        Instance(out var store, configuration.Keys == KeyStoreKind.Dense ? new DenseKeyStore(configuration) : (KeyStore)new SparseKeyStore(configuration));
        store.Group?.Drive(Group);
        store.Write.Drive(Write);
        store.Lane.Drive(Lane);
        store.Zeroize.Drive(Zeroize);
        if (store is DenseKeyStore dense)
        {
            dense.Data.Drive(Data);
            Discard(Entry);
        }
        else if (store is SparseKeyStore sparse)
        {
            sparse.Entry.Drive(Entry);
            sparse.Column.Drive(Data.Truncate(configuration.ColumnBits));
            sparse.Present.Drive(Data[configuration.Columns - 1]);
            Discard(Data);
        }

        Register(out var erased, 1, reset: 1);
        When(Write & ~store.Busy, () => erased.Drive(0));
        When(Zeroize, () => erased.Drive(1));
        var zero = Constant(1, 1);
        foreach (var key in store.Keys)
        {
            zero &= ~key.AnyOne();
        }

        // In the netlist the register is not read: the proof reads it.
        Discard(erased);
        KeysAreZero.Drive(zero);
    }
}
