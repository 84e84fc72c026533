using HwGen.Mutation.Tests.Benches;

namespace HwGen.Mutation.Tests;

/// <summary>What became of a fault.</summary>
internal enum Outcome
{
    /// <summary>Vectors saw it.</summary>
    CaughtByVectors,

    /// <summary>A proof that holds for the sound block does not hold.</summary>
    CaughtByProof,

    /// <summary>It is proved that nothing differs.</summary>
    Equivalent,

    /// <summary>Nothing saw it, and it is not proved that nothing differs.</summary>
    Survived,
}

/// <summary>A fault and what became of it.</summary>
/// <param name="Number">The fault's number in the draw.</param>
/// <param name="Block">The kind of module.</param>
/// <param name="Core">The core that it was drawn from.</param>
/// <param name="What">The fault in words.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="By">What saw it.</param>
internal sealed record Verdict(int Number, string Block, string Core, string What, Outcome Outcome, string By)
{
    private static readonly TimeSpan s_proofTime = TimeSpan.FromMinutes(2);

    /// <summary>One line, to be read again by <see cref="Parse"/>.</summary>
    public string Line => string.Join('\t', FormattableString.Invariant($"{Number}"), Block, Core, What, Outcome, By.Replace('\t', ' ').ReplaceLineEndings(" "));

    public static Verdict Parse(string line)
    {
        var parts = line.Split('\t');
        return new Verdict(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1], parts[2], parts[3], Enum.Parse<Outcome>(parts[4]), parts[5]);
    }

    /// <summary>Runs vectors on a fault until one sees it.</summary>
    /// <param name="number">The fault's number.</param>
    /// <param name="fault">The fault.</param>
    public static Verdict ByVectors(int number, DrawnFault fault)
    {
        foreach (var bench in BenchesOf(fault))
        {
            if (bench.Catch(bench.With(fault.Module, fault.Fault)) is { } seen)
            {
                return Of(number, fault, Outcome.CaughtByVectors, $"{bench.Name}: {seen}");
            }
        }

        return Of(number, fault, Outcome.Survived);
    }

    /// <summary>Tries proofs that hold for the sound block, then a proof that the fault changes nothing.</summary>
    /// <param name="number">The fault's number.</param>
    /// <param name="fault">The fault, which no vector saw.</param>
    public static Verdict ByProofs(int number, DrawnFault fault)
    {
        if (ProofBench.All.FirstOrDefault(proof => proof.Refutes(fault)) is { } refuted)
        {
            return Of(number, fault, Outcome.CaughtByProof, refuted.Name);
        }

        return Of(number, fault, fault.Core.IsEquivalent(fault.Module, fault.Fault, s_proofTime) ? Outcome.Equivalent : Outcome.Survived);
    }

    private static IEnumerable<Bench> BenchesOf(DrawnFault fault) => Campaign.BenchesOf(fault, [.. Units.All, .. Cores.All]);

    private static Verdict Of(int number, DrawnFault fault, Outcome outcome, string by = "") => new(number, fault.Block, fault.Core.Name, fault.What, outcome, by);
}
