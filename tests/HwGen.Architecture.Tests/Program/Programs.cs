using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Tests.Program;

/// <summary>Small programs, chosen by seed: what a mapper might have made.</summary>
internal static class Programs
{
    public static ArrayConfiguration Configuration(int rows = 16, int columns = 11, int lanes = 4) =>
        new("tiny", rows, columns, lanes, ArrayConfiguration.AllOperations, OperandWords: 64, ResultWords: 16, InitialWords: 32, LargestFanIn: 100, InputBits: 4, WeightBits: 3, LevelWords: 16);

    public static CoreProgram Random(int seed, ArrayConfiguration? configuration = null)
    {
        var random = new Random(seed);
        var array = configuration ?? Configuration();
        var stages = Enumerable.Range(0, random.Next(1, 4)).Select(i =>
        {
            var passes = Enumerable.Range(0, random.Next(1, 3)).Select(_ => new ProgramPass(Rows(array, random, random.Next(0, 4)), Initials(array, random, random.Next(0, 3)), Levels(array, random, random.Next(0, 3)), Descriptor(array, random))
            {
                Overwrites = random.Next(2) == 1,
                Restores = [.. Enumerable.Range(0, random.Next(0, 3)).Select(map => new FeatureMapLayout(map, 12, 2, 3, 1, array.Columns))],
            });
            var isLast = random.Next(2) == 0;
            var channels = random.Next(1, 5);
            var stage = new ProgramStage(
                FormattableString.Invariant($"layer{i}"), [FormattableString.Invariant($"layer{i}a"), FormattableString.Invariant($"layer{i}")],
                [.. passes],
                isLast ? null : new FeatureMapLayout(random.Next(0, 32), 12, 2, 3, 1, array.Columns, random.Next(2) == 1), isLast ? channels * random.Next(1, 4) : 0, isLast ? channels : 0);

            // Two channels more, which are constant.
            var there = isLast ? channels : 12;
            return random.Next(2) == 0 ? stage : stage with
            {
                Channels = [.. Enumerable.Range(1, there)],
                Constants = [new ConstantChannel(there + 1, random.NextInt64()), new ConstantChannel(0, -random.Next(9))],
            };
        });
        return new CoreProgram(
            array, "net", Rows(array, random, random.Next(0, 20)), Initials(array, random, random.Next(0, 4)), Levels(array, random, random.Next(0, 4)),
            new FeatureMapLayout(0, 3, 2, 2, 2, array.Columns), [.. stages])
        {
            Batch = random.Next(1, 5),
            Windows = random.Next(2) == 0 ? null : new InputWindows(1, random.Next(1, 9), random.Next(1, 9), 3, 1, random.Next(1, 4), 1, 1, random.Next(1, 4), random.Next(0, 3), random.Next(0, 3)),
        };
    }

    private static ImmutableArray<RowImage> Rows(ArrayConfiguration array, Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new RowImage(
            random.Next(array.Groups), random.Next(array.Lanes), array.RowOperations[random.Next(array.RowOperations.Count)], Bits(array.Columns, random)))];

    private static ImmutableArray<ulong> Bits(int columns, Random random) =>
        [.. Enumerable.Range(0, ((columns - 1) / 64) + 1).Select(word =>
            (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (columns - (64 * word) >= 64 ? ulong.MaxValue : (1UL << (columns - (64 * word))) - 1))];

    private static ImmutableArray<InitialImage> Initials(ArrayConfiguration array, Random random, int count)
    {
        var limit = 1L << (array.AccumulatorBits - 1);
        return [.. Enumerable.Range(0, count).Select(_ => new InitialImage(random.Next(array.InitialDepth), random.Next(array.Lanes), random.NextInt64(-limit, limit), random.Next(2) == 1))];
    }

    private static ImmutableArray<LevelImage> Levels(ArrayConfiguration array, Random random, int count)
    {
        var limit = 1L << (array.AccumulatorBits - 1);
        return [.. Enumerable.Range(0, count).Select(_ => new LevelImage(random.Next(array.LevelWords), random.NextInt64(-limit, limit), random.Next(64)))];
    }

    /// <summary>Any values that fit their fields, the counts not 0.</summary>
    private static LayerDescriptor Descriptor(ArrayConfiguration array, Random random) => new(
        [.. DescriptorLayout.Fields.Select(field => !DescriptorLayout.NamedFields(array).Contains(field) ? 0 : random.Next(1, (int)Math.Min(7, 1L << field.Width(array))))]);
}
