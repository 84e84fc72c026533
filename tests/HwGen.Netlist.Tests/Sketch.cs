namespace HwGen.Netlist.Tests;

/// <summary>A module that a test describes in place: ports by list, logic by a delegate that sees the language.</summary>
/// <param name="name">Its parameter part; the module is named <c>sketch_name</c>.</param>
/// <param name="inputs">Names and widths of its inputs.</param>
/// <param name="outputs">Names and widths of its outputs.</param>
/// <param name="build">Its logic.</param>
public sealed class Sketch(string name, (string Name, int Width)[] inputs, (string Name, int Width)[] outputs, Action<Sketch> build) : Module(name)
{
    public IReadOnlyList<Input> Inputs { get; } = [.. inputs.Select(i => new Input(i.Width, i.Name))];

    public IReadOnlyList<Output> Outputs { get; } = [.. outputs.Select(o => new Output(o.Width, o.Name))];

    protected override void Build() => build(this);

    public Input In(string port) => Inputs.Single(i => i.Name == port);

    public Output Out(string port) => Outputs.Single(o => o.Name == port);

    public new Signal Constant(System.Numerics.BigInteger value, int width) => base.Constant(value, width);

    public Signal Wire(string wireName, Signal value)
    {
        Wire(out var wire, value, wireName);
        return wire;
    }

    public Wire LateWire(string wireName, int width)
    {
        Wire(out Wire wire, width, wireName);
        return wire;
    }

    public Register Register(string registerName, int width, System.Numerics.BigInteger? reset = null, ClockDomain? domain = null)
    {
        Register(out var register, width, reset, domain, registerName);
        return register;
    }

    public Memory Memory(string memoryName, int depth, int width)
    {
        Memory(out var memory, depth, width, name: memoryName);
        return memory;
    }

    public T Instance<T>(string instanceName, T module)
        where T : Module
    {
        Instance(out var instance, module, name: instanceName);
        return instance;
    }

    public new Signal Select(Signal selector, params ReadOnlySpan<Signal> options) => base.Select(selector, options);

    public new Signal Choose(Signal condition, Signal whenOne, Signal whenZero) => base.Choose(condition, whenOne, whenZero);

    public new Signal Concatenate(params ReadOnlySpan<Signal> parts) => base.Concatenate(parts);

    public new Signal PopCount(Signal value) => base.PopCount(value);

    public Enumerated<TValue> Enumeration<TValue>(Signal signal)
        where TValue : struct, Enum => base.Enumeration<TValue>(signal);

    public new void Discard(Signal value) => base.Discard(value);

    public new IDisposable Scope(string scope) => base.Scope(scope);

    public void Assert(Signal condition, string property) => base.Assert(condition, property);

    public void When(Signal condition, Action body, params (Signal? Condition, Action Body)[] arms)
    {
        var branch = base.When(condition, body);
        foreach (var (next, nextBody) in arms)
        {
            if (next is null)
            {
                branch.Else(nextBody);
            }
            else
            {
                branch = branch.ElseWhen(next, nextBody);
            }
        }
    }

    public void Switch(Signal selector, (long, Action)[] cases, Action? otherwise = null) => base.Switch(selector, otherwise, cases);
}
