namespace HwGen.Simulation.Compiled;

/// <summary>Where a value is in the frame of an instance.</summary>
/// <param name="Offset">64-bit words from the start of the frame.</param>
/// <param name="IsPointer">True when the word there is the address of the value: wide inputs, whose value is in the frame of the module around.</param>
internal readonly record struct Place(int Offset, bool IsPointer = false);

/// <summary>A step of the evaluation of a module's combinational logic.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="First">The node; the array; the instance of a store or call; the port of an output.</param>
/// <param name="Second">The port of a store; the task of a call.</param>
internal readonly record struct Item(ItemKind Kind, int First, int Second = 0);

/// <summary>What a step of the evaluation does.</summary>
internal enum ItemKind
{
    /// <summary>Computes a node.</summary>
    Node,

    /// <summary>Computes an array.</summary>
    Array,

    /// <summary>Gives a value to an input of an instance.</summary>
    Store,

    /// <summary>Runs a task of an instance.</summary>
    Call,

    /// <summary>Keeps a value for an output port of the module.</summary>
    Output,
}

/// <summary>
/// A part of a module's combinational logic that is run by one call. Most modules have one. A module of which an output is needed to make an input
/// has one for each set of inputs that some output depends on.
/// </summary>
internal sealed class EvaluationTask
{
    /// <summary>The steps, in order.</summary>
    public List<Item> Items { get; } = [];

    /// <summary>The input ports that must have their values before the task runs.</summary>
    public required HashSet<int> Inputs { get; init; }

    /// <summary>Tasks of the same module that must have run before.</summary>
    public HashSet<int> After { get; } = [];
}
