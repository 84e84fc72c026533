namespace HwGen.Synthesis.Timing;

/// <summary>A step of a path.</summary>
/// <param name="Signal">The net in the terms of the source, or its name in the netlist where it has none there.</param>
/// <param name="Cell">The cell that drives it; <c>in</c> for a port.</param>
/// <param name="Delay">Nanoseconds of the cell.</param>
/// <param name="Time">Nanoseconds since the clock edge.</param>
public sealed record TimingStep(string Signal, string Cell, double Delay, double Time);

/// <summary>A path from a register or input to a register or output.</summary>
/// <param name="From">Where it begins, in the terms of the source: <c>macro.lane_3.cells[5]</c>.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Arrival">Nanoseconds from the clock edge, or from the input, to its end.</param>
/// <param name="Steps">Its cells.</param>
public sealed record TimingPath(string From, string To, double Arrival, IReadOnlyList<TimingStep> Steps)
{
    /// <summary>The blocks that it passes, in order, each once in a row; the top itself is <c>top</c>.</summary>
    public IReadOnlyList<string> Blocks
    {
        get
        {
            var blocks = new List<string>();
            foreach (var signal in Steps.Select(step => step.Signal).Where(IsOfTheSource).Append(To))
            {
                var block = signal.LastIndexOf('.') is > 0 and var dot ? signal[..dot] : "top";
                if (blocks.Count == 0 || blocks[^1] != block)
                    blocks.Add(block);
            }
            return blocks;
        }
    }

    /// <summary>Whether a name is one of the source, not one that synthesis made.</summary>
    public static bool IsOfTheSource(string name) =>
        !(name.Length > 2 && name[0] == '_' && name[^1] == '_' && name[1..^1].All(char.IsAsciiDigit)) && !name.Contains('$', StringComparison.Ordinal);
}

/// <summary>The timing of a netlist.</summary>
/// <param name="MinimumPeriod">The shortest clock period in nanoseconds that has no negative slack, found by search; for logic without a clock the longest delay.</param>
/// <param name="WorstPath">The path that decides it; null where the tool shows none.</param>
/// <param name="Tool">What looked at it.</param>
public sealed record TimingResult(double MinimumPeriod, TimingPath? WorstPath, string Tool)
{
    /// <summary>The highest clock in megahertz.</summary>
    public double MaximumFrequency => 1000 / MinimumPeriod;
}
