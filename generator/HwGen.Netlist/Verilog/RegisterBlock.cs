namespace HwGen.Netlist.Verilog;

/// <summary>A statement of an always block: an assignment, or a chain of arms.</summary>
internal abstract record RegisterStatement;

/// <summary><c>register &lt;= value;</c></summary>
/// <param name="Register">Index of the register.</param>
/// <param name="Value">Node of the value.</param>
/// <param name="Location">Where the drive was written.</param>
internal sealed record RegisterAssignment(int Register, int Value, SourceLocation Location) : RegisterStatement;

/// <summary>A chain of arms: <c>if … else if … else …</c>, or a <c>case</c> where there is a selector.</summary>
/// <param name="Chain">Which chain of the module.</param>
/// <param name="Selector">Node that a <c>case</c> looks at; −1 for an <c>if</c>.</param>
internal sealed record RegisterBranches(int Chain, int Selector) : RegisterStatement
{
    public List<RegisterArm> Arms { get; } = [];
}

/// <summary>One arm.</summary>
/// <param name="Index">Its place in the chain as it was written.</param>
/// <param name="Condition">Node of its condition; −1 for <c>else</c> and <c>default</c>.</param>
/// <param name="Value">Node of the constant of a <c>case</c>; −1 otherwise.</param>
internal sealed record RegisterArm(int Index, int Condition, int Value)
{
    public List<RegisterStatement> Body { get; } = [];
}

/// <summary>
/// The registers that share an always block: those of one clock and one kind of reset that share branches of one
/// When or Switch. Statements stand in the order in which they were written, so that the last one wins in Verilog too.
/// </summary>
internal sealed class RegisterBlock
{
    private readonly HashSet<int> _chains = [];
    private readonly int[] _lastArms;

    private RegisterBlock(ClockDomain domain, int[] lastArms)
    {
        Domain = domain;
        _lastArms = lastArms;
    }

    public ClockDomain Domain { get; }

    /// <summary>Indices of the registers, in order of declaration.</summary>
    public List<int> Registers { get; } = [];

    public List<RegisterStatement> Body { get; } = [];

    /// <summary>The blocks of a module, by their first register.</summary>
    public static List<RegisterBlock> Of(ModuleGraph graph)
    {
        var lastArms = LastArms(graph);

        // Registers are joined that share an outermost chain, or an enable.
        var leader = Enumerable.Range(0, graph.RegisterList.Count).ToArray();
        var byChain = new Dictionary<(int Chain, int Enable, ClockDomain Domain, bool HasReset), int>();
        foreach (var drive in graph.GuardedDriveList.Where(d => d.Guards.Length > 0))
        {
            var register = graph.RegisterList[drive.Register];
            var guard = drive.Guards[0];
            Join((guard.Chain, -1, register.Domain, register.Reset is not null), drive.Register);
            if (IsEnable(guard, lastArms))
            {
                Join((-1, guard.Condition, register.Domain, register.Reset is not null), drive.Register);
            }
        }

        var blocks = new SortedDictionary<int, RegisterBlock>();
        for (var register = 0; register < leader.Length; register++)
        {
            var first = Find(register);
            if (!blocks.TryGetValue(first, out var block))
            {
                block = new RegisterBlock(graph.RegisterList[register].Domain, lastArms);
                blocks.Add(first, block);
            }

            block.Registers.Add(register);
        }

        foreach (var drive in graph.GuardedDriveList)
        {
            blocks[Find(drive.Register)].Add(graph, drive);
        }

        return [.. blocks.Values];

        void Join((int, int, ClockDomain, bool) key, int register)
        {
            if (!byChain.TryAdd(key, register))
            {
                var (left, right) = (Find(byChain[key]), Find(register));
                leader[Math.Max(left, right)] = Math.Min(left, right);
            }
        }

        int Find(int register)
        {
            while (leader[register] != register)
            {
                leader[register] = leader[leader[register]];
                register = leader[register];
            }

            return register;
        }
    }

    /// <summary>True for a chain of one arm: a plain enable, which registers share whether they were written under one When or several.</summary>
    private static bool IsEnable(Guard guard, int[] lastArms) => guard.Selector < 0 && lastArms[guard.Chain] == 0;

    private static int[] LastArms(ModuleGraph graph)
    {
        var last = new int[graph.ChainCount];
        foreach (var guard in graph.GuardedDriveList.SelectMany(d => d.Guards))
        {
            last[guard.Chain] = Math.Max(last[guard.Chain], guard.Arm);
        }

        return last;
    }

    /// <summary>Every node that the text of the statements reads.</summary>
    public IEnumerable<int> Reads() => Reads(Body);

    private static IEnumerable<int> Reads(List<RegisterStatement> statements)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case RegisterAssignment assignment:
                    yield return assignment.Value;
                    break;
                case RegisterBranches branches:
                    if (branches.Selector >= 0)
                    {
                        yield return branches.Selector;
                    }

                    foreach (var arm in branches.Arms)
                    {
                        if (arm.Condition >= 0 && branches.Selector < 0)
                        {
                            yield return arm.Condition;
                        }

                        foreach (var node in Reads(arm.Body))
                        {
                            yield return node;
                        }
                    }

                    break;
            }
        }
    }

    private void Add(ModuleGraph graph, GuardedDrive drive)
    {
        var value = graph.RegisterList[drive.Register].DriveList[drive.Drive];
        var body = Body;
        foreach (var guard in drive.Guards)
        {
            body = Arm(body, guard);
        }

        body.Add(new RegisterAssignment(drive.Register, value.Value, value.Location));
    }

    private List<RegisterStatement> Arm(List<RegisterStatement> body, Guard guard)
    {
        if (body.Count > 0 && body[^1] is RegisterBranches last && last.Chain == guard.Chain)
        {
            if (last.Arms[^1].Index == guard.Arm)
            {
                return last.Arms[^1].Body;
            }

            // An arm that drives nothing in this block leaves a gap. An else bridges it with the full condition;
            // a default would catch the values of the gap, so it becomes a statement of its own.
            var isWhole = guard.Arm == last.Arms.Count;
            if (last.Selector < 0 || guard.Value >= 0 || isWhole)
            {
                return Append(last, guard, last.Selector >= 0 || isWhole);
            }
        }

        // Two enables in a row that are the same are one.
        if (body.Count > 0 && body[^1] is RegisterBranches { Selector: < 0, Arms: [{ Index: 0 } only] } same && IsEnable(guard, _lastArms)
            && _lastArms[same.Chain] == 0 && only.Condition == guard.Condition)
        {
            return only.Body;
        }

        // A chain that is taken up again after other statements cannot be an else of what stands before them.
        var isFirst = _chains.Add(guard.Chain);
        var branches = new RegisterBranches(guard.Chain, isFirst && guard.Value >= 0 ? guard.Selector : -1);
        body.Add(branches);
        return Append(branches, guard, asWritten: guard.Arm == 0 && guard.Condition >= 0);
    }

    private static List<RegisterStatement> Append(RegisterBranches branches, Guard guard, bool asWritten)
    {
        var arm = new RegisterArm(guard.Arm, asWritten ? guard.Condition : guard.Full, branches.Selector >= 0 ? guard.Value : -1);
        branches.Arms.Add(arm);
        return arm.Body;
    }
}
