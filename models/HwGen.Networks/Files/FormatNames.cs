using System.Globalization;

namespace HwGen.Networks;

/// <summary>The names of number formats in files: <c>u8</c>, <c>s8</c>, <c>sm8</c>, <c>bipolar</c>, <c>ternary</c>.</summary>
internal static class FormatNames
{
    public const string Allowed = "u1 to u62, s1 to s62, sm2 to sm32, bipolar and ternary are allowed";

    public static string Write(NumberFormat format) => format.Kind switch
    {
        NumberKind.Bipolar => "bipolar",
        _ => format.ToString(),
    };

    public static NumberFormat? Read(string text)
    {
        NumberFormat? format = text switch
        {
            "bipolar" => NumberFormat.Bipolar,
            "ternary" => NumberFormat.Ternary,
            ['s', 'm', .. var bits] => Bits(bits) is { } count ? NumberFormat.SignMagnitude(count) : null,
            ['s', .. var bits] => Bits(bits) is { } count ? NumberFormat.TwosComplement(count) : null,
            ['u', .. var bits] => Bits(bits) is { } count ? NumberFormat.Unsigned(count) : null,
            _ => null,
        };
        return format is { IsValid: true } ? format : null;
    }

    private static int? Bits(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) ? bits : null;
}
