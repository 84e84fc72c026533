namespace HwGen.Netlist.Verilog;

/// <summary>Prints the always blocks of registers.</summary>
internal sealed class RegisterText(ModuleGraph graph, VerilogLines lines, ExpressionText expressions)
{
    /// <summary>One arm as it is printed: the head without <c>begin</c>, and what stands in it.</summary>
    private sealed record PrintedArm(string Head, List<RegisterStatement> Body, IReadOnlyList<string>? Lines = null)
    {
        /// <summary>The arm's only line where it has no more.</summary>
        public bool IsOneLine => Lines is not null ? Lines.Count == 1 : Body is [RegisterAssignment];
    }

    public void Print(RegisterBlock block)
    {
        var first = graph.RegisterList[block.Registers[0]];
        var domain = block.Domain;
        var edge = first.Reset is not null && domain.IsAsynchronous ? $" or negedge {domain.Reset}" : string.Empty;
        var always = $"always @(posedge {domain.Clock}{edge})";
        if (first.Reset is null)
        {
            var single = block.Body.Count == 1;
            lines.Add(1, single ? always : always + " begin", first.Location);
            Statements(block.Body, 2);
            End(single);
            return;
        }

        var resets = block.Registers.Select(r => graph.RegisterList[r]).Select(r => $"{r.Name} <= {Reset(r)};").ToList();
        var arms = new List<PrintedArm> { new($"if (!{domain.Reset})", [], resets) };
        if (block.Body is [RegisterBranches { Selector: < 0 } chain])
        {
            arms.AddRange(Arms(chain, isContinued: true));
        }
        else
        {
            arms.Add(new PrintedArm("else", block.Body));
        }

        lines.Add(1, always, first.Location);
        Chain(arms, 2);

        void End(bool single)
        {
            if (!single)
            {
                lines.Add(1, "end");
            }
        }
    }

    private void Statements(List<RegisterStatement> statements, int level)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case RegisterAssignment assignment:
                    lines.Add(level, Text(assignment), assignment.Location);
                    break;
                case RegisterBranches { Selector: >= 0 } branches:
                    Case(branches, level);
                    break;
                case RegisterBranches branches:
                    Chain([.. Arms(branches, isContinued: false)], level);
                    break;
            }
        }
    }

    private IEnumerable<PrintedArm> Arms(RegisterBranches branches, bool isContinued)
    {
        foreach (var arm in branches.Arms)
        {
            yield return new PrintedArm((isContinued ? "else " : string.Empty) + (arm.Condition >= 0 ? $"if ({expressions.Definition(arm.Condition)})" : string.Empty), arm.Body);
            isContinued = true;
        }
    }

    /// <summary>Prints an if with its else arms: one line an arm where every arm has one.</summary>
    private void Chain(List<PrintedArm> arms, int level)
    {
        var isShort = arms.All(a => a.IsOneLine);
        for (var i = 0; i < arms.Count; i++)
        {
            var head = arms[i].Head.TrimEnd();
            if (isShort)
            {
                var only = arms[i].Lines is { } given ? given[0] : Text((RegisterAssignment)arms[i].Body[0]);
                lines.Add(level, $"{head} {only}", arms[i].Body is [RegisterAssignment a] ? a.Location : null);
                continue;
            }

            lines.Add(level, $"{(i > 0 ? "end " : string.Empty)}{head} begin");
            foreach (var line in arms[i].Lines ?? [])
            {
                lines.Add(level + 1, line);
            }

            Statements(arms[i].Body, level + 1);
        }

        if (!isShort)
        {
            lines.Add(level, "end");
        }
    }

    private void Case(RegisterBranches branches, int level)
    {
        lines.Add(level, $"case ({expressions.Definition(branches.Selector)})");
        var labels = branches.Arms.Select(a => a.Value < 0 ? "default" : expressions.ValueName(branches.Selector, a.Value) ?? expressions.Definition(a.Value)).ToList();
        if (branches.Arms[^1].Value >= 0)
        {
            labels.Add("default");
        }

        var width = labels.Max(l => l.Length) + 1;
        var isShort = branches.Arms.All(a => a.Body is [RegisterAssignment]);
        for (var i = 0; i < branches.Arms.Count; i++)
        {
            var body = branches.Arms[i].Body;
            if (isShort)
            {
                lines.Add(level + 1, $"{(labels[i] + ":").PadRight(width)} {Text((RegisterAssignment)body[0])}", ((RegisterAssignment)body[0]).Location);
                continue;
            }

            lines.Add(level + 1, $"{labels[i]}: begin");
            Statements(body, level + 2);
            lines.Add(level + 1, "end");
        }

        if (labels.Count > branches.Arms.Count)
        {
            lines.Add(level + 1, isShort ? $"{"default:".PadRight(width)} ;" : "default: ;");
        }

        lines.Add(level, "endcase");
    }

    private string Text(RegisterAssignment assignment)
    {
        var register = graph.RegisterList[assignment.Register];
        return $"{register.Name} <= {expressions.ValueName(register.Node, assignment.Value) ?? expressions.Definition(assignment.Value)};";
    }

    private string Reset(RegisterInfo register) =>
        expressions.CodeName(register.Node, register.Reset!.Value) ?? ExpressionText.Constant(register.Reset!.Value, register.Width);
}
