using System.Globalization;

namespace HwGen.Synthesis.Liberty;

/// <summary>A table of a Liberty file over output load and input transition; between its points and beyond its ends it is linear.</summary>
public sealed class LookupTable
{
    private readonly double[] _loads;
    private readonly double[] _slews;
    private readonly double[] _values;

    private LookupTable(double[] loads, double[] slews, double[] values)
    {
        _loads = loads;
        _slews = slews;
        _values = values;
    }

    /// <summary>Reads a table group and the template that it names.</summary>
    /// <exception cref="FormatException">The sizes of axes and values differ, or a number is none.</exception>
    internal static LookupTable Read(LibertyGroup group, IReadOnlyDictionary<string, LibertyGroup> templates)
    {
        var values = group.Values("values").SelectMany(Numbers).ToArray();
        if (group.Name == "scalar" || values.Length == 1)
            return new LookupTable([0], [0], values);
        if (!templates.TryGetValue(group.Name, out var template))
            throw new FormatException($"there is no table template {group.Name}");
        double[]? loads = null, slews = null;
        var loadFirst = true;
        for (var axis = 1; axis <= 2; axis++)
        {
            if (template.Text($"variable_{axis}") is not { } variable)
                continue;
            var index = (group.Values($"index_{axis}") is { Count: > 0 } own ? own : template.Values($"index_{axis}")).SelectMany(Numbers).ToArray();
            if (variable == "total_output_net_capacitance")
            {
                loads = index;
            }
            else
            {
                slews = index;
                loadFirst = axis == 2;
            }
        }
        loads ??= [0];
        slews ??= [0];
        if (loads.Length == 0 || slews.Length == 0 || values.Length != loads.Length * slews.Length)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"a table of {values.Length} values for axes of {loads.Length} and {slews.Length}"));
        if (loadFirst)
            return new LookupTable(loads, slews, values);
        var turned = new double[values.Length];
        for (var slew = 0; slew < slews.Length; slew++)
        {
            for (var load = 0; load < loads.Length; load++)
                turned[load * slews.Length + slew] = values[slew * loads.Length + load];
        }
        return new LookupTable(loads, slews, turned);
    }

    /// <summary>The value at a load and an input transition, in the units of the library.</summary>
    public double At(double load, double slew)
    {
        var (i, u) = Place(_loads, load);
        var (j, v) = Place(_slews, slew);
        var columns = _slews.Length;
        var i2 = Math.Min(i + 1, _loads.Length - 1);
        var j2 = Math.Min(j + 1, columns - 1);
        return (1 - u) * ((1 - v) * _values[i * columns + j] + v * _values[i * columns + j2])
            + u * ((1 - v) * _values[i2 * columns + j] + v * _values[i2 * columns + j2]);
    }

    private static (int Index, double Fraction) Place(double[] axis, double value)
    {
        if (axis.Length == 1)
            return (0, 0);
        var index = 0;
        while (index < axis.Length - 2 && value > axis[index + 1])
            index++;
        return (index, (value - axis[index]) / (axis[index + 1] - axis[index]));
    }

    internal static IEnumerable<double> Numbers(string text) =>
        text.Split([',', ' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture));
}
