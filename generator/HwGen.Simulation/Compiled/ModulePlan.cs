using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>Thrown inside the planner when an instance must be run in parts.</summary>
internal sealed class NeedsSplitException(IReadOnlyCollection<FlatGraph> modules) : Exception
{
    public IReadOnlyCollection<FlatGraph> Modules { get; } = modules;
}

/// <summary>What of a module is computed in which order, and where its values are in the frame of an instance.</summary>
internal sealed partial class ModulePlan
{
    private readonly Dictionary<FlatGraph, ModulePlan> _plans;
    private readonly bool _isTracing;
    private readonly Dictionary<Item, int> _taskOfItem = [];
    private readonly Dictionary<int, int> _taskOfOutput = [];
    private readonly Dictionary<int, int> _slots = [];
    private readonly int[] _inputs;
    private readonly int[] _registers;
    private readonly int[] _memories;
    private readonly int[] _children;
    private readonly int?[] _outputSlots;

    public ModulePlan(FlatGraph graph, Dictionary<FlatGraph, ModulePlan> plans, bool isSplit, bool isTracing)
    {
        Graph = graph;
        _plans = plans;
        _isTracing = isTracing;
        _inputs = [.. graph.Ports.Select(port => port.IsInput ? Reserve(1) : -1)];
        if (isSplit)
            Vectors.KeepPlacesOnly();
        _registers = PlaceRegisters();
        _children = [.. graph.Instances.Select(instance => Reserve(plans[instance.Module].FrameWords, padded: true))];
        _outputSlots = new int?[graph.Ports.Count];
        PlaceVectors();
        // Memories last: what is used in every cycle stays together.
        _memories = PlaceMemories();
        if (isSplit)
            PlanTasks();
        else
            PlanOneTask();
        foreach (var port in OutputPorts())
            PlaceOfOutput(port);
        foreach (var (_, node) in _isTracing ? graph.Signals : [])
        {
            if (node >= 0)
                PlaceOf(Source(node));
        }
    }

    public FlatGraph Graph { get; }

    public VectorFinder Vectors => Graph.Vectors;

    /// <summary>Whether all named values must be in the frame.</summary>
    public bool IsTracing => _isTracing;

    /// <summary>The words of a frame, those of the instances in it included.</summary>
    public int FrameWords { get; private set; }

    public List<EvaluationTask> Tasks { get; } = [];

    /// <summary>Constants that need an address, with their places.</summary>
    public Dictionary<int, int> ConstantSlots { get; } = [];

    /// <summary>Nodes that the combinational tasks compute and that are read outside the method that computes them, with their places.</summary>
    public IReadOnlyDictionary<int, int> Slots => _slots;

    public static bool IsWide(int width) => width > 64;

    public int Width(int node) => Graph.Nodes[node].Width;

    public int InputOffset(int port) => _inputs[port];

    public int RegisterOffset(int register) => _registers[register];

    public int MemoryOffset(int memory) => _memories[memory];

    /// <summary>Words of the frame from one word of a memory to the next.</summary>
    public int MemoryStride(int memory) => Vectors.MemoriesOf(memory)?.Stride ?? BitWords.Count(Graph.Memories[memory].Width);

    public int ChildOffset(int instance) => _children[instance];

    public ModulePlan Child(int instance) => _plans[Graph.Instances[instance].Module];

    /// <summary>Follows wires to what drives them.</summary>
    public int Source(int node) => Graph.Source(node);

    public static bool IsOperator(NodeKind kind) =>
        kind is not (NodeKind.Constant or NodeKind.Input or NodeKind.Register or NodeKind.Wire or NodeKind.InstanceOutput);

    public bool IsOperatorNode(int node) => IsOperator(Graph.Nodes[node].Kind);

    /// <summary>Whether a combinational task does the step.</summary>
    public bool IsInTask(Item item) => _taskOfItem.ContainsKey(item);

    /// <summary>The place of a node that is read from another method than the one that computes it.</summary>
    public int Slot(int node)
    {
        if (!_slots.TryGetValue(node, out var slot))
            _slots.Add(node, slot = Reserve(BitWords.Count(Width(node))));
        return slot;
    }

    public int ConstantSlot(int node)
    {
        if (!ConstantSlots.TryGetValue(node, out var slot))
            ConstantSlots.Add(node, slot = Reserve(BitWords.Count(Width(node))));
        return slot;
    }

    /// <summary>Room in the frame for a method's own use.</summary>
    public int Reserve(int words, bool padded = false)
    {
        var offset = padded ? (FrameWords + 7) & ~7 : FrameWords;
        FrameWords = checked(offset + words);
        return offset;
    }

    /// <summary>Where a node that is no operator, or that has a slot, is.</summary>
    public Place PlaceOf(int node)
    {
        var entry = Graph.Nodes[node];
        switch (entry.Kind)
        {
            case NodeKind.Constant:
                return new Place(ConstantSlot(node));
            case NodeKind.Input:
                return new Place(_inputs[entry.Payload], IsWide(entry.Width));
            case NodeKind.Register:
                return new Place(_registers[entry.Payload]);
            case NodeKind.InstanceOutput:
                var (instance, port) = Graph.InstanceOutputs[entry.Payload];
                return new Place(_children[instance] + Child(instance).PlaceOfOutput(port).Offset);
            default:
                return new Place(Slot(node));
        }
    }

    /// <summary>Where an output port's value is; never behind a pointer.</summary>
    public Place PlaceOfOutput(int port)
    {
        var node = Source(Graph.Ports[port].Node);
        // An input that is passed through has a copy: the value of a wide one is in another frame.
        return Graph.Nodes[node].Kind == NodeKind.Input
            ? new Place(_outputSlots[port] ??= Reserve(BitWords.Count(Graph.Ports[port].Width)))
            : PlaceOf(node);
    }

    /// <summary>Whether the value there changes with the clock, before the instances below have used it.</summary>
    public bool ChangesWithClock(int node)
    {
        var entry = Graph.Nodes[node];
        if (entry.Kind == NodeKind.Register)
            return true;
        if (entry.Kind != NodeKind.InstanceOutput)
            return false;
        var (instance, port) = Graph.InstanceOutputs[entry.Payload];
        var child = Child(instance);
        return child.ChangesWithClock(child.Source(child.Graph.Ports[port].Node));
    }

    /// <summary>False for an output that is a register or a constant: its value is always there.</summary>
    private bool IsOutputComputed(int port)
    {
        var entry = Graph.Nodes[Source(Graph.Ports[port].Node)];
        if (entry.Kind != NodeKind.InstanceOutput)
            return entry.Kind is not (NodeKind.Register or NodeKind.Constant);
        var (instance, output) = Graph.InstanceOutputs[entry.Payload];
        return Child(instance).IsOutputComputed(output);
    }

    private IEnumerable<int> OutputPorts() => Enumerable.Range(0, Graph.Ports.Count).Where(port => !Graph.Ports[port].IsInput);

    /// <summary>The steps that the outside or the instances need, or that a trace shows.</summary>
    private IEnumerable<Item> Roots()
    {
        foreach (var port in OutputPorts().Where(IsOutputComputed))
            yield return new Item(ItemKind.Output, port);
        for (var instance = 0; instance < Graph.Instances.Count; instance++)
        {
            foreach (var port in InputPorts(instance))
                yield return new Item(ItemKind.Store, instance, port);
            for (var task = 0; task < Child(instance).Tasks.Count; task++)
                yield return new Item(ItemKind.Call, instance, task);
        }

        if (_isTracing)
        {
            foreach (var (_, node) in Graph.Signals)
            {
                if (node >= 0 && IsOperatorNode(Source(node)) && ItemOf(node) is { } item)
                    yield return item;
            }
        }
    }

    private IEnumerable<int> InputPorts(int instance)
    {
        var ports = Graph.Instances[instance].Module.Ports;
        return Enumerable.Range(0, ports.Count).Where(port => ports[port].IsInput);
    }

    /// <summary>The steps that must come before a step.</summary>
    public IEnumerable<Item> Dependencies(Item item)
    {
        switch (item.Kind)
        {
            case ItemKind.Array:
                var array = Vectors.Arrays[item.First];
                foreach (var needed in array.Operands.Concat(array.Parts.Select(part => part.Value).OfType<VectorValue>()).Select(ItemOf).OfType<Item>())
                    yield return needed;
                foreach (var needed in LoneNodes(array).Select(ItemOf).OfType<Item>())
                    yield return needed;
                break;
            case ItemKind.Node when Vectors.IndexedBy(item.First) is { } options:
                if (ItemOf(options) is { } vector)
                    yield return vector;
                if (Graph.Nodes[item.First].Kind == NodeKind.Select && ItemOf(Graph.Operands(item.First)[0]) is { } selector)
                    yield return selector;
                break;
            case ItemKind.Node:
                foreach (var operand in Graph.Operands(item.First).ToArray())
                {
                    if (ItemOf(operand) is { } needed)
                        yield return needed;
                }

                break;
            case ItemKind.Output:
                if (ItemOf(Graph.Ports[item.First].Node) is { } driver)
                    yield return driver;
                break;
            case ItemKind.Store:
                if (ItemOf(Graph.Instances[item.First].Connections[item.Second]) is { } value)
                    yield return value;
                break;
            case ItemKind.Call:
                var task = Child(item.First).Tasks[item.Second];
                foreach (var input in task.Inputs.Order())
                    yield return new Item(ItemKind.Store, item.First, input);
                foreach (var earlier in task.After.Order())
                    yield return new Item(ItemKind.Call, item.First, earlier);
                break;
        }
    }

    /// <summary>The step that makes a vector; null for what is there already.</summary>
    public Item? ItemOf(VectorValue value) => value switch
    {
        { Kind: VectorKind.Uniform or VectorKind.Bits } => ItemOf(value.Node),
        { Array: { Kind: not ArrayKind.Registers } array } => new Item(ItemKind.Array, array.Index),
        _ => null,
    };

    /// <summary>The step that makes a node's value; null for what is there already.</summary>
    public Item? ItemOf(int node)
    {
        var source = Source(node);
        if (Vectors.OperatorOf(source) is { } array)
            return new Item(ItemKind.Array, array.Index);
        var entry = Graph.Nodes[source];
        if (entry.Kind == NodeKind.InstanceOutput)
        {
            var (instance, port) = Graph.InstanceOutputs[entry.Payload];
            var child = Child(instance);
            return child._taskOfOutput.TryGetValue(port, out var task) ? new Item(ItemKind.Call, instance, task) : null;
        }

        return IsOperator(entry.Kind) ? new Item(ItemKind.Node, source) : null;
    }

    /// <summary>All steps in an order in which each comes after what it depends on.</summary>
    private List<Item> Order()
    {
        var order = new List<Item>();
        var state = new Dictionary<Item, bool>();
        var path = new Stack<(Item Item, IEnumerator<Item> Pending)>();
        foreach (var root in Roots())
        {
            if (!state.TryAdd(root, false))
                continue;
            path.Push((root, Dependencies(root).GetEnumerator()));
            while (path.TryPeek(out var step))
            {
                if (!step.Pending.MoveNext())
                {
                    path.Pop();
                    state[step.Item] = true;
                    order.Add(step.Item);
                }
                else if (state.TryAdd(step.Pending.Current, false))
                {
                    path.Push((step.Pending.Current, Dependencies(step.Pending.Current).GetEnumerator()));
                }
                else if (!state[step.Pending.Current])
                {
                    var loop = path.Select(entry => entry.Item).TakeWhile(item => item != step.Pending.Current).Append(step.Pending.Current);
                    throw new NeedsSplitException([.. loop.Where(item => item.Kind == ItemKind.Call).Select(item => Graph.Instances[item.First].Module)]);
                }
            }
        }

        return order;
    }

    private void PlanOneTask()
    {
        List<Item> order;
        try
        {
            order = Order();
        }
        catch (NeedsSplitException)
        {
            // A vector may need an instance that needs another element of it.
            Vectors.KeepPlacesOnly();
            order = Order();
        }

        var inputs = Signatures(order);
        var task = new EvaluationTask { Inputs = [.. order.SelectMany(item => inputs[item])] };
        task.Items.AddRange(order);
        AddTask(task);
    }

    private void PlanTasks()
    {
        var order = Order();
        var inputs = Signatures(order);
        var byInputs = new Dictionary<string, int>(StringComparer.Ordinal);
        // A step belongs to the task of exactly the inputs that it depends on: its task can always run before those that use it.
        foreach (var item in order.Where(IsForOutputs(order).Contains))
        {
            var key = string.Join(',', inputs[item].Order());
            if (!byInputs.TryGetValue(key, out var index))
            {
                byInputs.Add(key, index = Tasks.Count);
                AddTask(new EvaluationTask { Inputs = inputs[item] });
            }

            Tasks[index].Items.Add(item);
            Note(item, index);
        }

        // What no output needs waits until all inputs are there.
        var rest = order.Where(item => !_taskOfItem.ContainsKey(item)).ToList();
        if (rest.Count > 0)
        {
            var task = new EvaluationTask { Inputs = [.. rest.SelectMany(item => inputs[item])] };
            task.Items.AddRange(rest);
            AddTask(task);
        }

        for (var index = 0; index < Tasks.Count; index++)
            Tasks[index].After.UnionWith(Tasks[index].Items.SelectMany(Dependencies).Select(item => _taskOfItem[item]).Where(other => other != index));
    }

    private HashSet<Item> IsForOutputs(List<Item> order)
    {
        var needed = order.Where(item => item.Kind == ItemKind.Output).ToHashSet();
        foreach (var item in Enumerable.Reverse(order).Where(needed.Contains))
            needed.UnionWith(Dependencies(item));
        return needed;
    }

    private void AddTask(EvaluationTask task)
    {
        Tasks.Add(task);
        foreach (var item in task.Items)
            Note(item, Tasks.Count - 1);
    }

    private void Note(Item item, int task)
    {
        _taskOfItem[item] = task;
        if (item.Kind == ItemKind.Output)
            _taskOfOutput[item.First] = task;
    }

    /// <summary>The input ports that each step depends on.</summary>
    private Dictionary<Item, HashSet<int>> Signatures(List<Item> order)
    {
        var signatures = new Dictionary<Item, HashSet<int>>();
        foreach (var item in order)
        {
            var inputs = new HashSet<int>();
            foreach (var dependency in Dependencies(item))
                inputs.UnionWith(signatures[dependency]);
            foreach (var node in Operands(item))
            {
                if (Graph.Nodes[node] is { Kind: NodeKind.Input, Payload: var port })
                    inputs.Add(port);
            }

            signatures.Add(item, inputs);
        }

        return signatures;
    }

    /// <summary>The nodes of an array that no vector makes.</summary>
    public static IEnumerable<int> LoneNodes(VectorArray array) => array.Parts.Where(part => part.Value is null).SelectMany(part => array.Nodes[part.Start..(part.Start + part.Count)]);

    /// <summary>The nodes that a vector reads itself; those that the step before it has made are not among them.</summary>
    public static IEnumerable<int> Leaves(VectorValue value) => value switch
    {
        { Kind: VectorKind.Uniform or VectorKind.Bits } => [value.Node],
        { Array: { Kind: ArrayKind.Registers } array } => array.Nodes[value.Start..(value.Start + value.Count)],
        _ => [],
    };

    /// <summary>The nodes that a step reads, wires followed.</summary>
    public int[] Operands(Item item)
    {
        int[] nodes = item.Kind switch
        {
            ItemKind.Array when Vectors.Arrays[item.First] is var array =>
                [.. array.Operands.Concat(array.Parts.Select(part => part.Value).OfType<VectorValue>()).SelectMany(Leaves), .. LoneNodes(array)],
            ItemKind.Node when Vectors.IndexedBy(item.First) is { } value =>
                [.. Leaves(value), .. Graph.Nodes[item.First].Kind == NodeKind.Select ? [Graph.Operands(item.First)[0]] : Array.Empty<int>()],
            ItemKind.Node => Graph.Operands(item.First).ToArray(),
            ItemKind.Output => [Graph.Ports[item.First].Node],
            ItemKind.Store => [Graph.Instances[item.First].Connections[item.Second]],
            _ => [],
        };
        return [.. nodes.Select(Source)];
    }
}
