using System.Globalization;
using System.Numerics;

namespace HwGen.Netlist;

/// <summary>A signal that holds one of a few named values. Where it is a port, a wire, a register or an output of an instance, the Verilog names them by local parameters.</summary>
/// <typeparam name="TValue">The values; their codes are the enumeration's own, none below 0. The width is that of the largest code: <see cref="Widths.Enumeration{TValue}"/>.</typeparam>
public class Enumerated<TValue>
    where TValue : struct, Enum
{
    /// <summary>Beyond this code a choice is a chain of comparisons, not a table.</summary>
    private const long LargestTable = 255;

    private readonly Module _module;

    internal Enumerated(Module module, Signal bits)
    {
        _module = module;
        Bits = bits;
    }

    /// <summary>The codes as a plain signal, to drive ports and registers with.</summary>
    public Signal Bits { get; }

    /// <summary>1 where it has the value; width 1.</summary>
    public Signal Is(TValue value) => Bits.EqualTo(Bits.Constant(EnumerationCodes.Of(value)));

    /// <summary>1 where it has one of the values; width 1.</summary>
    /// <param name="values">At least one.</param>
    public Signal IsOneOf(params ReadOnlySpan<TValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var any = Is(values[0]);
        foreach (var value in values[1..])
        {
            any |= Is(value);
        }

        return any;
    }

    /// <summary>1 where both have one value; width 1.</summary>
    public Signal EqualTo(Enumerated<TValue> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Bits.EqualTo(other.Bits);
    }

    /// <summary>What stands beside its value; <paramref name="otherwise"/> where none does.</summary>
    /// <param name="otherwise">For all other codes; its width is that of the result.</param>
    /// <param name="options">A signal for each of some values, of equal widths; each value once.</param>
    public Signal Select(Signal otherwise, params ReadOnlySpan<(TValue Value, Signal Signal)> options)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        var byCode = new SortedDictionary<long, Signal>();
        foreach (var (value, signal) in options)
        {
            if (!byCode.TryAdd(EnumerationCodes.Of(value), signal))
            {
                _module.ReportDuplicateCase(value.ToString());
            }
        }

        if (byCode.Count == 0)
        {
            return otherwise;
        }

        var largest = byCode.Keys.Last();
        if (largest > LargestTable)
        {
            return byCode.Aggregate(otherwise, (rest, option) => _module.ChooseOf(Bits.EqualTo(Bits.Constant(option.Key)), option.Value, rest));
        }

        // A selector past the last option takes the last: where codes are left, that is what holds otherwise.
        var isWhole = largest == (1L << Bits.Width) - 1;
        var table = new Signal[largest + (isWhole ? 1 : 2)];
        for (var code = 0; code < table.Length; code++)
        {
            table[code] = byCode.GetValueOrDefault(code, otherwise);
        }

        return _module.SelectOf(Bits, table);
    }

    /// <summary>What each body drives, it drives where the signal has its value; each value once.</summary>
    public void Switch(params ReadOnlySpan<(TValue Value, Action Body)> cases)
    {
        var coded = new (long, Action)[cases.Length];
        for (var i = 0; i < cases.Length; i++)
        {
            coded[i] = (EnumerationCodes.Of(cases[i].Value), cases[i].Body);
        }

        _module.SwitchOn(Bits, coded);
    }
}

/// <summary>The codes and names of an enumeration's values.</summary>
internal static class EnumerationCodes
{
    public static long Of<TValue>(TValue value)
        where TValue : struct, Enum => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    public static long Largest<TValue>()
        where TValue : struct, Enum => Enum.GetValues<TValue>().Max(Of);

    /// <summary>The names of all values of a signal, by code; of two names of one code the first by the alphabet.</summary>
    public static IReadOnlyList<(BigInteger Value, string Name)> NamesFor<TValue>(string signal)
        where TValue : struct, Enum =>
        [.. Enum.GetNames<TValue>().Order(StringComparer.Ordinal).DistinctBy(name => Of(Enum.Parse<TValue>(name)))
            .Select(name => ((BigInteger)Of(Enum.Parse<TValue>(name)), $"{signal}_{Names.ToSnakeCase(name)}".ToUpperInvariant())).OrderBy(value => value.Item1)];
}
