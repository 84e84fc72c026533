using System.Globalization;
using HwGen.Tools;

namespace HwGen.Formal;

/// <summary>The first answer of a race.</summary>
internal sealed record SolverAnswer(string Name, string Solver, bool Passed, string Output);

/// <summary>Runs yosys-smtbmc with several solvers at once; the first that answers wins, and the others are ended.</summary>
internal static class SolverRace
{
    /// <summary>The first answer, or null when none came in time.</summary>
    public static async Task<SolverAnswer?> RunAsync(
        WorkFolder folder, ProofOptions options, string purpose, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var runs = options.Solvers.Select(solver => RunAsync(solver, end.Token)).ToList();
        SolverAnswer? answer = null;
        ToolException? failure = null;
        while (runs.Count > 0)
        {
            var run = await Task.WhenAny(runs).ConfigureAwait(false);
            runs.Remove(run);
            try
            {
                answer ??= await run.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (answer is not null)
            {
                continue;
            }
            catch (ToolException missing)
            {
                // One solver that is not installed does not end the race, all of them do.
                failure = missing;
            }

            if (answer is not null)
            {
                await end.CancelAsync().ConfigureAwait(false);
            }
        }

        return answer is null && failure is not null ? throw failure : answer;

        async Task<SolverAnswer?> RunAsync(string solver, CancellationToken token)
        {
            var name = $"{purpose}_{solver}";
            var request = new ProgramRequest(
                "yosys-smtbmc",
                ["-s", solver, "-t", options.Depth.ToString(CultureInfo.InvariantCulture), .. arguments.Select(a => a.Replace("{0}", name)), "design.smt2"])
            { WorkingDirectory = folder.Path, TimeLimit = options.TimeLimit };
            var result = await OutsideProgram.RunAsync(request, token).ConfigureAwait(false);
            var passed = result.Output.Contains("Status: PASSED", StringComparison.Ordinal);
            if (result.TimedOut)
            {
                return null;
            }

            // A solver that stumbles has no status, and is no answer.
            return passed || result.Output.Contains("Status: FAILED", StringComparison.Ordinal)
                ? new SolverAnswer(name, solver, passed, result.Output)
                : throw new ToolException(solver, $"{request.CommandLine} gave no answer: {PlainText.Escape((result.Error + result.Output)[^Math.Min(800, result.Error.Length + result.Output.Length)..], keepLines: true)}");
        }
    }
}
