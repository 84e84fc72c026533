using System.Text.RegularExpressions;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Finds nodes of a module that do the same to different values, as the instances of an array of equal modules do: they become vectors. It begins at registers whose names
/// differ in numbers only and goes back through what drives them, as long as all drivers are alike.
/// </summary>
internal sealed partial class VectorFinder
{
    /// <summary>Fewer elements are not worth a vector.</summary>
    public const int Fewest = 8;
    private const int MostOptions = 8;
    private const int LargestDepth = 150;

    private readonly FlatGraph _graph;
    private readonly int[] _levels;
    private readonly Dictionary<int, (VectorArray Array, int Index)> _elements = [];
    private readonly Dictionary<int, MemoryArray> _memoryArrays = [];
    private readonly Dictionary<int, VectorUpdate> _updates = [];
    private readonly Dictionary<int, VectorValue> _indexed = [];
    private readonly Dictionary<string, VectorValue> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConstantVector> _constants = new(StringComparer.Ordinal);
    private readonly List<VectorArray> _arrays = [];

    public VectorFinder(FlatGraph graph)
    {
        _graph = graph;
        _levels = Levels();
        if (VectorCalls.Elements == 0)
            return;
        FindRegisters();
        foreach (var memories in _memoryArrays.Values.Distinct().ToArray())
            FindWrites(memories);
        FindIndexed();
    }

    public IReadOnlyList<VectorArray> Arrays => _arrays;

    public IEnumerable<ConstantVector> Constants => _constants.Values;

    public IEnumerable<MemoryArray> MemoryArrays => _memoryArrays.Values.Distinct();

    /// <summary>The array that a node is computed in; null for others.</summary>
    public VectorArray? OperatorOf(int node) => _elements.TryGetValue(node, out var element) && element.Array.Kind == ArrayKind.Operator ? element.Array : null;

    /// <summary>The registers that are changed together with a register; null when it is changed by itself.</summary>
    public VectorUpdate? UpdateOf(int register) => _updates.GetValueOrDefault(register);

    public MemoryArray? MemoriesOf(int memory) => _memoryArrays.GetValueOrDefault(memory);

    /// <summary>The options of a select, or the bits of a concatenation, lowest first, where they are beside each other; else null.</summary>
    public VectorValue? IndexedBy(int node) => _indexed.GetValueOrDefault(node);

    /// <summary>Gives up all vectors but not the places of registers and memories.</summary>
    public void KeepPlacesOnly()
    {
        foreach (var node in _elements.Where(pair => pair.Value.Array.Kind != ArrayKind.Registers).Select(pair => pair.Key).ToArray())
            _elements.Remove(node);
        _updates.Clear();
        _indexed.Clear();
        foreach (var memories in MemoryArrays)
            memories.Write = null;
    }

    private static string KeyOf(IEnumerable<int> nodes) => string.Join(',', nodes);

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    /// <summary>
    /// The longest path of operators to each node. Nodes of a vector have equal levels, so that no vector can need itself in the end.
    /// </summary>
    private int[] Levels()
    {
        var levels = new int[_graph.Nodes.Count];
        Array.Fill(levels, -1);
        var stack = new Stack<int>();
        for (var root = 0; root < levels.Length; root++)
        {
            stack.Push(root);
            while (stack.TryPop(out var node))
            {
                if (levels[node] >= 0)
                    continue;
                var kind = _graph.Nodes[node].Kind;
                int[] needed = kind == NodeKind.Wire ? [_graph.Driver(node)] : ModulePlan.IsOperator(kind) ? _graph.Operands(node).ToArray() : [];
                var missing = needed.Where(operand => levels[operand] < 0).ToArray();
                if (missing.Length == 0)
                {
                    levels[node] = kind == NodeKind.Wire ? levels[needed[0]] : needed.Length == 0 ? 0 : 1 + needed.Max(operand => levels[operand]);
                    continue;
                }

                stack.Push(node);
                foreach (var operand in missing)
                    stack.Push(operand);
            }
        }

        return levels;
    }

    private void FindRegisters()
    {
        var nodes = new int[_graph.Registers.Count];
        for (var node = 0; node < _graph.Nodes.Count; node++)
        {
            if (_graph.Nodes[node].Kind == NodeKind.Register)
                nodes[_graph.Nodes[node].Payload] = node;
        }

        var groups = Enumerable.Range(0, nodes.Length).Where(register => !ModulePlan.IsWide(_graph.Registers[register].Width))
            .GroupBy(register => Shape(_graph.Registers[register])).Select(group => group.ToArray()).Where(group => group.Length >= Fewest).ToArray();
        foreach (var group in groups)
            NewArray(ArrayKind.Registers, [.. group.Select(register => nodes[register])]);
        foreach (var array in _arrays.ToArray())
            FindUpdate(array);

        static (string, int, ClockDomain, System.Numerics.BigInteger?, string) Shape(FlatRegister register) => (
            Number().Replace(register.Path, "#"), register.Width, register.Domain, register.Reset,
            string.Concat(register.Drives.Select(drive => drive.Condition < 0 ? 'v' : 'c')));
    }

    private void FindUpdate(VectorArray array)
    {
        var registers = array.Nodes.Select(node => _graph.Registers[_graph.Nodes[node].Payload]).ToArray();
        var drives = Enumerable.Range(0, registers[0].Drives.Count).Select(drive => (
            Condition: registers[0].Drives[drive].Condition < 0 ? null : Find([.. registers.Select(register => register.Drives[drive].Condition)]),
            Value: Find([.. registers.Select(register => register.Drives[drive].Value)]))).ToArray();
        var values = drives.Select(drive => drive.Value).Concat(drives.Select(drive => drive.Condition).OfType<VectorValue>()).ToArray();
        if (values.Length == 0 || values.Count(value => !value.IsCheap) > values.Count(value => value.IsVector))
            return;
        var update = new VectorUpdate(array, drives);
        foreach (var node in array.Nodes)
            _updates.Add(_graph.Nodes[node].Payload, update);
    }

    private void FindWrites(MemoryArray array)
    {
        var memories = array.Memories.Select(memory => _graph.Memories[memory]).ToArray();
        if (memories.Any(memory => memory.Writes.Count != 1))
            return;
        var address = Find([.. memories.Select(memory => memory.Writes[0].Address)]);
        var enable = Find([.. memories.Select(memory => memory.Writes[0].Enable)]);
        var data = Find([.. memories.Select(memory => memory.Writes[0].Data)]);
        if (address.Kind == VectorKind.Uniform && enable.IsCheap && data.IsCheap && data.Kind != VectorKind.Bits)
            array.Write = (enable, address, data);
    }

    private void FindIndexed()
    {
        for (var node = 0; node < _graph.Nodes.Count; node++)
        {
            var kind = _graph.Nodes[node].Kind;
            var operands = _graph.Operands(node);
            if (kind is not (NodeKind.Select or NodeKind.Concatenate) || operands.Length < Fewest)
                continue;
            var options = kind == NodeKind.Select ? operands[1..].ToArray() : operands.ToArray();
            var widest = kind == NodeKind.Select ? 64 : 1;
            if (options.Length < Fewest || options.Any(option => _graph.Nodes[option].Width > widest) || _elements.ContainsKey(node))
                continue;
            if (kind == NodeKind.Concatenate)
                Array.Reverse(options);
            var value = Find(options);
            if (value.IsVector && (kind == NodeKind.Concatenate || value.Kind != VectorKind.Bits))
                _indexed.Add(node, value);
        }
    }

    /// <summary>The values of some nodes as a vector; where they have nothing in common, gathered ones.</summary>
    private VectorValue Find(int[] nodes, int depth = 0)
    {
        nodes = [.. nodes.Select(_graph.Source)];
        if (nodes.All(node => node == nodes[0]))
            return new VectorValue(VectorKind.Uniform, nodes.Length, nodes[0]);
        var key = KeyOf(nodes);
        if (!_known.TryGetValue(key, out var value))
        {
            value = AsConstants(nodes) ?? AsRange(nodes) ?? AsBits(nodes) ?? AsOperator(nodes, depth) ?? Gather(nodes, depth);
            _known.Add(key, value);
        }

        return value;
    }

    private VectorValue? AsConstants(int[] nodes)
    {
        if (nodes.Any(node => _graph.Nodes[node].Kind != NodeKind.Constant || ModulePlan.IsWide(_graph.Nodes[node].Width)))
            return null;
        var values = nodes.Select(node => (ulong)_graph.ConstantValue(node)).ToArray();
        return values.All(value => value == values[0])
            ? new VectorValue(VectorKind.Uniform, nodes.Length, nodes[0])
            : new VectorValue(VectorKind.Constants, nodes.Length, Constants: NewConstants(values));
    }

    private ConstantVector NewConstants(ulong[] values)
    {
        var key = string.Join(',', values);
        if (!_constants.TryGetValue(key, out var constants))
            _constants.Add(key, constants = new ConstantVector(values));
        return constants;
    }

    private VectorValue? AsRange(int[] nodes)
    {
        if (!_elements.TryGetValue(nodes[0], out var first))
            return null;
        for (var index = 1; index < nodes.Length; index++)
        {
            if (!_elements.TryGetValue(nodes[index], out var element) || element.Array != first.Array || element.Index != first.Index + index)
                return null;
        }

        return new VectorValue(VectorKind.Range, nodes.Length, Array: first.Array, Start: first.Index);
    }

    private VectorValue? AsBits(int[] nodes)
    {
        if (nodes.Any(node => _graph.Nodes[node] is not { Kind: NodeKind.Slice, Width: 1 }))
            return null;
        var source = _graph.Source(_graph.Operands(nodes[0])[0]);
        if (nodes.Any(node => _graph.Source(_graph.Operands(node)[0]) != source))
            return null;
        var words = nodes.Select(node => _graph.Nodes[node].Payload >> 6).ToArray();
        for (var index = 0; index < words.Length; index++)
        {
            // The elements that are worked on at once come from one word.
            if (words[index] != words[index / VectorCalls.Elements * VectorCalls.Elements])
                return null;
        }

        var masks = nodes.Select(node => 1UL << (_graph.Nodes[node].Payload & 63)).ToArray();
        return new VectorValue(VectorKind.Bits, nodes.Length, source, Constants: NewConstants(masks), Words: words);
    }

    private bool AreAlike(int a, int b)
    {
        var (first, second) = (_graph.Nodes[a], _graph.Nodes[b]);
        if (first.Kind != second.Kind || first.Width != second.Width || first.OperandCount != second.OperandCount || _levels[a] != _levels[b])
            return false;
        if (first.Kind != NodeKind.MemoryRead && first.Payload != second.Payload)
            return false;
        var operands = _graph.Operands(a);
        var others = _graph.Operands(b);
        for (var position = 0; position < operands.Length; position++)
        {
            if (_graph.Nodes[operands[position]].Width != _graph.Nodes[others[position]].Width)
                return false;
        }

        return true;
    }

    private VectorValue? AsOperator(int[] nodes, int depth)
    {
        var (id, node) = (nodes[0], _graph.Nodes[nodes[0]]);
        if (depth > LargestDepth || nodes.Length < Fewest || !ModulePlan.IsOperator(node.Kind) || ModulePlan.IsWide(node.Width) || nodes.Distinct().Count() != nodes.Length)
            return null;
        if (nodes.Any(other => !AreAlike(id, other) || _elements.ContainsKey(other)) || _graph.Operands(id).ToArray().Any(operand => ModulePlan.IsWide(_graph.Nodes[operand].Width)))
            return null;
        if (node.Kind is NodeKind.ShiftRightSigned || (node.Kind == NodeKind.Select && node.OperandCount > MostOptions + 1) || (node.Kind == NodeKind.Concatenate && node.OperandCount > MostOptions))
            return null;
        var operands = new VectorValue[node.OperandCount];
        for (var position = 0; position < operands.Length; position++)
            operands[position] = Find([.. nodes.Select(other => _graph.Operands(other)[position])], depth + 1);
        MemoryArray? memories = null;
        if (node.Kind == NodeKind.MemoryRead)
        {
            if (operands[0].Kind != VectorKind.Uniform || (memories = FindMemories([.. nodes.Select(other => _graph.Nodes[other].Payload)])) is null)
                return null;
        }
        else if (operands.All(operand => operand.Kind == VectorKind.Uniform))
        {
            // All compute the same: one of them does it for all.
            return new VectorValue(VectorKind.Uniform, nodes.Length, id);
        }
        else if (!operands.Any(operand => operand.IsVector) || (node.Kind is NodeKind.ShiftLeft or NodeKind.ShiftRight && operands[1].Kind != VectorKind.Uniform))
        {
            return null;
        }
        else if (node.Kind == NodeKind.ZeroExtend)
        {
            return operands[0];
        }

        return new VectorValue(VectorKind.Range, nodes.Length, Array: NewArray(ArrayKind.Operator, nodes, operands, memories));
    }

    /// <summary>The memories as an array; null when they are not alike, or partly in another array.</summary>
    private MemoryArray? FindMemories(int[] memories)
    {
        var first = _graph.Memories[memories[0]];
        if (_memoryArrays.TryGetValue(memories[0], out var known))
            return known.Memories.AsSpan().SequenceEqual(memories) ? known : null;
        if (ModulePlan.IsWide(first.Width) || memories.Distinct().Count() != memories.Length || memories.Any(memory =>
            _memoryArrays.ContainsKey(memory) || (_graph.Memories[memory].Depth, _graph.Memories[memory].Width, _graph.Memories[memory].Domain) != (first.Depth, first.Width, first.Domain)))
        {
            return null;
        }

        var array = new MemoryArray(memories);
        foreach (var memory in memories)
            _memoryArrays.Add(memory, array);
        return array;
    }

    /// <summary>Values from several places: as many of them as can be come as vectors.</summary>
    private VectorValue Gather(int[] nodes, int depth)
    {
        var parts = new List<ArrayPart>();
        for (var start = 0; start < nodes.Length;)
        {
            var end = start + 1;
            VectorValue? value = null;
            if (_elements.TryGetValue(nodes[start], out var first))
            {
                while (end < nodes.Length && _elements.TryGetValue(nodes[end], out var element) && element.Array == first.Array && element.Index == first.Index + end - start)
                    end++;
                value = end - start >= Fewest / 2 ? new VectorValue(VectorKind.Range, end - start, Array: first.Array, Start: first.Index) : null;
            }
            else
            {
                while (end < nodes.Length && !_elements.ContainsKey(nodes[end]) && AreAlike(nodes[start], nodes[end]))
                    end++;
                if (end - start >= Fewest && end - start < nodes.Length && depth <= LargestDepth)
                {
                    value = Find(nodes[start..end], depth + 1);
                    value = value.IsCheap ? value : null;
                }
            }

            parts.Add(new ArrayPart(start, end - start, value));
            start = end;
        }

        var array = new VectorArray(ArrayKind.Gathered, _arrays.Count, nodes);
        array.Parts.AddRange(parts);
        _arrays.Add(array);
        return new VectorValue(VectorKind.Range, nodes.Length, Array: array);
    }

    private VectorArray NewArray(ArrayKind kind, int[] nodes, VectorValue[]? operands = null, MemoryArray? memories = null)
    {
        var array = new VectorArray(kind, _arrays.Count, nodes) { Operands = operands ?? [], Memories = memories };
        _arrays.Add(array);
        for (var index = 0; index < nodes.Length; index++)
            _elements[nodes[index]] = (array, index);
        return array;
    }
}
