using HwGen.Golden;

namespace HwGen.Training.Pruning;

/// <summary>Distances by the golden model's definitions.</summary>
public sealed class GoldenDistances : IDistanceSource
{
    /// <inheritdoc/>
    public PairDistances Measure(FilterVectors vectors, DistanceKind kind)
    {
        int count = vectors.Filters.Length;
        var distances = new PairDistances(count);
        bool[][][] planes = [.. vectors.Weights.Select(weights => Planes(weights, vectors.Bits))];
        bool[] mask = new bool[count == 0 ? 0 : vectors.Weights[0].Length];
        mask.AsSpan().Fill(true);
        for (int high = 1; high < count; high++)
        {
            for (int low = 0; low < high; low++)
            {
                distances[low, high] = kind == DistanceKind.Euclidean
                    ? Squared(vectors.Weights[low], vectors.Weights[high])
                    : Planewise(planes[low], planes[high], mask, weighted: kind == DistanceKind.PlaneWeighted);
            }
        }
        return distances;
    }

    private static long Planewise(bool[][] first, bool[][] second, bool[] mask, bool weighted)
    {
        long sum = 0;
        for (int plane = 0; plane < first.Length; plane++)
            sum += (long)HammingDistance.Of(first[plane], second[plane], mask) << (weighted ? plane : 0);
        return sum;
    }

    private static long Squared(ImmutableArray<int> first, ImmutableArray<int> second)
    {
        long sum = 0;
        for (int i = 0; i < first.Length; i++)
        {
            long difference = (long)first[i] - second[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static bool[][] Planes(ImmutableArray<int> weights, int bits) => bits == 1
        ? [[.. weights.Select(weight => weight > 0)]]
        : [.. Enumerable.Range(0, bits).Select(plane => weights.Select(weight => ((weight >> plane) & 1) != 0).ToArray())];
}
