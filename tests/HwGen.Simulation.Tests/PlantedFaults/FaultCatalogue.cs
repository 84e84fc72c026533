namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>The faults that the random circuits have to catch: one at least in each pass, and in each node kind's code of the compiled engine, of its vectors (<see cref="VectorFaults"/>) and of the writer of Verilog.</summary>
internal static class FaultCatalogue
{
    private const string Emitter = "HwGen.Simulation/Compiled/MethodEmitter.cs";
    private const string Wide = "HwGen.Simulation/Compiled/MethodEmitter.Wide.cs";
    private const string Flat = "HwGen.Simulation/Compiled/FlatGraph.cs";
    private const string Update = "HwGen.Simulation/Compiled/UpdateEmitter.cs";
    private const string Expressions = "HwGen.Netlist/Verilog/ExpressionText.cs";
    private const string Modules = "HwGen.Netlist/Verilog/ModuleText.cs";
    private const string Registers = "HwGen.Netlist/Verilog/RegisterText.cs";
    private const string Prettifier = "HwGen.Netlist/Passes/Prettifier.cs";
    private const string Legaliser = "HwGen.Netlist/Passes/Legaliser.cs";
    private const string Rewriter = "HwGen.Netlist/Passes/GraphRewriter.cs";

    /// <summary>All faults, by place.</summary>
    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        .. Passes(), .. Checks(), .. CompiledOperators(), .. CompiledParts(), .. VectorFaults.All, .. WriterOperators(), .. WriterParts(),
    ];

    private static IEnumerable<PlantedFault> Passes()
    {
        yield return Pass("partial drives: joined the wrong way round", "HwGen.Netlist/PartialDrives.cs", "⟦parts.Reverse();⟧", ";");
        yield return Pass("branches: an else holds always", "HwGen.Netlist/ModuleBranches.cs", "            var full = ⟦~_taken⟧;", "(_taken | ~_taken)");
        yield return Pass("branches: an outer condition is forgotten", "HwGen.Netlist/ModuleBranches.cs", "_conditions.Add(_conditions.Count == 0 ? condition : ⟦_conditions[^1] & condition⟧);", "condition");
        yield return Pass("deduplication: equal modules are taken for different ones", "HwGen.Netlist/Elaboration.cs", "if (⟦earlier.Difference(graph)⟧ is { } difference)", "\"expressions\"");
        yield return Pass("building: operands stand in reverse order", "HwGen.Netlist/ModuleGraph.cs", "        ⟦_operands.AddRange(operands);⟧", "var turned = operands.ToArray(); Array.Reverse(turned); _operands.AddRange(turned);");
        yield return Pass("prettify: a sum with 1 is taken for one with 0", Prettifier, "case NodeKind.Add or NodeKind.Or or NodeKind.Xor:\n                return WithoutNeutral(id, node, ⟦BigInteger.Zero⟧);", "BigInteger.One");
        yield return Pass("prettify: a & ones is ones", Prettifier, "return ⟦WithoutNeutral(id, node, (BigInteger.One << node.Width) - 1)⟧;", "(IsConstant(Copy(operands[1]), (BigInteger.One << node.Width) - 1) ? Copy(operands[1]) : base.Rewrite(id, node))");
        yield return Pass("prettify: 0 - a is a", Prettifier, "case NodeKind.Subtract when IsConstant(Copy(operands[⟦1⟧]), BigInteger.Zero):\n                return Copy(operands[0]);", "0");
        yield return Pass("prettify: c ? 0 : 1 is c", Prettifier, "return Target.Nodes[condition].Kind == NodeKind.Not ? Target.Operands(condition)[0] : ⟦Target.Add(NodeKind.Not, 1, 0, [condition])⟧;", "condition");
        yield return Pass("prettify: a zero extension of a sign extension copies the sign", Prettifier, "(inner.Kind == NodeKind.SignExtend && ⟦node.Kind == NodeKind.SignExtend⟧)", "true");
        yield return Pass("prettify: parts of joined concatenations change places", Prettifier, "                ⟦parts.AddRange(Target.Operands(copy));⟧", "parts.AddRange(Enumerable.Reverse(Target.Operands(copy).ToArray()));");
        yield return Pass("legalise: a wire takes the driver of the one before", Legaliser, "{ Driver = ⟦Copy(id)⟧, IsMade = true }", "(id > 0 && Target.Nodes[Copy(id - 1)].Width == width ? Copy(id - 1) : Copy(id))");
        yield return Pass("rewriting: reset values are lost", Rewriter, "register.Domain, ⟦register.Reset⟧, register.Location", "register.Reset is null ? null : System.Numerics.BigInteger.Zero");
        yield return Pass("rewriting: drives lose their conditions", Rewriter, "new ConditionalDrive(⟦Copy(drive.Condition)⟧,", "-1");
        yield return Pass("rewriting: initial words of memories are lost", Rewriter, "{ Initial = ⟦memory.Initial⟧ }", "[]");
        yield return Pass("rewriting: all write ports of a memory write the word of the first", Rewriter, "Root(write.Address), ⟦Root(write.Data)⟧", "(copy.WriteList.Count > 0 ? copy.WriteList[0].Data : Root(write.Data))");

        static PlantedFault Pass(string what, string file, string find, string fault) => new(FaultPlace.Pass, what, file, find, fault);
    }

    /// <summary>Checks change nothing: their faults are alarms where there is no mistake.</summary>
    private static IEnumerable<PlantedFault> Checks()
    {
        yield return Check("drivers: the first node drives nothing", "HwGen.Netlist/Checks/DriverCheck.cs", "if (⟦wire.Driver < 0⟧)", "wire.Driver < 5");
        yield return Check("combinational loops: registers do not cut them", "HwGen.Netlist/Checks/LoopCheck.cs", "            default:\n                return ⟦graph.Operands(id).ToArray()⟧;", "(node.Kind == NodeKind.Register ? graph.RegisterList[node.Payload].DriveList.Select(drive => drive.Value) : graph.Operands(id).ToArray())");
        yield return Check("clock crossings: stated ones count too", "HwGen.Netlist/Checks/CrossingCheck.cs", "return ⟦graph.WireList[node.Payload].CrossingReason is null⟧ ?", "true");
        yield return Check("unused: discards do not count", "HwGen.Netlist/Checks/UnusedCheck.cs", "var bits = new UsedBits(graph, node => isLive[node], ⟦Sinks.Of(graph).Concat(graph.DiscardedList)⟧);", "Sinks.Of(graph)");
        yield return Check("width laws: an extension may not be by one bit", "HwGen.Netlist/Checks/WidthLaws.cs", "operands.Length == 1 && ⟦w > Width(graph, operands[0])⟧,", "w > Width(graph, operands[0]) + 1");
        yield return Check("names: a digit is no part of one", "HwGen.Netlist/Names.cs", "name.All(c => ⟦char.IsAsciiLetterOrDigit(c)⟧ || c == '_')", "char.IsAsciiLetter(c)");

        static PlantedFault Check(string what, string file, string find, string fault) => new(FaultPlace.Pass, "check of " + what, file, find, fault);
    }

    private static IEnumerable<PlantedFault> CompiledOperators()
    {
        yield return Narrow("Constant", "        if (entry.Kind == NodeKind.Constant)\n        {\n            Constant(⟦(ulong)Graph.ConstantValue(node)⟧);", "(ulong)Graph.ConstantValue(node) >> 1");
        yield return Narrow("Not", "                Constant(⟦Mask(entry.Width)⟧);\n                il.Emit(OpCodes.Xor);", "Mask(entry.Width) >> 1");
        yield return Narrow("And", "case NodeKind.And: Binary(⟦OpCodes.And⟧); break;", "OpCodes.Or");
        yield return Narrow("Or", "case NodeKind.Or: Binary(⟦OpCodes.Or⟧); break;", "OpCodes.Xor");
        yield return Narrow("Xor", "case NodeKind.Xor: Binary(⟦OpCodes.Xor⟧); break;", "OpCodes.Or");
        yield return Narrow("Add", "case NodeKind.Add: Binary(OpCodes.Add); ⟦Clean(entry.Width);⟧", ";");
        yield return Narrow("Subtract", "case NodeKind.Subtract: Binary(OpCodes.Sub); ⟦Clean(entry.Width);⟧", ";");
        yield return Narrow("Multiply", "case NodeKind.Multiply: Binary(⟦OpCodes.Mul⟧);", "OpCodes.Add");
        yield return Narrow("Equal", "case NodeKind.Equal: Binary(⟦OpCodes.Ceq⟧);", "OpCodes.Clt_Un");
        yield return Narrow("LessThan", "case NodeKind.LessThan: Binary(⟦OpCodes.Clt_Un⟧);", "OpCodes.Cgt_Un");
        yield return Narrow("LessThanSigned", "ShiftBy(64 - plan.Width(operands[1]), OpCodes.Shl);\n                il.Emit(⟦OpCodes.Clt⟧);", "OpCodes.Clt_Un");
        yield return Narrow("ShiftLeft", "NodeKind.ShiftLeft => ⟦OpCodes.Shl⟧, NodeKind.ShiftRight => OpCodes.Shr_Un", "OpCodes.Shr_Un");
        yield return Narrow("ShiftLeft by a wide amount", "NodeKind.ShiftLeft => ⟦nameof(WideMath.ShiftLeftNarrow)⟧,", "nameof(WideMath.ShiftRightNarrow)");
        yield return Narrow("ShiftRight", "NodeKind.ShiftRight => ⟦OpCodes.Shr_Un⟧, _ => OpCodes.Shr", "OpCodes.Shl");
        yield return Narrow("ShiftRightSigned", "        if (⟦isSigned⟧)\n            SignExtendTo64(entry.Width);", "false");
        yield return Narrow("Slice", "ShiftBy(⟦entry.Payload⟧, OpCodes.Shr_Un);\n                if (entry.Payload + entry.Width", "entry.Payload + 1");
        yield return Narrow("ZeroExtend", "case NodeKind.ZeroExtend:\n                ⟦Narrow(operands[0]);⟧", "Narrow(operands[0]); SignExtendTo64(plan.Width(operands[0])); Clean(entry.Width);");
        yield return Narrow("SignExtend", "Narrow(operands[0]);\n                ⟦SignExtendTo64(plan.Width(operands[0]));⟧\n                Clean(entry.Width);", ";");
        yield return Narrow("ReduceAnd", "Constant(⟦Mask(plan.Width(operands[0]))⟧);\n                il.Emit(OpCodes.Ceq);", "Mask(plan.Width(operands[0])) >> 1");
        yield return Narrow("ReduceOr", "case NodeKind.ReduceOr:\n                Narrow(operands[0]);\n                ⟦NotZero();⟧", "Constant(1); il.Emit(OpCodes.And);");
        yield return Narrow("ReduceXor", "                CountOnes();\n                ⟦Constant(1);⟧\n                il.Emit(OpCodes.And);\n                break;", "Constant(2);");
        yield return Narrow("PopCount", "case NodeKind.PopCount:\n                Narrow(operands[0]);\n                ⟦CountOnes();⟧", "Constant(1); il.Emit(OpCodes.Shr_Un); CountOnes();");
        yield return Narrow("Concatenate", "ShiftBy(⟦plan.Width(part)⟧, OpCodes.Shl);\n                    Narrow(part);", "plan.Width(part) - 1");
        yield return Narrow("Select", "il.Emit(⟦OpCodes.Brtrue⟧, one);", "OpCodes.Brfalse");
        yield return Narrow("Select of many", "            choose(options[⟦option⟧]);\n            il.Emit(OpCodes.Br, end);\n        }", "option ^ (option < labels.Length - 1 ? 1 : 0)");
        yield return Narrow("MemoryRead", "                ⟦WordAddress(entry.Payload);⟧\n                il.Emit(OpCodes.Ldind_I8);", "il.Emit(OpCodes.Pop); Constant(0); WordAddress(entry.Payload);");
        yield return WideFault("Not", "Word(operands[0], word);\n                Constant(⟦WordMask(entry.Width, word)⟧);", "ulong.MaxValue");
        yield return WideFault("And", "case NodeKind.And: Binary(⟦OpCodes.And⟧); break;", "OpCodes.Or");
        yield return WideFault("Or", "case NodeKind.Or: Binary(⟦OpCodes.Or⟧); break;", "OpCodes.Xor");
        yield return WideFault("Xor", "case NodeKind.Xor: Binary(⟦OpCodes.Xor⟧); break;", "OpCodes.And");
        yield return WideFault("ZeroExtend", "if (⟦word >= BitWords.Count(plan.Width(operand))⟧)\n            Constant(0);", "word > 0");
        yield return WideFault("Slice", "var shift = ⟦low & 63⟧;", "low & 31");
        yield return WideFault("Concatenate", "PartOfWord(part, ⟦position - start⟧);", "position - start + (position > start ? 1 : 0)");
        yield return WideFault("Select", "Select(operands, option => Word(⟦option⟧, word));", "operands[^1]");
        yield return WideFault("Add", "case NodeKind.Add: Loop(⟦nameof(WideMath.Add)⟧, true, operands); break;", "nameof(WideMath.Subtract)");
        yield return WideFault("Subtract", "case NodeKind.Subtract: Loop(⟦nameof(WideMath.Subtract)⟧, true, operands); break;", "nameof(WideMath.Add)");
        yield return WideFault("Multiply", "case NodeKind.Multiply: Loop(⟦nameof(WideMath.Multiply)⟧, true, operands); break;", "nameof(WideMath.Add)");
        yield return WideFault("ShiftLeft, ShiftRight, ShiftRightSigned", "                AddressOf(operands[0]);\n                ⟦Amount(operands[1]);⟧", "Constant(1);");
        yield return WideFault("SignExtend", "il.Emit(OpCodes.Ldc_I4, ⟦plan.Width(operands[0])⟧);\n                il.Emit(OpCodes.Ldc_I4, entry.Width);", "plan.Width(operands[0]) + 1");
        yield return WideFault("MemoryRead", "                        il.Emit(OpCodes.Ldloc, from);\n                        il.Emit(OpCodes.Ldc_I4, ⟦words⟧);", "words - 1");
        yield return WideFault("PopCount", "if (entry.Kind == NodeKind.PopCount)\n                        ⟦il.Emit(OpCodes.Call, s_popCount);⟧", "if (word == 0) { il.Emit(OpCodes.Pop); il.Emit(OpCodes.Ldc_I4_0); } else { il.Emit(OpCodes.Call, s_popCount); }");
        yield return WideFault("ReduceAnd", "if (entry.Kind == NodeKind.ReduceAnd)\n                        Constant(⟦WordMask(width, word)⟧);", "WordMask(width, word) >> 1");
        yield return WideFault("ReduceOr, ReduceAnd, Equal", "                    if (word > 0)\n                        il.Emit(⟦OpCodes.Or⟧);\n                }\n\n                if (entry.Kind == NodeKind.ReduceOr)", "OpCodes.And");
        yield return WideFault("ReduceXor", "il.Emit(entry.Kind == NodeKind.PopCount ? OpCodes.Add : ⟦OpCodes.Xor⟧);", "OpCodes.Or");
        yield return WideFault("LessThan, LessThanSigned", "                AddressOf(operands[0]);\n                AddressOf(operands[⟦1⟧]);\n                il.Emit(OpCodes.Ldc_I4, words);\n                if (entry.Kind == NodeKind.LessThanSigned)", "0");

        static PlantedFault Narrow(string kind, string find, string fault) => new(FaultPlace.CompiledEngine, $"{kind} of up to 64 bits", Emitter, find, fault);

        static PlantedFault WideFault(string kind, string find, string fault) => new(FaultPlace.CompiledEngine, $"{kind} of more than 64 bits", Wide, find, fault);
    }

    private static IEnumerable<PlantedFault> CompiledParts()
    {
        yield return Part("Input: a dissolved instance takes the input before", Flat, "case NodeKind.Input:\n                    map[id] = ⟦inputs[node.Payload]⟧;", "(node.Payload > 0 && inputs[node.Payload - 1] >= 0 && _nodes[inputs[node.Payload - 1]].Width == node.Width ? inputs[node.Payload - 1] : inputs[node.Payload])");
        yield return Part("Wire: a dissolved instance drives it from the node before", Flat, "_drivers[_nodes[mine].Payload] = map[⟦module.Driver(its)⟧];", "(module.Driver(its) > 0 && module._nodes[module.Driver(its) - 1].Width == module._nodes[its].Width ? module.Driver(its) - 1 : module.Driver(its))");
        yield return Part("InstanceOutput: the first output stands for all of its width", Flat, "map[id] = ⟦outputs[instance][port]⟧;", "outputs[instance].First(o => o >= 0 && _nodes[o].Width == node.Width)");
        yield return Part("Register: the reset is ignored", Update, "if (⟦register.Reset is not null⟧)", "false && register.Reset is null");
        yield return Part("Register: the first drive that holds wins", Update, "foreach (var (condition, value) in ⟦register.Drives.Reverse()⟧)", "register.Drives");
        yield return Part("Register: a condition is turned round", Update, "            emitter.Narrow(condition);\n            Code.Emit(⟦OpCodes.Brfalse⟧, next);", "OpCodes.Brtrue");
        yield return Part("Memory: writes are always enabled", Update, "        ⟦emitter.Narrow(write.Enable);⟧\n        Code.Emit(OpCodes.Brfalse, end);", "emitter.Constant(1);");
        yield return Part("order of changes: nothing waits for the readers of its old value", "HwGen.Simulation/Compiled/UpdateOrder.cs", "_delayed.Contains(update) ? 0 : ⟦readers.GetValueOrDefault(Target(update))?.Count ?? 0⟧", "0");

        static PlantedFault Part(string what, string file, string find, string fault) => new(FaultPlace.CompiledEngine, what, file, find, fault);
    }

    private static IEnumerable<PlantedFault> WriterOperators()
    {
        yield return Kind("Constant", "return FormattableString.Invariant($\"{width}'d{⟦value⟧}\");", "value >> 1");
        yield return Kind("Not", "return ⟦Complement(id, operands[0])⟧;", "Operand(id, 0)");
        yield return Kind("And", "return Infix(id, ⟦\"&\"⟧);", "\"|\"");
        yield return Kind("Or", "return Infix(id, ⟦\"|\"⟧);", "\"^\"");
        yield return Kind("Xor", "return Infix(id, ⟦\"^\"⟧);", "\"|\"");
        yield return Kind("Add", "return Infix(id, ⟦\"+\"⟧);", "\"-\"");
        yield return Kind("Subtract", "return Infix(id, ⟦\"-\"⟧);", "\"+\"");
        yield return Kind("Multiply", "return Infix(id, ⟦\"*\"⟧);", "\"+\"");
        yield return Kind("Equal", "return Infix(id, ⟦\"==\"⟧);", "\">=\"");
        yield return Kind("LessThan", "return Infix(id, ⟦\"<\"⟧);", "\"<=\"");
        yield return Kind("LessThanSigned", "return ⟦SignedComparison(id, \"<\")⟧;", "Infix(id, \"<\")");
        yield return Kind("ShiftLeft", "return Infix(id, ⟦\"<<\"⟧);", "\">>\"");
        yield return Kind("ShiftRight", "return Infix(id, ⟦\">>\"⟧);", "\"<<\"");
        yield return Kind("ShiftRightSigned", "return ⟦$\"$signed({Definition(operands[0])}) >>> {Operand(id, 1)}\"⟧;", "Infix(id, \">>>\")");
        yield return Kind("ReduceAnd", "return Reduction(id, ⟦\"&\"⟧);", "\"|\"");
        yield return Kind("ReduceOr", "return Reduction(id, ⟦\"|\"⟧);", "\"^\"");
        yield return Kind("ReduceXor", "return Reduction(id, ⟦\"^\"⟧);", "\"|\"");
        yield return Kind("MemoryRead", "return ⟦$\"{graph.MemoryList[node.Payload].Name}[{Definition(operands[0])}]\"⟧;", "$\"{graph.MemoryList[node.Payload].Name}[~({Definition(operands[0])})]\"");
        yield return Kind("Slice", "return Bits(NameOf(operands[0]), ⟦node.Payload⟧, node.Width);", "0");
        yield return Kind("SignExtend of one bit", "return ⟦FormattableString.Invariant($\"{{{node.Width}{{{Definition(operands[0])}}}}}\")⟧;", "$\"{{{Constant(0, node.Width - 1)}, {Definition(operands[0])}}}\"");
        yield return Kind("SignExtend", "var sign = ⟦Bits(NameOf(operands[0]), width - 1, 1)⟧;", "Bits(NameOf(operands[0]), 0, 1)");
        yield return Kind("ZeroExtend", "parts.Add(Constant(⟦0⟧, node.Width - graph.Nodes[operands[0]].Width));", "1");
        yield return Kind("Concatenate", "⟦CollectParts(id, parts);⟧\n                return", "CollectParts(id, parts); if (node.Kind == NodeKind.Concatenate) { parts.Reverse(); }");
        yield return Kind("Select of two", "return ⟦$\"{Operand(id, 0)} ? {Operand(id, 2)} : {Operand(id, 1)}\"⟧;", "$\"{Operand(id, 0)} ? {Operand(id, 1)} : {Operand(id, 2)}\"");
        yield return Kind("Input", "return ⟦graph.PortList[node.Payload].Name⟧;", "graph.PortList.First(p => p.IsInput && p.Width >= node.Width).Name");
        yield return Kind("Register", "return ⟦graph.RegisterList[node.Payload].Name⟧;", "graph.RegisterList.First(r => r.Width >= node.Width).Name");
        yield return Kind("Wire", "return ⟦graph.WireList[node.Payload].Name⟧;", "graph.WireList.First(w => w.Width >= node.Width).Name");
        yield return Kind("InstanceOutput", "return ⟦$\"{info.Name}_{info.Module.PortList[port].Name}\"⟧;", "$\"{info.Name}_{info.Module.PortList.First(p => !p.IsInput && p.Width >= node.Width).Name}\"");
        yield return new(FaultPlace.Writer, "text of PopCount", Modules, "{counter} (.count({name}), .bits({⟦_expressions.Definition(operands[0])⟧}));", "\"1'd1\"");
        yield return new(FaultPlace.Writer, "text of Select of many", Modules, "{name} = {_expressions.Definition(operands[⟦option + 1⟧])};", "labels.Count - option");

        static PlantedFault Kind(string kind, string find, string fault) => new(FaultPlace.Writer, "text of " + kind, Expressions, find, fault);
    }

    private static IEnumerable<PlantedFault> WriterParts()
    {
        yield return Part("a register's reset value", Registers, "ExpressionText.Constant(⟦register.Reset!.Value⟧, register.Width);", "0");
        yield return Part("the edge of an asynchronous reset", Registers, "first.Reset is not null && ⟦domain.IsAsynchronous⟧ ?", "false");
        yield return Part("the arms of a case", Registers, "expressions.ValueName(branches.Selector, a.Value) ?? ⟦expressions.Definition(a.Value)⟧)", "expressions.Definition(branches.Arms[0].Value)");
        yield return Part("the condition of an arm", Registers, "$\"if ({⟦expressions.Definition(arm.Condition)⟧})\"", "\"1'd1\"");
        yield return Part("the clock of a register", Registers, "var always = $\"always @(posedge {⟦domain.Clock⟧}{edge})\";", "graph.Domains[0].Clock");
        yield return Part("initial words of a memory", Modules, "ExpressionText.Constant(⟦memory.Initial[word]⟧, memory.Width)}", "memory.Initial[0]");
        yield return Part("the order of write ports", Modules, "foreach (var write in ⟦writes⟧)", "Enumerable.Reverse(writes)");
        yield return Part("the connection of an input", Modules, "InputsOf(instance).Select(i => $\".{i.Info.Name}({_expressions.Definition(instance.Connections[⟦i.Port⟧])})\")", "InputsOf(instance).Last(o => o.Info.Width >= i.Info.Width).Port");

        static PlantedFault Part(string what, string file, string find, string fault) => new(FaultPlace.Writer, what, file, find, fault);
    }
}
