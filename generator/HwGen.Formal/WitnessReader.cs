using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Formal;

/// <summary>Reads the inputs of each cycle out of the value change dump of yosys-smtbmc.</summary>
internal static class WitnessReader
{
    public static IReadOnlyList<IReadOnlyDictionary<string, BigInteger>> Inputs(string waveform, ModuleGraph top)
    {
        // Where there are several clocks, the solver moves them as it moves other inputs.
        var clocks = top.Domains.Select(d => d.Clock).Distinct(StringComparer.Ordinal).ToList();
        var wanted = top.Ports.Where(p => p.IsInput).Select(p => p.Name).Concat(clocks.Count > 1 ? clocks : [])
            .Concat(top.Domains.Where(top.UsesReset).Select(d => d.Reset)).ToHashSet(StringComparer.Ordinal);
        return Steps(waveform, (name, depth) => depth == 1 && wanted.Contains(name) ? name : null);
    }

    /// <summary>The values of all registers in the first cycle, by path.</summary>
    public static IReadOnlyDictionary<string, BigInteger> Registers(string waveform, Design design)
    {
        var paths = Paths(design.Top, string.Empty).ToHashSet(StringComparer.Ordinal);
        return Steps(waveform, (name, _) => paths.Contains(name) ? name : null) is [var first, ..] ? first : new Dictionary<string, BigInteger>();
    }

    private static IEnumerable<string> Paths(ModuleGraph module, string path) =>
        module.Registers.Select(register => path + register.Name).Concat(module.Instances.SelectMany(instance => Paths(instance.Module, $"{path}{instance.Name}.")));

    private static IReadOnlyList<IReadOnlyDictionary<string, BigInteger>> Steps(string waveform, Func<string, int, string?> choose)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new SortedDictionary<string, BigInteger>(StringComparer.Ordinal);
        var steps = new SortedDictionary<int, IReadOnlyDictionary<string, BigInteger>>();
        string? stepCode = null;
        var step = -1;
        var depth = 0;
        var scopes = new List<string>();
        foreach (var line in waveform.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["$scope", _, var scope, ..]:
                    depth++;
                    scopes.Add(scope);
                    break;
                case ["$upscope", ..]:
                    depth--;
                    scopes.RemoveAt(scopes.Count - 1);
                    break;
                case ["$var", "integer", _, var code, "smt_step", ..]:
                    stepCode = code;
                    break;
                case ["$var", _, _, var code, var name, ..]:
                    // Flattened names may come as scopes or escaped; with what part of their path, the scopes say.
                    if (choose(string.Join('.', scopes.Skip(1).Append(name.TrimStart('\\'))), depth) is { } chosen)
                    {
                        names[code] = chosen;
                    }

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
