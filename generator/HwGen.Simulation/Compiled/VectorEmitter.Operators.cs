using System.Reflection;
using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <content>This part is for the operators.</content>
internal sealed partial class VectorEmitter
{
    /// <summary>Puts some elements of a value on the stack.</summary>
    private void Value(VectorValue value, Chunk chunk)
    {
        switch (value.Kind)
        {
            case VectorKind.Uniform when plan.Graph.Nodes[value.Node].Kind == NodeKind.Constant:
                Broadcast((ulong)plan.Graph.ConstantValue(value.Node));
                break;
            case VectorKind.Uniform:
                Code.Emit(OpCodes.Ldloc, _broadcasts[(value.Node, 0)]);
                break;
            case VectorKind.Constants:
                LoadAt(value.Constants!.Offset, chunk);
                break;
            case VectorKind.Bits:
                Mask(value, chunk);
                ToBit();
                break;
            default:
                if (IsFolded(value))
                    Operator(value.Array!, chunk);
                else
                    LoadAt(value.Array!.Offset + value.Start, chunk);
                break;
        }
    }

    /// <summary>Puts all ones on the stack where an element of one bit is 1, else zero.</summary>
    private void Mask(VectorValue value, Chunk chunk)
    {
        if (value.Kind == VectorKind.Bits)
        {
            Code.Emit(OpCodes.Ldloc, _broadcasts[(value.Node, value.Words![chunk.Element])]);
            LoadAt(value.Constants!.Offset, chunk);
            Code.Emit(VectorCalls.And);
            LoadAt(value.Constants!.Offset, chunk);
            Code.Emit(VectorCalls.IsEqual);
            return;
        }

        if (IsFolded(value) && IsTest(value.Array!))
        {
            Test(value.Array!, chunk);
            return;
        }

        Broadcast(0);
        Value(value, chunk);
        Code.Emit(VectorCalls.Subtract);
    }

    /// <summary>Puts elements of one bit on the stack with the bit on top.</summary>
    private void Top(VectorValue value, Chunk chunk)
    {
        if (value.Kind == VectorKind.Bits || (IsFolded(value) && IsTest(value.Array!)))
        {
            Mask(value, chunk);
            return;
        }

        Value(value, chunk);
        Shift(VectorCalls.ShiftLeft, 63);
    }

    private bool IsTest(VectorArray array) => plan.Graph.Nodes[array.Nodes[0]] is var node
        && (node.Kind is NodeKind.Equal or NodeKind.LessThan or NodeKind.LessThanSigned or NodeKind.ReduceAnd || (node.Width == 1 && node.Kind is NodeKind.And or NodeKind.Or or NodeKind.Not));

    /// <summary>An operator whose result is one bit, as all ones or zero.</summary>
    private void Test(VectorArray array, Chunk chunk)
    {
        var operands = array.Operands;
        var width = plan.Width(plan.Graph.Operands(array.Nodes[0])[0]);
        switch (plan.Graph.Nodes[array.Nodes[0]].Kind)
        {
            case NodeKind.Equal: Binary(VectorCalls.IsEqual); break;
            case NodeKind.LessThan: Binary(VectorCalls.IsLess); break;
            case NodeKind.LessThanSigned:
                foreach (var operand in operands)
                {
                    Value(operand, chunk);
                    Shift(VectorCalls.ShiftLeft, 64 - width);
                    Code.Emit(VectorCalls.ToSigned);
                }

                Code.Emit(VectorCalls.IsLessSigned);
                Code.Emit(VectorCalls.FromSigned);
                break;
            case NodeKind.ReduceAnd:
                Value(operands[0], chunk);
                Broadcast(MethodEmitter.Mask(width));
                Code.Emit(VectorCalls.IsEqual);
                break;
            case NodeKind.Not:
                Mask(operands[0], chunk);
                Broadcast(ulong.MaxValue);
                Code.Emit(VectorCalls.Xor);
                break;
            case NodeKind.And or NodeKind.Or:
                Mask(operands[0], chunk);
                Mask(operands[1], chunk);
                Code.Emit(plan.Graph.Nodes[array.Nodes[0]].Kind == NodeKind.And ? VectorCalls.And : VectorCalls.Or);
                break;
        }

        void Binary(MethodInfo method)
        {
            Value(operands[0], chunk);
            Value(operands[1], chunk);
            Code.Emit(method);
        }
    }

    private void Operator(VectorArray array, Chunk chunk)
    {
        var node = plan.Graph.Nodes[array.Nodes[0]];
        var inputs = plan.Graph.Operands(array.Nodes[0]).ToArray();
        var operands = array.Operands;
        switch (node.Kind)
        {
            case NodeKind.Not:
                Value(operands[0], chunk);
                Broadcast(MethodEmitter.Mask(node.Width));
                Code.Emit(VectorCalls.Xor);
                break;
            case NodeKind.And: Binary(VectorCalls.And); break;
            case NodeKind.Or: Binary(VectorCalls.Or); break;
            case NodeKind.Xor: Binary(VectorCalls.Xor); break;
            case NodeKind.Add: Binary(VectorCalls.Add); Clean(node.Width); break;
            case NodeKind.Subtract: Binary(VectorCalls.Subtract); Clean(node.Width); break;
            case NodeKind.Multiply: Binary(VectorCalls.Multiply); Clean(node.Width); break;
            case NodeKind.Equal or NodeKind.LessThan or NodeKind.LessThanSigned or NodeKind.ReduceAnd:
                Test(array, chunk);
                ToBit();
                break;
            case NodeKind.ShiftLeft or NodeKind.ShiftRight:
                var (amount, within) = _prepared[array];
                Value(operands[0], chunk);
                Code.Emit(OpCodes.Ldloc, amount);
                Code.Emit(node.Kind == NodeKind.ShiftLeft ? VectorCalls.ShiftLeft : VectorCalls.ShiftRight);
                if (within is not null)
                {
                    Code.Emit(OpCodes.Ldloc, within);
                    Code.Emit(VectorCalls.And);
                }

                if (node.Kind == NodeKind.ShiftLeft)
                    Clean(node.Width);
                break;
            case NodeKind.Slice:
                Value(operands[0], chunk);
                Shift(VectorCalls.ShiftRight, node.Payload);
                if (node.Payload + node.Width < plan.Width(inputs[0]))
                    Clean(node.Width);
                break;
            case NodeKind.SignExtend:
                SignExtend(operands[0], plan.Width(inputs[0]), node.Width, chunk);
                break;
            case NodeKind.ReduceOr:
                // All ones, which is −1, where the value is 0: one more is the bit.
                Value(operands[0], chunk);
                Broadcast(0);
                Code.Emit(VectorCalls.IsEqual);
                Broadcast(1);
                Code.Emit(VectorCalls.Add);
                break;
            case NodeKind.ReduceXor:
                Value(operands[0], chunk);
                for (var distance = 32; distance > 0; distance >>= 1)
                {
                    if (distance < plan.Width(inputs[0]))
                        WithShifted(distance, VectorCalls.Xor);
                }

                Clean(1);
                break;
            case NodeKind.PopCount:
                PopCount(operands[0], plan.Width(inputs[0]), chunk);
                break;
            case NodeKind.Concatenate:
                Value(operands[0], chunk);
                for (var part = 1; part < operands.Length; part++)
                {
                    Shift(VectorCalls.ShiftLeft, plan.Width(inputs[part]));
                    Value(operands[part], chunk);
                    Code.Emit(VectorCalls.Or);
                }

                break;
            case NodeKind.Select:
                Select(operands, plan.Width(inputs[0]), chunk);
                break;
            case NodeKind.MemoryRead:
                Code.Emit(OpCodes.Ldloc, _prepared[array].Local);
                Code.Emit(OpCodes.Ldc_I4, chunk.Element * 8);
                Code.Emit(OpCodes.Conv_I);
                Code.Emit(OpCodes.Add);
                if (chunk.Offset is not null)
                {
                    Code.Emit(OpCodes.Ldloc, chunk.Offset);
                    Code.Emit(OpCodes.Add);
                }

                Code.Emit(VectorCalls.Load);
                break;
            default:
                throw new InvalidOperationException($"{node.Kind} is not worked on as a vector");
        }

        void Binary(MethodInfo method)
        {
            Value(operands[0], chunk);
            Value(operands[1], chunk);
            Code.Emit(method);
        }
    }

    private void SignExtend(VectorValue value, int from, int to, Chunk chunk)
    {
        if (from == 1)
        {
            Mask(value, chunk);
            Clean(to);
            return;
        }

        Value(value, chunk);
        Broadcast(1UL << (from - 1));
        Code.Emit(VectorCalls.Xor);
        Broadcast(1UL << (from - 1));
        Code.Emit(VectorCalls.Subtract);
        Clean(to);
    }

    private void Select(VectorValue[] operands, int selectorWidth, Chunk chunk)
    {
        if (operands.Length == 3)
        {
            // A selector of more bits chooses the last option by any of them.
            if (selectorWidth == 1)
            {
                Mask(operands[0], chunk);
                Value(operands[2], chunk);
                Value(operands[1], chunk);
            }
            else
            {
                Value(operands[0], chunk);
                Broadcast(0);
                Code.Emit(VectorCalls.IsEqual);
                Value(operands[1], chunk);
                Value(operands[2], chunk);
            }

            Code.Emit(VectorCalls.Choose);
            return;
        }

        var selector = NewVector();
        Value(operands[0], chunk);
        Code.Emit(OpCodes.Stloc, selector);
        Value(operands[^1], chunk);
        for (var option = operands.Length - 3; option >= 0; option--)
        {
            var others = NewVector();
            Code.Emit(OpCodes.Stloc, others);
            Code.Emit(OpCodes.Ldloc, selector);
            Broadcast((ulong)option);
            Code.Emit(VectorCalls.IsEqual);
            Value(operands[option + 1], chunk);
            Code.Emit(OpCodes.Ldloc, others);
            Code.Emit(VectorCalls.Choose);
        }
    }

    /// <summary>Sums of ever more bits beside each other.</summary>
    private void PopCount(VectorValue value, int width, Chunk chunk)
    {
        Value(value, chunk);
        var bits = NewVector();
        Code.Emit(OpCodes.Stloc, bits);
        Code.Emit(OpCodes.Ldloc, bits);
        Code.Emit(OpCodes.Ldloc, bits);
        Shift(VectorCalls.ShiftRight, 1);
        And(0x5555555555555555);
        Code.Emit(VectorCalls.Subtract);
        if (width > 2)
        {
            Code.Emit(OpCodes.Stloc, bits);
            Code.Emit(OpCodes.Ldloc, bits);
            And(0x3333333333333333);
            Code.Emit(OpCodes.Ldloc, bits);
            Shift(VectorCalls.ShiftRight, 2);
            And(0x3333333333333333);
            Code.Emit(VectorCalls.Add);
        }

        if (width > 4)
        {
            WithShifted(4, VectorCalls.Add);
            And(0x0F0F0F0F0F0F0F0F);
        }

        for (var distance = 8; distance < 64; distance <<= 1)
        {
            if (width > distance)
                WithShifted(distance, VectorCalls.Add);
        }

        if (width > 8)
            And(0x7F);

        void And(ulong mask)
        {
            Broadcast(mask);
            Code.Emit(VectorCalls.And);
        }
    }

    /// <summary>Combines what is on the stack with itself, shifted right.</summary>
    private void WithShifted(int distance, MethodInfo method)
    {
        var value = NewVector();
        Code.Emit(OpCodes.Stloc, value);
        Code.Emit(OpCodes.Ldloc, value);
        Code.Emit(OpCodes.Ldloc, value);
        Shift(VectorCalls.ShiftRight, distance);
        Code.Emit(method);
    }

    private void Shift(MethodInfo method, int distance)
    {
        if (distance == 0)
            return;
        Code.Emit(OpCodes.Ldc_I4, distance);
        Code.Emit(method);
    }

    private void ToBit() => Shift(VectorCalls.ShiftRight, 63);

    private void Clean(int width)
    {
        if (width >= 64)
            return;
        Broadcast(MethodEmitter.Mask(width));
        Code.Emit(VectorCalls.And);
    }
}
