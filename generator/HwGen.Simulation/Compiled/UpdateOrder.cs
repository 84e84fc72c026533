using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Puts the changes at a clock edge into an order in which a register or memory is changed after all others have read its old value.
/// What cannot be ordered so (two registers that swap) waits until all new values are known.
/// </summary>
internal sealed class UpdateOrder
{
    private readonly ModulePlan _plan;
    private readonly List<Update> _order = [];
    private readonly HashSet<Update> _delayed = [];

    public UpdateOrder(ModulePlan plan, string clock)
    {
        _plan = plan;
        var updates = Update.Of(plan.Graph, clock).ToArray();
        var reads = updates.Select(Reads).ToArray();
        foreach (var (update, index) in updates.Select((update, index) => (update, index)))
        {
            // A wide register that reads itself would be changed word by word under its own eyes; write ports of one memory have an order of their own.
            var isWideLoop = update.Register >= 0 && ModulePlan.IsWide(plan.Graph.Registers[update.Register].Width) && reads[index].Contains(Target(update));
            if (isWideLoop || (update.Register < 0 && plan.Graph.Memories[update.Memory].Writes.Count > 1))
                _delayed.Add(update);
        }

        Sort(updates, reads);
    }

    public IReadOnlyList<Update> Updates => _order;

    public IReadOnlySet<Update> Delayed => _delayed;

    /// <summary>A number for what is changed: registers from 0, memories below 0; those of an array go by the first.</summary>
    private static int Target(Update update) => update.Register >= 0 ? update.Register : ~update.Memory;

    private int TargetOfRegister(int register) => _plan.Vectors.UpdateOf(register) is { } update ? _plan.Graph.Nodes[update.Array.Nodes[0]].Payload : register;

    private int TargetOfMemory(int memory) => ~(_plan.Vectors.MemoriesOf(memory) is { Write: not null } array ? array.Memories[0] : memory);

    /// <summary>The registers and memories that are read at the edge for a change.</summary>
    private HashSet<int> Reads(Update update)
    {
        var graph = _plan.Graph;
        var reads = new HashSet<int>();
        foreach (var node in update.Operands(_plan).Select(operand => operand.Node).Concat(update.Vectors(_plan).SelectMany(vector => ModulePlan.Leaves(vector.Value))))
            AddRegister(node);
        var seen = new HashSet<Item>();
        var stack = new Stack<Item>(update.Needed(_plan));
        while (stack.TryPop(out var item))
        {
            if (!seen.Add(item) || _plan.IsInTask(item))
                continue;
            if (item.Kind == ItemKind.Node && graph.Nodes[item.First] is { Kind: NodeKind.MemoryRead, Payload: var memory })
                reads.Add(TargetOfMemory(memory));
            if (item.Kind == ItemKind.Array && _plan.Vectors.Arrays[item.First].Memories is { } memories)
                reads.UnionWith(memories.Memories.Select(TargetOfMemory));
            foreach (var node in _plan.Operands(item))
                AddRegister(node);
            foreach (var needed in _plan.Dependencies(item))
                stack.Push(needed);
        }

        return reads;

        void AddRegister(int node)
        {
            if (graph.Nodes[node] is { Kind: NodeKind.Register, Payload: var register })
                reads.Add(TargetOfRegister(register));
        }
    }

    private void Sort(Update[] updates, HashSet<int>[] reads)
    {
        var readers = new Dictionary<int, List<int>>();
        for (var index = 0; index < updates.Length; index++)
        {
            foreach (var target in reads[index].Where(target => target != Target(updates[index])))
            {
                if (!readers.TryGetValue(target, out var list))
                    readers.Add(target, list = []);
                list.Add(index);
            }
        }

        var waiting = updates.Select(update => _delayed.Contains(update) ? 0 : readers.GetValueOrDefault(Target(update))?.Count ?? 0).ToArray();
        var writers = Enumerable.Range(0, updates.Length).ToLookup(index => Target(updates[index]));
        var isDone = new bool[updates.Length];
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, updates.Length).Where(index => waiting[index] == 0).Select(index => (index, index)));
        var next = 0;
        while (_order.Count < updates.Length)
        {
            if (!ready.TryDequeue(out var index, out _))
            {
                // A loop of registers that read each other: the first of them waits, which frees it from its readers.
                while (isDone[next])
                    next++;
                index = next;
                _delayed.Add(updates[index]);
            }

            if (isDone[index])
                continue;
            isDone[index] = true;
            _order.Add(updates[index]);
            foreach (var target in reads[index].Where(target => target != Target(updates[index])))
            {
                foreach (var writer in writers[target])
                {
                    if (--waiting[writer] == 0)
                        ready.Enqueue(writer, writer);
                }
            }
        }
    }
}
