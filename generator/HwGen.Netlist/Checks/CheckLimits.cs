namespace HwGen.Netlist.Checks;

/// <summary>What the checks did not look at in a design.</summary>
internal static class CheckLimits
{
    /// <summary>What mistakes hide.</summary>
    public static IEnumerable<string> OfMistakes(IReadOnlyList<Diagnostic> mistakes)
    {
        if (mistakes.Any(m => m.Code == DiagnosticCodes.NoDriver))
        {
            yield return "Combinational loops and clock crossings through what has no driver.";
        }

        if (mistakes.Any(m => m.Code is DiagnosticCodes.Width or DiagnosticCodes.SliceRange or DiagnosticCodes.ForeignSignal or DiagnosticCodes.UnreadablePort))
        {
            yield return "What reads the operands of the mistakes above: 0 stands in for them.";
        }

        if (mistakes.Any(m => m.Code == DiagnosticCodes.ModuleNameClash))
        {
            yield return "The second module of each name that two share.";
        }
    }

    public static IReadOnlyList<string> Of(ModuleGraph top, IReadOnlyList<ModuleGraph> modules)
    {
        var limits = new List<string>();
        foreach (var module in modules.Where(m => m.BlackBox is not null))
        {
            limits.Add($"Combinational loops and clock crossings through the black box {module.BlackBox!.ModuleName}: its outputs are taken as constant.");
        }

        foreach (var module in modules)
        {
            foreach (var wire in module.Wires.Where(w => w.CrossingReason is not null))
            {
                limits.Add($"The clock crossing {module.Name}.{wire.Name}: {wire.CrossingReason}.");
            }
        }

        if (top.Domains.Count > 1 && top.Ports.Any(p => p.IsInput))
        {
            limits.Add($"The clocks of the inputs of {top.Name}: each is taken to belong to the clock that reads it.");
        }

        if (modules.SelectMany(m => m.Memories).Any(m => (m.Depth & (m.Depth - 1)) != 0))
        {
            limits.Add("Addresses past the end of memories whose depth is no power of two: such a read is undefined.");
        }

        return limits;
    }
}
