using System.Numerics;
using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <content>State machines and other signals of named values.</content>
public abstract partial class Module
{
    /// <summary>Declares a register that holds one of a few named states.</summary>
    /// <param name="machine">The state machine; the register has its name.</param>
    /// <param name="reset">The state after reset.</param>
    /// <param name="domain">Its clock and reset; the module's when null.</param>
    /// <param name="name">Its name; from the argument when null.</param>
    /// <param name="argument">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void StateMachine<TState>(out StateMachine<TState> machine, TState reset, ClockDomain? domain = null, string? name = null,
        [CallerArgumentExpression(nameof(machine))] string? argument = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TState : struct, Enum
    {
        var stem = name ?? Names.FromOutArgument(argument);
        Register(out var state, Widths.Enumeration<TState>(), EnumerationCodes.Of(reset), domain, stem, file: file, line: line);
        NameValues<TState>(state.Node, new SourceLocation(file, line));
        machine = new StateMachine<TState>(this, state);
    }

    /// <summary>
    /// Reads a signal as one of a few named values: <c>Enumeration&lt;Operation&gt;(Choice).Is(Operation.Add)</c>. The values of a port, wire, register or output of an
    /// instance get names in Verilog, which begin with its own; what was named first keeps its names.
    /// </summary>
    /// <param name="signal">Of <see cref="Widths.Enumeration{TValue}"/> bits.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected Enumerated<TValue> Enumeration<TValue>(Signal signal, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TValue : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(signal);
        var location = new SourceLocation(file, line);
        var width = Widths.Enumeration<TValue>();
        if (!Elaboration.CheckWidth(Graph, signal, width, $"a value of {typeof(TValue).Name}", location))
        {
            signal = Constant(0, width);
        }

        NameValues<TValue>(signal.Node, location);
        return new Enumerated<TValue>(this, signal);
    }

    /// <summary>A value that is always the same.</summary>
    protected Enumerated<TValue> Enumeration<TValue>(TValue value)
        where TValue : struct, Enum => new(this, Constant(EnumerationCodes.Of(value), Widths.Enumeration<TValue>()));

    /// <summary><paramref name="whenOne"/> where the 1-bit condition holds, else <paramref name="whenZero"/>.</summary>
    protected Enumerated<TValue> Choose<TValue>(Signal condition, Enumerated<TValue> whenOne, Enumerated<TValue> whenZero)
        where TValue : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(whenOne);
        ArgumentNullException.ThrowIfNull(whenZero);
        return new(this, Choose(condition, whenOne.Bits, whenZero.Bits));
    }

    internal Signal SelectOf(Signal selector, ReadOnlySpan<Signal> options) => Select(selector, options);

    internal Signal ChooseOf(Signal condition, Signal whenOne, Signal whenZero) => Choose(condition, whenOne, whenZero);

    internal void ReportDuplicateCase(string value) =>
        Elaboration.Report(DiagnosticCodes.DuplicateCase, Graph, $"the value {value} stands twice in a choice", "keep one of the two");

    private void NameValues<TValue>(int node, SourceLocation location)
        where TValue : struct, Enum
    {
        if (Graph.SignalName(node) is { } name && !Graph.EnumerationList.Any(e => e.Node == node))
        {
            Graph.EnumerationList.Add(new EnumerationInfo(node, EnumerationCodes.NamesFor<TValue>(name), location));
        }
    }
}
