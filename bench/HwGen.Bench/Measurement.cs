using System.Diagnostics;

namespace HwGen.Bench;

/// <summary>One measured rate.</summary>
/// <param name="Wall">Items a second of wall time: on a shared machine less than the machine can.</param>
/// <param name="Processor">Items a second of processor time of this process: what one core gives when it has nothing else to do.</param>
internal readonly record struct Rate(double Wall, double Processor)
{
    /// <summary>The best of several repetitions, after one that warms up.</summary>
    /// <param name="items">Items that one run handles.</param>
    /// <param name="run">The work.</param>
    /// <param name="seconds">At least this long a repetition.</param>
    public static Rate Measure(int items, Action run, double seconds = 1)
    {
        const int Repetitions = 5;
        run();
        var best = new Rate(0, 0);
        using Process process = Process.GetCurrentProcess();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            process.Refresh();
            TimeSpan before = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp(), done = 0;
            do
            {
                run();
                done += items;
            }
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
            process.Refresh();
            var rate = new Rate(
                done / Stopwatch.GetElapsedTime(start).TotalSeconds, done / (process.TotalProcessorTime - before).TotalSeconds);
            best = new Rate(Math.Max(best.Wall, rate.Wall), Math.Max(best.Processor, rate.Processor));
        }
        return best;
    }
}
