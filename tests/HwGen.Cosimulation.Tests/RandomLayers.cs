using System.Numerics;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Simulation;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cosimulation.Tests;

/// <summary>
/// Legal descriptors drawn field by field, far from what a mapper writes: steps, strides and coordinates of all their bits, addresses that wrap, waits that are longer than needed. The core and the
/// interpreter of programs begin with the same memories, and have the same memories and counters behind each run.
/// </summary>
internal static partial class RandomLayers
{
    private const long MostCycles = 2500;

    /// <summary>Runs layers on a core.</summary>
    /// <param name="core">The core.</param>
    /// <param name="configuration">What it is.</param>
    /// <param name="seed">What the layers are drawn from.</param>
    /// <param name="layers">How many.</param>
    /// <param name="rows">The rows; drawn where null.</param>
    /// <param name="reset">Resets the core, which leaves its memories as they are; called before some layers.</param>
    /// <param name="drawn">Takes each layer that is run; null for nobody.</param>
    /// <param name="wanted">Which layers are run of those that are drawn; null for all.</param>
    /// <returns>How many words were compared.</returns>
    public static long Check(
        ICoreModel core, ArrayConfiguration configuration, int seed, int layers, Action? reset = null, IReadOnlyList<RowImage>? rows = null, Action<LayerDescriptor>? drawn = null, Func<LayerDescriptor, bool>? wanted = null)
    {
        var random = new Random(seed);
        using var interpreter = new InterpretedCore(configuration);
        Load([core, interpreter], configuration, random, rows);
        var compared = Compare(core, interpreter, configuration, Fill(configuration), "the layer that fills the result memory");
        var previous = ControlBits.None;
        for (var i = 0; i < layers; i++)
        {
            if (reset is not null && random.Next(2) == 0)
            {
                reset();
                previous = ControlBits.None;
            }

            var descriptor = Draw(configuration, random, previous, wanted);
            previous = descriptor.Control;
            drawn?.Invoke(descriptor);
            compared += Compare(core, interpreter, configuration, descriptor, FormattableString.Invariant($"seed {seed}, layer {i}"));
        }

        return compared;
    }

    /// <summary>Layers that wait as long as a wait can be, each wait once.</summary>
    public static long CheckWaits(ICoreModel core, ArrayConfiguration configuration, int seed)
    {
        var random = new Random(seed);
        using var interpreter = new InterpretedCore(configuration);
        Load([core, interpreter], configuration, random);
        var compared = Compare(core, interpreter, configuration, Fill(configuration), "the layer that fills the result memory");
        const int Longest = (1 << DescriptorLayout.WaitBits) - 1;
        foreach (var waits in (DescriptorField[][])[[RoundCycles, PreloadCycles], [FinishCycles, DrainCycles]])
        {
            var values = Values(Fill(configuration));
            (values[OutputWidth], values[TileFilters], values[LastTileFilters], values[RoundCycles]) = (1, 1, 1, 50);
            foreach (var wait in waits)
            {
                values[wait] = Longest;
            }

            compared += Compare(core, interpreter, configuration, LayerDescriptor.Create(configuration, values), FormattableString.Invariant($"the longest {string.Join(", ", waits)}"));
        }

        return compared;
    }

    /// <summary>Layers of which each has one loop that is as long as a loop can be; they write nothing.</summary>
    public static long CheckLoops(ICoreModel core, ArrayConfiguration configuration)
    {
        var compared = 0L;
        foreach (var loop in (DescriptorField[])[ChannelWords, KernelWidth, KernelHeight, PoolWidth, PoolHeight, OutputWidth, OutputHeight])
        {
            if (loop == ChannelWords && configuration.HasBus)
            {
                // Words that no row stands for: a core with a bus refuses them.
                continue;
            }

            var values = Values(Fill(configuration));
            (values[OutputWidth], values[RoundCycles], values[DescriptorField.Control]) = (1, 0, (int)(ControlBits.HoldAccumulators | ControlBits.RepeatRows));
            values[loop] = (1 << DescriptorLayout.PixelBits) - 1;
            var descriptor = LayerDescriptor.Create(configuration, values);
            core.Run(descriptor).ShouldBe(new CoreCounters(descriptor.Cycles, descriptor.RowActivations), FormattableString.Invariant($"the longest {loop}"));
            compared += 2;
        }

        return compared + (configuration.PacksWindows ? CheckWindowLoops(core, configuration) : 0);
    }

    /// <summary>Behind a reset every field is 0, and a loop of 0 steps takes as many as its counter can count: no legal layer, but it shows that the reset reaches each field.</summary>
    public static long CheckFieldsBehindReset(ISimulator simulator, ArrayConfiguration configuration)
    {
        var compared = 0L;
        foreach (var field in (DescriptorField[])[Planes, ChannelWords, KernelWidth, KernelHeight, PoolWidth, PoolHeight, OutputWidth, OutputHeight, Tiles, TileFilters, LastTileFilters, FinishCycles])
        {
            var values = Values(Fill(configuration));
            (values[OutputWidth], values[RoundCycles], values[DescriptorField.Control]) = (1, 0, (int)(ControlBits.HoldAccumulators | ControlBits.RepeatRows));
            (values[field], values[Tiles]) = (0, field == TileFilters && configuration.Groups > 1 ? 2 : field == Tiles ? 0 : values[Tiles]);
            simulator.Reset();
            simulator.Poke("descriptor_write", 1);
            foreach (var (written, value) in values.Where(pair => pair.Value != 0))
            {
                simulator.Poke("descriptor_address", (ulong)written);
                simulator.Poke("descriptor_data", (ulong)value);
                simulator.Step();
            }

            simulator.Poke("descriptor_write", 0);
            simulator.Poke("start", 1);
            simulator.Step();
            simulator.Poke("start", 0);
            var filters = ((values[Tiles] - 1L) * values[TileFilters]) + values[LastTileFilters];
            values[field] = field is TileFilters or LastTileFilters ? 0 : 1 << field.Width(configuration);
            filters = field == Tiles ? values[Tiles] * (long)values[LastTileFilters] : filters;
            var operands = (long)values[Planes] * values[WeightPlanes] * values[ChannelWords] * values[KernelWidth] * values[KernelHeight] * values[PoolWidth] * values[PoolHeight] * values[OutputWidth] * values[OutputHeight];
            var cycles = (operands * values[Tiles]) + values[FinishCycles];
            simulator.RunUntil("done", 1, (2 * cycles) + 100).Reached.ShouldBeTrue(field.ToString());
            (simulator.Peek("cycles"), simulator.Peek("row_activations")).ShouldBe(((ulong)cycles, (ulong)(operands * filters)), field.ToString());
            compared += 2;
        }

        return compared;
    }

    private static long Compare(ICoreModel core, ICoreModel interpreter, ArrayConfiguration configuration, LayerDescriptor descriptor, string what)
    {
        what = FormattableString.Invariant($"{what}: {configuration}: {string.Join(", ", DescriptorLayout.Fields.Select(field => $"{field} {descriptor[field]}"))}; {descriptor.Control}");
        core.Run(descriptor).ShouldBe(new CoreCounters(descriptor.Cycles, descriptor.RowActivations), what);
        (interpreter.Run(descriptor)!.Value with { ZeroOperands = 0 }).ShouldBe(new CoreCounters(descriptor.Cycles, descriptor.RowActivations), what);
        Same(core.ReadOperands(0, configuration.OperandWords), interpreter.ReadOperands(0, configuration.OperandWords), "operand " + what);
        Same(core.ReadResults(0, configuration.ResultWords), interpreter.ReadResults(0, configuration.ResultWords), "result " + what);
        return configuration.OperandWords + configuration.ResultWords;
    }

    private static void Same<T>(T[] actual, T[] expected, string what)
        where T : IEquatable<T>
    {
        var place = actual.AsSpan().CommonPrefixLength(expected);
        (actual.Length, place).ShouldBe((expected.Length, expected.Length), place < actual.Length ? FormattableString.Invariant($"{string.Join(' ', actual[place..Math.Min(actual.Length, place + 8)])} instead of {string.Join(' ', expected[place..Math.Min(actual.Length, place + 8)])}: {what}") : what);
    }

    private static void Load(ICoreModel[] cores, ArrayConfiguration configuration, Random random, IReadOnlyList<RowImage>? rows = null)
    {
        var columns = configuration.Columns;
        ulong[] Word() => [.. Enumerable.Range(0, ((columns - 1) / 64) + 1).Select(i => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (columns - (64 * i) >= 64 ? ulong.MaxValue : (1UL << (columns - (64 * i))) - 1))];
        var sums = 1L << (configuration.AccumulatorBits - 4);
        rows ??= [.. Enumerable.Range(0, configuration.TotalRows).Select(row => new RowImage(
            row / configuration.TotalLanes, row % configuration.TotalLanes, configuration.RowOperations[random.Next(configuration.RowOperations.Count)], [.. Word()]))];
        InitialImage[] initials = [.. Enumerable.Range(0, configuration.InitialDepth * configuration.TotalLanes).Select(i => new InitialImage(
            i / configuration.TotalLanes, i % configuration.TotalLanes, random.NextInt64(-sums, sums) >> random.Next(configuration.AccumulatorBits - 4), random.Next(2) == 0))];
        // A word is a threshold for one layer and a multiplier for the next.
        var largest = configuration.MultiplierBits > 0 ? Math.Min(sums, 1L << (configuration.MultiplierBits - 1)) : sums;
        LevelImage[] levels = [.. Enumerable.Range(0, configuration.LevelWords).Select(i => new LevelImage(
            i, random.NextInt64(-largest, largest) >> random.Next(configuration.AccumulatorBits - 4), configuration.MultiplierBits > 0 ? Math.Min(random.Next(1 << ArrayConfiguration.ScaleShiftBits) >> random.Next(6), configuration.AccumulatorBits + configuration.MultiplierBits - 2) : 0))];
        ulong[] operands = [.. Enumerable.Range(0, configuration.OperandWords).SelectMany(_ => Word())];
        foreach (var core in cores)
        {
            core.Load(rows, initials, levels);
            core.WriteOperands(0, operands);
        }
    }

    /// <summary>Every word of the result memory gets a value.</summary>
    private static LayerDescriptor Fill(ArrayConfiguration configuration)
    {
        var values = DescriptorLayout.Fields.ToDictionary(field => field, field => field.Unnamed(configuration));
        foreach (var field in (DescriptorField[])[Planes, WeightPlanes, ChannelWords, KernelWidth, KernelHeight, PoolWidth, PoolHeight, OutputHeight, Tiles, OutputPlanes, DrainCycles, OutputColumnStep, OutputStrideX])
        {
            values[field] = 1;
        }

        var filters = configuration.TotalLanes;
        (values[LastWordColumns], values[InputWidth], values[InputHeight]) = (configuration.Columns, 1 << DescriptorLayout.PixelBits, 1);
        (values[TileFilters], values[LastTileFilters], values[SectorLanes], values[OutputStep]) = (filters, filters, configuration.Lanes, filters);
        (values[OutputWidth], values[RoundCycles], values[FinishCycles]) = ((configuration.ResultWords / filters) + 1, filters + 10, filters + 20);
        values[DescriptorField.Control] = (int)(ControlBits.RawOutput | ControlBits.ValueOutput);
        return LayerDescriptor.Create(configuration, values);
    }

    private static Dictionary<DescriptorField, int> Values(LayerDescriptor descriptor) => DescriptorLayout.Fields.ToDictionary(field => field, field => descriptor[field]);

    /// <summary>Whether each of several input planes meets the rows of several segments.</summary>
    public static bool HasSegments(LayerDescriptor layer) => layer[Planes] > 1 && layer[ChannelWords] * layer[KernelWidth] * layer[KernelHeight] > 1;

    internal static LayerDescriptor Draw(ArrayConfiguration configuration, Random random, ControlBits previous, Func<LayerDescriptor, bool>? wanted = null)
    {
        while (true)
        {
            var drawn = DrawAny(configuration, random, previous);
            if (drawn.Cycles < MostCycles && HoldsCoordinates(drawn) && PoolsSomething(drawn) && (wanted?.Invoke(drawn) ?? true) && LargestSum(configuration, drawn, isClose: wanted is not null) < 1L << (configuration.AccumulatorBits - 2))
            {
                return drawn;
            }
        }
    }

    private static LayerDescriptor DrawAny(ArrayConfiguration configuration, Random random, ControlBits previous)
    {
        var values = DescriptorLayout.Fields.ToDictionary(field => field, _ => 0);
        void Set(DescriptorField field, int value) => values[field] = value;
        int Any(DescriptorField field) => (int)random.NextInt64(1L << field.Width(configuration));
        int Few(int most) => random.Next(2) == 0 ? 1 : random.Next(1, Math.Max(1, most) + 1);
        int Most(int most) => random.Next(1, most + 1);
        var isRaw = random.Next(2) == 0;
        var isBits = !isRaw && random.Next(2) == 0;
        var skipsOutside = !isBits && random.Next(4) == 0;

        // Words that are written must not be read by the same run before they are out: results lie apart from what is read unless only the result memory is written.
        foreach (var field in (DescriptorField[])[OperandBase, KernelColumnStep, KernelRowStep, PositionColumnStep, PositionRowStep, OutputColumnStep, OutputRowStep])
        {
            Set(field, isRaw && random.Next(4) > 0 ? Any(field) : random.Next(3));
        }

        Set(Planes, Most(Math.Min(3, configuration.InputBits)));
        var weightPlanes = Most(Math.Min(3, configuration.WeightBits));
        Set(ChannelWords, Few(3));
        Set(LastWordColumns, Most(configuration.Columns));
        foreach (var field in (DescriptorField[])[KernelWidth, KernelHeight, PoolWidth, PoolHeight, OutputWidth, OutputHeight])
        {
            Set(field, Few(random.Next(12) == 0 ? 40 : 3));
        }

        if (skipsOutside)
        {
            // A pool of one position would have nothing to leave out.
            Set(random.Next(2) == 0 ? PoolWidth : PoolHeight, random.Next(2, 4));
        }

        // Coordinates of all bits, which fit their width together.
        Coordinates(FirstX, (OutputWidth, OutputStrideX), (PoolWidth, StrideX), (KernelWidth, DilationX));
        Coordinates(FirstY, (OutputHeight, OutputStrideY), (PoolHeight, StrideY), (KernelHeight, DilationY));
        void Coordinates(DescriptorField first, params (DescriptorField Count, DescriptorField Step)[] steps)
        {
            var largest = 1 << random.Next(1, DescriptorLayout.CoordinateBits);
            Set(first, random.Next(2) == 0 ? -random.Next(largest) : random.Next(largest / 2));
            var room = largest - 1 - values[first];
            foreach (var (count, step) in steps.OrderBy(_ => random.Next()))
            {
                Set(step, Math.Min((1 << (DescriptorLayout.CoordinateBits - 1)) - 1, random.Next((room / values[count]) + 1)));
                room -= values[count] * values[step];
            }
        }

        // The edge of the input is met by a pixel now and then.
        Set(InputWidth, Edge(FirstX, OutputWidth, OutputStrideX, PoolWidth, StrideX, KernelWidth, DilationX));
        Set(InputHeight, Edge(FirstY, OutputHeight, OutputStrideY, PoolHeight, StrideY, KernelHeight, DilationY));
        int Edge(DescriptorField first, DescriptorField outputs, DescriptorField outputStride, DescriptorField pool, DescriptorField stride, DescriptorField kernel, DescriptorField dilation)
        {
            var pixel = values[first] + (random.Next(values[outputs]) * (long)values[outputStride]) + (random.Next(values[pool]) * (long)values[stride]) + (random.Next(values[kernel]) * (long)values[dilation]);
            var last = values[first] + ((values[outputs] - 1L) * values[outputStride]) + ((values[pool] - 1L) * values[stride]) + ((values[kernel] - 1L) * values[dilation]);
            return random.Next(6) switch
            {
                0 => random.Next(1 << random.Next(1, DescriptorLayout.CoordinateBits)),
                1 or 2 => (int)Math.Clamp(last + random.Next(2), 0, (1 << (DescriptorLayout.CoordinateBits - 1)) - 1),
                _ => (int)Math.Clamp(pixel + random.Next(2), 0, (1 << (DescriptorLayout.CoordinateBits - 1)) - 1),
            };
        }

        if (skipsOutside)
        {
            // The first position of every pool lies inside, others do or do not.
            Within(FirstX, InputWidth, OutputWidth, OutputStrideX, PoolWidth, StrideX, KernelWidth, DilationX);
            Within(FirstY, InputHeight, OutputHeight, OutputStrideY, PoolHeight, StrideY, KernelHeight, DilationY);
        }

        void Within(DescriptorField first, DescriptorField size, DescriptorField outputs, DescriptorField outputStride, DescriptorField pool, DescriptorField stride, DescriptorField kernel, DescriptorField dilation)
        {
            Set(first, Math.Max(0, values[first]));
            var inside = values[first] + ((values[outputs] - 1L) * values[outputStride]) + ((values[kernel] - 1L) * values[dilation]) + 1;
            Set(size, (int)Math.Min(inside + random.NextInt64(((values[pool] - 1L) * values[stride]) + 1), (1 << (DescriptorLayout.CoordinateBits - 1)) - 1));
        }

        var packs = DrawWindows(configuration, random, values, isRaw ? null : configuration.OperandWords / 2);

        // Filters and their lanes.
        var folds = random.Next(configuration.LargestFolds + 1);
        Set(Folds, (1 << folds) - 1);
        Set(SectorLanes, configuration.Lanes >> folds);
        var lanes = values[SectorLanes] * configuration.Macros;
        var joined = isBits ? 1 : Math.Min(Few(configuration.WeightBits), lanes);
        Set(JoinedPlanes, joined - 1);
        Set(TileFilters, Most(lanes / joined) * joined);
        Set(LastTileFilters, Most(values[TileFilters] / joined) * joined);
        var sectors = 1 << folds;
        var groups = ((values[KernelWidth] * values[KernelHeight] * values[ChannelWords] * weightPlanes) + sectors - 1) / sectors;
        var repeats = random.Next(4) == 0 || groups > configuration.Groups ? ControlBits.RepeatRows : ControlBits.None;
        groups = repeats != 0 ? ((values[ChannelWords] * weightPlanes) + sectors - 1) / sectors : groups;
        if (groups > configuration.Groups)
        {
            (values[ChannelWords], weightPlanes) = (1, Math.Min(weightPlanes, configuration.Groups * sectors));
            groups = (weightPlanes + sectors - 1) / sectors;
        }

        var room = configuration.Groups / groups;
        Set(Tiles, Most(Math.Min(Math.Min(room, configuration.InitialDepth), (2 << configuration.GroupAddressBits) - 1)));
        var perTile = values[Tiles] == 1 ? 0 : groups;
        Set(GroupsPerTile, perTile);
        Set(GroupBase, random.Next(configuration.Groups - (groups * values[Tiles]) + 1));
        Set(InitialBase, random.Next(configuration.InitialDepth - values[Tiles] + 1));

        // Values.
        var control = repeats | (packs ? ControlBits.DenseWindows : ControlBits.None);
        void Maybe(ControlBits bit, int oneIn = 2) => control |= random.Next(oneIn) == 0 ? bit : ControlBits.None;
        foreach (var bit in (ControlBits[])[ControlBits.Double, ControlBits.Negate, ControlBits.SignedPlanes, ControlBits.SignedWeights, ControlBits.DirectionBeforePool])
        {
            Maybe(bit);
        }

        control |= random.Next(3) switch { 0 => ControlBits.SubtractOperand, 1 => ControlBits.SubtractMask, _ => ControlBits.None };
        Set(DrainCycles, 1);
        Set(OutputPlanes, 1);
        if (!isBits)
        {
            control |= ControlBits.ValueOutput | (isRaw ? ControlBits.RawOutput : ControlBits.None);
            Maybe(ControlBits.Relu, 3);
            // Where one plane leaves alone, nothing is joined, whatever the bit says.
            control |= (joined > 1 ? random.Next(2) == 0 : control.HasFlag(ControlBits.Double)) ? ControlBits.SignedJoin : ControlBits.None;
            control |= configuration.JoinsAtOnce && joined == configuration.WeightBits && random.Next(4) > 0 ? ControlBits.JoinAtOnce : ControlBits.None;
            Maybe(ControlBits.Saturate);
            control |= isRaw && random.Next(4) == 0 ? ControlBits.Unpooled : ControlBits.None;
            control |= !control.HasFlag(ControlBits.Unpooled) && skipsOutside ? ControlBits.SkipOutside : ControlBits.None;
            Set(OutputPlanes, isRaw ? 1 : Most(configuration.InputBits));
            Set(FirstValue, random.Next(2) == 0 ? 0 : random.Next(-200, 200));
            var bounds = new[] { random.Next(-300, 300), random.Next(-300, 300) }.Order().ToArray();
            (values[LeastValue], values[GreatestValue]) = (bounds[0], bounds[1]);
            Set(LevelBase, Any(LevelBase));
            Set(TileLevels, Any(TileLevels));
            switch (random.Next(4))
            {
                case 0 when configuration.MultiplierBits > 0:
                    control |= ControlBits.Requantise;
                    break;
                case 1 when configuration.SearchesLevels:
                    control |= ControlBits.LevelOutput | ControlBits.SearchLevels;
                    Set(Levels, random.Next(1, 1 << random.Next(1, 1 + Math.Min(6, configuration.InputBits))));
                    Set(DrainCycles, 2 * (BitOperations.Log2((uint)values[Levels]) + 1));
                    break;
                case 1 or 2:
                    control |= ControlBits.LevelOutput;
                    Set(Levels, random.Next(1, Math.Min(6, 1 << configuration.InputBits)));
                    Set(DrainCycles, values[Levels]);
                    break;
            }

            if (random.Next(previous.HasFlag(ControlBits.Argmax) ? 2 : 6) == 0)
            {
                // What was greatest is kept from one run to the next, if both look for it.
                control = (control | ControlBits.Argmax) & ~ControlBits.Unpooled;
                control |= previous.HasFlag(ControlBits.Argmax) && random.Next(3) > 0 ? ControlBits.KeepGreatest : ControlBits.None;
                Maybe(ControlBits.HoldGreatest, 3);
                Set(IndexBase, random.Next(1 << Math.Min(10, IndexBase.Width(configuration) - 1)));
                Set(IndexStep, random.Next(1, 8));
            }
        }

        // Where they go, and how long that takes.
        var outputs = values[OutputWidth] * values[OutputHeight];
        var positions = values[PoolWidth] * values[PoolHeight];
        var written = values[Tiles] * values[TileFilters] * (control.HasFlag(ControlBits.Unpooled) ? positions : 1);
        var words = (((written + configuration.Columns) / configuration.Columns) + 1) * values[OutputPlanes];
        if (isRaw)
        {
            var addsSums = random.Next(4) == 0 && (outputs * written) + written < configuration.ResultWords / 2 && values[Tiles] * values[TileFilters] * outputs * positions < configuration.ResultWords / 2;
            control |= addsSums ? ControlBits.AddSums : ControlBits.None;
            Set(OutputBase, addsSums ? 0 : random.Next(configuration.ResultWords));
            Set(OutputStep, addsSums ? written : Any(OutputStep) % configuration.ResultWords);
            Set(SumBase, addsSums ? configuration.ResultWords / 2 : Any(SumBase));
        }
        else
        {
            Set(OutputBase, configuration.OperandWords / 2);
            Set(OutputStep, words);
            Set(FirstOutputBit, control.HasFlag(ControlBits.Unpooled) ? 0 : random.Next(configuration.Columns));
        }

        var busy = (values[TileFilters] * values[DrainCycles]) + words + values[OutputPlanes] + 24;

        // Any planes, as many as were drawn.
        Set(WeightPlanes, Enumerable.Range(0, configuration.WeightBits).OrderBy(_ => random.Next()).Take(weightPlanes).Sum(plane => 1 << plane));
        Set(PreloadCycles, values[FirstOutputBit] > 0 ? busy + (2 * configuration.InputBits) : 0);
        Set(RoundCycles, busy);
        Set(FinishCycles, busy + random.Next(40));
        Set(DescriptorField.Control, (int)control);
        return LayerDescriptor.Create(configuration, values);
    }
}
