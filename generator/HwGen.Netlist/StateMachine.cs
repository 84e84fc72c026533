using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <summary>A register that holds one of a few named states. The Verilog names them by local parameters.</summary>
/// <typeparam name="TState">The states; the codes are the enumeration's own values, from 0.</typeparam>
public sealed class StateMachine<TState> : Enumerated<TState>
    where TState : struct, Enum
{
    internal StateMachine(Module module, Register state)
        : base(module, state) => State = state;

    /// <summary>The register.</summary>
    public Register State { get; }

    /// <summary>Goes to a state at the next rising edge; inside branches only where they hold. The last that holds wins.</summary>
    public void Go(TState state, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => State.Drive(State.Constant(EnumerationCodes.Of(state)), file, line);

    /// <summary>Goes to the state that a signal holds, as <see cref="Go(TState, string, int)"/>.</summary>
    public void Go(Enumerated<TState> state, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(state);
        State.Drive(state.Bits, file, line);
    }
}
