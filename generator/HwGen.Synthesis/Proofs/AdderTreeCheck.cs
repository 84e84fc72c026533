using System.Globalization;
using System.Numerics;
using HwGen.Synthesis.Netlists;

namespace HwGen.Synthesis.Proofs;

/// <summary>Which pins of an adder cell are what.</summary>
/// <param name="Inputs">Three inputs of a full adder, two of a half adder.</param>
/// <param name="Sum">The output of the same weight.</param>
/// <param name="Carry">The output of twice the weight.</param>
public sealed record AdderCellPins(IReadOnlyList<string> Inputs, string Sum, string Carry);

/// <summary>What a check of an adder tree found.</summary>
/// <param name="Bits">Input bits.</param>
/// <param name="FullAdders">Cells of three inputs.</param>
/// <param name="HalfAdders">Cells of two.</param>
/// <param name="Problems">What does not hold, a sentence each; none when the tree counts its inputs.</param>
public sealed record AdderTreeFinding(int Bits, int FullAdders, int HalfAdders, IReadOnlyList<string> Problems)
{
    /// <summary>Whether the tree is proved to count its inputs.</summary>
    public bool Holds => Problems.Count == 0;
}

/// <summary>
/// Proves by composition that a netlist of adder cells counts the ones of its input, for any number of bits. Each cell keeps the weighted sum of its
/// nets: its inputs have one weight w, its sum has w and its carry 2w, and that it adds is proved exhaustively elsewhere. When each net is taken exactly once,
/// the weighted sum of the outputs is that of the inputs: 1 for each bit; and when output bit i has weight 2^i, the output is that number in binary.
/// </summary>
public static class AdderTreeCheck
{
    /// <summary>Checks a netlist of one input and one output vector.</summary>
    /// <param name="netlist">The netlist; every instance must be an adder cell.</param>
    /// <param name="adders">The adder cells by name, each proved to add.</param>
    public static AdderTreeFinding Run(MappedNetlist netlist, IReadOnlyDictionary<string, AdderCellPins> adders)
    {
        ArgumentNullException.ThrowIfNull(netlist);
        ArgumentNullException.ThrowIfNull(adders);
        var problems = new List<string>();
        var inputs = netlist.Ports.Where(port => port.IsInput).ToList();
        var outputs = netlist.Ports.Where(port => !port.IsInput).ToList();
        if (inputs.Count != 1 || outputs.Count != 1)
            return new AdderTreeFinding(0, 0, 0, ["a popcount has one input and one output vector"]);

        var weights = inputs[0].Bits.ToDictionary(net => net, _ => BigInteger.One, StringComparer.Ordinal);
        var readers = new Dictionary<string, int>(StringComparer.Ordinal);
        var waiting = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var missing = new int[netlist.Instances.Count];
        var (full, half) = (0, 0);
        for (var i = 0; i < netlist.Instances.Count; i++)
        {
            var instance = netlist.Instances[i];
            if (!adders.TryGetValue(instance.Cell, out var pins))
            {
                problems.Add($"{instance.Name} is a {instance.Cell}, which is no adder cell");
                continue;
            }
            (full, half) = pins.Inputs.Count == 3 ? (full + 1, half) : (full, half + 1);
            foreach (var pin in pins.Inputs)
            {
                if (instance.Net(pin) is not { } net)
                {
                    problems.Add($"{instance.Name}: input {pin} is not connected");
                    missing[i]++;
                    continue;
                }
                readers[net] = readers.GetValueOrDefault(net) + 1;
                waiting.TryAdd(net, []);
                waiting[net].Add(i);
                missing[i]++;
            }
        }

        // Weights go forward from the inputs; a cell that is never reached stands in a loop or reads what nothing drives.
        var ready = new Queue<string>(weights.Keys);
        var passed = 0;
        while (ready.TryDequeue(out var net))
        {
            foreach (var i in waiting.GetValueOrDefault(net, []))
            {
                if (--missing[i] == 0)
                {
                    passed++;
                    Pass(netlist.Instances[i], adders[netlist.Instances[i].Cell], weights, ready, problems);
                }
            }
        }
        if (passed != full + half)
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{full + half - passed} cells stand in a loop, or read nets that nothing drives"));

        for (var bit = 0; bit < outputs[0].Bits.Count; bit++)
        {
            var net = outputs[0].Bits[bit];
            readers[net] = readers.GetValueOrDefault(net) + 1;
            if (!weights.TryGetValue(net, out var weight))
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"output bit {bit} is {net}, which no cell drives"));
            else if (weight != BigInteger.One << bit)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"output bit {bit} counts {weight}"));
        }
        foreach (var net in weights.Keys.Where(net => readers.GetValueOrDefault(net) != 1))
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{net} is taken {readers.GetValueOrDefault(net)} times, not once"));
        if (inputs[0].Bits.Count == 0 || outputs[0].Bits.Count == 0)
            problems.Add("there is nothing to count");
        return new AdderTreeFinding(inputs[0].Bits.Count, full, half, problems);
    }

    private static void Pass(
        NetlistInstance instance, AdderCellPins pins, Dictionary<string, BigInteger> weights, Queue<string> ready, List<string> problems)
    {
        var weight = weights[instance.Net(pins.Inputs[0])!];
        if (pins.Inputs.Any(pin => weights[instance.Net(pin)!] != weight))
            problems.Add($"{instance.Name} adds bits of different weights");
        foreach (var (pin, driven) in new[] { (pins.Sum, weight), (pins.Carry, weight * 2) })
        {
            if (instance.Net(pin) is not { } net)
                problems.Add($"{instance.Name}: output {pin} is not connected");
            else if (!weights.TryAdd(net, driven))
                problems.Add($"{net} has two drivers");
            else
                ready.Enqueue(net);
        }
    }
}
