using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Values that are too wide for the operand memory: the network's results, which the host reads, and partial sums, which come back when the
/// rest of their products is there. Finds the index of the greatest value where that is asked for.
/// </summary>
/// <param name="configuration">The widths.</param>
public sealed class ResultMemory(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration, DescriptorField.OutputBase, DescriptorField.OutputStep, DescriptorField.IndexBase, DescriptorField.IndexStep);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when the layer starts.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when a value is there.</summary>
    public Input Valid { get; } = new(1);

    /// <summary>The value, two's complement.</summary>
    public Input Value { get; } = new(configuration.AccumulatorBits);

    /// <summary>1 at the last value of an output.</summary>
    public Input OutputLast { get; } = new(1);

    /// <summary>1 at the last value of the layer.</summary>
    public Input ValueLast { get; } = new(1);

    /// <summary>1 to write values; otherwise they are for the operand memory.</summary>
    public Input Write { get; } = new(1);

    /// <summary>1 when only the index of the greatest value is wanted.</summary>
    public Input Argmax { get; } = new(1);

    /// <summary>1 when the greatest value so far is that of the layer before.</summary>
    public Input KeepGreatest { get; } = new(1);

    /// <summary>1 when the greatest value is kept for the next layer.</summary>
    public Input HoldGreatest { get; } = new(1);

    /// <summary>Which word is read.</summary>
    public Input ReadAddress { get; } = new(configuration.ResultAddressBits);

    /// <summary>That word, one cycle later.</summary>
    public Output ReadData { get; } = new(configuration.AccumulatorBits);

    /// <summary>1 when the value, or the index, goes on.</summary>
    public Output OutValid { get; } = new(1);

    /// <summary>The value, or the index.</summary>
    public Output OutValue { get; } = new(configuration.AccumulatorBits);

    /// <summary>Connects the descriptor fields that the unit reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var (valid, value) = Greatest();
        Register(out var outputAddress, configuration.ResultAddressBits);
        Register(out var address, configuration.ResultAddressBits);
        Wire(out var nextOutput, outputAddress + Address(DescriptorField.OutputStep));
        When(valid, () => address.Drive(address + 1));
        When(valid & OutputLast, () =>
        {
            outputAddress.Drive(nextOutput);
            address.Drive(nextOutput);
        });
        When(Start, () =>
        {
            outputAddress.Drive(Address(DescriptorField.OutputBase));
            address.Drive(Address(DescriptorField.OutputBase));
        });
        Memory(out var results, configuration.ResultWords, configuration.AccumulatorBits);
        results.Write(valid & Write, address, value);
        Register(out var readData, results.Read(ReadAddress));
        ReadData.Drive(readData);
        OutValid.Drive(valid & ~Write);
        OutValue.Drive(value);
    }

    /// <summary>The greatest value and its index; of equal values the lowest index. Values come position by position, indices count channel by channel.</summary>
    private (Signal Valid, Signal Value) Greatest()
    {
        var bits = configuration.AccumulatorBits;
        var indexBits = DescriptorField.IndexBase.Width(configuration);
        Register(out var found, 1);
        Register(out var greatest, bits);
        Register(out var greatestIndex, indexBits);
        Register(out var position, indexBits);
        Register(out var index, indexBits);
        Wire(out var better, ~found | greatest.LessThanSigned(Value) | (greatest.EqualTo(Value) & index.LessThan(greatestIndex)));
        Wire(out var bestIndex, Choose(better, index, greatestIndex));
        When(Valid & Argmax, () =>
        {
            found.Drive(1);
            greatestIndex.Drive(bestIndex);
            greatest.Drive(Choose(better, Value, greatest));
            index.Drive(index + _fields[DescriptorField.IndexStep]);
        });
        When(Valid & Argmax & OutputLast, () =>
        {
            position.Drive(position + 1);
            index.Drive(position + 1);
        });
        When(Start, () =>
        {
            position.Drive(_fields[DescriptorField.IndexBase]);
            index.Drive(_fields[DescriptorField.IndexBase]);
            When(Argmax & ~KeepGreatest, () => found.Drive(0));
        });
        Wire(out var wanted, Valid & (~Argmax | (ValueLast & ~HoldGreatest)));
        Wire(out var wantedValue, Choose(Argmax, indexBits == bits ? bestIndex : bestIndex.ZeroExtend(bits), Value));
        return (wanted, wantedValue);
    }

    /// <summary>A field as a result address: the field is wider where the operand memory is the larger one.</summary>
    private Signal Address(DescriptorField field)
    {
        var (input, width) = (_fields[field], configuration.ResultAddressBits);
        if (input.Width > width)
        {
            Discard(input.Bits(width, input.Width - width));
        }

        return input.Truncate(width);
    }
}
