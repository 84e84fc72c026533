using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Cli.DataSets;
using HwGen.Cli.Hosting;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen data</c>: where data sets are found; <c>hwgen data get</c> downloads and checks a public one.</summary>
internal static class DataCommand
{
    public static Command Create()
    {
        var set = new Argument<string>("SET") { Description = "A public set: " + string.Join(", ", PublicDataSet.All.Select(known => known.Name)) };
        var (from, getFolder, folder) = (From(), CommonOptions.DataFolder(), CommonOptions.DataFolder());
        var get = new Command("get", "Download a public data set and check it") { set, from, getFolder }
            .Runs((parsed, context) => GetAsync(parsed.GetRequiredValue(set), parsed.GetValue(from), parsed.GetValue(getFolder), context));
        return new Command("data", "Show where data sets are looked for and what is found") { get, folder }
            .Runs((parsed, context) => Task.FromResult(List(parsed.GetValue(folder), context)));
    }

    private static Option<Uri?> From() => new("--from")
    {
        Description = "Another address of a folder with the files, such as a mirror; they are checked all the same",
        HelpName = "URL",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                return address;
            result.AddError($"--from = {text}: not an address; allowed: http:// or https:// and a folder");
            return null;
        },
    };

    private static ExitCode List(string? folder, RunContext context)
    {
        var places = DataFolders.Candidates(folder);
        foreach (var place in places)
            context.Terminal.Result($"looked in {place}{(Directory.Exists(place) ? "" : " (not there)")}");
        var sets = new JsonObject();
        var rows = new List<string[]>();
        foreach (var set in PublicDataSet.All)
        {
            var found = DataFolders.Find(set.Name, folder);
            var problems = found is null ? [] : set.ProblemsIn(found);
            var state = found is null ? $"not found; hwgen data get {set.Name}" : problems.Count == 0 ? "complete" : "missing or another version: " + string.Join(", ", problems);
            rows.Add([set.Name, found ?? "", state]);
            sets[set.Name] = new JsonObject { ["folder"] = found, ["complete"] = found is not null && problems.Count == 0 };
        }
        context.Terminal.Table(["set", "found in", "state"], rows);
        return context.Finish(
            new RunSummary("data").Add("places", new JsonArray([.. places.Select(place => JsonValue.Create(place))])).Add("sets", sets), ExitCode.Good);
    }

    private static async Task<ExitCode> GetAsync(string name, Uri? from, string? folder, RunContext context)
    {
        var set = PublicDataSet.Named(name);
        var place = Path.Combine(folder is null ? Path.Combine(UserFolders.Cache, "data") : Path.GetFullPath(folder), set.Name);
        var there = Directory.Exists(place) && set.ProblemsIn(place).Count == 0;
        if (!there)
        {
            context.Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{set.About}: {set.Files.Count} files, {set.Length / 1e6:0.0} MB"));
            await context.Terminal.ProgressAsync($"downloading {set.Name}", async progress =>
            {
                await set.DownloadAsync(place, from, progress, context.CancellationToken).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        context.Terminal.Result($"{set.Name} is {(there ? "already " : "")}in {place}: {set.Files.Count} files, every SHA-256 is right");
        return context.Finish(
            new RunSummary("data get").Add("set", set.Name).Add("folder", place).Add("files", set.Files.Count).Add("downloaded", !there), ExitCode.Good);
    }
}
