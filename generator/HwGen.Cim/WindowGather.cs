using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

/// <summary>
/// Gathers the windows of an output while the array works on the output before: reads the columns of pixels that are new, a channel word a cycle, and says where its bits go in the window memory. A layer has a stream for each
/// row of a pool and each bit-plane; all of them are as long at any time, so one place serves them all.
/// </summary>
/// <remarks>An output row begins with all columns of its first windows; a further output adds those that the window moves over. Pixels outside of the input are zeros.</remarks>
/// <param name="configuration">The widths; with a window memory.</param>
public sealed partial class WindowGather(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration,
        OperandBase, KernelColumnStep, KernelRowStep, PositionRowStep, OutputRowStep, Planes, DilationY, StrideY, OutputStrideY, FirstX, FirstY, InputWidth, InputHeight,
        PoolHeight, OutputWidth, OutputHeight, WindowRows, WindowColumns, StepColumns, PixelWords, PixelColumns, RingWords);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when a layer starts whose windows are packed.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 while operands may be read.</summary>
    public Input Enable { get; } = new(1);

    /// <summary>1 when the windows that are ready are taken: the next output is gathered from then on.</summary>
    public Input Take { get; } = new(1);

    /// <summary>1 when the windows of an output are all there from the next cycle on.</summary>
    public Output Ready { get; } = new(1);

    /// <summary>The word of a stream with which these windows begin.</summary>
    public Output WindowWord { get; } = new(configuration.WindowAddressBits);

    /// <summary>The bit of that word.</summary>
    public Output WindowBit { get; } = new(configuration.PlaceBits);

    /// <summary>1 when an operand word is read.</summary>
    public Output Read { get; } = new(1);

    /// <summary>Where it is read.</summary>
    public Output Address { get; } = new(configuration.OperandAddressBits);

    /// <summary>The stream that it is for.</summary>
    public Output ReadStream { get; } = new(Widths.Index(configuration.WindowStreams));

    /// <summary>1 when the word that was read a cycle before is there: all from here on is of that word.</summary>
    public Output Append { get; } = new(1);

    /// <summary>1 when it lies inside the input; outside it counts as zeros.</summary>
    public Output AppendInside { get; } = new(1);

    /// <summary>1 when it is the last channel word of a pixel.</summary>
    public Output AppendLastWord { get; } = new(1);

    /// <summary>The word of the window memory where its first bit goes.</summary>
    public Output AppendAddress { get; } = new(configuration.WindowAddressBits);

    /// <summary>The word behind that.</summary>
    public Output AppendNext { get; } = new(configuration.WindowAddressBits);

    /// <summary>The place of its first bit in its word.</summary>
    public Output AppendBit { get; } = new(configuration.PlaceBits);

    /// <summary>1 when the word of its first bit is full behind it.</summary>
    public Output AppendFills { get; } = new(1);

    /// <summary>1 when it goes beyond that word.</summary>
    public Output AppendCrosses { get; } = new(1);

    /// <summary>Its stream.</summary>
    public Output AppendStream { get; } = new(Widths.Index(configuration.WindowStreams));

    /// <summary>1 when it is the first for its stream and output.</summary>
    public Output AppendFirst { get; } = new(1);

    /// <summary>1 when it is the last for its stream and output.</summary>
    public Output AppendLast { get; } = new(1);

    /// <summary>1 while streams begin.</summary>
    public Output AppendFresh { get; } = new(1);

    /// <summary>Connects the descriptor fields that are read, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        const int Pixel = DescriptorLayout.PixelBits;
        Register(out var reading, 1, reset: 0);
        Wire(out var reads, reading & Enable);

        // Which output is gathered.
        Register(out var outputColumn, Pixel);
        Register(out var outputRow, Pixel);
        Register(out var beginsRow, 1);
        Wire(out var rowEnd, (outputColumn + 1).EqualTo(_fields[OutputWidth]));
        Wire(out var finished, rowEnd & (outputRow + 1).EqualTo(_fields[OutputHeight]));
        Wire(out var begins, Take & ~finished);
        When(begins, () =>
        {
            outputColumn.Drive(Choose(rowEnd, Constant(0, Pixel), outputColumn + 1));
            beginsRow.Drive(rowEnd);
            When(rowEnd, () => outputRow.Drive(outputRow + 1));
        });
        When(Start, () =>
        {
            outputColumn.Drive(0);
            outputRow.Drive(0);
            beginsRow.Drive(1);
        });

        var walk = Walk(reads, begins, rowEnd, beginsRow);
        When(reads & walk.GatherEnd, () => reading.Drive(0));
        When(Start | begins, () => reading.Drive(1));
        Ready.Drive(~reading);
        Read.Drive(reads);
        Places(reads, begins, rowEnd, beginsRow, walk);
    }

    /// <summary>The walk over the pixels of an output: channel words, pixels of a column, columns, bit-planes, rows of a pool.</summary>
    private Steps Walk(Signal read, Signal begins, Signal rowEnd, Signal beginsRow)
    {
        const int Pixel = DescriptorLayout.PixelBits;
        Register(out var word, Pixel);
        Register(out var kernelRow, Pixel);
        Register(out var column, Pixel);
        Register(out var plane, Planes.Width(configuration));
        Register(out var poolRow, Pixel);
        Wire(out var wordEnd, (word + 1).EqualTo(_fields[PixelWords]));
        Wire(out var columnEnd, wordEnd & (kernelRow + 1).EqualTo(_fields[WindowRows]));
        Wire(out var streamEnd, columnEnd & (column + 1).EqualTo(Choose(beginsRow, _fields[WindowColumns], _fields[StepColumns])));
        Wire(out var poolEnd, streamEnd & (plane + 1).EqualTo(_fields[Planes]));
        Wire(out var gatherEnd, poolEnd & (poolRow + 1).EqualTo(_fields[PoolHeight]));
        Wire(out var restarts, Start | begins);
        Count(word, read, wordEnd);
        Count(kernelRow, read & wordEnd, columnEnd);
        Count(column, read & columnEnd, streamEnd);
        Count(plane, read & streamEnd, poolEnd);
        Count(poolRow, read & poolEnd, gatherEnd);

        // Each loop keeps where it began. What is new of the next output begins where this one ended, which the first stream tells.
        Register(out var firstStream, 1);
        When(read & streamEnd, () => firstStream.Drive(0));
        When(restarts, () => firstStream.Drive(1));
        var addressBits = configuration.OperandAddressBits;
        Register(out var wordAddress, addressBits);
        Register(out var pixelAddress, addressBits);
        Register(out var columnAddress, addressBits);
        Register(out var streamAddress, addressBits);
        Register(out var poolAddress, addressBits);
        Register(out var outputAddress, addressBits);
        Register(out var rowAddress, addressBits);
        Wire(out var nextColumn, columnAddress + _fields[KernelColumnStep]);
        Wire(out var nextRow, Choose(Start, _fields[OperandBase], rowAddress + _fields[OutputRowStep]));
        Wire(out var nextOutput, Choose(Start | rowEnd, nextRow, outputAddress));
        Wire(out var nextAddress, Choose(restarts, nextOutput,
            Choose(~wordEnd, wordAddress + _fields[Planes].FitTo(addressBits),
            Choose(~columnEnd, pixelAddress + _fields[KernelRowStep],
            Choose(~streamEnd, nextColumn,
            Choose(~poolEnd, streamAddress + 1, poolAddress + _fields[PositionRowStep]))))));
        When(restarts | read, () => wordAddress.Drive(nextAddress));
        When(restarts | (read & wordEnd), () => pixelAddress.Drive(nextAddress));
        When(restarts | (read & columnEnd), () => columnAddress.Drive(nextAddress));
        When(restarts | (read & streamEnd), () => streamAddress.Drive(nextAddress));
        When(restarts | (read & poolEnd), () => poolAddress.Drive(nextAddress));
        When(read & streamEnd & firstStream, () => outputAddress.Drive(nextColumn));
        When(Start | (begins & rowEnd), () => rowAddress.Drive(nextRow));
        Address.Drive(wordAddress);

        Coordinates(read, restarts, rowEnd, wordEnd, columnEnd, streamEnd, poolEnd);
        return new Steps(wordEnd, streamEnd, gatherEnd, firstStream, restarts);

        void Count(Register counter, Signal when, Signal wraps)
        {
            When(when, () => counter.Drive(Choose(wraps, Constant(0, counter.Width), counter + 1)));
            When(restarts, () => counter.Drive(0));
        }
    }

    /// <summary>Where the pixel is, and whether that is inside of the input.</summary>
    private void Coordinates(Signal read, Signal restarts, Signal rowEnd, Signal wordEnd, Signal columnEnd, Signal streamEnd, Signal poolEnd)
    {
        const int Coordinate = DescriptorLayout.CoordinateBits;
        Register(out var x, Coordinate);
        Register(out var streamX, Coordinate);
        Register(out var outputX, Coordinate);
        Wire(out var beginX, Choose(Start | rowEnd, _fields[FirstX], outputX));
        When(read & columnEnd, () => x.Drive(Choose(streamEnd, streamX, x + 1)));
        When(read & streamEnd, () => outputX.Drive(x + 1));
        When(restarts, () =>
        {
            x.Drive(beginX);
            streamX.Drive(beginX);
        });

        Register(out var y, Coordinate);
        Register(out var poolY, Coordinate);
        Register(out var outputY, Coordinate);
        Wire(out var nextOutputY, Choose(Start, _fields[FirstY], Choose(rowEnd, outputY + _fields[OutputStrideY], outputY)));
        Wire(out var nextPoolY, Choose(restarts, nextOutputY, poolY + _fields[StrideY]));
        When(read & wordEnd, () => y.Drive(Choose(columnEnd, poolY, y + _fields[DilationY])));
        When(restarts | (read & poolEnd), () =>
        {
            y.Drive(nextPoolY);
            poolY.Drive(nextPoolY);
        });
        When(restarts, () => outputY.Drive(nextOutputY));

        // A coordinate below 0 is a large number without its sign.
        Register(out var wasInside, x.LessThan(_fields[InputWidth]) & y.LessThan(_fields[InputHeight]));
        AppendInside.Drive(wasInside);
    }

    /// <summary>Where the walk is: the last word of a pixel, of a stream, of all; in the first stream; at the begin of an output.</summary>
    private sealed record Steps(Signal WordEnd, Signal StreamEnd, Signal GatherEnd, Signal FirstStream, Signal Restarts);
}
