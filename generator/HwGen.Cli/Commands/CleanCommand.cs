using System.CommandLine;
using System.Globalization;
using HwGen.Cli.Hosting;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen clean</c>: empties the caches of builds. Data sets that were downloaded stay unless asked for.</summary>
internal static class CleanCommand
{
    public static Command Create()
    {
        var data = new Option<bool>("--data") { Description = "Remove downloaded data sets as well" };
        return new Command("clean", "Remove cached builds and reports") { data }
            .Runs((parsed, context) => Task.FromResult(Run(parsed.GetValue(data), context)));
    }

    private static ExitCode Run(bool data, RunContext context)
    {
        var (entries, bytes) = (0, 0L);
        var root = UserFolders.Cache;
        var folders = Directory.Exists(root) ? Directory.GetDirectories(root) : [];
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(folder);
            if (name is "data" or "reports")
            {
                if (name == "data" && !data)
                    continue;
                var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
                entries += files.Length;
                bytes += files.Sum(file => file.Length);
                Directory.Delete(folder, recursive: true);
                continue;
            }
            // What another process is building right now stays.
            var (count, size) = new BuildCache(name, root).Clear();
            entries += count;
            bytes += size;
        }
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture, $"removed {entries} entries, {bytes / 1e6:0.0} MB, from {root}"));
        return context.Finish(new RunSummary("clean").Add("folder", root).Add("entries", entries).Add("bytes", bytes), ExitCode.Good);
    }
}
