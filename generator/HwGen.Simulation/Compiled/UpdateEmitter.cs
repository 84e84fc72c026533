using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>
/// Writes the IL of changes at a clock edge, in two parts: first all new values are worked out from the old ones, then they
/// are put in place. When one method does both, narrow values wait in local variables, else in the frame.
/// </summary>
internal sealed partial class UpdateEmitter(ModulePlan plan, Body body, MethodEmitter emitter, IReadOnlyDictionary<string, int> controls, bool isAlone)
{
    private ILGenerator Code => emitter.Code;

    /// <summary>Writes the first part of a change, and returns what writes the second.</summary>
    public Action<MethodEmitter> Prepare(Update update)
    {
        if (plan.Vectors.UpdateOf(update.Register) is { } vector)
            return PrepareVector(vector);
        if (plan.Vectors.MemoriesOf(update.Memory) is { Write: { } written } array)
            return PrepareWrites(array, written, isCopied: true);
        if (update.Register < 0)
            return PrepareWrite(update.Memory, plan.Graph.Memories[update.Memory].Writes[update.Write]);
        var register = plan.Graph.Registers[update.Register];
        return ModulePlan.IsWide(register.Width)
            ? PrepareWide(register, plan.RegisterOffset(update.Register))
            : PrepareNarrow(register, plan.RegisterOffset(update.Register));
    }

    /// <summary>Writes a change that nothing after it reads the old value of.</summary>
    public void Apply(Update update)
    {
        if (plan.Vectors.UpdateOf(update.Register) is { } vector)
        {
            StoreNext(vector, vector.Array.Offset);
            return;
        }

        if (plan.Vectors.MemoriesOf(update.Memory) is { Write: { } written } array)
        {
            PrepareWrites(array, written, isCopied: false)(emitter);
            return;
        }

        if (update.Register < 0)
        {
            ApplyWrite(update.Memory, plan.Graph.Memories[update.Memory].Writes[update.Write]);
            return;
        }

        var register = plan.Graph.Registers[update.Register];
        var offset = plan.RegisterOffset(update.Register);
        if (!ModulePlan.IsWide(register.Width))
        {
            Choose(
                register,
                () => emitter.StoreTo(offset, () => emitter.Constant((ulong)register.Reset!.Value)),
                value => emitter.StoreTo(offset, () => emitter.Narrow(value)),
                () => { });
            return;
        }

        Choose(
            register,
            () => StoreWide(register.Reset!.Value, BitWords.Count(register.Width), offset),
            value => emitter.CopyTo(value, () => emitter.Address(offset), word => emitter.StoreTo(offset + word, () => emitter.Word(value, word))),
            () => { });
    }

    private void ApplyWrite(int index, MemoryWrite write)
    {
        var memory = plan.Graph.Memories[index];
        var words = BitWords.Count(memory.Width);
        var end = Code.DefineLabel();
        var address = Code.DeclareLocal(typeof(ulong));
        emitter.Narrow(write.Enable);
        Code.Emit(OpCodes.Brfalse, end);
        emitter.Amount(write.Address);
        Code.Emit(OpCodes.Stloc, address);
        Code.Emit(OpCodes.Ldloc, address);
        emitter.Constant((ulong)memory.Depth);
        Code.Emit(OpCodes.Bge_Un, end);
        Code.Emit(OpCodes.Ldloc, address);
        emitter.Constant((ulong)plan.MemoryStride(index) * 8);
        Code.Emit(OpCodes.Mul);
        Code.Emit(OpCodes.Conv_I);
        emitter.Address(plan.MemoryOffset(index));
        Code.Emit(OpCodes.Add);
        if (words == 1)
        {
            emitter.Narrow(write.Data);
            Code.Emit(OpCodes.Stind_I8);
        }
        else
        {
            emitter.AddressOf(write.Data);
            Code.Emit(OpCodes.Ldc_I4, words * 8);
            Code.Emit(OpCodes.Cpblk);
        }

        Code.MarkLabel(end);
    }

    private void StoreWide(System.Numerics.BigInteger value, int words, int offset)
    {
        for (var word = 0; word < words; word++)
        {
            var index = word;
            emitter.StoreTo(offset + word, () => emitter.Constant((ulong)((value >> (64 * index)) & ulong.MaxValue)));
        }
    }

    private Action<MethodEmitter> PrepareNarrow(FlatRegister register, int offset)
    {
        var next = NewValue();
        Choose(
            register,
            () => next.Store(emitter, () => emitter.Constant((ulong)register.Reset!.Value)),
            value => next.Store(emitter, () => emitter.Narrow(value)),
            () => next.Store(emitter, () => emitter.Load(offset)));
        return target => target.StoreTo(offset, () => next.Load(target));
    }

    private Action<MethodEmitter> PrepareWide(FlatRegister register, int offset)
    {
        var words = BitWords.Count(register.Width);
        var next = plan.Reserve(words);
        var isTaken = NewValue();
        Choose(
            register,
            () =>
            {
                StoreWide(register.Reset!.Value, words, next);
                isTaken.Store(emitter, () => emitter.Constant(1));
            },
            value =>
            {
                emitter.CopyTo(value, () => emitter.Address(next), word => emitter.StoreTo(next + word, () => emitter.Word(value, word)));
                isTaken.Store(emitter, () => emitter.Constant(1));
            },
            () => isTaken.Store(emitter, () => emitter.Constant(0)));
        return target =>
        {
            var end = target.Code.DefineLabel();
            isTaken.Load(target);
            target.Code.Emit(OpCodes.Brfalse, end);
            target.Address(offset);
            target.Address(next);
            target.Code.Emit(OpCodes.Ldc_I4, words * 8);
            target.Code.Emit(OpCodes.Cpblk);
            target.Code.MarkLabel(end);
        };
    }

    private Action<MethodEmitter> PrepareWrite(int index, MemoryWrite write)
    {
        var memory = plan.Graph.Memories[index];
        var words = BitWords.Count(memory.Width);
        var isWide = words > 1;
        // The number of the word to write; one beyond the memory writes nothing.
        var address = NewValue();
        var data = isWide ? null : NewValue();
        var wideData = isWide ? plan.Reserve(words) : -1;
        var (skip, end) = (Code.DefineLabel(), Code.DefineLabel());
        emitter.Narrow(write.Enable);
        Code.Emit(OpCodes.Brfalse, skip);
        address.Store(emitter, () => emitter.Amount(write.Address));
        if (isWide)
            emitter.CopyTo(write.Data, () => emitter.Address(wideData), word => emitter.StoreTo(wideData + word, () => emitter.Word(write.Data, word)));
        else
            data!.Store(emitter, () => emitter.Narrow(write.Data));
        Code.Emit(OpCodes.Br, end);
        Code.MarkLabel(skip);
        address.Store(emitter, () => emitter.Constant(ulong.MaxValue));
        Code.MarkLabel(end);
        return target =>
        {
            var done = target.Code.DefineLabel();
            address.Load(target);
            target.Constant((ulong)memory.Depth);
            target.Code.Emit(OpCodes.Bge_Un, done);
            target.Address(plan.MemoryOffset(index));
            address.Load(target);
            target.Constant((ulong)plan.MemoryStride(index) * 8);
            target.Code.Emit(OpCodes.Mul);
            target.Code.Emit(OpCodes.Conv_I);
            target.Code.Emit(OpCodes.Add);
            if (isWide)
            {
                target.Address(wideData);
                target.Code.Emit(OpCodes.Ldc_I4, words * 8);
                target.Code.Emit(OpCodes.Cpblk);
            }
            else
            {
                data!.Load(target);
                target.Code.Emit(OpCodes.Stind_I8);
            }

            target.Code.MarkLabel(done);
        };
    }

    /// <summary>Reset first, then the last drive whose condition holds, else the old value.</summary>
    private void Choose(FlatRegister register, Action reset, Action<int> drive, Action hold)
    {
        var end = Code.DefineLabel();
        if (register.Reset is not null)
        {
            var isRunning = Code.DefineLabel();
            emitter.Control(controls[register.Domain.Reset]);
            Code.Emit(OpCodes.Brtrue, isRunning);
            reset();
            Code.Emit(OpCodes.Br, end);
            Code.MarkLabel(isRunning);
        }

        foreach (var (condition, value) in register.Drives.Reverse())
        {
            if (condition < 0)
            {
                drive(value);
                Code.MarkLabel(end);
                return;
            }

            var next = Code.DefineLabel();
            emitter.Narrow(condition);
            Code.Emit(OpCodes.Brfalse, next);
            drive(value);
            Code.Emit(OpCodes.Br, end);
            Code.MarkLabel(next);
        }

        hold();
        Code.MarkLabel(end);
    }

    private Waiting NewValue() => isAlone ? new Waiting(Code.DeclareLocal(typeof(ulong)), -1) : new Waiting(null, plan.Reserve(1));

    /// <summary>Where one word waits for the second part.</summary>
    private sealed record Waiting(LocalBuilder? Local, int Offset)
    {
        public void Store(MethodEmitter target, Action value)
        {
            if (Local is null)
            {
                target.StoreTo(Offset, value);
                return;
            }

            value();
            target.Code.Emit(OpCodes.Stloc, Local);
        }

        public void Load(MethodEmitter target)
        {
            if (Local is null)
                target.Load(Offset);
            else
                target.Code.Emit(OpCodes.Ldloc, Local);
        }
    }
}
