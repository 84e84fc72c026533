using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Netlist;
using HwGen.Netlist.Json;
using HwGen.Simulation;
using HwGen.Tools;

namespace HwGen.Mutation.Tests.Equivalents;

/// <summary>
/// Proves that a fault changes nothing that can be seen: Yosys makes and-inverter circuits of the sound and the faulty module, and ABC merges their nodes by induction (<c>scorr</c>), over all cycles and
/// from any start state on that a reset leads into, with resets at any time; where that does not close, by property directed reachability (<c>pdr</c>, A. R. Bradley, 2011). Words of a memory may stand at other addresses, by one bit, in the faulty one.
/// </summary>
internal static partial class EquivalentFault
{
    private const int MostRelations = 8;

    /// <summary>Tries a proof: of the module by itself first (<see cref="BoxedModule"/>), then with all that is in it.</summary>
    /// <param name="sound">The circuit of the module without the fault, by itself or not.</param>
    /// <param name="faulty">The design with it.</param>
    /// <param name="top">The module whose outputs are compared.</param>
    /// <param name="movesWords">Whether each word of a memory may stand at another address.</param>
    /// <param name="timeLimit">The time for each tool.</param>
    /// <returns>True when it is proved.</returns>
    public static bool IsProved(Func<bool, AndInverterGraph?> sound, Design faulty, string top, bool movesWords, TimeSpan timeLimit) => InFolder(folder =>
    {
        var read = Json(folder, "faulty", faulty);
        return ((bool[])[true, false]).Any(boxed => IsProved(folder, sound(boxed), Graph(folder, "faulty", read, top, boxed, timeLimit), Resets(faulty, top), movesWords && !boxed, timeLimit));
    });

    /// <summary>The circuit of a module in a design, by itself or with all that is in it; null when it is not made in time.</summary>
    public static AndInverterGraph? Circuit(Design design, string top, bool boxed, TimeSpan timeLimit) => InFolder(folder => Graph(folder, "sound", Json(folder, "sound", design), top, boxed, timeLimit));

    /// <summary>Tries a proof of two texts.</summary>
    public static bool IsProved(IReadOnlyList<SourceFile> sound, IReadOnlyList<SourceFile> faulty, string top, IReadOnlyCollection<string> resets, TimeSpan timeLimit) => InFolder(folder =>
    {
        var (left, right) = (Verilog(folder, "sound", sound), Verilog(folder, "faulty", faulty));
        return ((bool[])[true, false]).Any(boxed => IsProved(folder, Graph(folder, "sound", left, top, boxed, timeLimit), Graph(folder, "faulty", right, top, boxed, timeLimit), resets, false, timeLimit));
    });

    /// <summary>The inputs of a module that reset it when they are 0.</summary>
    public static IReadOnlyCollection<string> Resets(Design design, string module)
    {
        var top = design.Modules.Single(m => m.Name == module);
        return [.. top.Domains.Where(domain => top.UsesReset(domain)).Select(domain => domain.Reset).Distinct()];
    }

    private static bool IsProved(string folder, AndInverterGraph? left, AndInverterGraph? right, IReadOnlyCollection<string> resets, bool movesWords, TimeSpan timeLimit) =>
        left is not null && right is not null && StartRelations(left).Take(movesWords ? MostRelations : 1).Any(standsFor => IsProved(folder, new GraphPair(left, right, resets, standsFor), timeLimit));

    private static T InFolder<T>(Func<string, T> work)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-mutation-").FullName;
        try
        {
            return work(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsProved(string folder, GraphPair pair, TimeSpan timeLimit)
    {
        ProgramResult Abc(string script) =>
            OutsideProgram.Run(new ProgramRequest("yosys-abc", ["-c", $"read_aiger pair.aig; strash; {script}; print_status"]) { WorkingDirectory = folder, TimeLimit = timeLimit });
        File.WriteAllBytes(Path.Combine(folder, "pair.aig"), pair.ToBytes());

        // Where a few cycles show a difference, induction need not be tried.
        if (Abc("bmc2 -F 4 -T 10").Output.Contains("Status = 0", StringComparison.Ordinal))
        {
            return false;
        }

        var result = Abc("scorr; print_stats; iprove");
        if (result.TimedOut)
        {
            return false;
        }

        if (result.Output.Contains("Status = 1", StringComparison.Ordinal) && NoLatches().IsMatch(result.Output))
        {
            return true;
        }

        // Small ones only: what is left is a matter of states that are never reached.
        var search = Abc(FormattableString.Invariant($"scorr; pdr -T {timeLimit.TotalSeconds / 3:F0}"));
        return !search.TimedOut && search.Output.Contains("Property proved", StringComparison.Ordinal);
    }

    /// <summary>Each register begins as itself; or the words of one memory as those whose address differs in one bit.</summary>
    private static IEnumerable<Func<string, string>> StartRelations(AndInverterGraph graph)
    {
        yield return name => name;
        var words = graph.Latches.Select(latch => Word().Match(latch.Name)).Where(match => match.Success).ToList();
        var names = graph.Latches.Select(latch => latch.Name).ToHashSet(StringComparer.Ordinal);
        var memories = words.GroupBy(word => word.Groups[1].Value).OrderByDescending(group => group.Any(word => word.Groups[3].Length > 0))
            .Select(group => (Name: group.Key, Last: group.Max(Address), IsWide: group.Any(word => word.Groups[3].Length > 0))).ToList();

        // The words of all memories that are wider than a bit, then those of one memory, which may be a register too.
        foreach (var moved in memories.Select(memory => memories.Where(other => other == memory)).Prepend(memories.Where(memory => memory.IsWide)).Select(some => some.ToList()).Where(some => some.Count > 0))
        {
            for (var bit = 1; bit <= moved.Max(memory => memory.Last); bit <<= 1)
            {
                var flipped = bit;
                yield return name => Word().Match(name) is { Success: true } match && moved.Any(memory => memory.Name == match.Groups[1].Value)
                    && FormattableString.Invariant($"{match.Groups[1].Value}[{Address(match) ^ flipped}]{match.Groups[3].Value}") is var other && names.Contains(other) ? other : name;
            }
        }

        static int Address(Match match) => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
    }

    private static string Json(string folder, string name, Design design)
    {
        File.WriteAllText(Path.Combine(folder, name + ".json"), YosysJson.Write(design));
        return $"read_json {name}.json";
    }

    private static string Verilog(string folder, string name, IReadOnlyList<SourceFile> files)
    {
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}_{file.Name}"), file.Text);
        }

        return "read_verilog " + string.Join(' ', files.Select(file => $"{name}_{file.Name}"));
    }

    private static AndInverterGraph? Graph(string folder, string name, string read, string top, bool boxed, TimeSpan timeLimit)
    {
        if (boxed)
        {
            if (!Yosys(folder, name, [read, $"hierarchy -top {top}", "proc", "opt_clean", "memory_collect", $"write_json {name}_whole.json"], timeLimit))
            {
                return null;
            }

            File.WriteAllText(Path.Combine(folder, name + "_boxed.json"), BoxedModule.Of(File.ReadAllText(Path.Combine(folder, name + "_whole.json")), top));
            read = $"read_json {name}_boxed.json";
        }

        return Yosys(
            folder, name,
            [
                read, $"hierarchy -top {top}", "proc", "flatten", "memory_map", "async2sync", "dffunmap", "opt_expr", "opt_clean", "techmap", "setundef -zero", "setundef -undriven -zero", "opt_expr", "opt_clean", "aigmap",
                $"write_aiger -ascii -symbols {name}.aag",
            ],
            timeLimit) ? AndInverterGraph.Parse(File.ReadAllText(Path.Combine(folder, name + ".aag"))) : null;
    }

    /// <summary>Runs a script; false when it did not end in time.</summary>
    private static bool Yosys(string folder, string name, string[] script, TimeSpan timeLimit)
    {
        File.WriteAllText(Path.Combine(folder, name + ".ys"), string.Join('\n', script) + "\n");
        var result = OutsideProgram.Run(ProgramRequest.Of("yosys", "-q", "-s", name + ".ys") with { WorkingDirectory = folder, TimeLimit = timeLimit });
        if (!result.TimedOut)
        {
            result.EnsureSucceeded();
        }

        return !result.TimedOut;
    }

    [GeneratedRegex(@"lat =\s+0 ")]
    private static partial Regex NoLatches();

    /// <summary>A bit of a word of a memory: the memory, the address, the bit.</summary>
    [GeneratedRegex(@"^(.*?)\[(\d+)\](\[\d+\]|)$")]
    private static partial Regex Word();
}
