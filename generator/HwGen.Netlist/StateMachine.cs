using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <summary>A register that holds one of a few named states. The Verilog names them by local parameters.</summary>
/// <typeparam name="TState">The states; the codes are the enumeration's own values, from 0.</typeparam>
public sealed class StateMachine<TState>
    where TState : struct, Enum
{
    private readonly Module _module;

    internal StateMachine(Module module, Register state)
    {
        _module = module;
        State = state;
    }

    /// <summary>The register.</summary>
    public Register State { get; }

    /// <summary>1 in a state; width 1.</summary>
    public Signal Is(TState state) => State.EqualTo(State.Constant(StateCodes.Of(state)));

    /// <summary>Goes to a state at the next rising edge; inside branches only where they hold. The last that holds wins.</summary>
    public void Go(TState state, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => State.Drive(State.Constant(StateCodes.Of(state)), file, line);

    /// <summary>What each body drives, it drives in its state.</summary>
    public void Switch(params ReadOnlySpan<(TState State, Action Body)> states)
    {
        var cases = new (long, Action)[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            cases[i] = (StateCodes.Of(states[i].State), states[i].Body);
        }

        _module.SwitchOn(State, cases);
    }
}

/// <summary>The codes and names of states.</summary>
internal static class StateCodes
{
    public static long Of<TState>(TState state)
        where TState : struct, Enum => Convert.ToInt64(state, CultureInfo.InvariantCulture);

    public static long Largest<TState>()
        where TState : struct, Enum => Enum.GetValues<TState>().Max(Of);

    /// <summary>The names of all states for a register, by code.</summary>
    public static IReadOnlyList<(BigInteger Value, string Name)> NamesFor<TState>(string register)
        where TState : struct, Enum =>
        [.. Enum.GetValues<TState>().Select(s => ((BigInteger)Of(s), $"{register}_{Names.ToSnakeCase(s.ToString())}".ToUpperInvariant())).OrderBy(s => s.Item1)];
}
