using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>A change of state at a rising edge: of a register, or of a memory by one of its write ports; or of all those of an array.</summary>
/// <param name="Register">The register, or the first of an array; −1 for a memory.</param>
/// <param name="Memory">The memory, or the first of an array; −1 for a register.</param>
/// <param name="Write">The memory's write port.</param>
internal readonly record struct Update(int Register, int Memory = -1, int Write = 0)
{
    /// <summary>What it reads beside vectors, and how.</summary>
    public IEnumerable<(int Node, Reading Reading)> Operands(ModulePlan plan)
    {
        var graph = plan.Graph;
        if (Register >= 0)
        {
            if (plan.Vectors.UpdateOf(Register) is not null)
                yield break;
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

        if (plan.Vectors.MemoriesOf(Memory)?.Write is not null)
            yield break;
        var write = graph.Memories[Memory].Writes[Write];
        yield return (plan.Source(write.Enable), Reading.Once);
        var wideAddress = ModulePlan.IsWide(plan.Width(write.Address));
        yield return (plan.Source(write.Address), wideAddress ? Reading.ByAddress : Reading.Once);
        yield return (plan.Source(write.Data), ModulePlan.IsWide(graph.Memories[Memory].Width) ? Reading.ByAddress : Reading.Once);
    }

    /// <summary>The vectors that it reads, and whether it needs their values in the frame.</summary>
    public IEnumerable<(VectorValue Value, bool MustBeStored)> Vectors(ModulePlan plan)
    {
        if (Register >= 0)
        {
            foreach (var (condition, value) in plan.Vectors.UpdateOf(Register)?.Drives ?? [])
            {
                if (condition is not null)
                    yield return (condition, false);
                yield return (value, false);
            }
        }
        else if (plan.Vectors.MemoriesOf(Memory)?.Write is { } write)
        {
            yield return (write.Enable, false);
            yield return (write.Address, false);
            yield return (write.Data, true);
        }
    }

    /// <summary>The steps that must come before it.</summary>
    public IEnumerable<Item> Needed(ModulePlan plan) => Operands(plan).Select(operand => plan.ItemOf(operand.Node))
        .Concat(Vectors(plan).Select(vector => plan.ItemOf(vector.Value))).OfType<Item>();

    /// <summary>All changes of a module at the rising edge of a clock.</summary>
    public static IEnumerable<Update> Of(FlatGraph graph, string clock)
    {
        for (var memory = 0; memory < graph.Memories.Count; memory++)
        {
            if (graph.Memories[memory].Domain.Clock != clock || (graph.Vectors.MemoriesOf(memory) is { Write: not null } array && array.Memories[0] != memory))
                continue;
            for (var write = 0; write < graph.Memories[memory].Writes.Count; write++)
                yield return new Update(-1, memory, write);
        }

        for (var register = 0; register < graph.Registers.Count; register++)
        {
            if (graph.Registers[register].Domain.Clock == clock
                && (graph.Vectors.UpdateOf(register) is not { } update || graph.Nodes[update.Array.Nodes[0]].Payload == register))
                yield return new Update(register);
        }
    }
}
