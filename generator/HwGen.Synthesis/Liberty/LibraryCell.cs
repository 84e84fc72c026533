namespace HwGen.Synthesis.Liberty;

/// <summary>How an output follows an input.</summary>
public enum TimingSense
{
    /// <summary>A rising input can only make it rise.</summary>
    Positive,

    /// <summary>A rising input can only make it fall.</summary>
    Negative,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>A timing arc that shapes an output: only what the transition of the output follows from.</summary>
/// <param name="RelatedPin">The input.</param>
/// <param name="Sense">How the output follows it.</param>
/// <param name="RiseTransition">The rising output's transition over load and input transition.</param>
/// <param name="FallTransition">The falling output's.</param>
/// <param name="FromEdge">For a clock to output arc, <c>true</c> of a rising edge, <c>false</c> of a falling one; null for combinational arcs.</param>
public sealed record TimingArc(string RelatedPin, TimingSense Sense, LookupTable? RiseTransition, LookupTable? FallTransition, bool? FromEdge);

/// <summary>Energy that a cell takes inside when a pin changes.</summary>
/// <param name="RelatedPin">The input that the change comes from; null for the energy of an input itself.</param>
/// <param name="When">When it holds; null for always.</param>
/// <param name="Rise">Of a rising change, over load and input transition.</param>
/// <param name="Fall">Of a falling change.</param>
public sealed record InternalPower(string? RelatedPin, BooleanFunction? When, LookupTable? Rise, LookupTable? Fall);

/// <summary>A pin of a cell.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOutput">True for an output.</param>
/// <param name="Capacitance">What an input loads, in the library's unit.</param>
/// <param name="Function">What an output is, of inputs and of the state's names; null when it is not said.</param>
/// <param name="Arcs">What shapes an output.</param>
/// <param name="InternalPowers">The energies of its changes.</param>
public sealed record CellPin(
    string Name, bool IsOutput, double Capacitance, BooleanFunction? Function, IReadOnlyList<TimingArc> Arcs, IReadOnlyList<InternalPower> InternalPowers);

/// <summary>A flip-flop or latch of a cell.</summary>
/// <param name="State">The name of its state: <c>IQ</c>.</param>
/// <param name="InvertedState">The name of the inverted state: <c>IQN</c>.</param>
/// <param name="Clock">The clock, or for a latch the enable; an expression.</param>
/// <param name="Next">The value that is taken.</param>
/// <param name="Clear">When it is 0 at once; null for never.</param>
/// <param name="Preset">When it is 1 at once; null for never.</param>
/// <param name="IsLatch">True for a latch.</param>
public sealed record CellState(
    string State, string InvertedState, BooleanFunction Clock, BooleanFunction Next, BooleanFunction? Clear, BooleanFunction? Preset, bool IsLatch);

/// <summary>A cell of a library.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Area">Its area in the library's unit, mostly µm².</param>
/// <param name="Leakage">What it takes when nothing changes, in watts.</param>
/// <param name="Pins">Its signal pins, in the order of the file.</param>
/// <param name="State">Its flip-flop or latch; null for logic without state.</param>
/// <param name="IsForUse">False when the library says that tools are not to use it.</param>
public sealed record LibraryCell(string Name, double Area, double Leakage, IReadOnlyList<CellPin> Pins, CellState? State, bool IsForUse)
{
    private readonly Dictionary<string, CellPin> _pins = Pins.ToDictionary(pin => pin.Name, StringComparer.Ordinal);

    /// <summary>The inputs, in the order of the file.</summary>
    public IEnumerable<CellPin> Inputs => Pins.Where(pin => !pin.IsOutput);

    /// <summary>The outputs, in the order of the file.</summary>
    public IEnumerable<CellPin> Outputs => Pins.Where(pin => pin.IsOutput);

    /// <summary>A pin by its name; null when there is none.</summary>
    public CellPin? Pin(string name) => _pins.GetValueOrDefault(name);

    /// <summary>Whether a pin is the clock of the state.</summary>
    public bool IsClock(string pin) => State?.Clock.Inputs.Contains(pin) == true;
}

/// <summary>A cell that adds, and which of its pins is what.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Inputs">Three inputs of a full adder, two of a half adder; the one that is best for the latest signal last.</param>
/// <param name="Sum">The output of the same weight.</param>
/// <param name="Carry">The output of twice the weight.</param>
public sealed record AdderPins(LibraryCell Cell, IReadOnlyList<string> Inputs, string Sum, string Carry);

/// <summary>A gate, and which of its pins is which input of the function that was asked for.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Inputs">Its inputs, in the order of the function's.</param>
/// <param name="Output">Its output.</param>
public sealed record GatePins(LibraryCell Cell, IReadOnlyList<string> Inputs, string Output)
{
    /// <summary>An instance in Verilog.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="output">The net that it drives.</param>
    /// <param name="inputs">The nets that it reads.</param>
    public string Instance(string name, string output, params IReadOnlyList<string> inputs) =>
        $"{Cell.Name} {name} ({string.Concat(Inputs.Zip(inputs, (pin, net) => $".{pin}({net}), "))}.{Output}({output}));";
}
