namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>The faults in the vectors of the compiled engine, which random arrays of equal cells have to catch: one at least in each operator's code, and in what finds, gathers and stores vectors.</summary>
internal static class VectorFaults
{
    private const string Operators = "HwGen.Simulation/Compiled/VectorEmitter.Operators.cs";
    private const string Emitter = "HwGen.Simulation/Compiled/VectorEmitter.cs";
    private const string Finder = "HwGen.Simulation/Compiled/VectorFinder.cs";
    private const string Updates = "HwGen.Simulation/Compiled/UpdateEmitter.Vectors.cs";

    /// <summary>All of them.</summary>
    public static IEnumerable<PlantedFault> All => [.. OfOperators(), .. OfTests(), .. OfValues(), .. OfChanges()];

    private static IEnumerable<PlantedFault> OfOperators()
    {
        yield return Fault("Not", Operators, "case NodeKind.Not:\n                Value(operands[0], chunk);\n                Broadcast(⟦MethodEmitter.Mask(node.Width)⟧);", "MethodEmitter.Mask(node.Width) >> 1");
        yield return Fault("And", Operators, "case NodeKind.And: Binary(⟦VectorCalls.And⟧); break;", "VectorCalls.Or");
        yield return Fault("Or", Operators, "case NodeKind.Or: Binary(⟦VectorCalls.Or⟧); break;", "VectorCalls.Xor");
        yield return Fault("Xor", Operators, "case NodeKind.Xor: Binary(⟦VectorCalls.Xor⟧); break;", "VectorCalls.Or");
        yield return Fault("Add", Operators, "case NodeKind.Add: Binary(VectorCalls.Add); ⟦Clean(node.Width);⟧", ";");
        yield return Fault("Subtract", Operators, "case NodeKind.Subtract: Binary(VectorCalls.Subtract); ⟦Clean(node.Width);⟧", ";");
        yield return Fault("Multiply", Operators, "case NodeKind.Multiply: Binary(⟦VectorCalls.Multiply⟧);", "VectorCalls.Add");
        yield return Fault("ShiftLeft, ShiftRight", Operators, "Code.Emit(node.Kind == ⟦NodeKind.ShiftLeft⟧ ? VectorCalls.ShiftLeft : VectorCalls.ShiftRight);", "NodeKind.ShiftRight");
        yield return Fault("ShiftLeft, ShiftRight by 64 bits and more", Emitter, "        if (⟦plan.Width(node) > 6⟧)", "false");
        yield return Fault("Slice", Operators, "Shift(VectorCalls.ShiftRight, ⟦node.Payload⟧);", "node.Payload + 1");
        yield return Fault("SignExtend", Operators, "        Code.Emit(VectorCalls.Xor);\n        ⟦Broadcast(1UL << (from - 1));⟧", "Broadcast(0);");
        yield return Fault("SignExtend of one bit", Operators, "            Mask(value, chunk);\n            ⟦Clean(to);⟧", "Clean(1);");
        yield return Fault("ReduceOr", Operators, "                ⟦Broadcast(1);⟧\n                Code.Emit(VectorCalls.Add);", "Broadcast(2);");
        yield return Fault("ReduceXor", Operators, "WithShifted(distance, ⟦VectorCalls.Xor⟧);", "VectorCalls.Or");
        yield return Fault("PopCount", Operators, "            WithShifted(4, VectorCalls.Add);\n            ⟦And(0x0F0F0F0F0F0F0F0F);⟧", "And(0x0303030303030303);");
        yield return Fault("Concatenate", Operators, "Shift(VectorCalls.ShiftLeft, ⟦plan.Width(inputs[part])⟧);", "plan.Width(inputs[part]) - 1");
        yield return Fault("Select of two", Operators, "                Mask(operands[0], chunk);\n                Value(operands[⟦2⟧], chunk);", "1");
        yield return Fault("Select of two by more bits", Operators, "                Code.Emit(VectorCalls.IsEqual);\n                Value(operands[⟦1⟧], chunk);", "2");
        yield return Fault("Select of many", Operators, "            Broadcast((ulong)⟦option⟧);", "(option ^ 1)");
        yield return Fault("MemoryRead", Emitter, "        ⟦emitter.Amount(address);⟧\n        ClampTo(", "emitter.Constant(0);");
        yield return Fault("MemoryRead past the last word", Emitter, "        ⟦ClampTo(plan.Graph.Memories[memories.Memories[0]].Depth, plan.Width(address));⟧", "ClampTo(plan.Graph.Memories[memories.Memories[0]].Depth - 1, plan.Width(address));");
    }

    /// <summary>Operators whose result is one bit.</summary>
    private static IEnumerable<PlantedFault> OfTests()
    {
        yield return Fault("Equal", Operators, "case NodeKind.Equal: Binary(⟦VectorCalls.IsEqual⟧); break;", "VectorCalls.IsLess");
        yield return Fault("LessThan", Operators, "case NodeKind.LessThan: Binary(⟦VectorCalls.IsLess⟧); break;", "VectorCalls.IsEqual");
        yield return Fault("LessThanSigned", Operators, "Shift(VectorCalls.ShiftLeft, ⟦64 - width⟧);", "0");
        yield return Fault("ReduceAnd", Operators, "                Broadcast(⟦MethodEmitter.Mask(width)⟧);", "MethodEmitter.Mask(width) >> 1");
        yield return Fault("Not of one bit", Operators, "                Mask(operands[0], chunk);\n                Broadcast(⟦ulong.MaxValue⟧);", "0UL");
        yield return Fault("And, Or of one bit", Operators, "Code.Emit(plan.Graph.Nodes[array.Nodes[0]].Kind == ⟦NodeKind.And⟧ ? VectorCalls.And : VectorCalls.Or);", "NodeKind.Or");
        yield return Fault("one bit as a word", Operators, "        ⟦Broadcast(0);⟧\n        Value(value, chunk);\n        Code.Emit(VectorCalls.Subtract);", "Broadcast(1);");
    }

    private static IEnumerable<PlantedFault> OfValues()
    {
        yield return Fault("constants in reverse order", Finder, "new VectorValue(VectorKind.Constants, nodes.Length, Constants: NewConstants(⟦values⟧))", "Enumerable.Reverse(values).ToArray()");
        yield return Fault("bits of one signal: the lower half of a word stands for both", Finder, "1UL << (_graph.Nodes[node].Payload & ⟦63⟧)", "31");
        yield return Fault("bits of one signal: all come from its first word", Finder, "Constants: NewConstants(masks), Words: ⟦words⟧)", "new int[words.Length]");
        yield return Fault("a part of an array begins at its first element", Finder, "return new VectorValue(VectorKind.Range, nodes.Length, Array: first.Array, Start: ⟦first.Index⟧);", "0");
        yield return Fault("gathered values: a vector stands one element early", Emitter, "Store(value, array.Offset + ⟦part.Start⟧);", "Math.Max(0, part.Start - 1)");
        yield return Fault("gathered values: single ones stand at the first one's place", Emitter, "emitter.StoreTo(array.Offset + ⟦element⟧, () => emitter.Narrow(node));", "part.Start");
        yield return Fault("a loop over elements ends one vector early", Emitter, "        Code.Emit(OpCodes.Ldc_I4, ⟦vectors * VectorCalls.Elements * 8⟧);", "(vectors - 1) * VectorCalls.Elements * 8");
        yield return Fault("bits beyond the last element are kept", Emitter, "        if (⟦count % VectorCalls.Elements != 0⟧)", "false");
        yield return Fault("bits of a concatenation change places", Emitter, "                Code.Emit(OpCodes.Ldc_I4, ⟦element⟧);", "element - 1");
        yield return Fault("the choice of an element", "HwGen.Simulation/Compiled/MethodEmitter.cs", "vectors.ClampTo(⟦options.Count - 1⟧, plan.Width(selector));", "options.Count / 2");
    }

    private static IEnumerable<PlantedFault> OfChanges()
    {
        yield return Fault("registers: the reset value", Updates, "vectors.StoreConstant(⟦(ulong)reset⟧,", "(ulong)reset ^ 1");
        yield return Fault("registers: the reset is turned round", Updates, "            Code.Emit(⟦OpCodes.Brtrue⟧, isRunning);\n            vectors", "OpCodes.Brfalse");
        yield return Fault("registers: a condition of all of them is turned round", Updates, "            emitter.Narrow(condition.Node);\n            Code.Emit(⟦OpCodes.Brfalse⟧, end);", "OpCodes.Brtrue");
        yield return Fault("registers: a drive that holds always is forgotten", Emitter, "            if (⟦first >= 0⟧)", "false");
        yield return Fault("registers: a condition is that of all", Emitter, "                Mask(⟦condition!⟧, chunk);", "update.Drives[^1].Condition!");
        yield return Fault("registers: new values that wait are lost", Updates, "new VectorEmitter(plan, body, target).Copy(count, ⟦next⟧, offset);", "offset");
        yield return Fault("memories: all words are written to the first", Updates, "        target.Constant((ulong)⟦array.Stride⟧ * 8);", "0");
        yield return Fault("memories: only the first is enabled", Updates, "emitter.Constant(⟦MethodEmitter.Mask(Math.Min(64, enable.Count - first))⟧);", "1UL");
        yield return Fault("memories: a word is written as it was at the edge before", Updates, "            new VectorEmitter(plan, body, emitter).Store(⟦write.Data⟧, copy);", "write.Enable");
    }

    private static PlantedFault Fault(string what, string file, string find, string fault) => new(FaultPlace.Vectors, what, file, find, fault);
}
