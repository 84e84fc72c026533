using System.Globalization;

namespace HwGen.Mutation.Tests.Equivalents;

/// <summary>A circuit of AND gates and inverters with registers, as Yosys writes it (AIGER, A. Biere, 2007): a literal is twice a variable, plus 1 where it is inverted.</summary>
/// <param name="Inputs">Inputs: variable and name.</param>
/// <param name="Latches">Registers: variable, literal of the next value, name.</param>
/// <param name="Outputs">Outputs: literal and name.</param>
/// <param name="Ands">Gates: variable and two literals, those before that are read.</param>
internal sealed record AndInverterGraph(
    IReadOnlyList<(int Variable, string Name)> Inputs, IReadOnlyList<(int Variable, int Next, string Name)> Latches, IReadOnlyList<(int Literal, string Name)> Outputs, IReadOnlyList<(int Variable, int Left, int Right)> Ands)
{
    /// <summary>Reads the text form with its table of names.</summary>
    public static AndInverterGraph Parse(string text)
    {
        var lines = text.Split('\n');
        var head = Numbers(lines[0]["aag ".Length..]);
        var (inputs, latches, outputs, ands) = (head[1], head[2], head[3], head[4]);
        var place = 1;
        var readInputs = Enumerable.Range(0, inputs).Select(_ => Numbers(lines[place++])[0] / 2).ToList();
        var readLatches = Enumerable.Range(0, latches).Select(_ => Numbers(lines[place++])).ToList();
        var readOutputs = Enumerable.Range(0, outputs).Select(_ => Numbers(lines[place++])[0]).ToList();
        var readAnds = Enumerable.Range(0, ands).Select(_ => Numbers(lines[place++])).Select(and => (and[0] / 2, and[1], and[2])).ToList();
        var names = new Dictionary<(char Kind, int Index), string>();
        for (; place < lines.Length && lines[place] is not ['c', ..]; place++)
        {
            if (lines[place].IndexOf(' ', StringComparison.Ordinal) is > 1 and var space)
            {
                names[(lines[place][0], int.Parse(lines[place][1..space], CultureInfo.InvariantCulture))] = lines[place][(space + 1)..];
            }
        }

        return new AndInverterGraph(
            [.. readInputs.Select((variable, i) => (variable, names[('i', i)]))], [.. readLatches.Select((latch, i) => (latch[0] / 2, latch[1], names[('l', i)]))],
            [.. readOutputs.Select((literal, i) => (literal, names[('o', i)]))], readAnds);
    }

    private static int[] Numbers(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
