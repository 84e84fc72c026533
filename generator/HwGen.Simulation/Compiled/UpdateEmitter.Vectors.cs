using System.Numerics;
using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <content>This part is for the registers and memories of arrays.</content>
internal sealed partial class UpdateEmitter
{
    private Action<MethodEmitter> PrepareVector(VectorUpdate update)
    {
        var (count, offset) = (update.Array.Count, update.Array.Offset);
        var next = plan.Reserve(VectorCalls.Padded(count), padded: true);
        if (update.Drives.All(drive => drive.Condition is not null))
            new VectorEmitter(plan, body, emitter).Copy(count, offset, next);
        StoreNext(update, next);
        return target => new VectorEmitter(plan, body, target).Copy(count, next, offset);
    }

    /// <summary>Writes the next values of an array's registers to a place; where no drive changes one, it is left as it is.</summary>
    private void StoreNext(VectorUpdate update, int offset)
    {
        var register = plan.Graph.Registers[plan.Graph.Nodes[update.Array.Nodes[0]].Payload];
        var end = Code.DefineLabel();
        var vectors = new VectorEmitter(plan, body, emitter);
        if (register.Reset is { } reset)
        {
            var isRunning = Code.DefineLabel();
            emitter.Control(controls[register.Domain.Reset]);
            Code.Emit(OpCodes.Brtrue, isRunning);
            vectors.StoreConstant((ulong)reset, update.Array.Count, offset);
            Code.Emit(OpCodes.Br, end);
            Code.MarkLabel(isRunning);
        }

        if (update.Drives is [({ Kind: VectorKind.Uniform } condition, var value)])
        {
            emitter.Narrow(condition.Node);
            Code.Emit(OpCodes.Brfalse, end);
            vectors.Store(value, offset);
        }
        else
        {
            vectors.StoreNext(update, offset);
        }

        Code.MarkLabel(end);
    }

    /// <summary>Writes the first part of the writes of an array's memories: which of them, where and what; and returns what writes the second.</summary>
    private Action<MethodEmitter> PrepareWrites(MemoryArray array, (VectorValue Enable, VectorValue Address, VectorValue Data) write, bool isCopied)
    {
        var count = array.Memories.Length;
        var depth = plan.Graph.Memories[array.Memories[0]].Depth;
        // A bit for each memory that is written.
        var enabled = plan.Reserve((count + 63) / 64);
        var address = plan.Reserve(1);
        var isUniform = write.Data.Kind == VectorKind.Uniform;
        var copy = isUniform || isCopied ? plan.Reserve(isUniform ? 1 : VectorCalls.Padded(count), padded: true) : -1;
        for (var word = 0; word < (count + 63) / 64; word++)
        {
            var first = 64 * word;
            emitter.StoreTo(enabled + word, () => EmitEnabled(write.Enable, first));
        }

        emitter.StoreTo(address, () => emitter.Amount(write.Address.Node));
        if (isUniform)
            emitter.StoreTo(copy, () => emitter.Narrow(write.Data.Node));
        else if (isCopied)
            new VectorEmitter(plan, body, emitter).Store(write.Data, copy);
        return target =>
        {
            var end = target.Code.DefineLabel();
            target.Load(address);
            target.Constant((ulong)depth);
            target.Code.Emit(OpCodes.Bge_Un, end);
            for (var word = 0; word < (count + 63) / 64; word++)
                EmitWrites(target, array, enabled + word, 64 * word, address, write.Data, copy);
            target.Code.MarkLabel(end);
        };
    }

    private void EmitEnabled(VectorValue enable, int first)
    {
        if (enable.Kind != VectorKind.Uniform)
        {
            new VectorEmitter(plan, body, emitter).Bits(enable, first);
            return;
        }

        emitter.Constant(0);
        emitter.Narrow(enable.Node);
        Code.Emit(OpCodes.Sub);
        emitter.Constant(MethodEmitter.Mask(Math.Min(64, enable.Count - first)));
        Code.Emit(OpCodes.And);
    }

    /// <summary>Writes a word to each memory whose bit is 1, one after the other.</summary>
    private static void EmitWrites(MethodEmitter target, MemoryArray array, int enabled, int first, int address, VectorValue data, int copy)
    {
        var code = target.Code;
        var (bits, row, place) = (code.DeclareLocal(typeof(ulong)), code.DeclareLocal(typeof(nint)), code.DeclareLocal(typeof(nint)));
        var (next, done) = (code.DefineLabel(), code.DefineLabel());
        target.Load(enabled);
        code.Emit(OpCodes.Stloc, bits);
        target.Load(address);
        target.Constant((ulong)array.Stride * 8);
        code.Emit(OpCodes.Mul);
        code.Emit(OpCodes.Conv_I);
        target.Address(array.Offset + first);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Stloc, row);
        code.MarkLabel(next);
        code.Emit(OpCodes.Ldloc, bits);
        code.Emit(OpCodes.Brfalse, done);
        code.Emit(OpCodes.Ldloc, bits);
        code.Emit(typeof(BitOperations).GetMethod(nameof(BitOperations.TrailingZeroCount), [typeof(ulong)])!);
        code.Emit(OpCodes.Ldc_I4_3);
        code.Emit(OpCodes.Shl);
        code.Emit(OpCodes.Conv_I);
        code.Emit(OpCodes.Stloc, place);
        code.Emit(OpCodes.Ldloc, row);
        code.Emit(OpCodes.Ldloc, place);
        code.Emit(OpCodes.Add);
        if (data.Kind == VectorKind.Uniform)
        {
            target.Load(copy);
        }
        else
        {
            target.Address(first + (copy >= 0 ? copy : data.Kind == VectorKind.Constants ? data.Constants!.Offset : data.Array!.Offset + data.Start));
            code.Emit(OpCodes.Ldloc, place);
            code.Emit(OpCodes.Add);
            code.Emit(OpCodes.Ldind_I8);
        }

        code.Emit(OpCodes.Stind_I8);
        code.Emit(OpCodes.Ldloc, bits);
        code.Emit(OpCodes.Ldloc, bits);
        target.Constant(1);
        code.Emit(OpCodes.Sub);
        code.Emit(OpCodes.And);
        code.Emit(OpCodes.Stloc, bits);
        code.Emit(OpCodes.Br, next);
        code.MarkLabel(done);
    }
}
