using HwGen.Netlist;

namespace HwGen.SimulationBench;

/// <summary>
/// A module with its stimulus and its check in hardware: shift registers with feedback drive all inputs, all outputs are folded into one signature. So both
/// engines run the same loop without a word from outside, and equal signatures mean equal work.
/// </summary>
/// <param name="measured">Makes the module to measure.</param>
/// <param name="name">What tells it from others.</param>
internal sealed class StimulatedModule(Func<Module> measured, string name) : Module(name)
{
    private const int ControlBits = 63;

    /// <summary>All outputs of all cycles, folded.</summary>
    public Output Signature { get; } = new(64);

    /// <inheritdoc/>
    protected override void Build()
    {
        var control = Shifting("control", ControlBits, 0x1234567);
        Discard(control);
        Instance(out var unit, measured(), name: "unit");
        var ports = PortsOf(unit).ToArray();
        var low = 0;
        foreach (var input in ports.OfType<Input>())
        {
            if (input.Width > ControlBits)
            {
                input.Drive(Shifting(input.Name + "_stimulus", input.Width, 0x55 + low));
                continue;
            }

            low = ((low * 7) + 5) % (ControlBits - input.Width + 1);
            input.Drive(control.Bits(low, input.Width));
        }

        Register(out var signature, 64, reset: 1);
        Signal folded = Concatenate(signature.Bits(0, 63), signature[63]);
        foreach (var output in ports.OfType<Output>())
        {
            for (var bit = 0; bit < output.Width; bit += 64)
                folded ^= output.Bits(bit, Math.Min(64, output.Width - bit)).ZeroExtend(64);
        }

        signature.Drive(folded);
        Signature.Drive(signature);
    }

    /// <summary>All ports, those in lists and bundles included.</summary>
    private static IEnumerable<Port> PortsOf(object owner) => owner.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0)
        .OrderBy(property => property.MetadataToken).SelectMany(property => property.GetValue(owner) switch
        {
            Port port => [port],
            IEnumerable<Port> ports => ports,
            Bundle bundle => PortsOf(bundle),
            _ => Enumerable.Empty<Port>(),
        });

    private Register Shifting(string register, int width, long seed)
    {
        Register(out var bits, width, reset: seed, name: register);
        bits.Drive(Concatenate(bits.Bits(0, width - 1), bits[width - 1] ^ bits[width / 2] ^ bits[width / 3] ^ bits[1]));
        return bits;
    }
}
