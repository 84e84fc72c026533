using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HwGen.Cli.Hosting;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen doctor</c>: the outside tools, their versions, what each is for, how to install what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var install = new Option<bool>("--install") { Description = "Install what is missing with apt" };
        var yes = CommonOptions.Yes();
        return new Command("doctor", "List the outside tools, what each is for, and how to install what is missing") { install, yes }
            .Runs((parsed, context) => RunAsync(parsed.GetValue(install), parsed.GetValue(yes), context));
    }

    private static async Task<ExitCode> RunAsync(bool install, bool yes, RunContext context)
    {
        IReadOnlyList<Tool> installed = install ? await context.EnsureToolsAsync(ToolCatalogue.Needed, yes).ConfigureAwait(false) : [];

        var installer = new ToolInstaller(InstallerHost.Here(yes, ask: null, context.Terminal.Say));
        var findings = new List<(Tool Tool, string? Version)>();
        foreach (var tool in ToolCatalogue.All)
            findings.Add((tool, tool.Find() is null ? null : await VersionOf(tool, context).ConfigureAwait(false)));
        var missing = findings.Where(finding => finding.Version is null && !finding.Tool.Optional).Select(finding => finding.Tool).ToList();

        context.Terminal.Table(["tool", "version", "for"],
        [
            ["dotnet", RuntimeInformation.FrameworkDescription, "runs HwGen"],
            .. findings.Select(finding => (IReadOnlyList<string>)
            [
                finding.Tool.Program,
                finding.Version ?? (finding.Tool.Optional ? "not installed (optional)" : "MISSING"),
                finding.Tool.Purpose,
            ]),
        ]);
        foreach (var tool in findings.Where(finding => finding.Version is null).Select(finding => finding.Tool))
            context.Terminal.Result($"{tool.Program}{(tool.Optional ? " (optional)" : "")}: install with: {installer.CommandFor([tool])}");
        context.Terminal.Result(missing.Count == 0
            ? "all needed tools are there"
            : $"{missing.Count} of {ToolCatalogue.Needed.Count} needed tools are missing; all at once: {installer.CommandFor(missing)}");

        var summary = new RunSummary("doctor")
            .AddTools(findings.Where(finding => finding.Version is not null).ToDictionary(finding => finding.Tool.Program, finding => finding.Version!))
            .Add("missing", Names(missing))
            .Add("installed", Names(installed));
        return context.Finish(summary, missing.Count == 0 ? ExitCode.Good : ExitCode.ToolFailed);
    }

    private static async Task<string> VersionOf(Tool tool, RunContext context)
    {
        try
        {
            return await tool.VersionAsync(context.CancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception)
        {
            // It is there but does not answer: that is a finding, and the others are still to be listed.
            return "does not tell: " + exception.Message.Split('\n')[0];
        }
    }

    private static JsonArray Names(IEnumerable<Tool> tools) => new([.. tools.Select(tool => JsonValue.Create(tool.Program))]);
}
