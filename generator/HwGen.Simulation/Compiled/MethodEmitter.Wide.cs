using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <content>This part is for values of more than 64 bits: words in the frame, least significant first.</content>
internal sealed partial class MethodEmitter
{
    /// <summary>Puts the address of a wide value on the stack.</summary>
    public void AddressOf(int node)
    {
        node = plan.Source(node);
        var place = plan.PlaceOf(node);
        Address(place.Offset);
        if (place.IsPointer)
            il.Emit(OpCodes.Ldind_I);
    }

    /// <summary>Copies a wide value, or computes it, to where the action puts an address.</summary>
    public void CopyTo(int node, Action address, Action<int> storeWord)
    {
        node = plan.Source(node);
        if (body.IsFolded(node))
        {
            Materialise(node, address, storeWord);
            return;
        }

        var words = BitWords.Count(plan.Width(node));
        if (words <= Demand.MostUnrolledWords)
        {
            for (var word = 0; word < words; word++)
                storeWord(word);
            return;
        }

        address();
        AddressOf(node);
        il.Emit(OpCodes.Ldc_I4, words);
        Call(nameof(WideMath.Copy));
    }

    /// <summary>Puts a word of a wide value on the stack.</summary>
    public void Word(int node, int word, bool isRoot = false)
    {
        node = plan.Source(node);
        var entry = Graph.Nodes[node];
        if (entry.Kind == NodeKind.Constant)
        {
            Constant((ulong)((Graph.ConstantValue(node) >> (64 * word)) & ulong.MaxValue));
            return;
        }

        if (!isRoot && !body.IsFolded(node))
        {
            var place = plan.PlaceOf(node);
            if (!place.IsPointer)
            {
                Load(place.Offset + word);
                return;
            }

            AddressOf(node);
            il.Emit(OpCodes.Ldc_I4, word * 8);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I8);
            return;
        }

        var operands = Graph.Operands(node).ToArray();
        switch (entry.Kind)
        {
            case NodeKind.Not:
                Word(operands[0], word);
                Constant(WordMask(entry.Width, word));
                il.Emit(OpCodes.Xor);
                break;
            case NodeKind.And: Binary(OpCodes.And); break;
            case NodeKind.Or: Binary(OpCodes.Or); break;
            case NodeKind.Xor: Binary(OpCodes.Xor); break;
            case NodeKind.ZeroExtend:
                WordOrZero(operands[0], word);
                break;
            case NodeKind.Slice:
                SliceWord(operands[0], entry.Payload, entry.Width, word);
                break;
            case NodeKind.Concatenate when plan.Vectors.IndexedBy(node) is { } bits:
                new VectorEmitter(plan, body, this).Bits(bits, 64 * word);
                break;
            case NodeKind.Concatenate:
                ConcatenatedWord(operands, word);
                break;
            case NodeKind.Select:
                Select(operands, option => Word(option, word));
                break;
            default:
                throw new InvalidOperationException($"{entry.Kind} is not computed word by word");
        }

        void Binary(OpCode code)
        {
            Word(operands[0], word);
            Word(operands[1], word);
            il.Emit(code);
        }
    }

    private static ulong WordMask(int width, int word) => word == BitWords.Count(width) - 1 ? BitWords.TopMask(width) : ulong.MaxValue;

    /// <summary>Computes a wide node to an address: word by word where it can be, else by a loop.</summary>
    private void Materialise(int node, Action address, Action<int> storeWord)
    {
        var entry = Graph.Nodes[node];
        var operands = Graph.Operands(node).ToArray();
        var words = BitWords.Count(entry.Width);
        var isUnrolled = Demand.CanBeFolded(Graph, node) && (entry.Kind is not NodeKind.Slice || words <= Demand.MostUnrolledWords);
        if (isUnrolled || entry.Kind is NodeKind.Concatenate or NodeKind.Slice or NodeKind.ZeroExtend)
        {
            for (var word = 0; word < words; word++)
                storeWord(word);
            return;
        }

        switch (entry.Kind)
        {
            case NodeKind.Not: Loop(nameof(WideMath.Not), true, operands[0]); break;
            case NodeKind.And: Loop(nameof(WideMath.And), false, operands); break;
            case NodeKind.Or: Loop(nameof(WideMath.Or), false, operands); break;
            case NodeKind.Xor: Loop(nameof(WideMath.Xor), false, operands); break;
            case NodeKind.Add: Loop(nameof(WideMath.Add), true, operands); break;
            case NodeKind.Subtract: Loop(nameof(WideMath.Subtract), true, operands); break;
            case NodeKind.Multiply: Loop(nameof(WideMath.Multiply), true, operands); break;
            case NodeKind.ShiftLeft or NodeKind.ShiftRight or NodeKind.ShiftRightSigned:
                address();
                AddressOf(operands[0]);
                Amount(operands[1]);
                il.Emit(OpCodes.Ldc_I4, words);
                if (entry.Kind == NodeKind.ShiftLeft)
                    Constant(BitWords.TopMask(entry.Width));
                if (entry.Kind == NodeKind.ShiftRightSigned)
                    il.Emit(OpCodes.Ldc_I4, entry.Width);
                Call("" + entry.Kind);
                break;
            case NodeKind.SignExtend:
                address();
                AddressOrCopy(operands[0]);
                il.Emit(OpCodes.Ldc_I4, plan.Width(operands[0]));
                il.Emit(OpCodes.Ldc_I4, entry.Width);
                Call(nameof(WideMath.SignExtend));
                break;
            case NodeKind.Select:
                // Only the chosen option is computed.
                Select(operands, option => CopyTo(option, address, word => StoreTo(plan.Slot(node) + word, () => Word(option, word))));
                break;
            case NodeKind.MemoryRead:
                WithinMemory(
                    Graph.Memories[entry.Payload].Depth, operands[0],
                    () =>
                    {
                        WordAddress(entry.Payload);
                        var from = il.DeclareLocal(typeof(nint));
                        il.Emit(OpCodes.Stloc, from);
                        address();
                        il.Emit(OpCodes.Ldloc, from);
                        il.Emit(OpCodes.Ldc_I4, words);
                        Call(nameof(WideMath.Copy));
                    },
                    () =>
                    {
                        address();
                        il.Emit(OpCodes.Ldc_I4, words);
                        Call(nameof(WideMath.Clear));
                    });
                break;
            default:
                throw new InvalidOperationException($"{entry.Kind} is not computed on wide values");
        }

        void Loop(string method, bool isMasked, params int[] values)
        {
            address();
            foreach (var value in values)
                AddressOf(value);
            il.Emit(OpCodes.Ldc_I4, words);
            if (isMasked)
                Constant(BitWords.TopMask(entry.Width));
            Call(method);
        }
    }

    /// <summary>A narrow result from wide operands; false when the general code does it.</summary>
    private bool NarrowOfWide(int node, Node entry, int[] operands)
    {
        var width = plan.Width(operands[0]);
        var words = BitWords.Count(width);
        var isUnrolled = words <= Demand.MostUnrolledWords;
        switch (entry.Kind)
        {
            case NodeKind.Slice:
                SliceWord(operands[0], entry.Payload, entry.Width, 0);
                return true;
            case NodeKind.PopCount or NodeKind.ReduceXor when isUnrolled:
                for (var word = 0; word < words; word++)
                {
                    Word(operands[0], word);
                    if (entry.Kind == NodeKind.PopCount)
                        il.Emit(OpCodes.Call, s_popCount);
                    if (word > 0)
                        il.Emit(entry.Kind == NodeKind.PopCount ? OpCodes.Add : OpCodes.Xor);
                }

                if (entry.Kind == NodeKind.PopCount)
                {
                    Widen();
                    return true;
                }

                CountOnes();
                Constant(1);
                il.Emit(OpCodes.And);
                return true;
            case NodeKind.ReduceOr or NodeKind.ReduceAnd or NodeKind.Equal when isUnrolled:
                for (var word = 0; word < words; word++)
                {
                    Word(operands[0], word);
                    if (entry.Kind == NodeKind.ReduceAnd)
                        Constant(WordMask(width, word));
                    if (entry.Kind == NodeKind.Equal)
                        Word(operands[1], word);
                    if (entry.Kind != NodeKind.ReduceOr)
                        il.Emit(OpCodes.Xor);
                    if (word > 0)
                        il.Emit(OpCodes.Or);
                }

                if (entry.Kind == NodeKind.ReduceOr)
                {
                    NotZero();
                    return true;
                }

                Constant(0);
                il.Emit(OpCodes.Ceq);
                Widen();
                return true;
            case NodeKind.PopCount or NodeKind.ReduceXor or NodeKind.ReduceOr or NodeKind.ReduceAnd:
                AddressOf(operands[0]);
                il.Emit(OpCodes.Ldc_I4, words);
                if (entry.Kind == NodeKind.ReduceAnd)
                    Constant(BitWords.TopMask(width));
                Call(entry.Kind == NodeKind.ReduceXor ? nameof(WideMath.PopCount) : "" + entry.Kind);
                if (entry.Kind == NodeKind.ReduceXor)
                {
                    Constant(1);
                    il.Emit(OpCodes.And);
                }

                return true;
            case NodeKind.Equal or NodeKind.LessThan or NodeKind.LessThanSigned:
                AddressOf(operands[0]);
                AddressOf(operands[1]);
                il.Emit(OpCodes.Ldc_I4, words);
                if (entry.Kind == NodeKind.LessThanSigned)
                    il.Emit(OpCodes.Ldc_I4, width);
                Call("" + entry.Kind);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A word of bits <paramref name="low"/> and up of a wide value.</summary>
    private void SliceWord(int operand, int low, int width, int word)
    {
        var first = (low >> 6) + word;
        var shift = low & 63;
        var words = BitWords.Count(plan.Width(operand));
        var bits = Math.Min(64, width - (64 * word));
        Word(operand, first);
        ShiftBy(shift, OpCodes.Shr_Un);
        if (shift + bits > 64 && first + 1 < words)
        {
            Word(operand, first + 1);
            ShiftBy(64 - shift, OpCodes.Shl);
            il.Emit(OpCodes.Or);
        }

        Clean(bits);
    }

    private void ConcatenatedWord(int[] operands, int word)
    {
        var (start, end) = (64 * word, 64 * (word + 1));
        var position = 0;
        var count = 0;
        foreach (var part in Enumerable.Reverse(operands))
        {
            var width = plan.Width(part);
            if (position < end && position + width > start)
            {
                PartOfWord(part, position - start);
                if (count++ > 0)
                    il.Emit(OpCodes.Or);
            }

            position += width;
        }
    }

    /// <summary>The 64 bits of a value that begins at a position of the word; the position may be negative.</summary>
    private void PartOfWord(int part, int position)
    {
        var width = plan.Width(part);
        if (!ModulePlan.IsWide(width))
        {
            Narrow(part);
            ShiftBy(Math.Abs(position), position >= 0 ? OpCodes.Shl : OpCodes.Shr_Un);
            return;
        }

        if (position >= 0)
        {
            Word(part, 0);
            ShiftBy(position, OpCodes.Shl);
            return;
        }

        var (first, shift) = (-position >> 6, -position & 63);
        Word(part, first);
        ShiftBy(shift, OpCodes.Shr_Un);
        if (shift > 0 && first + 1 < BitWords.Count(width))
        {
            Word(part, first + 1);
            ShiftBy(64 - shift, OpCodes.Shl);
            il.Emit(OpCodes.Or);
        }
    }

    private void WordOrZero(int operand, int word)
    {
        if (word >= BitWords.Count(plan.Width(operand)))
            Constant(0);
        else if (ModulePlan.IsWide(plan.Width(operand)))
            Word(operand, word);
        else
            Narrow(operand);
    }

    /// <summary>The address of a value that may be narrow: that of a copy in the frame.</summary>
    private void AddressOrCopy(int operand)
    {
        if (ModulePlan.IsWide(plan.Width(operand)))
        {
            AddressOf(operand);
            return;
        }

        var copy = plan.Reserve(1);
        StoreTo(copy, () => Narrow(operand));
        Address(copy);
    }
}
