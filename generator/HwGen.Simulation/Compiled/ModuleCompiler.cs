using System.Reflection.Emit;
using HwGen.Netlist;

namespace HwGen.Simulation.Compiled;

/// <summary>Compiles one module, whose instances are compiled already.</summary>
/// <param name="plan">The module's order and places.</param>
/// <param name="compiled">The compiled modules.</param>
/// <param name="controls">Clocks and resets of the design, by their index in the array of levels.</param>
internal sealed class ModuleCompiler(ModulePlan plan, IReadOnlyDictionary<FlatGraph, CompiledModule> compiled, IReadOnlyDictionary<string, int> controls)
{
    /// <summary>The just-in-time compiler gives up optimising large methods: they are cut at this weight.</summary>
    private const int LargestWeight = 300;

    private readonly HashSet<Update> _delayed = [];
    private readonly Dictionary<int, int> _wideCopies = [];
    private readonly List<(int Instance, int Port, Place Source)> _pointers = [];

    private FlatGraph Graph => plan.Graph;

    public CompiledModule Compile()
    {
        var tasks = plan.Tasks.Select(task => CutTask(task)).ToArray();
        var clocks = Graph.Domains.Select(domain => domain.Clock).Distinct(StringComparer.Ordinal).ToArray();
        var edges = clocks.Select(CutUpdates).ToArray();
        var bodies = tasks.Concat(edges).SelectMany(parts => parts).ToArray();
        foreach (var body in bodies)
            body.FindUses();
        foreach (var body in bodies)
            body.Fold();

        var taskMethods = tasks.Select((parts, task) => Chain($"{Graph.Name}.task{task}", [.. parts.Select((body, part) => EmitTask(body, $"{Graph.Name}.task{task}.{part}"))])).ToArray();
        var edgeMethods = new Dictionary<string, DynamicMethod>(StringComparer.Ordinal);
        for (var clock = 0; clock < clocks.Length; clock++)
        {
            if (EmitEdge(edges[clock], clocks[clock]) is { } method)
                edgeMethods.Add(clocks[clock], method);
        }

        return new CompiledModule(plan, taskMethods, edgeMethods, _pointers);
    }

    private static DynamicMethod NewMethod(string name) => new(
        name, typeof(void), [typeof(ulong*), typeof(ulong*)], typeof(ModuleCompiler).Module, skipVisibility: true)
    { InitLocals = false };

    private static DynamicMethod? Chain(string name, DynamicMethod[] parts)
    {
        if (parts.Length <= 1)
            return parts.SingleOrDefault();
        var method = NewMethod(name);
        var code = method.GetILGenerator();
        foreach (var part in parts)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, part);
        }

        code.Emit(OpCodes.Ret);
        return method;
    }

    private List<Body> CutTask(EvaluationTask task)
    {
        var bodies = new List<Body>();
        foreach (var item in task.Items)
        {
            if (bodies.Count == 0 || bodies[^1].Weight > LargestWeight)
                bodies.Add(new Body(plan));
            bodies[^1].Add(item);
        }

        return bodies;
    }

    /// <summary>The changes at a clock's edge, each after the nodes that it needs and that no task computes.</summary>
    private List<Body> CutUpdates(string clock)
    {
        var bodies = new List<Body>();
        var done = new HashSet<Item>();
        var order = new UpdateOrder(plan, clock);
        _delayed.UnionWith(order.Delayed);
        foreach (var update in order.Updates)
        {
            if (bodies.Count == 0 || bodies[^1].Weight > LargestWeight)
                bodies.Add(new Body(plan));
            var stack = new Stack<Item>(update.Needed(plan).Reverse());
            while (stack.TryPop(out var item))
            {
                if (!NeedsComputing(item))
                    continue;
                var missing = plan.Dependencies(item).Where(NeedsComputing).ToArray();
                if (missing.Length == 0)
                {
                    done.Add(item);
                    bodies[^1].Add(item);
                    if (bodies[^1].Weight > 2 * LargestWeight)
                        bodies.Add(new Body(plan));
                    continue;
                }

                stack.Push(item);
                foreach (var needed in missing)
                    stack.Push(needed);
            }

            bodies[^1].Add(update);
        }

        return bodies;

        bool NeedsComputing(Item item) => !plan.IsInTask(item) && !done.Contains(item);
    }

    private DynamicMethod EmitTask(Body body, string name)
    {
        var method = NewMethod(name);
        var emitter = new MethodEmitter(plan, body, method.GetILGenerator());
        var copied = new HashSet<int>();
        foreach (var item in body.Steps.Select(step => step.Item).OfType<Item>())
        {
            switch (item.Kind)
            {
                case ItemKind.Node or ItemKind.Array:
                    emitter.Compute(item);
                    break;
                case ItemKind.Store:
                    EmitStore(emitter, item.First, item.Second, copied);
                    break;
                case ItemKind.Call:
                    EmitCall(emitter.Code, item.First, compiled[Graph.Instances[item.First].Module].Tasks[item.Second]);
                    break;
                case ItemKind.Output:
                    EmitOutput(emitter, item.First);
                    break;
            }
        }

        emitter.Code.Emit(OpCodes.Ret);
        return method;
    }

    private void EmitStore(MethodEmitter emitter, int instance, int port, HashSet<int> copied)
    {
        var source = plan.Source(Graph.Instances[instance].Connections[port]);
        if (!ModulePlan.IsWide(plan.Width(source)))
        {
            emitter.StoreTo(plan.ChildOffset(instance) + plan.Child(instance).InputOffset(port), () => emitter.Narrow(source));
            return;
        }

        var place = plan.PlaceOf(source);
        if (plan.ChangesWithClock(source))
        {
            // The instance looks at its inputs at the edge, after this module's registers have changed: it gets a copy.
            if (!_wideCopies.TryGetValue(source, out var copy))
                _wideCopies.Add(source, copy = plan.Reserve(BitWords.Count(plan.Width(source))));
            if (copied.Add(source))
                emitter.CopyTo(source, () => emitter.Address(copy), word => emitter.StoreTo(copy + word, () => emitter.Word(source, word)));
            place = new Place(copy);
        }

        _pointers.Add((instance, port, place));
    }

    private void EmitOutput(MethodEmitter emitter, int port)
    {
        var source = plan.Source(Graph.Ports[port].Node);
        if (Graph.Nodes[source].Kind != NodeKind.Input)
            return;
        var place = plan.PlaceOfOutput(port);
        if (ModulePlan.IsWide(plan.Width(source)))
            emitter.CopyTo(source, () => emitter.Address(place.Offset), word => emitter.StoreTo(place.Offset + word, () => emitter.Word(source, word)));
        else
            emitter.StoreTo(place.Offset, () => emitter.Narrow(source));
    }

    private void EmitCall(ILGenerator code, int instance, DynamicMethod? method)
    {
        if (method is null)
            return;
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4, checked(plan.ChildOffset(instance) * 8));
        code.Emit(OpCodes.Conv_I);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, method);
    }

    private DynamicMethod? EmitEdge(List<Body> bodies, string clock)
    {
        var children = Enumerable.Range(0, Graph.Instances.Count)
            .Select(instance => (Instance: instance, Method: compiled[Graph.Instances[instance].Module].Edges.GetValueOrDefault(clock)))
            .Where(child => child.Method is not null).ToArray();
        if (bodies.Count == 0 && children.Length == 0)
            return null;
        var methods = new List<DynamicMethod>();
        var commits = new List<Action<MethodEmitter>>();
        foreach (var body in bodies)
        {
            var method = NewMethod($"{Graph.Name}.{clock}.{methods.Count}");
            methods.Add(method);
            var emitter = new MethodEmitter(plan, body, method.GetILGenerator());
            var update = new UpdateEmitter(plan, body, emitter, controls, isAlone: bodies.Count == 1);
            foreach (var (item, changed) in body.Steps)
            {
                if (item is { } needed)
                    emitter.Compute(needed);
                if (changed is not { } change)
                    continue;
                if (_delayed.Contains(change))
                    commits.Add(update.Prepare(change));
                else
                    update.Apply(change);
            }

            if (bodies.Count == 1)
                Finish(emitter);
            emitter.Code.Emit(OpCodes.Ret);
        }

        if (bodies.Count != 1)
        {
            foreach (var part in commits.Chunk(LargestWeight))
            {
                var method = NewMethod($"{Graph.Name}.{clock}.{methods.Count}");
                methods.Add(method);
                var emitter = new MethodEmitter(plan, new Body(plan), method.GetILGenerator());
                foreach (var commit in part)
                    commit(emitter);
                emitter.Code.Emit(OpCodes.Ret);
            }

            foreach (var part in children.Chunk(LargestWeight))
            {
                var method = NewMethod($"{Graph.Name}.{clock}.{methods.Count}");
                methods.Add(method);
                var code = method.GetILGenerator();
                foreach (var (instance, child) in part)
                    EmitCall(code, instance, child);
                code.Emit(OpCodes.Ret);
            }
        }

        return Chain($"{Graph.Name}.{clock}", [.. methods]);

        void Finish(MethodEmitter emitter)
        {
            foreach (var commit in commits)
                commit(emitter);
            foreach (var (instance, child) in children)
                EmitCall(emitter.Code, instance, child);
        }
    }
}
