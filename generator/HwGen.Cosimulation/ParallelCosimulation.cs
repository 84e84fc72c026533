using System.Diagnostics;
using HwGen.Architecture.Program;
using HwGen.Networks;

namespace HwGen.Cosimulation;

/// <summary>
/// Runs a mapped network on several cores of one kind at once, each with its share of the images. The report is the same, to the
/// bit and in the order of the images, for every number of cores; only the time differs.
/// </summary>
/// <param name="network">The network; the golden model computes it.</param>
/// <param name="program">What the core runs.</param>
/// <param name="start">Starts a core, by its number from 0; called one after the other.</param>
public sealed class ParallelCosimulation(QuantisedNetwork network, CoreProgram program, Func<int, ICoreModel> start)
{
    /// <summary>The most cores that run at once, at least 1.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Called after each image with the number of images that are done, from any thread.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Runs images and compares.</summary>
    /// <param name="images">The images and their labels.</param>
    /// <param name="cancellationToken">Ends the run between two images.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public CosimulationReport Run(ImageSet images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var watch = Stopwatch.StartNew();
        // Batches stay whole.
        var batches = ((images.Count - 1) / program.Batch) + 1;
        var count = Math.Clamp(Cores, 1, batches);
        var reports = new CosimulationReport[count];
        var cores = new List<ICoreModel>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            for (var i = 0; i < count; i++)
                cores.Add(start(i));
            var done = 0;
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, share =>
            {
                try
                {
                    var first = (int)((long)batches * share / count) * program.Batch;
                    var end = Math.Min(images.Count, (int)((long)batches * (share + 1) / count) * program.Batch);
                    reports[share] = new NetworkCosimulation(network, program, cores[share])
                    {
                        FirstImage = first,
                        Progress = _ => Progress?.Invoke(Interlocked.Increment(ref done)),
                    }.Run(images.Range(first, end - first), ended.Token);
                }
                catch
                {
                    // One share that failed ends the others.
                    ended.Cancel();
                    throw;
                }
            });
        }
        catch (AggregateException all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The cause is the one that did not come from ending the others.
            var cause = all.InnerExceptions.FirstOrDefault(e => e is not OperationCanceledException) ?? all.InnerExceptions[0];
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
        }
        finally
        {
            cores.ForEach(core => core.Dispose());
        }
        return CosimulationReport.Join(reports, program.Rows.Length, watch.Elapsed);
    }
}
