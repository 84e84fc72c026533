using HwGen.Architecture.Registers;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>The registers of a map: the address decoder, what the host sets, what it clears, the commands that it gives.</summary>
/// <param name="map">The map.</param>
public sealed class RegisterFile(RegisterMap map) : Module
{
    /// <summary>The slave of the bus.</summary>
    public RegisterAccess Host { get; } = new(BundleSide.Sink);

    /// <summary>What the core says: the values of fields that are only read, and the bits that set those that the host clears.</summary>
    public IEnumerable<Input> Values => _inputs.Values;

    /// <summary>What the host says: settings, commands, and the bits that it has not cleared.</summary>
    public IEnumerable<Output> Settings => _outputs.Values;

    private readonly SortedDictionary<string, Input> _inputs = new(
        Fields(map).Where(f => !f.Field.IsConstant && f.Field.Access is FieldAccess.ReadOnly or FieldAccess.WriteOneToClear).ToDictionary(f => f.Name, f => new Input(f.Field.Width, InputName(f.Name, f.Field)), StringComparer.Ordinal), StringComparer.Ordinal);

    private readonly SortedDictionary<string, Output> _outputs = new(
        Fields(map).Where(f => f.Field.Access != FieldAccess.ReadOnly).ToDictionary(f => f.Name, f => new Output(f.Field.Width, f.Name), StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The port by which the core gives a field; the events of one that the host clears.</summary>
    public Input Value(string register, string field) => _inputs[Name(register, field)];

    /// <summary>The port by which the host's side of a field comes out.</summary>
    public Output Setting(string register, string field) => _outputs[Name(register, field)];

    /// <inheritdoc/>
    protected override void Build()
    {
        // Registers are words: a host that asks for a byte within one gets the word.
        Discard(Host.WriteAddress.Truncate(2));
        Discard(Host.ReadAddress.Truncate(2));
        Wire(out var writeWord, Host.WriteAddress.Bits(2, RegisterMap.AddressBits - 2));
        Wire(out var readWord, Host.ReadAddress.Bits(2, RegisterMap.AddressBits - 2));
        var (accepted, writable) = (Constant(0, 1), Constant(0, 1));
        var read = Constant(0, 32);
        foreach (var register in map.Registers)
        {
            using var scope = Scope(register.Name.ToLowerInvariant());
            Wire(out var isRead, readWord.EqualTo(register.Offset / 4));
            accepted |= isRead;
            Signal? written = null;
            if (register.IsWritable)
            {
                Wire(out var isWritten, writeWord.EqualTo(register.Offset / 4));
                writable |= isWritten;
                written = Host.Write & isWritten;
            }

            Wire(out var word, Word(register, written));
            read |= word & Repeat(isRead, 32);
        }

        Host.WriteAccepted.Drive(writable);
        Host.ReadAccepted.Drive(accepted);
        Host.ReadData.Drive(read);
    }

    /// <summary>What a register reads, and its side of the host.</summary>
    private Signal Word(HostRegister register, Signal? written)
    {
        var word = new List<Signal>();
        var next = 0;
        foreach (var field in register.Fields.OrderBy(f => f.Low))
        {
            if (field.Low > next)
            {
                word.Add(Constant(0, field.Low - next));
            }

            word.Add(Field(register, field, written));
            next = field.Low + field.Width;
        }

        if (next < 32)
        {
            word.Add(Constant(0, 32 - next));
        }

        word.Reverse();
        return Concatenate([.. word]);
    }

    private Signal Field(HostRegister register, RegisterField field, Signal? written)
    {
        var name = Name(register.Name, field.Name);
        var data = Host.WriteData.Bits(field.Low, field.Width);
        var bytes = Concatenate([.. Enumerable.Range(field.Low, field.Width).Reverse().Select(bit => Host.WriteStrobe[bit / 8])]);
        switch (field.Access)
        {
            case FieldAccess.ReadOnly:
                return field.IsConstant ? Constant(field.Reset, field.Width) : _inputs[name];
            case FieldAccess.Command:
                _outputs[name].Drive(data & bytes & Repeat(written!, field.Width));
                return Constant(0, field.Width);
            case FieldAccess.WriteOneToClear:
                Register(out var pending, field.Width, reset: field.Reset, name: field.Name.ToLowerInvariant());
                // An event of the cycle in which the host clears is not lost.
                pending.Drive((pending & ~(data & bytes & Repeat(written!, field.Width))) | _inputs[name]);
                _outputs[name].Drive(pending);
                return pending;
            default:
                Register(out var setting, field.Width, reset: field.Reset, name: field.Name.ToLowerInvariant());
                When(written!, () => setting.Drive((data & bytes) | (setting & ~bytes)));
                _outputs[name].Drive(setting);
                return setting;
        }
    }

    private static IEnumerable<(string Name, RegisterField Field)> Fields(RegisterMap map) =>
        map.Registers.SelectMany(register => register.Fields, (register, field) => (Name(register.Name, field.Name), field));

    private static string Name(string register, string field) => (field == "VALUE" ? register : register + "_" + field).ToLowerInvariant();

    private static string InputName(string name, RegisterField field) => field.Access == FieldAccess.WriteOneToClear ? name + "_event" : name;
}
