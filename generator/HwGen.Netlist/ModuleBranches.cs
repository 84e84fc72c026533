namespace HwGen.Netlist;

/// <content>Branches: what drives registers and memories under which condition.</content>
public abstract partial class Module
{
    /// <summary>What the body drives, it drives only where the 1-bit condition holds.</summary>
    protected Branch When(Signal condition, Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var chain = Graph.ChainCount++;
        if (!Elaboration.CheckWidth(Graph, condition, 1, "a condition"))
        {
            condition = Constant(0, 1);
        }

        Within(condition, new Guard(chain, 0, condition.Node, condition.Node), body);
        return new Branch(this, condition, chain, 1);
    }

    /// <summary>What the bodies drive, they drive where the selector has their value; each value once.</summary>
    protected void Switch(Signal selector, params ReadOnlySpan<(long Value, Action Body)> cases) => Switch(selector, null, cases);

    /// <summary>As <see cref="Switch(Signal, ReadOnlySpan{ValueTuple{long, Action}})"/>; the last body holds where the selector has none of the values.</summary>
    protected void Switch(Signal selector, Action? otherwise, params ReadOnlySpan<(long Value, Action Body)> cases)
    {
        var chain = Graph.ChainCount++;
        var seen = new HashSet<int>();
        Signal? any = null;
        var arm = 0;
        foreach (var (value, body) in cases)
        {
            var constant = selector.Constant(value);
            var taken = selector.EqualTo(constant);
            if (!seen.Add(constant.Node))
            {
                Elaboration.Report(DiagnosticCodes.DuplicateCase, Graph, FormattableString.Invariant($"the value {value} stands twice in a Switch"), "keep one of the two");
            }

            any = otherwise is null ? null : any is null ? taken : any | taken;
            Within(taken, new Guard(chain, arm++, taken.Node, taken.Node, selector.Node, constant.Node), body);
        }

        if (otherwise is not null)
        {
            var none = any is null ? Constant(1, 1) : ~any;
            Within(none, new Guard(chain, arm, -1, none.Node, selector.Node), otherwise);
        }
    }

    internal void SwitchOn(Signal selector, ReadOnlySpan<(long Value, Action Body)> cases) => Switch(selector, null, cases);

    private void Within(Signal condition, Guard guard, Action body)
    {
        _guards.Add(guard);
        _conditions.Add(_conditions.Count == 0 ? condition : _conditions[^1] & condition);
        Elaboration.InBranch(body);
        _conditions.RemoveAt(_conditions.Count - 1);
        _guards.RemoveAt(_guards.Count - 1);
    }

    /// <summary>What follows a <see cref="When"/>.</summary>
    protected sealed class Branch
    {
        private readonly Module _module;
        private readonly Signal _taken;
        private readonly int _chain;
        private readonly int _arm;

        internal Branch(Module module, Signal taken, int chain, int arm)
        {
            _module = module;
            _taken = taken;
            _chain = chain;
            _arm = arm;
        }

        /// <summary>The body holds where no earlier condition of the chain does and this one does.</summary>
        public Branch ElseWhen(Signal condition, Action body)
        {
            ArgumentNullException.ThrowIfNull(body);
            if (!_module.Elaboration.CheckWidth(_module.Graph, condition, 1, "a condition"))
            {
                condition = _module.Constant(0, 1);
            }

            var full = ~_taken & condition;
            _module.Within(full, new Guard(_chain, _arm, condition.Node, full.Node), body);
            return new Branch(_module, _taken | condition, _chain, _arm + 1);
        }

        /// <summary>The body holds where no earlier condition of the chain does.</summary>
        public void Else(Action body)
        {
            ArgumentNullException.ThrowIfNull(body);
            var full = ~_taken;
            _module.Within(full, new Guard(_chain, _arm, -1, full.Node), body);
        }
    }
}
