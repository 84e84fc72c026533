using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Writes the IL of vectors: for each few elements that the machine works on at once, an expression of what is folded into it. What is the same for all elements is made before.
/// </summary>
internal sealed partial class VectorEmitter(ModulePlan plan, Body body, MethodEmitter emitter)
{
    /// <summary>Up to so many operators, over all elements, are written out; more become a loop.</summary>
    private const int MostUnrolled = 64;

    private readonly Dictionary<(int, int), LocalBuilder> _broadcasts = [];
    private readonly Dictionary<VectorArray, (LocalBuilder Local, LocalBuilder? Within)> _prepared = [];

    private ILGenerator Code => emitter.Code;

    /// <summary>Computes an array into the frame, unless the vector that uses it does.</summary>
    public void Compute(VectorArray array)
    {
        if (array.Kind == ArrayKind.Gathered)
        {
            // In order: a vector may write beyond its end, what follows then writes over that.
            foreach (var part in array.Parts)
            {
                if (part.Value is { } value)
                    Store(value, array.Offset + part.Start);
                else
                    StoreLone(array, part);
            }
        }
        else if (!body.IsFolded(array))
        {
            Begin();
            PrepareOperator(array);
            ForEach(array.Count, SizeOf(array), HasWideBits(array), chunk => StoreAt(array.Offset, chunk, () => Operator(array, chunk)));
        }
    }

    /// <summary>Writes a vector to consecutive words of the frame.</summary>
    public void Store(VectorValue value, int offset)
    {
        Begin();
        Prepare(value);
        ForEach(value.Count, SizeOf(value), HasWideBits(value), chunk => StoreAt(offset, chunk, () => Value(value, chunk)));
    }

    /// <summary>Writes the next values of registers: to their places, or to others where they wait.</summary>
    public void StoreNext(VectorUpdate update, int offset)
    {
        Begin();
        foreach (var (condition, value) in update.Drives)
        {
            Prepare(condition);
            Prepare(value);
        }

        var first = update.Drives.ToList().FindLastIndex(drive => drive.Condition is null);
        var size = update.Drives.Sum(drive => SizeOf(drive.Value) + SizeOf(drive.Condition));
        var hasWideBits = update.Drives.Any(drive => HasWideBits(drive.Value) || HasWideBits(drive.Condition));
        ForEach(update.Array.Count, size, hasWideBits, chunk => StoreAt(offset, chunk, () =>
        {
            if (first >= 0)
                Value(update.Drives[first].Value, chunk);
            else
                LoadAt(update.Array.Offset, chunk);
            foreach (var (condition, value) in update.Drives.Skip(first + 1))
            {
                var earlier = NewVector();
                Code.Emit(OpCodes.Stloc, earlier);
                Mask(condition!, chunk);
                Value(value, chunk);
                Code.Emit(OpCodes.Ldloc, earlier);
                Code.Emit(VectorCalls.Choose);
            }
        }));
    }

    /// <summary>Writes one value to all elements.</summary>
    public void StoreConstant(ulong value, int count, int offset) => ForEach(count, 1, false, chunk => StoreAt(offset, chunk, () => Broadcast(value)));

    public void Copy(int count, int from, int to) => ForEach(count, 1, false, chunk => StoreAt(to, chunk, () => LoadAt(from, chunk)));

    /// <summary>Puts up to 64 elements of one bit each on the stack as one word, from an element on that begins a vector.</summary>
    public void Bits(VectorValue value, int first)
    {
        Begin();
        Prepare(value);
        var count = Math.Min(64, value.Count - first);
        for (var element = 0; element < count; element += VectorCalls.Elements)
        {
            Top(value, new Chunk(null, first + element));
            Code.Emit(VectorCalls.TopBits);
            Code.Emit(OpCodes.Conv_U8);
            if (element > 0)
            {
                Code.Emit(OpCodes.Ldc_I4, element);
                Code.Emit(OpCodes.Shl);
                Code.Emit(OpCodes.Or);
            }
        }

        // Elements beyond the last are left over from a whole vector.
        if (count % VectorCalls.Elements != 0)
        {
            emitter.Constant((1UL << count) - 1);
            Code.Emit(OpCodes.And);
        }
    }

    /// <summary>Puts the address of a vector's first element on the stack.</summary>
    public void Address(VectorValue value) => emitter.Address(value.Kind == VectorKind.Constants ? value.Constants!.Offset : value.Array!.Offset + value.Start);

    /// <summary>What was made before is for one vector: the next one may be on another path.</summary>
    private void Begin()
    {
        _broadcasts.Clear();
        _prepared.Clear();
    }

    private bool IsFolded(VectorValue value) => value is { Kind: VectorKind.Range, Array: { } array } && body.IsFolded(array);

    private int SizeOf(VectorValue? value) => value is null ? 0 : IsFolded(value) ? SizeOf(value.Array!) : 1;

    private int SizeOf(VectorArray array) => 1 + array.Operands.Sum(SizeOf);

    private bool HasWideBits(VectorValue? value) => value is not null
        && (value.Kind == VectorKind.Bits ? ModulePlan.IsWide(plan.Width(value.Node)) : IsFolded(value) && HasWideBits(value.Array!));

    private bool HasWideBits(VectorArray array) => array.Operands.Any(HasWideBits);

    private LocalBuilder NewVector() => Code.DeclareLocal(VectorCalls.VectorType);

    private void StoreLone(VectorArray array, ArrayPart part)
    {
        for (var element = part.Start; element < part.Start + part.Count; element++)
        {
            var node = array.Nodes[element];
            emitter.StoreTo(array.Offset + element, () => emitter.Narrow(node));
        }
    }

    /// <summary>Makes what is the same for all elements.</summary>
    private void Prepare(VectorValue? value)
    {
        switch (value?.Kind)
        {
            case VectorKind.Uniform when plan.Graph.Nodes[value.Node].Kind != NodeKind.Constant:
                PrepareBroadcast(value.Node, 0, () => emitter.Narrow(value.Node));
                break;
            case VectorKind.Bits:
                foreach (var word in value.Words!.Distinct())
                {
                    PrepareBroadcast(value.Node, word, () =>
                    {
                        if (ModulePlan.IsWide(plan.Width(value.Node)))
                            emitter.Word(value.Node, word);
                        else
                            emitter.Narrow(value.Node);
                    });
                }

                break;
            case VectorKind.Range when IsFolded(value):
                PrepareOperator(value.Array!);
                break;
        }
    }

    private void PrepareBroadcast(int node, int word, Action scalar)
    {
        if (_broadcasts.ContainsKey((node, word)))
            return;
        var local = NewVector();
        scalar();
        Code.Emit(VectorCalls.Broadcast);
        Code.Emit(OpCodes.Stloc, local);
        _broadcasts.Add((node, word), local);
    }

    private void PrepareOperator(VectorArray array)
    {
        switch (plan.Graph.Nodes[array.Nodes[0]].Kind)
        {
            case NodeKind.MemoryRead:
                PrepareRow(array);
                break;
            case NodeKind.ShiftLeft or NodeKind.ShiftRight:
                Prepare(array.Operands[0]);
                PrepareAmount(array);
                break;
            default:
                foreach (var operand in array.Operands)
                    Prepare(operand);
                break;
        }
    }

    /// <summary>The address of the row that is read; the row after the last is 0.</summary>
    private void PrepareRow(VectorArray array)
    {
        var memories = array.Memories!;
        var address = array.Operands[0].Node;
        var row = Code.DeclareLocal(typeof(nint));
        emitter.Amount(address);
        ClampTo(plan.Graph.Memories[memories.Memories[0]].Depth, plan.Width(address));
        emitter.Constant((ulong)memories.Stride * 8);
        Code.Emit(OpCodes.Mul);
        Code.Emit(OpCodes.Conv_I);
        emitter.Address(memories.Offset);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, row);
        _prepared.Add(array, (row, null));
    }

    /// <summary>Makes the number on the stack at most a limit, unless its width does already.</summary>
    public void ClampTo(int limit, int width)
    {
        if (width < 31 && (1L << width) - 1 <= limit)
            return;
        emitter.Constant((ulong)limit);
        Code.Emit(typeof(Math).GetMethod(nameof(Math.Min), [typeof(ulong), typeof(ulong)])!);
    }

    private void PrepareAmount(VectorArray array)
    {
        var node = array.Operands[1].Node;
        var amount = Code.DeclareLocal(typeof(ulong));
        emitter.Narrow(node);
        Code.Emit(OpCodes.Stloc, amount);
        LocalBuilder? within = null;
        if (plan.Width(node) > 6)
        {
            // All ones when the amount is below 64, else zero.
            within = NewVector();
            emitter.Constant(0);
            Code.Emit(OpCodes.Ldloc, amount);
            emitter.Constant(64);
            Code.Emit(OpCodes.Clt_Un);
            Code.Emit(OpCodes.Conv_U8);
            Code.Emit(OpCodes.Sub);
            Code.Emit(VectorCalls.Broadcast);
            Code.Emit(OpCodes.Stloc, within);
        }

        var bits = Code.DeclareLocal(typeof(int));
        Code.Emit(OpCodes.Ldloc, amount);
        Code.Emit(OpCodes.Conv_I4);
        Code.Emit(OpCodes.Ldc_I4, 63);
        Code.Emit(OpCodes.And);
        Code.Emit(OpCodes.Stloc, bits);
        _prepared.Add(array, (bits, within));
    }

    private void ForEach(int count, int size, bool mustUnroll, Action<Chunk> step)
    {
        var vectors = VectorCalls.Padded(count) / VectorCalls.Elements;
        if (mustUnroll || vectors == 1 || vectors * size <= MostUnrolled)
        {
            for (var vector = 0; vector < vectors; vector++)
                step(new Chunk(null, vector * VectorCalls.Elements));
            return;
        }

        var offset = Code.DeclareLocal(typeof(nint));
        var start = Code.DefineLabel();
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Stloc, offset);
        Code.MarkLabel(start);
        step(new Chunk(offset, 0));
        Code.Emit(OpCodes.Ldloc, offset);
        Code.Emit(OpCodes.Ldc_I4, VectorCalls.Elements * 8);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, offset);
        Code.Emit(OpCodes.Ldloc, offset);
        Code.Emit(OpCodes.Ldc_I4, vectors * VectorCalls.Elements * 8);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Blt, start);
    }

    private void ChunkAddress(int offset, Chunk chunk)
    {
        emitter.Address(offset + chunk.Element);
        if (chunk.Offset is null)
            return;
        Code.Emit(OpCodes.Ldloc, chunk.Offset);
        Code.Emit(OpCodes.Add);
    }

    private void LoadAt(int offset, Chunk chunk)
    {
        ChunkAddress(offset, chunk);
        Code.Emit(VectorCalls.Load);
    }

    private void StoreAt(int offset, Chunk chunk, Action value)
    {
        value();
        ChunkAddress(offset, chunk);
        Code.Emit(VectorCalls.Store);
    }

    private void Broadcast(ulong value)
    {
        emitter.Constant(value);
        Code.Emit(VectorCalls.Broadcast);
    }

    /// <summary>Elements that are worked on at once.</summary>
    /// <param name="Offset">Bytes from the first element, in a loop; null outside of one.</param>
    /// <param name="Element">The first of them, outside of a loop.</param>
    private readonly record struct Chunk(LocalBuilder? Offset, int Element);
}
