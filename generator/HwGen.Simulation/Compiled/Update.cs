using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>A change of state at a rising edge: of a register, or of a memory by one of its write ports.</summary>
/// <param name="Register">The register; −1 for a memory.</param>
/// <param name="Memory">The memory; −1 for a register.</param>
/// <param name="Write">The memory's write port.</param>
internal readonly record struct Update(int Register, int Memory = -1, int Write = 0)
{
    /// <summary>What it reads, and how.</summary>
    public IEnumerable<(int Node, Reading Reading)> Operands(ModulePlan plan)
    {
        var graph = plan.Graph;
        if (Register >= 0)
        {
            var register = graph.Registers[Register];
            var isWide = ModulePlan.IsWide(register.Width);
            foreach (var drive in register.Drives)
            {
                if (drive.Condition >= 0)
                    yield return (plan.Source(drive.Condition), Reading.Once);
                var reading = !isWide ? Reading.Once
                    : BitWords.Count(register.Width) > Demand.MostUnrolledWords ? Reading.ByAddress : Reading.WordByWord;
                yield return (plan.Source(drive.Value), reading);
            }

            yield break;
        }

        var write = graph.Memories[Memory].Writes[Write];
        yield return (plan.Source(write.Enable), Reading.Once);
        var wideAddress = ModulePlan.IsWide(plan.Width(write.Address));
        yield return (plan.Source(write.Address), wideAddress ? Reading.ByAddress : Reading.Once);
        yield return (plan.Source(write.Data), ModulePlan.IsWide(graph.Memories[Memory].Width) ? Reading.ByAddress : Reading.Once);
    }

    /// <summary>All changes of a module at the rising edge of a clock.</summary>
    public static IEnumerable<Update> Of(FlatGraph graph, string clock)
    {
        for (var memory = 0; memory < graph.Memories.Count; memory++)
        {
            for (var write = 0; graph.Memories[memory].Domain.Clock == clock && write < graph.Memories[memory].Writes.Count; write++)
                yield return new Update(-1, memory, write);
        }

        for (var register = 0; register < graph.Registers.Count; register++)
        {
            if (graph.Registers[register].Domain.Clock == clock)
                yield return new Update(register);
        }
    }
}
