using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Formal;

/// <summary>Reads the inputs of each cycle out of the value change dump of yosys-smtbmc.</summary>
internal static class WitnessReader
{
    public static IReadOnlyList<IReadOnlyDictionary<string, BigInteger>> Inputs(string waveform, ModuleGraph top)
    {
        var wanted = top.Ports.Where(p => p.IsInput).Select(p => p.Name)
            .Concat(top.Domains.Where(top.UsesReset).Select(d => d.Reset)).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        var steps = new SortedDictionary<int, IReadOnlyDictionary<string, BigInteger>>();
        string? stepCode = null;
        var step = -1;
        var depth = 0;
        foreach (var line in waveform.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["$scope", ..]:
                    depth++;
                    break;
                case ["$upscope", ..]:
                    depth--;
                    break;
                case ["$var", "integer", _, var code, "smt_step", ..]:
                    stepCode = code;
                    break;
                case ["$var", _, _, var code, var name, ..] when depth == 1 && wanted.Contains(name.TrimStart('\\')):
                    names[code] = name.TrimStart('\\');
                    break;
                case [['b', .. var bits], var code] when code == stepCode:
                    step = (int)Value(bits);
                    break;
                case [['b', .. var bits], var code] when names.TryGetValue(code, out var name):
                    values[name] = Value(bits);
                    break;
                default:
                    if (line.Length > 1 && line[0] is '0' or '1' && names.TryGetValue(line[1..], out var bit))
                    {
                        values[bit] = line[0] - '0';
                    }

                    continue;
            }

            if (step >= 0)
            {
                steps[step] = new SortedDictionary<string, BigInteger>(values, StringComparer.Ordinal);
            }
        }

        return [.. steps.Values];
    }

    /// <summary>The value of binary digits; an unknown bit may be anything, and is 0.</summary>
    public static BigInteger Value(string bits) => bits.Aggregate(BigInteger.Zero, (value, bit) => (value << 1) + (bit == '1' ? 1 : 0));
}
