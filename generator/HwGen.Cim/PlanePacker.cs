using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Packs values bit-plane by bit-plane into operand words. Values gather in a word a plane; full words, or the last of an output, are moved
/// out and written, a plane a cycle. Bits of a first word that belong to another pass are taken over before.
/// </summary>
/// <param name="configuration">The widths.</param>
public sealed class PlanePacker(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration, DescriptorField.OutputPlanes, DescriptorField.OutputBase, DescriptorField.OutputStep, DescriptorField.FirstOutputBit);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when the layer starts.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when a value is there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The value.</summary>
    public Input Value { get; } = new(configuration.InputBits);

    /// <summary>Its bit of the words.</summary>
    public Input Place { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 when it completes its words.</summary>
    public Input Completes { get; } = new(1);

    /// <summary>1 when it is the last of its output.</summary>
    public Input OutputLast { get; } = new(1);

    /// <summary>1 while old bits of the first word may be taken over.</summary>
    public Input Preload { get; } = new(1);

    /// <summary>The old word, one cycle after its address.</summary>
    public Input WordOld { get; } = new(configuration.Columns);

    /// <summary>1 to write an operand word.</summary>
    public Output WordWrite { get; } = new(1);

    /// <summary>Where it is written, or taken over from.</summary>
    public Output WordAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>The word.</summary>
    public Output WordData { get; } = new(configuration.Columns);

    /// <summary>Cycles in which each plane is surely taken over once.</summary>
    internal static int PreloadWindow(ArrayConfiguration configuration) => (2 * configuration.InputBits) + 2;

    /// <summary>Connects the descriptor fields that the unit reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var columns = configuration.Columns;
        var planes = configuration.InputBits;
        var planeBits = DescriptorField.OutputPlanes.Width(configuration);
        var outputPlanes = _fields[DescriptorField.OutputPlanes];
        Wire(out var moves, Valid & Completes);
        Wire(out var placeBit, Constant(1, columns).ShiftLeft(Place));
        Register(out var writing, 1, reset: 0);
        Register(out var plane, planeBits);
        Register(out var movedEnd, 1);
        Register(out var preloading, Preload, reset: 0);
        Register(out var preloadPlane, planeBits);
        Register(out var loadedPlane, preloadPlane);
        Wire(out var lastPlane, (plane + 1).EqualTo(outputPlanes));
        Wire(out var kept, ~Ones(columns).ShiftLeft(_fields[DescriptorField.FirstOutputBit]));
        var moved = new Signal[planes];
        for (var i = 0; i < planes; i++)
        {
            using var scope = Scope(FormattableString.Invariant($"plane_{i}"));
            Register(out var bits, columns);
            Register(out var movedBits, columns);
            Wire(out var bitsNow, bits | (placeBit & Repeat(Value[i], columns)));
            When(Valid, () => bits.Drive(Choose(Completes, Constant(0, columns), bitsNow)));
            When(preloading & loadedPlane.EqualTo(i), () => bits.Drive(WordOld & kept));
            When(Start, () => bits.Drive(Constant(0, columns)));
            When(moves, () => movedBits.Drive(bitsNow));
            moved[i] = movedBits;
        }

        preloadPlane.Drive(Choose((preloadPlane + 1).AtLeast(outputPlanes), Constant(0, planeBits), preloadPlane + 1));
        When(writing, () => plane.Drive(plane + 1));
        When(writing & lastPlane, () => writing.Drive(0));
        When(moves, () =>
        {
            writing.Drive(1);
            plane.Drive(0);
            movedEnd.Drive(OutputLast);
        });

        Register(out var outputAddress, configuration.OperandAddressBits);
        Register(out var nextWord, configuration.OperandAddressBits);
        Wire(out var nextOutput, outputAddress + Address(DescriptorField.OutputStep));
        When(writing, () => nextWord.Drive(nextWord + 1));
        When(writing & lastPlane & movedEnd, () =>
        {
            outputAddress.Drive(nextOutput);
            nextWord.Drive(nextOutput);
        });
        When(Start, () =>
        {
            outputAddress.Drive(Address(DescriptorField.OutputBase));
            nextWord.Drive(Address(DescriptorField.OutputBase));
        });
        Wire(out var preloadAddress, outputAddress + preloadPlane.FitTo(configuration.OperandAddressBits));
        WordWrite.Drive(writing);
        WordAddress.Drive(Choose(writing, nextWord, preloadAddress));
        WordData.Drive(planes == 1 ? moved[0] : Select(plane.FitTo(Widths.Index(planes)), moved));
    }

    /// <summary>A field as an operand address: the field is wider where the result memory is the larger one.</summary>
    private Signal Address(DescriptorField field)
    {
        var (input, width) = (_fields[field], configuration.OperandAddressBits);
        if (input.Width > width)
        {
            Discard(input.Bits(width, input.Width - width));
        }

        return input.Truncate(width);
    }
}
