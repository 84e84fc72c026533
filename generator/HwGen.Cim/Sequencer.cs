using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim;

/// <summary>
/// Runs one layer from its descriptor: for each output, tile of filters and pooled position it clears the accumulators,
/// fetches every operand of the window, lets the array settle, and drains the accumulators one lane a cycle.
/// </summary>
/// <remarks>
/// Cycles of one such round: 1 to clear, one an operand, 2 to settle, filters × sectors to drain, 3 to flush;
/// <see cref="LayerDescriptor.Cycles"/> counts the same.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed class Sequencer(ArrayConfiguration configuration) : Module
{
    private const int Idle = 0, Clearing = 1, Computing = 2, Settling = 3, Draining = 4, Flushing = 5;
    private const int SettleCycles = 2, FlushCycles = 3;

    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration,
        OperandBase, KernelColumnStep, KernelRowStep, PositionColumnStep, PositionRowStep, OutputColumnStep, OutputRowStep,
        Planes, ChannelWords, KernelWidth, KernelHeight, DilationX, DilationY, StrideX, StrideY, OutputStrideX, OutputStrideY,
        FirstX, FirstY, InputWidth, InputHeight, PoolWidth, PoolHeight, OutputWidth, OutputHeight,
        GroupBase, GroupsPerTile, Tiles, TileFilters, LastTileFilters, Sectors, ThresholdBase, OutputBase, OutputStep);

    private Signal? _computing, _draining, _advance, _start, _position;

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 to run the layer; looked at while idle.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when this layer leaves its sums in the accumulators.</summary>
    public Input Hold { get; } = new(1);

    /// <summary>1 when the last bit-plane of an input is its sign.</summary>
    public Input SignedPlanes { get; } = new(1);

    /// <summary>1 while a layer runs.</summary>
    public Output Busy { get; } = new(1);

    /// <summary>1 from the end of a layer to the start of the next.</summary>
    public Output Done { get; } = new(1);

    /// <summary>Cycles that the layer has been busy: since its start, or of the whole layer when it is done.</summary>
    public Output Cycles { get; } = new(32);

    /// <summary>1 in the cycle that clears the accumulators.</summary>
    public Output Clear { get; } = new(1);

    /// <summary>1 when an operand is fetched.</summary>
    public Output Fetch { get; } = new(1);

    /// <summary>Where it is fetched.</summary>
    public Output FetchAddress { get; } = new(configuration.OperandAddressBits);

    /// <summary>1 when it lies inside the input; outside, nothing of it counts.</summary>
    public Output FetchInside { get; } = new(1);

    /// <summary>1 when it is the last channel word of its pixel.</summary>
    public Output FetchLastWord { get; } = new(1);

    /// <summary>Its bit-plane.</summary>
    public Output FetchPlane { get; } = new(configuration.PlaneBits);

    /// <summary>1 when it is a sign plane.</summary>
    public Output FetchSign { get; } = new(1);

    /// <summary>The row group that it meets.</summary>
    public Output FetchGroup { get; } = new(configuration.GroupAddressBits);

    /// <summary>The first lane that it is for.</summary>
    public Output FetchLane { get; } = new(configuration.LaneCountBits);

    /// <summary>1 when an accumulator is drained.</summary>
    public Output Drain { get; } = new(1);

    /// <summary>Its lane.</summary>
    public Output DrainLane { get; } = new(configuration.LaneBits);

    /// <summary>Its filter within the tile.</summary>
    public Output DrainFilter { get; } = new(configuration.LaneBits);

    /// <summary>1 for the first sector of a filter.</summary>
    public Output DrainFirst { get; } = new(1);

    /// <summary>1 for the last sector of a filter.</summary>
    public Output DrainLast { get; } = new(1);

    /// <summary>1 for the very last accumulator of an output.</summary>
    public Output DrainEnd { get; } = new(1);

    /// <summary>The filter's threshold.</summary>
    public Output DrainThreshold { get; } = new(configuration.ThresholdAddressBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Output PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Output PoolLast { get; } = new(1);

    /// <summary>1 in the cycle before the first operand of an output.</summary>
    public Output OutputStart { get; } = new(1);

    /// <summary>Where the output is written.</summary>
    public Output OutputAddress { get; } = new(OutputBase.Width(configuration));

    /// <summary>Connects the descriptor fields that the sequencer reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        Register(out var state, 3, reset: Idle);
        Register(out var waited, 2);
        Wire(out var idle, state.EqualTo(Idle));
        Wire(out var starting, idle & Start);
        Wire(out var clearing, state.EqualTo(Clearing));
        Wire(out var computing, state.EqualTo(Computing));
        Wire(out var draining, state.EqualTo(Draining));
        Wire(out var settled, state.EqualTo(Settling) & waited.EqualTo(SettleCycles - 1));
        Wire(out var advance, state.EqualTo(Flushing) & waited.EqualTo(FlushCycles - 1));
        (_start, _position, _computing, _draining, _advance) = (starting, clearing, computing, draining, advance);
        Drain.Drive(draining);

        var tile = Tile();
        var window = Window(tile);
        var fetched = Operands(window);
        var drained = Drains(tile, window);

        When(starting, () => state.Drive(Clearing));
        When(clearing, () => state.Drive(Computing));
        When(computing & fetched, () => state.Drive(Settling));
        When(settled, () => state.Drive(Choose(Hold, Constant(Idle, 3), Constant(Draining, 3))));
        When(draining & drained, () => state.Drive(Flushing));
        When(advance, () => state.Drive(Choose(window.Finished, Constant(Idle, 3), Constant(Clearing, 3))));
        When(computing | draining, () => waited.Drive(0));
        When(state.EqualTo(Settling) | state.EqualTo(Flushing), () => waited.Drive(waited + 1));

        Register(out var done, 1, reset: 0);
        When((advance & window.Finished) | (settled & Hold), () => done.Drive(1));
        When(starting, () => done.Drive(0));
        Register(out var cycles, 32, reset: 0);
        When(~idle, () => cycles.Drive(cycles + 1));
        When(starting, () => cycles.Drive(0));
        Busy.Drive(~idle);
        Done.Drive(done);
        Cycles.Drive(cycles);
        Clear.Drive(clearing);
    }

    private TileState Tile()
    {
        Register(out var tile, Tiles.Width(configuration));
        Register(out var tileGroup, configuration.GroupAddressBits);
        Register(out var tileThreshold, configuration.ThresholdAddressBits);
        Wire(out var lastTile, (tile + 1).EqualTo(_fields[Tiles]));
        return new TileState(tile, tileGroup, tileThreshold, lastTile);
    }

    /// <summary>The window walks over pooled positions, tiles, and outputs; each loop keeps where it began.</summary>
    private WindowState Window(TileState tile)
    {
        var addressBits = configuration.OperandAddressBits;
        const int Coordinate = DescriptorLayout.CoordinateBits;
        Register(out var outputRow, addressBits);
        Register(out var outputWindow, addressBits);
        Register(out var poolRow, addressBits);
        Register(out var window, addressBits);
        Register(out var outputX, Coordinate);
        Register(out var outputY, Coordinate);
        Register(out var windowX, Coordinate);
        Register(out var windowY, Coordinate);
        Register(out var poolColumnIndex, DescriptorLayout.PixelBits);
        Register(out var poolRowIndex, DescriptorLayout.PixelBits);
        Register(out var outputColumnIndex, DescriptorLayout.PixelBits);
        Register(out var outputRowIndex, DescriptorLayout.PixelBits);
        Register(out var outputAddress, OutputAddress.Width);

        Wire(out var lastPoolColumn, (poolColumnIndex + 1).EqualTo(_fields[PoolWidth]));
        Wire(out var lastPoolRow, (poolRowIndex + 1).EqualTo(_fields[PoolHeight]));
        Wire(out var lastPool, lastPoolColumn & lastPoolRow);
        Wire(out var lastOutputColumn, (outputColumnIndex + 1).EqualTo(_fields[OutputWidth]));
        Wire(out var lastOutputRow, (outputRowIndex + 1).EqualTo(_fields[OutputHeight]));
        Wire(out var nextPoolRow, poolRow + _fields[PositionRowStep]);
        Wire(out var nextOutput, outputWindow + _fields[OutputColumnStep]);
        Wire(out var nextOutputRow, outputRow + _fields[OutputRowStep]);
        Wire(out var nextOutputX, outputX + _fields[OutputStrideX]);
        Wire(out var nextOutputY, outputY + _fields[OutputStrideY]);

        When(_advance!, () =>
        {
            poolColumnIndex.Drive(poolColumnIndex + 1);
            window.Drive(window + _fields[PositionColumnStep]);
            windowX.Drive(windowX + _fields[StrideX]);
            When(lastPoolColumn, () =>
            {
                poolColumnIndex.Drive(0);
                poolRowIndex.Drive(poolRowIndex + 1);
                poolRow.Drive(nextPoolRow);
                window.Drive(nextPoolRow);
                windowX.Drive(outputX);
                windowY.Drive(windowY + _fields[StrideY]);
            });
            When(lastPool, () =>
            {
                poolRowIndex.Drive(0);
                tile.Index.Drive(tile.Index + 1);
                tile.Group.Drive(tile.Group + _fields[GroupsPerTile]);
                tile.Threshold.Drive(tile.Threshold + Fit(_fields[TileFilters], configuration.ThresholdAddressBits));
                poolRow.Drive(outputWindow);
                window.Drive(outputWindow);
                windowY.Drive(outputY);
            });
            When(lastPool & tile.IsLast, () =>
            {
                tile.Index.Drive(0);
                tile.Group.Drive(_fields[GroupBase]);
                tile.Threshold.Drive(_fields[ThresholdBase]);
                outputColumnIndex.Drive(outputColumnIndex + 1);
                outputWindow.Drive(nextOutput);
                poolRow.Drive(nextOutput);
                window.Drive(nextOutput);
                outputX.Drive(nextOutputX);
                windowX.Drive(nextOutputX);
                outputAddress.Drive(outputAddress + _fields[OutputStep]);
            });
            When(lastPool & tile.IsLast & lastOutputColumn, () =>
            {
                outputColumnIndex.Drive(0);
                outputRowIndex.Drive(outputRowIndex + 1);
                outputRow.Drive(nextOutputRow);
                outputWindow.Drive(nextOutputRow);
                poolRow.Drive(nextOutputRow);
                window.Drive(nextOutputRow);
                outputX.Drive(_fields[FirstX]);
                windowX.Drive(_fields[FirstX]);
                outputY.Drive(nextOutputY);
                windowY.Drive(nextOutputY);
            });
        });
        When(_start!, () =>
        {
            foreach (var counter in (Register[])[poolColumnIndex, poolRowIndex, outputColumnIndex, outputRowIndex, tile.Index])
            {
                counter.Drive(0);
            }

            foreach (var address in (Register[])[outputRow, outputWindow, poolRow, window])
            {
                address.Drive(_fields[OperandBase]);
            }

            outputX.Drive(_fields[FirstX]);
            windowX.Drive(_fields[FirstX]);
            outputY.Drive(_fields[FirstY]);
            windowY.Drive(_fields[FirstY]);
            tile.Group.Drive(_fields[GroupBase]);
            tile.Threshold.Drive(_fields[ThresholdBase]);
            outputAddress.Drive(_fields[OutputBase]);
        });

        Wire(out var poolFirst, poolColumnIndex.EqualTo(0) & poolRowIndex.EqualTo(0));
        PoolFirst.Drive(poolFirst);
        PoolLast.Drive(lastPool);
        OutputStart.Drive(_position! & poolFirst & tile.Index.EqualTo(0));
        OutputAddress.Drive(outputAddress);
        return new WindowState(window, windowX, windowY, lastPool, lastPool & tile.IsLast & lastOutputColumn & lastOutputRow, tile);
    }

    /// <summary>Walks over the operands of one window: bit-planes, channel words, kernel columns, kernel rows; gives "last operand".</summary>
    private Signal Operands(WindowState window)
    {
        const int Pixel = DescriptorLayout.PixelBits;
        Register(out var plane, Planes.Width(configuration));
        Register(out var word, Pixel);
        Register(out var kernelColumn, Pixel);
        Register(out var kernelRow, Pixel);
        Register(out var address, configuration.OperandAddressBits);
        Register(out var columnAddress, configuration.OperandAddressBits);
        Register(out var rowAddress, configuration.OperandAddressBits);
        Register(out var x, DescriptorLayout.CoordinateBits);
        Register(out var y, DescriptorLayout.CoordinateBits);
        Register(out var sector, configuration.LaneCountBits);
        Register(out var lane, configuration.LaneCountBits);
        Register(out var group, configuration.GroupAddressBits);

        Wire(out var lastPlane, (plane + 1).EqualTo(_fields[Planes]));
        Wire(out var lastWord, (word + 1).EqualTo(_fields[ChannelWords]));
        Wire(out var endWord, lastPlane & lastWord);
        Wire(out var endColumn, endWord & (kernelColumn + 1).EqualTo(_fields[KernelWidth]));
        Wire(out var endRow, endColumn & (kernelRow + 1).EqualTo(_fields[KernelHeight]));
        Wire(out var lastSector, (sector + 1).EqualTo(_fields[Sectors]));
        Wire(out var nextColumn, columnAddress + _fields[KernelColumnStep]);
        Wire(out var nextRow, rowAddress + _fields[KernelRowStep]);

        When(_computing!, () =>
        {
            plane.Drive(plane + 1);
            address.Drive(address + 1);
            When(lastPlane, () =>
            {
                plane.Drive(0);
                word.Drive(word + 1);
                sector.Drive(sector + 1);
                lane.Drive(lane + _fields[TileFilters]);
            });
            When(lastPlane & lastSector, () =>
            {
                sector.Drive(0);
                lane.Drive(0);
                group.Drive(group + 1);
            });
            When(endWord, () =>
            {
                word.Drive(0);
                kernelColumn.Drive(kernelColumn + 1);
                address.Drive(nextColumn);
                columnAddress.Drive(nextColumn);
                x.Drive(x + _fields[DilationX]);
            });
            When(endColumn, () =>
            {
                kernelColumn.Drive(0);
                kernelRow.Drive(kernelRow + 1);
                address.Drive(nextRow);
                columnAddress.Drive(nextRow);
                rowAddress.Drive(nextRow);
                x.Drive(window.X);
                y.Drive(y + _fields[DilationY]);
            });
        });
        When(_position!, () =>
        {
            foreach (var counter in (Register[])[plane, word, kernelColumn, kernelRow, sector, lane])
            {
                counter.Drive(0);
            }

            foreach (var start in (Register[])[address, columnAddress, rowAddress])
            {
                start.Drive(window.Address);
            }

            x.Drive(window.X);
            y.Drive(window.Y);
            group.Drive(window.Tile.Group);
        });

        Fetch.Drive(_computing!);
        FetchAddress.Drive(address);
        // A coordinate below 0 is a large number without its sign: one comparison finds both edges.
        FetchInside.Drive(x.LessThan(_fields[InputWidth]) & y.LessThan(_fields[InputHeight]));
        FetchLastWord.Drive(lastWord);
        FetchPlane.Drive(plane.Truncate(configuration.PlaneBits));
        FetchSign.Drive(lastPlane & SignedPlanes);
        FetchGroup.Drive(group);
        FetchLane.Drive(lane);
        return endRow;
    }

    /// <summary>Walks over the accumulators of a tile: sectors, then filters; gives "last accumulator".</summary>
    private Signal Drains(TileState tile, WindowState window)
    {
        Register(out var filter, configuration.LaneCountBits);
        Register(out var filterSector, configuration.LaneCountBits);
        Register(out var accumulatorLane, configuration.LaneCountBits);
        Register(out var threshold, configuration.ThresholdAddressBits);
        Wire(out var lastFilterSector, (filterSector + 1).EqualTo(_fields[Sectors]));
        Wire(out var nextFilter, filter + 1);
        Wire(out var lastFilter, nextFilter.EqualTo(Choose(tile.IsLast, _fields[LastTileFilters], _fields[TileFilters])));
        Wire(out var endDrain, lastFilterSector & lastFilter);
        When(_draining!, () =>
        {
            filterSector.Drive(filterSector + 1);
            accumulatorLane.Drive(accumulatorLane + _fields[TileFilters]);
            When(lastFilterSector, () =>
            {
                filterSector.Drive(0);
                filter.Drive(nextFilter);
                accumulatorLane.Drive(nextFilter);
                threshold.Drive(threshold + 1);
            });
        });
        When(_position!, () =>
        {
            filterSector.Drive(0);
            filter.Drive(0);
            accumulatorLane.Drive(0);
            threshold.Drive(tile.Threshold);
        });
        DrainLane.Drive(accumulatorLane.Truncate(configuration.LaneBits));
        DrainFilter.Drive(filter.Truncate(configuration.LaneBits));
        DrainFirst.Drive(filterSector.EqualTo(0));
        DrainLast.Drive(lastFilterSector);
        DrainEnd.Drive(endDrain & tile.IsLast & window.LastPool);
        DrainThreshold.Drive(threshold);
        return endDrain;
    }

    private static Signal Fit(Signal value, int width) => value.Width >= width ? value.Truncate(width) : value.ZeroExtend(width);

    private sealed record TileState(Register Index, Register Group, Register Threshold, Signal IsLast);

    private sealed record WindowState(Signal Address, Signal X, Signal Y, Signal LastPool, Signal Finished, TileState Tile);
}
