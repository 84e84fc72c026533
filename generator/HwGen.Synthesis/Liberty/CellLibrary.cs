using System.Globalization;
using HwGen.Tools;

namespace HwGen.Synthesis.Liberty;

/// <summary>A standard cell library: what synthesis, models and power sums need of a Liberty file.</summary>
public sealed class CellLibrary
{
    private readonly Dictionary<string, LibraryCell> _cells;

    private CellLibrary(string file, LibertyGroup library)
    {
        File = file;
        Name = library.Name;
        Voltage = Number(library, "nom_voltage", 1);
        CapacitanceUnit = library.Values("capacitive_load_unit") is [var number, var unit]
            ? double.Parse(number, CultureInfo.InvariantCulture) * (unit.Equals("ff", StringComparison.OrdinalIgnoreCase) ? 1e-15 : 1e-12)
            : 1e-12;
        TimeUnit = Scaled(library.Text("time_unit") ?? "1ns", 's');
        var voltageUnit = Scaled(library.Text("voltage_unit") ?? "1V", 'V');
        EnergyUnit = CapacitanceUnit * voltageUnit * voltageUnit;
        var leakageUnit = Scaled(library.Text("leakage_power_unit") ?? "1nW", 'W');
        var templates = library.Groups.Where(group => group.Kind.EndsWith("_template", StringComparison.Ordinal))
            .GroupBy(group => group.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        _cells = new Dictionary<string, LibraryCell>(StringComparer.Ordinal);
        foreach (var group in library.Of("cell"))
        {
            try
            {
                if (!_cells.TryAdd(group.Name, CellReader.Read(group, templates, leakageUnit)))
                    throw new FormatException("stands twice");
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                throw new InputException(new InputError($"cell {group.Name}: {exception.Message}") { File = file, Line = group.Line }, exception);
            }
        }
        if (_cells.Count == 0)
            throw new InputException(new InputError("has no cells") { File = file, Allowed = "a library with at least an inverter and a 2-input gate" });
        FullAdder = FindAdder(3);
        HalfAdder = FindAdder(2);
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>The name of the library.</summary>
    public string Name { get; }

    /// <summary>The nominal supply in volts.</summary>
    public double Voltage { get; }

    /// <summary>Farads of a unit of capacitance.</summary>
    public double CapacitanceUnit { get; }

    /// <summary>Seconds of a unit of time.</summary>
    public double TimeUnit { get; }

    /// <summary>Joules of a unit of internal energy.</summary>
    public double EnergyUnit { get; }

    /// <summary>The cells, in the order of the file.</summary>
    public IReadOnlyCollection<LibraryCell> Cells => _cells.Values;

    /// <summary>The smallest cell that adds three bits; null when there is none.</summary>
    public AdderPins? FullAdder { get; }

    /// <summary>The smallest cell that adds two bits; null when there is none.</summary>
    public AdderPins? HalfAdder { get; }

    /// <summary>The strongest inverter: what drives the inputs of a design where nothing else is said; null when there is none.</summary>
    public LibraryCell? StrongestInverter => Cells
        .Where(cell => cell is { IsForUse: true, State: null } && cell.Inputs.Count() == 1 && cell.Outputs.Count() == 1
            && cell.Outputs.First().Function is { } function && function.Inputs.Count == 1 && function.Table(function.Inputs) == 0b01)
        .OrderByDescending(cell => cell.Inputs.First().Capacitance).ThenBy(cell => cell.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Reads a Liberty file.</summary>
    /// <exception cref="InputException">It cannot be read, is not Liberty, or has no cells that logic can be built of.</exception>
    public static CellLibrary Read(string file) => Of(file, LibertyReader.Read(file));

    /// <summary>Reads a Liberty text.</summary>
    public static CellLibrary Parse(string file, string text) => Of(file, LibertyReader.Parse(file, text));

    /// <summary>A cell by its name; null when there is none.</summary>
    public LibraryCell? Find(string name) => _cells.GetValueOrDefault(name);

    /// <summary>The smallest cell of one output that is a function of its inputs in some order of its pins; null when there is none.</summary>
    /// <param name="inputs">How many inputs, at most 4.</param>
    /// <param name="function">The function.</param>
    public GatePins? FindGate(int inputs, Func<IReadOnlyList<bool>, bool> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, 4);
        var table = 0UL;
        for (var row = 0; row < 1 << inputs; row++)
        {
            if (function([.. Enumerable.Range(0, inputs).Select(i => (row >> i & 1) != 0)]))
                table |= 1UL << row;
        }
        foreach (var cell in Cells
            .Where(cell => cell is { IsForUse: true, State: null, Area: > 0 } && cell.Inputs.Count() == inputs && cell.Outputs.Count() == 1)
            .OrderBy(cell => cell.Area).ThenBy(cell => cell.Name, StringComparer.Ordinal))
        {
            var output = cell.Outputs.First();
            var names = cell.Inputs.Select(pin => pin.Name).ToList();
            if (output.Function is not { } own || !own.Inputs.All(names.Contains))
                continue;
            if (Orders(names).FirstOrDefault(order => own.Table(order) == table) is { } pins)
                return new GatePins(cell, pins, output.Name);
        }
        return null;
    }

    private static IEnumerable<List<string>> Orders(List<string> names) => names.Count <= 1
        ? [names]
        : names.SelectMany(first => Orders([.. names.Where(name => name != first)]).Select(rest => (List<string>)[first, .. rest]));

    /// <summary>Holds the library to what a synthesizer needs at least: an inverter, a gate of two inputs, and a flip-flop where the design has state.</summary>
    /// <exception cref="InputException">Something is missing.</exception>
    public void HoldComplete(bool needsFlipFlop)
    {
        var missing = new List<string>();
        if (StrongestInverter is null)
            missing.Add("an inverter");
        if (!Cells.Any(cell => cell is { IsForUse: true, State: null } && cell.Outputs.Count() == 1 && cell.Inputs.Count() == 2
            && cell.Outputs.First().Function is { } f && f.Inputs.Count == 2 && f.Table(f.Inputs) is 0b0001 or 0b0111 or 0b1000 or 0b1110))
            missing.Add("a 2-input AND, OR, NAND or NOR gate");
        if (needsFlipFlop && !Cells.Any(cell => cell is { IsForUse: true, State: { IsLatch: false, Clear: null, Preset: null } }))
            missing.Add("a D flip-flop without set and reset");
        if (missing.Count > 0)
            throw new InputException(new InputError($"lacks {string.Join(" and ", missing)}: no netlist can be built of its {_cells.Count} cells") { File = File });
    }

    private static CellLibrary Of(string file, LibertyGroup library)
    {
        try
        {
            return new CellLibrary(file, library);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new InputException(new InputError(exception.Message) { File = file, Line = library.Line }, exception);
        }
    }

    private AdderPins? FindAdder(int inputs)
    {
        var candidates = new List<AdderPins>();
        foreach (var cell in Cells.Where(c => c is { IsForUse: true, State: null, Area: > 0 } && c.Inputs.Count() == inputs && c.Outputs.Count() == 2))
        {
            var names = cell.Inputs.Select(pin => pin.Name).ToList();
            var outputs = cell.Outputs.ToList();
            if (outputs.Any(output => output.Function is null || !output.Function.Inputs.All(names.Contains)))
                continue;
            var tables = outputs.Select(output => output.Function!.Table(names)).ToList();
            var (sum, carry) = inputs == 3 ? (0b1001_0110UL, 0b1110_1000UL) : (0b0110UL, 0b1000UL);
            var order = tables[0] == sum && tables[1] == carry ? (0, 1) : tables[1] == sum && tables[0] == carry ? (1, 0) : (-1, -1);
            if (order.Item1 < 0)
                continue;

            // The least load is the pin with the least behind it: the best for the latest signal.
            var pins = cell.Inputs.OrderByDescending(pin => pin.Capacitance).ThenBy(pin => pin.Name, StringComparer.Ordinal).Select(pin => pin.Name).ToList();
            candidates.Add(new AdderPins(cell, pins, outputs[order.Item1].Name, outputs[order.Item2].Name));
        }
        return candidates.OrderBy(adder => adder.Cell.Area).ThenBy(adder => adder.Cell.Name, StringComparer.Ordinal).FirstOrDefault();
    }

    private static double Number(LibertyGroup group, string attribute, double fallback) =>
        group.Text(attribute) is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : fallback;

    /// <summary>A unit such as <c>1ns</c> or <c>10uW</c>.</summary>
    private static double Scaled(string text, char unit)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var number = digits == 0 ? 1 : double.Parse(text[..digits], CultureInfo.InvariantCulture);
        var prefix = text[digits..].Trim().TrimEnd(unit, char.ToUpperInvariant(unit), char.ToLowerInvariant(unit));
        return number * prefix switch
        {
            "" => 1,
            "m" => 1e-3,
            "u" => 1e-6,
            "n" => 1e-9,
            "p" => 1e-12,
            "f" => 1e-15,
            _ => throw new FormatException($"the unit {text} is not known"),
        };
    }
}
