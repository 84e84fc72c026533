namespace HwGen.Training.Arithmetic;

/// <summary>
/// Work over a batch in pieces whose number never depends on the number of threads: each piece sums on its own, then the sums are
/// joined in the order of the pieces. Floating-point sums are therefore the same bit for bit for any number of threads.
/// </summary>
public sealed class Shards
{
    /// <summary>The number of pieces of a batch.</summary>
    public const int Count = 8;

    private readonly ParallelOptions _options;

    /// <summary>Makes the pieces run on some threads.</summary>
    /// <param name="threads">The number of threads, at least 1; it changes the speed and nothing else.</param>
    public Shards(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _options = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <summary>The number of threads.</summary>
    public int Threads { get; }

    /// <summary>Runs the body once for each piece of [0, length).</summary>
    /// <param name="length">How many items the pieces share.</param>
    /// <param name="body">Receives the piece's number, its first item and the item after its last.</param>
    public void Run(int length, Action<int, int, int> body)
    {
        if (Threads == 1)
        {
            for (int shard = 0; shard < Count; shard++)
                body(shard, Start(length, shard), Start(length, shard + 1));
            return;
        }
        Parallel.For(0, Count, _options, shard => body(shard, Start(length, shard), Start(length, shard + 1)));
    }

    private static int Start(int length, int shard) => (int)((long)length * shard / Count);
}
