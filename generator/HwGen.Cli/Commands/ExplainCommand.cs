using System.CommandLine;
using HwGen.Cli.Hosting;
using HwGen.Netlist;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen explain HW0001</c>: the page of a diagnostic of the netlist DSL.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var code = new Argument<string>("CODE") { Description = "The code of a diagnostic, such as HW0001" };
        return new Command("explain", "Explain a diagnostic of the netlist DSL") { code }
            .Runs((parsed, context) => Task.FromResult(Run(parsed.GetRequiredValue(code), context)));
    }

    private static ExitCode Run(string code, RunContext context)
    {
        var page = DiagnosticPages.Of(code)
            ?? throw new InputException($"CODE = {code}: there is no such diagnostic; allowed: {string.Join(", ", DiagnosticPages.Codes)}");
        foreach (var line in page.TrimEnd().Split('\n'))
            context.Terminal.Result(line);
        return context.Finish(new RunSummary("explain").Add("code", code).Add("page", page), ExitCode.Good);
    }
}
