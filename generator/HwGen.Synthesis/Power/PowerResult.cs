namespace HwGen.Synthesis.Power;

/// <summary>Power in watts.</summary>
/// <param name="Internal">Inside of cells when signals change.</param>
/// <param name="Switching">The charging of pins.</param>
/// <param name="Static">When nothing changes.</param>
public readonly record struct PowerShares(double Internal, double Switching, double Static)
{
    /// <summary>All of it.</summary>
    public double Total => Internal + Switching + Static;

    /// <summary>Adds shares.</summary>
    public static PowerShares operator +(PowerShares a, PowerShares b) => new(a.Internal + b.Internal, a.Switching + b.Switching, a.Static + b.Static);
}

/// <summary>The power of a netlist at a clock, before layout.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Blocks">By block, in the terms of the source; <c>top</c> for what stands outside of any.</param>
/// <param name="MeanActivity">Changes a cycle, mean over the nets, clocks left out.</param>
/// <param name="MeasuredNets">The share of nets whose own changes were counted; the others take the mean of their block.</param>
public sealed record PowerResult(PowerShares Total, IReadOnlyDictionary<string, PowerShares> Blocks, double MeanActivity, double MeasuredNets);
