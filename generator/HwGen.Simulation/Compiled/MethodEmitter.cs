using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Writes the IL of the expressions of one method. The method's first argument is the frame of an instance, the second
/// the levels of clocks and resets. This part is for values of at most 64 bits.
/// </summary>
internal sealed partial class MethodEmitter(ModulePlan plan, Body body, ILGenerator il)
{
    private static readonly MethodInfo s_popCount = typeof(BitOperations).GetMethod(nameof(BitOperations.PopCount), [typeof(ulong)])!;

    private readonly Dictionary<int, LocalBuilder> _locals = [];

    private FlatGraph Graph => plan.Graph;

    public ILGenerator Code => il;

    /// <summary>Computes a node or an array of this method at its turn, unless its user does.</summary>
    public void Compute(Item item)
    {
        if (item.Kind == ItemKind.Array)
            new VectorEmitter(plan, body, this).Compute(plan.Vectors.Arrays[item.First]);
        else
            Compute(item.First);
    }

    private void Compute(int node)
    {
        if (body.IsFolded(node))
            return;
        if (ModulePlan.IsWide(plan.Width(node)))
        {
            Materialise(node, () => Address(plan.Slot(node)), word => StoreTo(plan.Slot(node) + word, () => Word(node, word, isRoot: true)));
            return;
        }

        Narrow(node, isRoot: true);
        var hasSlot = plan.Slots.ContainsKey(node);
        if (body.IsRead(node) || !hasSlot)
        {
            var local = il.DeclareLocal(typeof(ulong));
            _locals.Add(node, local);
            il.Emit(OpCodes.Stloc, local);
            if (hasSlot)
                StoreTo(plan.Slot(node), () => il.Emit(OpCodes.Ldloc, local));
        }
        else
        {
            var local = il.DeclareLocal(typeof(ulong));
            il.Emit(OpCodes.Stloc, local);
            StoreTo(plan.Slot(node), () => il.Emit(OpCodes.Ldloc, local));
        }
    }

    /// <summary>Puts a value of at most 64 bits on the stack.</summary>
    public void Narrow(int node, bool isRoot = false)
    {
        node = plan.Source(node);
        var entry = Graph.Nodes[node];
        if (entry.Kind == NodeKind.Constant)
        {
            Constant((ulong)Graph.ConstantValue(node));
        }
        else if (!isRoot && _locals.TryGetValue(node, out var local))
        {
            il.Emit(OpCodes.Ldloc, local);
        }
        else if (!isRoot && !body.IsFolded(node))
        {
            Load(plan.PlaceOf(node).Offset);
        }
        else
        {
            Operator(node, entry, Graph.Operands(node).ToArray());
        }
    }

    public void Constant(ulong value) => il.Emit(OpCodes.Ldc_I8, (long)value);

    /// <summary>Puts the address of a word of the frame on the stack.</summary>
    public void Address(int offset)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (offset == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, checked(offset * 8));
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    public void Load(int offset)
    {
        Address(offset);
        il.Emit(OpCodes.Ldind_I8);
    }

    public void StoreTo(int offset, Action value)
    {
        Address(offset);
        value();
        il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>Puts the level of a clock or reset on the stack.</summary>
    public void Control(int control)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, control * 8);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
    }

    /// <summary>As many ones as a width of up to 64 bits has.</summary>
    public static ulong Mask(int width) => width >= 64 ? ulong.MaxValue : (1UL << width) - 1;

    private void Operator(int node, Node entry, int[] operands)
    {
        if (ModulePlan.IsWide(operands.Max(plan.Width)))
        {
            if (NarrowOfWide(node, entry, operands))
                return;
        }

        switch (entry.Kind)
        {
            case NodeKind.Not:
                Narrow(operands[0]);
                Constant(Mask(entry.Width));
                il.Emit(OpCodes.Xor);
                break;
            case NodeKind.And: Binary(OpCodes.And); break;
            case NodeKind.Or: Binary(OpCodes.Or); break;
            case NodeKind.Xor: Binary(OpCodes.Xor); break;
            case NodeKind.Add: Binary(OpCodes.Add); Clean(entry.Width); break;
            case NodeKind.Subtract: Binary(OpCodes.Sub); Clean(entry.Width); break;
            case NodeKind.Multiply: Binary(OpCodes.Mul); Clean(entry.Width); break;
            case NodeKind.Equal: Binary(OpCodes.Ceq); Widen(); break;
            case NodeKind.LessThan: Binary(OpCodes.Clt_Un); Widen(); break;
            case NodeKind.LessThanSigned:
                // Both signs moved to the top: the order is that of 64-bit numbers.
                Narrow(operands[0]);
                ShiftBy(64 - plan.Width(operands[0]), OpCodes.Shl);
                Narrow(operands[1]);
                ShiftBy(64 - plan.Width(operands[1]), OpCodes.Shl);
                il.Emit(OpCodes.Clt);
                Widen();
                break;
            case NodeKind.ShiftLeft or NodeKind.ShiftRight or NodeKind.ShiftRightSigned:
                Shift(entry, operands);
                break;
            case NodeKind.Slice:
                Narrow(operands[0]);
                ShiftBy(entry.Payload, OpCodes.Shr_Un);
                if (entry.Payload + entry.Width < plan.Width(operands[0]))
                    Clean(entry.Width);
                break;
            case NodeKind.ZeroExtend:
                Narrow(operands[0]);
                break;
            case NodeKind.SignExtend:
                Narrow(operands[0]);
                SignExtendTo64(plan.Width(operands[0]));
                Clean(entry.Width);
                break;
            case NodeKind.ReduceAnd:
                Narrow(operands[0]);
                Constant(Mask(plan.Width(operands[0])));
                il.Emit(OpCodes.Ceq);
                Widen();
                break;
            case NodeKind.ReduceOr:
                Narrow(operands[0]);
                NotZero();
                break;
            case NodeKind.ReduceXor:
                Narrow(operands[0]);
                CountOnes();
                Constant(1);
                il.Emit(OpCodes.And);
                break;
            case NodeKind.PopCount:
                Narrow(operands[0]);
                CountOnes();
                break;
            case NodeKind.Concatenate when plan.Vectors.IndexedBy(node) is { } bits:
                new VectorEmitter(plan, body, this).Bits(bits, 0);
                break;
            case NodeKind.Concatenate:
                Narrow(operands[0]);
                foreach (var part in operands.Skip(1))
                {
                    ShiftBy(plan.Width(part), OpCodes.Shl);
                    Narrow(part);
                    il.Emit(OpCodes.Or);
                }

                break;
            case NodeKind.Select when plan.Vectors.IndexedBy(node) is { } options:
                Index(operands[0], options);
                break;
            case NodeKind.Select when operands.Length == 3 && operands[1..].All(IsLight):
                // Without a branch: the machine would guess it wrongly half of the time where the selector is data.
                Narrow(operands[1]);
                Narrow(operands[1]);
                Narrow(operands[2]);
                il.Emit(OpCodes.Xor);
                Constant(0);
                Amount(operands[0]);
                if (plan.Width(operands[0]) > 1)
                    NotZero();
                il.Emit(OpCodes.Sub);
                il.Emit(OpCodes.And);
                il.Emit(OpCodes.Xor);
                break;
            case NodeKind.Select:
                Select(operands, option => Narrow(option));
                break;
            case NodeKind.MemoryRead:
                ReadMemory(entry, operands[0]);
                break;
            default:
                throw new InvalidOperationException($"{entry.Kind} is no operator");
        }

        void Binary(OpCode code)
        {
            Narrow(operands[0]);
            Narrow(operands[1]);
            il.Emit(code);
        }
    }

    /// <summary>Whether a node costs no more than to load it.</summary>
    private bool IsLight(int node) => !body.IsFolded(plan.Source(node)) && !ModulePlan.IsWide(plan.Width(node));

    /// <summary>Puts the option that a selector chooses on the stack, where all of them are beside each other.</summary>
    private void Index(int selector, VectorValue options)
    {
        var vectors = new VectorEmitter(plan, body, this);
        Amount(selector);
        vectors.ClampTo(options.Count - 1, plan.Width(selector));
        ShiftBy(3, OpCodes.Shl);
        il.Emit(OpCodes.Conv_I);
        vectors.Address(options);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
    }

    private void Clean(int width)
    {
        if (width >= 64)
            return;
        Constant(Mask(width));
        il.Emit(OpCodes.And);
    }

    private void Widen() => il.Emit(OpCodes.Conv_U8);

    private void NotZero()
    {
        Constant(0);
        il.Emit(OpCodes.Cgt_Un);
        Widen();
    }

    private void CountOnes()
    {
        il.Emit(OpCodes.Call, s_popCount);
        Widen();
    }

    private void ShiftBy(int amount, OpCode code)
    {
        if (amount == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, amount);
        il.Emit(code);
    }

    private void SignExtendTo64(int width)
    {
        ShiftBy(64 - width, OpCodes.Shl);
        ShiftBy(64 - width, OpCodes.Shr);
    }

    /// <summary>Puts a shift amount or an address on the stack, as one word.</summary>
    public void Amount(int node)
    {
        if (!ModulePlan.IsWide(plan.Width(node)))
        {
            Narrow(node);
            return;
        }

        AddressOf(node);
        il.Emit(OpCodes.Ldc_I4, BitWords.Count(plan.Width(node)));
        Call(nameof(WideMath.Amount));
    }

    private void Shift(Node entry, int[] operands)
    {
        Narrow(operands[0]);
        var isSigned = entry.Kind == NodeKind.ShiftRightSigned;
        if (isSigned)
            SignExtendTo64(entry.Width);
        // An amount of up to six bits cannot pass the word: the machine's shift does.
        if (plan.Width(operands[1]) <= 6)
        {
            Narrow(operands[1]);
            il.Emit(OpCodes.Conv_I4);
            il.Emit(entry.Kind switch { NodeKind.ShiftLeft => OpCodes.Shl, NodeKind.ShiftRight => OpCodes.Shr_Un, _ => OpCodes.Shr });
        }
        else
        {
            Amount(operands[1]);
            Call(entry.Kind switch
            {
                NodeKind.ShiftLeft => nameof(WideMath.ShiftLeftNarrow),
                NodeKind.ShiftRight => nameof(WideMath.ShiftRightNarrow),
                _ => nameof(WideMath.ShiftRightSignedNarrow),
            });
        }

        if (entry.Kind != NodeKind.ShiftRight)
            Clean(entry.Width);
    }

    /// <summary>Leaves on the stack, or does, what the chosen option's action leaves or does.</summary>
    private void Select(int[] operands, Action<int> choose)
    {
        var options = operands[1..];
        var end = il.DefineLabel();
        var selector = plan.Width(operands[0]);
        if (options.Length == 2)
        {
            var one = il.DefineLabel();
            Amount(operands[0]);
            il.Emit(OpCodes.Brtrue, one);
            choose(options[0]);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(one);
            choose(options[1]);
            il.MarkLabel(end);
            return;
        }

        var labels = options[..^1].Select(_ => il.DefineLabel()).ToArray();
        Amount(operands[0]);
        if (selector > 32)
        {
            Constant(uint.MaxValue);
            il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Min), [typeof(ulong), typeof(ulong)])!);
        }

        il.Emit(OpCodes.Conv_U4);
        il.Emit(OpCodes.Switch, labels);
        choose(options[^1]);
        il.Emit(OpCodes.Br, end);
        for (var option = 0; option < labels.Length; option++)
        {
            il.MarkLabel(labels[option]);
            choose(options[option]);
            il.Emit(OpCodes.Br, end);
        }

        il.MarkLabel(end);
    }

    private void ReadMemory(Node entry, int address)
    {
        var memory = Graph.Memories[entry.Payload];
        WithinMemory(
            memory.Depth, address,
            () =>
            {
                WordAddress(entry.Payload);
                il.Emit(OpCodes.Ldind_I8);
            },
            () => Constant(0));
    }

    /// <summary>Runs one of two pieces of code: with the address on the stack where it is within the memory, else the other.</summary>
    private void WithinMemory(int depth, int address, Action inside, Action outside)
    {
        Amount(address);
        if (plan.Width(address) < 31 && 1 << plan.Width(address) <= depth)
        {
            inside();
            return;
        }

        var local = il.DeclareLocal(typeof(ulong));
        var (beyond, end) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Stloc, local);
        il.Emit(OpCodes.Ldloc, local);
        Constant((ulong)depth);
        il.Emit(OpCodes.Bge_Un, beyond);
        il.Emit(OpCodes.Ldloc, local);
        inside();
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(beyond);
        outside();
        il.MarkLabel(end);
    }

    /// <summary>From a word's number on the stack to its address.</summary>
    private void WordAddress(int memory)
    {
        Constant((ulong)plan.MemoryStride(memory) * 8);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Conv_I);
        Address(plan.MemoryOffset(memory));
        il.Emit(OpCodes.Add);
    }

    private void Call(string method) => il.Emit(OpCodes.Call, typeof(WideMath).GetMethod(method)!);
}
