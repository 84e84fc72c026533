using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace HwGen.NetlistBench;

/// <summary>What a command costs, with all processes that it starts and waits for.</summary>
internal static partial class ChildCost
{
    private const int Children = -1;

    /// <summary>Runs a command; wall seconds, processor seconds, and the peak memory of its largest process in MB.</summary>
    public static string Of(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        var watch = Stopwatch.StartNew();
        using (var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} could not be started"))
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}");
        }

        var elapsed = watch.Elapsed;
        Span<long> usage = stackalloc long[18];
        if (GetUsage(Children, ref MemoryMarshal.GetReference(usage)) != 0)
            throw new InvalidOperationException("getrusage failed");
        // struct rusage of 64-bit Linux: user time and system time in seconds and microseconds, then the largest resident set in KiB.
        var processor = usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
        return FormattableString.Invariant($"{elapsed.TotalSeconds} {processor} {usage[4] / 1024}");
    }

    public static (double Seconds, double Processor, int Megabytes) Parse(string line) => line.Split(' ') is [var seconds, var processor, var megabytes]
        ? (double.Parse(seconds, CultureInfo.InvariantCulture), double.Parse(processor, CultureInfo.InvariantCulture), int.Parse(megabytes, CultureInfo.InvariantCulture))
        : throw new FormatException(line);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);
}

/// <summary>Where this program's sources are.</summary>
internal static class Repository
{
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder with HwGen.sln above the program");
    }
}

/// <summary>A folder that goes with the measurement.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hwgen-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
