using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Timing;

namespace HwGen.Synthesis.Power;

/// <summary>
/// Sums the power of a netlist over the tables of its library: for each change of a net the charge of what it loads, for each change of an output the energy inside of its cell
/// at its load and at the transition of its input, and what the cells take when nothing changes.
/// </summary>
/// <remarks>
/// Where a cell has an energy for each input, an output's changes are shared among the inputs by how often each decides the output, over all values of the others. A change is a rise or
/// a fall, and takes the mean of their energies inside of the cell. OpenSTA 2.0.17 charges both for each change, and its shares
/// do not add up to 1; later versions do as is done here. <see cref="AsOpenSta"/> sums as it does, so that everything else can be checked against it.
/// </remarks>
public sealed class PowerSum
{
    // A clock rises and falls in a cycle.
    private const double ClockActivity = 2;

    private readonly MappedNetlist _netlist;
    private readonly CellLibrary _library;
    private readonly SynthesisOptions _options;
    private readonly string? _clock;
    private readonly Dictionary<string, double> _loads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (double Rise, double Fall)> _slews = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Cell, string Output, string Input), double> _differences = [];

    /// <summary>Prepares the sum.</summary>
    /// <param name="netlist">The mapped netlist.</param>
    /// <param name="library">Its library.</param>
    /// <param name="options">Loads and transitions at the ports.</param>
    public PowerSum(MappedNetlist netlist, CellLibrary library, SynthesisOptions options)
    {
        ArgumentNullException.ThrowIfNull(netlist);
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(options);
        (_netlist, _library, _options) = (netlist, library, options);
        _clock = Constraints.Of(netlist, library, options).Clock;
        FindLoads();
        FindSlews();
        FindBlocks();
    }

    /// <summary>True to charge each change with the energies of a rise and a fall, and to share it among inputs, as OpenSTA 2.0.17 does.</summary>
    public bool AsOpenSta { get; init; }

    /// <summary>The port of the clock; null for logic without one.</summary>
    public string? Clock => _clock;

    /// <summary>The power with one activity for all nets but the clock.</summary>
    /// <param name="activity">Changes a cycle.</param>
    /// <param name="period">The clock period in seconds.</param>
    public PowerResult At(double activity, double period) => Sum(_ => (activity, true), period);

    /// <summary>The power of a simulated workload.</summary>
    /// <param name="activity">What was counted.</param>
    /// <param name="period">The clock period in seconds.</param>
    public PowerResult At(SwitchingActivity activity, double period)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var means = new Dictionary<string, double>(StringComparer.Ordinal);
        var overall = activity.Mean(string.Empty) ?? 0;
        return Sum(net => activity.Of(net) is { } own ? (own, true) : (MeanOf(_blocks.GetValueOrDefault(net, string.Empty)), false), period);

        double MeanOf(string block)
        {
            if (!means.TryGetValue(block, out var mean))
                means[block] = mean = block.Length == 0 ? overall : activity.Mean(block + ".") ?? overall;
            return mean;
        }
    }

    private PowerResult Sum(Func<string, (double Activity, bool IsMeasured)> activityOf, double period)
    {
        var blocks = new SortedDictionary<string, PowerShares>(StringComparer.Ordinal);
        var (nets, measured, changes) = (0, 0, 0.0);
        foreach (var instance in _netlist.Instances)
        {
            if (_library.Find(instance.Cell) is not { } cell)
                continue;
            var shares = new PowerShares(0, 0, cell.Leakage);
            foreach (var pin in cell.Pins)
            {
                if (instance.Net(pin.Name) is not { } net || net.StartsWith("1'b", StringComparison.Ordinal))
                    continue;
                double activity;
                if (net == _clock)
                {
                    activity = ClockActivity;
                }
                else
                {
                    (activity, var isMeasured) = activityOf(net);
                    if (pin.IsOutput)
                        (nets, measured, changes) = (nets + 1, measured + (isMeasured ? 1 : 0), changes + activity);
                }
                var rate = activity / period;
                var load = pin.IsOutput ? _loads.GetValueOrDefault(net) : 0;
                shares += new PowerShares(
                    Energy(instance, cell, pin, net, load) * rate * (AsOpenSta ? 2 : 1), pin.IsOutput ? 0.5 * load * _library.CapacitanceUnit * _library.Voltage * _library.Voltage * rate : 0, 0);
            }
            var output = cell.Outputs.Select(pin => instance.Net(pin.Name)).OfType<string>().FirstOrDefault();
            var block = output is not null && _blocks.GetValueOrDefault(output) is { Length: > 0 } found ? found : "top";
            blocks[block] = blocks.GetValueOrDefault(block) + shares;
        }
        return new PowerResult(blocks.Values.Aggregate(default(PowerShares), (a, b) => a + b), blocks, nets == 0 ? 0 : changes / nets, nets == 0 ? 0 : (double)measured / nets);
    }

    /// <summary>Joules inside of the cell of a change of a pin, the mean of rising and falling.</summary>
    private double Energy(NetlistInstance instance, LibraryCell cell, CellPin pin, string net, double load)
    {
        if (pin.InternalPowers.Count == 0)
            return 0;
        if (!pin.IsOutput)
        {
            // The energy of an input alone; half of the changes of a data input come when the cell does not follow, as OpenSTA takes it.
            var slew = _slews.GetValueOrDefault(net);
            return pin.InternalPowers.Average(power => Mean(power, 0, slew)) * _library.EnergyUnit * (cell.IsClock(pin.Name) ? 1 : 0.5);
        }
        var (sum, weights) = (0.0, 0.0);
        foreach (var power in pin.InternalPowers)
        {
            var weight = power.RelatedPin is not { } from ? 0.5
                : AsOpenSta && pin.Function is { } function && function.Inputs.Contains(from) ? function.FirstShare(from) : Difference(cell, pin, from);
            var slew = power.RelatedPin is { } related && instance.Net(related) is { } source ? _slews.GetValueOrDefault(source) : default;
            sum += weight * Mean(power, load, slew);
            weights += weight;
        }
        return weights == 0 ? 0 : sum / (AsOpenSta ? 1 : weights) * _library.EnergyUnit;
    }

    private static double Mean(InternalPower power, double load, (double Rise, double Fall) slew)
    {
        var (sum, count) = (0.0, 0);
        if (power.Rise is { } rise)
            (sum, count) = (sum + rise.At(load, slew.Rise), count + 1);
        if (power.Fall is { } fall)
            (sum, count) = (sum + fall.At(load, slew.Fall), count + 1);
        return count == 0 ? 0 : sum / count;
    }

    /// <summary>How often an input decides an output, over all values of the others; 1 where the output does not say that it reads it, as of a clock.</summary>
    private double Difference(LibraryCell cell, CellPin output, string input)
    {
        if (_differences.TryGetValue((cell.Name, output.Name, input), out var known))
            return known;
        var share = 1.0;
        if (output.Function is { } function && function.Inputs.Contains(input) && function.Inputs.Count <= 6)
        {
            var table = function.Table(function.Inputs);
            var position = function.Inputs.ToList().IndexOf(input);
            var rows = 1 << function.Inputs.Count;
            share = Enumerable.Range(0, rows).Count(row => (table >> row & 1) != (table >> (row ^ 1 << position) & 1)) / (double)rows;
        }
        return _differences[(cell.Name, output.Name, input)] = share;
    }

    private void FindLoads()
    {
        foreach (var instance in _netlist.Instances)
        {
            foreach (var pin in _library.Find(instance.Cell)?.Inputs ?? [])
            {
                if (instance.Net(pin.Name) is { } net)
                    _loads[net] = _loads.GetValueOrDefault(net) + pin.Capacitance;
            }
        }
        foreach (var net in _netlist.Ports.Where(port => !port.IsInput).SelectMany(port => port.Bits))
            _loads[net] = _loads.GetValueOrDefault(net) + _options.OutputLoad * 1e-12 / _library.CapacitanceUnit;
    }

    /// <summary>Transitions go forward from ports and registers; the slowest of an output's inputs decides.</summary>
    private void FindSlews()
    {
        var readers = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var missing = new int[_netlist.Instances.Count];
        var ready = new Queue<int>();
        var atPort = _options.InputTransition * 1e-9 / _library.TimeUnit;
        foreach (var net in _netlist.Ports.Where(port => port.IsInput).SelectMany(port => port.Bits))
            _slews[net] = net == _clock ? (0, 0) : (atPort, atPort);
        for (var i = 0; i < _netlist.Instances.Count; i++)
        {
            var instance = _netlist.Instances[i];
            if (_library.Find(instance.Cell) is not { } cell)
                continue;
            foreach (var pin in cell.State is null ? cell.Inputs : [])
            {
                if (instance.Net(pin.Name) is not { } net || net.StartsWith("1'b", StringComparison.Ordinal) || _slews.ContainsKey(net))
                    continue;
                readers.TryAdd(net, []);
                readers[net].Add(i);
                missing[i]++;
            }
            if (missing[i] == 0)
                ready.Enqueue(i);
        }
        while (ready.TryDequeue(out var i))
        {
            var instance = _netlist.Instances[i];
            foreach (var output in _library.Find(instance.Cell)!.Outputs)
            {
                if (instance.Net(output.Name) is not { } net)
                    continue;
                _slews[net] = SlewOf(instance, output, _loads.GetValueOrDefault(net));
                foreach (var reader in readers.GetValueOrDefault(net, []))
                {
                    if (--missing[reader] == 0)
                        ready.Enqueue(reader);
                }
            }
        }
    }

    private (double Rise, double Fall) SlewOf(NetlistInstance instance, CellPin output, double load)
    {
        var (rise, fall) = (0.0, 0.0);
        foreach (var arc in output.Arcs)
        {
            var from = instance.Net(arc.RelatedPin) is { } net ? _slews.GetValueOrDefault(net) : default;
            var (forRise, forFall) = arc switch
            {
                { FromEdge: not null } => (from.Rise, from.Rise),
                { Sense: TimingSense.Positive } => (from.Rise, from.Fall),
                { Sense: TimingSense.Negative } => (from.Fall, from.Rise),
                _ => (Math.Max(from.Rise, from.Fall), Math.Max(from.Rise, from.Fall)),
            };
            rise = Math.Max(rise, arc.RiseTransition?.At(load, forRise) ?? 0);
            fall = Math.Max(fall, arc.FallTransition?.At(load, forFall) ?? 0);
        }
        return (rise, fall);
    }

    /// <summary>The block of a net: where its name says it, else where the first named net that is made of it stands.</summary>
    private void FindBlocks()
    {
        var drivers = new Dictionary<string, NetlistInstance>(StringComparer.Ordinal);
        foreach (var instance in _netlist.Instances)
        {
            foreach (var output in _library.Find(instance.Cell)?.Outputs ?? [])
            {
                if (instance.Net(output.Name) is { } net)
                    drivers[net] = instance;
            }
        }
        var open = new Queue<string>();
        foreach (var net in drivers.Keys.Where(TimingPath.IsOfTheSource))
        {
            _blocks[net] = net.LastIndexOf('.') is > 0 and var dot ? net[..dot] : string.Empty;
            open.Enqueue(net);
        }

        // Backwards from the named nets, nearest first: what only they are made of belongs to them.
        while (open.TryDequeue(out var net))
        {
            if (!drivers.TryGetValue(net, out var driver))
                continue;
            foreach (var pin in _library.Find(driver.Cell)!.Inputs)
            {
                if (driver.Net(pin.Name) is { } source && drivers.ContainsKey(source) && _blocks.TryAdd(source, _blocks[net]))
                    open.Enqueue(source);
            }
        }
    }
}
