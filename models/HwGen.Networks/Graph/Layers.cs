namespace HwGen.Networks;

/// <summary>
/// One node of a <see cref="QuantisedNetwork"/>: it reads named feature maps (of the network's input or of
/// earlier layers) and makes one, known by the layer's name. All arithmetic is on exact integers.
/// </summary>
/// <param name="Name">Unique in the network; letters, digits and <c>_ - . / :</c>, at most 200.</param>
/// <param name="Inputs">The names of what it reads, in order.</param>
public abstract record Layer(string Name, ImmutableArray<string> Inputs)
{
    /// <summary>The layer's kind as tables and files write it, such as <c>convolution</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>A layer that multiplies constant weights with its input and adds up in an accumulator.</summary>
public abstract record WeightedLayer(string Name, string Input, WeightTensor Weights) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <summary>An integer a filter that is added to its accumulator; empty for none.</summary>
    public ImmutableArray<long> Biases { get; init; } = [];
}

/// <summary>
/// Convolution: <c>y[f][oy][ox] = bias[f] + Σ w[f][c][ky][kx]·x[g·C + c][iy][ix]</c> over the positions (iy, ix) inside
/// the map (see <see cref="Window"/>); g = the filter's group, C = channels a group. Depthwise when groups = channels.
/// </summary>
public sealed record ConvolutionLayer(string Name, string Input, WeightTensor Weights) : WeightedLayer(Name, Input, Weights)
{
    /// <inheritdoc/>
    public override string Kind => "convolution";

    /// <summary>Distance of neighbouring outputs.</summary>
    public Distance Stride { get; init; } = Distance.One;

    /// <summary>Positions around the map; they contribute 0.</summary>
    public Padding Padding { get; init; }

    /// <summary>Distance of neighbouring kernel positions.</summary>
    public Distance Dilation { get; init; } = Distance.One;

    /// <summary>Groups; divides the input channels and the filters. Filter f belongs to group f / (filters / groups).</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The sliding kernel.</summary>
    public Window Window => new(Weights.KernelHeight, Weights.KernelWidth, Stride, Padding, Dilation);
}

/// <summary>Dense: <c>y[f] = bias[f] + Σ w[f][i]·x[i]</c>, the input flattened in CHW order; the output is filters × 1 × 1.</summary>
public sealed record DenseLayer(string Name, string Input, WeightTensor Weights) : WeightedLayer(Name, Input, Weights)
{
    /// <inheritdoc/>
    public override string Kind => "dense";
}

/// <summary>A layer that slides a window over each channel by itself.</summary>
public abstract record PoolLayer(string Name, string Input, int KernelHeight, int KernelWidth) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <summary>Distance of neighbouring outputs.</summary>
    public Distance Stride { get; init; } = new(KernelHeight, KernelWidth);

    /// <summary>Positions around the map; fewer than the kernel has.</summary>
    public Padding Padding { get; init; }

    /// <summary>The sliding kernel.</summary>
    public Window Window => new(KernelHeight, KernelWidth, Stride, Padding, Distance.One);
}

/// <summary>The greatest value of each window, padded positions left out; of bits an OR. The stride is the kernel by default.</summary>
public sealed record MaxPoolLayer(string Name, string Input, int KernelHeight, int KernelWidth)
    : PoolLayer(Name, Input, KernelHeight, KernelWidth)
{
    /// <inheritdoc/>
    public override string Kind => "max pool";
}

/// <summary>
/// The sum of each window, padded positions 0. An average pool is this and a <see cref="RequantiseLayer"/> or a
/// <see cref="ThresholdLayer"/> that takes the divisor into its constants; a global pool has the map's size as its kernel.
/// </summary>
public sealed record SumPoolLayer(string Name, string Input, int KernelHeight, int KernelWidth)
    : PoolLayer(Name, Input, KernelHeight, KernelWidth)
{
    /// <inheritdoc/>
    public override string Kind => "sum pool";
}

/// <summary>
/// Integer thresholds a channel. With n = the number of the channel's thresholds that x reaches (x ≥ T), level = n, or
/// N − n where the direction is set. With one threshold this is <c>bit = (x ≥ T) xor direction</c>. The output is
/// 2·bit − 1 in the ±1 format, else <see cref="FirstValue"/> + level.
/// </summary>
public sealed record ThresholdLayer(string Name, string Input, ImmutableArray<long> Thresholds, ImmutableArray<bool> Directions)
    : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <inheritdoc/>
    public override string Kind => "threshold";

    /// <summary>
    /// The thresholds, [channel][level], ascending within a channel. Each lies in minimum … maximum + 1 of the input's range
    /// (minimum is always reached, maximum + 1 never: hence the guard bit in hardware).
    /// </summary>
    public ImmutableArray<long> Thresholds { get; init; } = Thresholds;

    /// <summary>One direction a channel: false counts the thresholds reached, true those not reached.</summary>
    public ImmutableArray<bool> Directions { get; init; } = Directions;

    /// <summary>The format of the output: ±1 by default.</summary>
    public NumberFormat Output { get; init; } = NumberFormat.Bipolar;

    /// <summary>The value of level 0 where the output is not ±1.</summary>
    public long FirstValue { get; init; }

    /// <summary>The batch norm that one threshold a channel was folded from, kept so that the fold can be checked; null when unknown.</summary>
    public BatchNorm? Unfolded { get; init; }

    /// <summary>N, the thresholds of each channel.</summary>
    public int Levels => Directions.IsDefaultOrEmpty ? 0 : Thresholds.Length / Directions.Length;

    /// <summary>The value that it makes of one of a channel's.</summary>
    public long Apply(int channel, long x)
    {
        int reached = 0;
        foreach (long threshold in Thresholds.AsSpan(channel * Levels, Levels))
            reached += x >= threshold ? 1 : 0;
        int level = Directions[channel] ? Levels - reached : reached;
        return Output.Kind == NumberKind.Bipolar ? (2 * level) - 1 : FirstValue + level;
    }
}

/// <summary>
/// <c>saturate(((x·M + 2^(s−1)) >> s) + z)</c> with an arithmetic shift; for s = 0 nothing is added or shifted.
/// </summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Multipliers">M: one a channel, or one for all.</param>
/// <param name="Shifts">s, 0 to 62: one a channel, or one for all.</param>
/// <param name="Output">The format of the output.</param>
public sealed record RequantiseLayer(
    string Name, string Input, ImmutableArray<long> Multipliers, ImmutableArray<int> Shifts, NumberFormat Output) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <inheritdoc/>
    public override string Kind => "requantise";

    /// <summary>z, added behind the shift.</summary>
    public long ZeroPoint { get; init; }

    /// <summary>The bounds of the saturation; the range of the output format by default.</summary>
    public ValueRange Saturation { get; init; } = Output.Range;
}

/// <summary>The greater of the value and 0.</summary>
public sealed record ReluLayer(string Name, string Input) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <inheritdoc/>
    public override string Kind => "relu";
}

/// <summary>The sum of two feature maps of one shape and one scale, saturated to the output format.</summary>
public sealed record AddLayer(string Name, string First, string Second, NumberFormat Output) : Layer(Name, [First, Second])
{
    /// <summary>The first summand.</summary>
    public string First => Inputs[0];

    /// <summary>The second summand.</summary>
    public string Second => Inputs[1];

    /// <inheritdoc/>
    public override string Kind => "add";
}

/// <summary>Two or more feature maps of equal height and width, one behind the other along the channels.</summary>
public sealed record ConcatenateLayer(string Name, ImmutableArray<string> Inputs) : Layer(Name, Inputs)
{
    /// <inheritdoc/>
    public override string Kind => "concatenate";
}

/// <summary>The same values as a flat vector, CHW order.</summary>
public sealed record FlattenLayer(string Name, string Input) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <inheritdoc/>
    public override string Kind => "flatten";
}

/// <summary>The index of the greatest value in CHW order; the lowest index wins a tie. The output is one unsigned number.</summary>
public sealed record ArgmaxLayer(string Name, string Input) : Layer(Name, [Input])
{
    /// <summary>What it reads.</summary>
    public string Input => Inputs[0];

    /// <inheritdoc/>
    public override string Kind => "argmax";
}
