using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>
/// The fields of a layer descriptor: what the sequencer needs to run a layer, one host word each. The value is the
/// address at which the host writes it. Counts are written as they are; all address steps are modulo the memory.
/// </summary>
public enum DescriptorField
{
    /// <summary>Operand memory address of the first word of the first window; wraps where padding lies before it.</summary>
    OperandBase,

    /// <summary>Operand words between neighbouring kernel columns.</summary>
    KernelColumnStep,

    /// <summary>Operand words between neighbouring kernel rows.</summary>
    KernelRowStep,

    /// <summary>Operand words between neighbouring convolution positions along x.</summary>
    PositionColumnStep,

    /// <summary>Operand words between neighbouring convolution positions along y.</summary>
    PositionRowStep,

    /// <summary>Operand words between neighbouring outputs along x (pool width · position step).</summary>
    OutputColumnStep,

    /// <summary>Operand words between neighbouring output rows.</summary>
    OutputRowStep,

    /// <summary>Input bit-planes of a channel word.</summary>
    Planes,

    /// <summary>The weight bit-planes: bit i is 1 where there is one of significance i. Each takes a row of a segment of a filter, the lowest first; planes of zeros need none.</summary>
    WeightPlanes,

    /// <summary>
    /// Weight bit-planes of a filter beyond one that lie in lanes of their own, side by side, the highest first; 0 where all are in the rows of one lane. The sums of the lanes are
    /// joined when they leave, each counting twice the next. Filters of a tile are then counted in lanes.
    /// </summary>
    JoinedPlanes,

    /// <summary>Channel words of a pixel that the layer reads.</summary>
    ChannelWords,

    /// <summary>Valid bits of the last channel word, 1 to columns.</summary>
    LastWordColumns,

    /// <summary>Kernel columns.</summary>
    KernelWidth,

    /// <summary>Kernel rows.</summary>
    KernelHeight,

    /// <summary>Input pixels between neighbouring kernel columns and rows: the dilation along x.</summary>
    DilationX,

    /// <summary>The dilation along y.</summary>
    DilationY,

    /// <summary>Input pixels between neighbouring positions along x.</summary>
    StrideX,

    /// <summary>Input pixels between neighbouring positions along y.</summary>
    StrideY,

    /// <summary>Input pixels between neighbouring outputs along x (pool width · stride).</summary>
    OutputStrideX,

    /// <summary>Input pixels between neighbouring outputs along y.</summary>
    OutputStrideY,

    /// <summary>Left edge of the first window, two's complement: −padding.</summary>
    FirstX,

    /// <summary>Upper edge of the first window, two's complement: −padding.</summary>
    FirstY,

    /// <summary>Input pixels along x.</summary>
    InputWidth,

    /// <summary>Input pixels along y.</summary>
    InputHeight,

    /// <summary>Positions along x that one output takes the maximum of.</summary>
    PoolWidth,

    /// <summary>Positions along y that one output takes the maximum of.</summary>
    PoolHeight,

    /// <summary>Outputs along x.</summary>
    OutputWidth,

    /// <summary>Outputs along y.</summary>
    OutputHeight,

    /// <summary>First row group of the layer.</summary>
    GroupBase,

    /// <summary>Row groups of a tile of filters; 0 where there is one tile.</summary>
    GroupsPerTile,

    /// <summary>Tiles of filters, one after another.</summary>
    Tiles,

    /// <summary>Filters of a tile.</summary>
    TileFilters,

    /// <summary>Filters of the last tile.</summary>
    LastTileFilters,

    /// <summary>Lanes of a sector of a macro: lanes / 2^folds. The sectors hold different segments of the same filters.</summary>
    SectorLanes,

    /// <summary>Bit i folds the upper half of the lanes that are left onto the lower half, i = 0 first; a filter's sectors then count together.</summary>
    Folds,

    /// <summary>Address of the initial values of the layer's first tile.</summary>
    InitialBase,

    /// <summary>Address of the first output: an operand word, or a result word where values are written.</summary>
    OutputBase,

    /// <summary>Words between neighbouring outputs.</summary>
    OutputStep,

    /// <summary>Bit of the first output word that takes the first filter's bit; lower bits keep what they are.</summary>
    FirstOutputBit,

    /// <summary>Thresholds of a filter where its value is their count; otherwise 0.</summary>
    Levels,

    /// <summary>Cycles that an accumulator takes to become a value: one for each word of the level memory that its filter takes, at least 1.</summary>
    DrainCycles,

    /// <summary>Address of the first filter's thresholds in the level memory.</summary>
    LevelBase,

    /// <summary>Words of the level memory that a tile of filters takes.</summary>
    TileLevels,

    /// <summary>The value of level 0, or what is added to a value behind its shift (the zero point); two's complement.</summary>
    FirstValue,

    /// <summary>The least value that is written, where values saturate; two's complement.</summary>
    LeastValue,

    /// <summary>The greatest value that is written, where values saturate; two's complement.</summary>
    GreatestValue,

    /// <summary>Result word of the first partial sum that is added to an accumulator.</summary>
    SumBase,

    /// <summary>The index of the layer's first value, where the index of the greatest is wanted.</summary>
    IndexBase,

    /// <summary>What the index grows by from one filter to the next; it grows by 1 from one position to the next.</summary>
    IndexStep,

    /// <summary>Bit-planes of the values that are written.</summary>
    OutputPlanes,

    /// <summary>The least cycles from the end of a round to the end of the next, so that the values or words of a tile are out before the next tile's come; 0 for any.</summary>
    RoundCycles,

    /// <summary>Cycles to wait before each output for the word whose lower bits are kept; 0 where none are.</summary>
    PreloadCycles,

    /// <summary>Cycles to wait at the end, until everything is written; at least 1.</summary>
    FinishCycles,

    /// <summary>How counts become values and values become outputs: see <see cref="ControlBits"/>.</summary>
    Control,

    /// <summary>Row groups from a segment of a filter to the next. Only in a core of <see cref="ArrayConfiguration.OperandSkipping"/>, which may leave a segment before its last row.</summary>
    SegmentGroups,

    /// <summary>Lanes from a segment to the next, beside the groups: fewer than there are. Only in a core of <see cref="ArrayConfiguration.OperandSkipping"/>.</summary>
    SegmentLanes,

    /// <summary>
    /// Pixels of a column of a window: kernel rows. This field and those behind it are only in a core of <see cref="ArrayConfiguration.WindowWords"/>, for layers of <see cref="ControlBits.DenseWindows"/>: there the
    /// columns of pixels, all channels of one pixel after another, follow each other without a gap, a stream for each row of a pool and each bit-plane.
    /// </summary>
    WindowRows,

    /// <summary>Columns of pixels that are gathered for the first output of a row: those of all windows that it pools.</summary>
    WindowColumns,

    /// <summary>Columns of pixels that are gathered for each further output of a row, and that its windows begin further along the stream.</summary>
    StepColumns,

    /// <summary>Channel words of a pixel.</summary>
    PixelWords,

    /// <summary>Valid bits of the last channel word of a pixel, 1 to columns.</summary>
    PixelColumns,

    /// <summary>Of the distance along the stream between neighbouring windows that are pooled, the whole words.</summary>
    PositionWords,

    /// <summary>Of that distance, the bits beside the whole words: fewer than columns.</summary>
    PositionBits,

    /// <summary>Words of the window memory that a stream has, an even number: the windows of an output and all that is gathered for the next.</summary>
    RingWords,
}

/// <summary>The bits of <see cref="DescriptorField.Control"/>.</summary>
[Flags]
public enum ControlBits
{
    /// <summary>A plain popcount is added.</summary>
    None = 0,

    /// <summary>Twice the popcount counts: ±1 arithmetic.</summary>
    Double = 1,

    /// <summary>The ones of the masked operand are subtracted once from each count: ±1 weights with n-bit inputs.</summary>
    SubtractOperand = 2,

    /// <summary>The valid columns are subtracted once from each count: ±1 weights with ±1 inputs.</summary>
    SubtractMask = 4,

    /// <summary>The contribution is subtracted, not added.</summary>
    Negate = 8,

    /// <summary>The contribution of the last input plane is negated: two's complement inputs.</summary>
    SignedPlanes = 16,

    /// <summary>Accumulators begin with what the descriptor before left in them, not with the initial values.</summary>
    KeepAccumulators = 32,

    /// <summary>Accumulators are left as they are, nothing is written.</summary>
    HoldAccumulators = 64,

    /// <summary>Values go to the result memory; otherwise values or bits go to the operand memory.</summary>
    RawOutput = 128,

    /// <summary>The filter's direction applies before the pool; otherwise after it.</summary>
    DirectionBeforePool = 256,

    /// <summary>The contribution of the last weight plane is negated: two's complement weights.</summary>
    SignedWeights = 512,

    /// <summary>The value of a filter is the number of its thresholds that the accumulator reaches.</summary>
    LevelOutput = 1024,

    /// <summary>The value of a filter is its accumulator times a multiplier, shifted and rounded.</summary>
    Requantise = 2048,

    /// <summary>Values go to the operand memory, or with <see cref="RawOutput"/> to the result memory, one filter after another; without, bits go there.</summary>
    ValueOutput = 4096,

    /// <summary>Partial sums of the result memory are added to the accumulators.</summary>
    AddSums = 8192,

    /// <summary>Negative sums count as 0.</summary>
    Relu = 16384,

    /// <summary>Values saturate at <see cref="DescriptorField.LeastValue"/> and <see cref="DescriptorField.GreatestValue"/>.</summary>
    Saturate = 1 << 15,

    /// <summary>A pool takes no value of a position outside of the input.</summary>
    SkipOutside = 1 << 16,

    /// <summary>Every kernel position meets the same rows: a sum over the window.</summary>
    RepeatRows = 1 << 17,

    /// <summary>Each position of a pool is written for itself: partial sums.</summary>
    Unpooled = 1 << 18,

    /// <summary>Only the index of the greatest value is written, behind the last value.</summary>
    Argmax = 1 << 19,

    /// <summary>The greatest value so far is that of the descriptor before.</summary>
    KeepGreatest = 1 << 20,

    /// <summary>The greatest value is kept for the next descriptor, nothing is written.</summary>
    HoldGreatest = 1 << 21,

    /// <summary>With <see cref="LevelOutput"/>: thresholds ascend, and their number is found by halving, two cycles a halving; only in a core of <see cref="ArrayConfiguration.SearchesLevels"/>.</summary>
    SearchLevels = 1 << 22,

    /// <summary>The highest of joined planes is subtracted: two's complement weights.</summary>
    SignedJoin = 1 << 23,

    /// <summary>All joined planes of a filter leave in one cycle, as many as weights have at most; only in a core of <see cref="ArrayConfiguration.JoinsAtOnce"/>.</summary>
    JoinAtOnce = 1 << 24,

    /// <summary>
    /// An operand without a one counts nothing: rows are ANDs, and the valid columns are not subtracted. A core of <see cref="ArrayConfiguration.OperandSkipping"/> meets its first two weight planes only, as it
    /// does with every operand outside of the input; other cores meet all of them.
    /// </summary>
    SkipZeroOperands = 1 << 25,

    /// <summary>
    /// Windows are packed densely: operands come out of the window memory, where each output is gathered while the one before meets the rows. <see cref="DescriptorField.ChannelWords"/> and
    /// <see cref="DescriptorField.LastWordColumns"/> are then those of a whole window, and its kernel has one row and one column; only in a core of <see cref="ArrayConfiguration.WindowWords"/>.
    /// </summary>
    DenseWindows = 1 << 26,
}

/// <summary>The widths of descriptor fields in a configuration.</summary>
public static class DescriptorLayout
{
    /// <summary>Bits of a count of pixels, positions or kernel columns.</summary>
    public const int PixelBits = 12;

    /// <summary>Bits of a pixel coordinate, two's complement.</summary>
    public const int CoordinateBits = PixelBits + 2;

    /// <summary>Bits of a number of cycles to wait.</summary>
    public const int WaitBits = 20;

    /// <summary>Bits of a zero point or a bound of values, at most.</summary>
    public const int LargestValueBits = 31;

    /// <summary>Bits of the index of a value, at most.</summary>
    public const int IndexBits = 24;

    /// <summary>All fields in order of their addresses.</summary>
    public static IReadOnlyList<DescriptorField> Fields { get; } = Enum.GetValues<DescriptorField>();

    /// <summary>The fields that a core has: all, but for those of features that it does not have.</summary>
    public static IEnumerable<DescriptorField> FieldsOf(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return NamedFields(configuration).Where(field => configuration.OperandSkipping || field is not (DescriptorField.SegmentGroups or DescriptorField.SegmentLanes));
    }

    /// <summary>The fields that the programs of a core name. Those of operand skipping are among them in any case, and count for nothing where a core does not skip; those of windows are not.</summary>
    public static IEnumerable<DescriptorField> NamedFields(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.PacksWindows ? Fields : Fields.TakeWhile(field => !field.IsOfWindows());
    }

    /// <summary>True for the fields that only a core with a window memory has.</summary>
    public static bool IsOfWindows(this DescriptorField field) => field >= DescriptorField.WindowRows;

    /// <summary>The value of a field that a descriptor does not name: 0, but for the counts of windows, of which none may be 0.</summary>
    public static int Unnamed(this DescriptorField field, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.PacksWindows && field.IsOfWindows() && field is not (DescriptorField.PositionWords or DescriptorField.PositionBits) ? 1 : 0;
    }

    /// <summary>Bits of a descriptor address.</summary>
    public const int AddressBits = 6;

    /// <summary>Bits of a field.</summary>
    public static int Width(this DescriptorField field, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return field switch
        {
            DescriptorField.OperandBase or DescriptorField.KernelColumnStep or DescriptorField.KernelRowStep
                or DescriptorField.PositionColumnStep or DescriptorField.PositionRowStep
                or DescriptorField.OutputColumnStep or DescriptorField.OutputRowStep => configuration.OperandAddressBits,
            DescriptorField.Planes or DescriptorField.OutputPlanes => Bits(configuration.InputBits),
            DescriptorField.WeightPlanes => configuration.WeightBits,
            DescriptorField.JoinedPlanes => Bits(configuration.WeightBits),
            DescriptorField.Levels => configuration.InputBits,
            DescriptorField.LevelBase or DescriptorField.TileLevels => configuration.LevelAddressBits,
            DescriptorField.FirstValue or DescriptorField.LeastValue or DescriptorField.GreatestValue => Math.Min(configuration.AccumulatorBits, LargestValueBits),
            DescriptorField.SumBase => configuration.ResultAddressBits,
            DescriptorField.IndexBase or DescriptorField.IndexStep => Math.Min(configuration.AccumulatorBits, IndexBits),
            DescriptorField.ChannelWords or DescriptorField.WindowRows or DescriptorField.WindowColumns or DescriptorField.StepColumns or DescriptorField.PixelWords => PixelBits,
            DescriptorField.PositionWords => Math.Max(1, configuration.WindowAddressBits),
            DescriptorField.PositionBits => configuration.PlaceBits,
            DescriptorField.RingWords => Math.Max(1, configuration.WindowAddressBits) + 1,
            DescriptorField.LastWordColumns or DescriptorField.PixelColumns => configuration.CountBits,
            DescriptorField.FirstX or DescriptorField.FirstY or DescriptorField.DilationX or DescriptorField.DilationY
                or DescriptorField.StrideX or DescriptorField.StrideY
                or DescriptorField.OutputStrideX or DescriptorField.OutputStrideY
                or DescriptorField.InputWidth or DescriptorField.InputHeight => CoordinateBits,
            DescriptorField.KernelWidth or DescriptorField.KernelHeight or DescriptorField.PoolWidth or DescriptorField.PoolHeight
                or DescriptorField.OutputWidth or DescriptorField.OutputHeight => PixelBits,
            DescriptorField.GroupBase => configuration.GroupAddressBits,
            DescriptorField.GroupsPerTile or DescriptorField.SegmentGroups => configuration.GroupAddressBits,
            DescriptorField.Tiles => configuration.GroupAddressBits + 1,
            DescriptorField.TileFilters or DescriptorField.LastTileFilters => configuration.FilterCountBits,
            DescriptorField.SectorLanes or DescriptorField.SegmentLanes => configuration.LaneCountBits,
            DescriptorField.Folds => Math.Max(1, configuration.LargestFolds),
            DescriptorField.InitialBase => configuration.InitialAddressBits,
            DescriptorField.DrainCycles or DescriptorField.RoundCycles or DescriptorField.PreloadCycles or DescriptorField.FinishCycles => WaitBits,
            DescriptorField.OutputBase or DescriptorField.OutputStep => Math.Max(configuration.OperandAddressBits, configuration.ResultAddressBits),
            DescriptorField.FirstOutputBit => configuration.PlaceBits,
            DescriptorField.Control => configuration.PacksWindows ? 27 : configuration.OperandSkipping ? 26 : 25,
            _ => throw new ArgumentOutOfRangeException(nameof(field)),
        };
    }

    private static int Bits(int largest) => System.Numerics.BitOperations.Log2((uint)largest) + 1;
}
