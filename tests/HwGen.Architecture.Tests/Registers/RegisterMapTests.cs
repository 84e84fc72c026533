using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Registers;

namespace HwGen.Architecture.Tests.Registers;

/// <summary>The register map keeps its own rules, and the texts made from it say the same.</summary>
public class RegisterMapTests
{
    public static TheoryData<KeyStoreKind, int> Cores => new() { { KeyStoreKind.None, 2 }, { KeyStoreKind.Dense, 4096 }, { KeyStoreKind.Sparse, 1 << 24 } };

    private static RegisterMap Map(KeyStoreKind keys, int programWords) =>
        RegisterMap.Of(new ArrayConfiguration("chip", 64, 32, 8, ArrayConfiguration.AllOperations) { Bus = BusKind.Axi, Keys = keys, ProgramWords = programWords });

    [Theory]
    [MemberData(nameof(Cores))]
    public void Registers_and_fields_lie_apart_and_fit(KeyStoreKind keys, int programWords)
    {
        var map = Map(keys, programWords);
        map.Registers.Select(r => r.Offset).ShouldBeUnique();
        map.Registers.Select(r => r.Name).ShouldBeUnique();
        map.Registers.Select(r => r.Offset).ShouldBeInOrder();
        foreach (var register in map.Registers)
        {
            (register.Offset % 4).ShouldBe(0);
            register.Offset.ShouldBeLessThan(1 << RegisterMap.AddressBits);
            register.Fields.Select(f => f.Name).ShouldBeUnique();
            var taken = 0u;
            foreach (var field in register.Fields)
            {
                (field.Low + field.Width).ShouldBeLessThanOrEqualTo(32);
                (taken & field.Mask).ShouldBe(0u, register.Name);
                taken |= field.Mask;
                ((ulong)field.Reset >> field.Width).ShouldBe(0ul, register.Name);
                field.Meaning.ShouldNotContain("\"");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void The_C_header_says_the_same(KeyStoreKind keys, int programWords)
    {
        var map = Map(keys, programWords);
        var defined = Regex.Matches(RegisterMapText.Header(map), @"^#define (\w+) (?:0x([0-9a-f]+)u|(\d+))$", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Success ? uint.Parse(m.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : uint.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture));
        var compared = 0;
        foreach (var register in map.Registers)
        {
            defined["CHIP_" + register.Name].ShouldBe((uint)register.Offset);
            foreach (var field in register.Fields)
            {
                var name = $"CHIP_{register.Name}_{field.Name}";
                defined[name + "_MASK"].ShouldBe(field.Mask);
                defined[name + "_SHIFT"].ShouldBe((uint)field.Low);
                defined.ContainsKey(name + "_CONSTANT").ShouldBe(field.IsConstant);
                compared++;
            }
        }

        compared.ShouldBeGreaterThan(40);
        defined.Count.ShouldBe(map.Registers.Length + map.Registers.SelectMany(r => r.Fields).Sum(f => f.IsConstant ? 3 : 2));
    }

    [Theory]
    [MemberData(nameof(Cores))]
    public void SystemRDL_says_the_same(KeyStoreKind keys, int programWords)
    {
        var map = Map(keys, programWords);
        var text = RegisterMapText.SystemRdl(map);
        text.Count(c => c == '{').ShouldBe(text.Count(c => c == '}'));
        var fields = Regex.Matches(text, @"^        field \{ desc = ""[^""]+""; (.+?) \} (\w+)\[(\d+):(\d+)\] = (\d+)'h([0-9a-f]+);$", RegexOptions.Multiline);
        fields.Select(f => (f.Groups[2].Value, int.Parse(f.Groups[3].Value, CultureInfo.InvariantCulture), int.Parse(f.Groups[4].Value, CultureInfo.InvariantCulture), uint.Parse(f.Groups[6].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)))
            .ShouldBe(map.Registers.SelectMany(r => r.Fields).Select(f => (f.Name, f.Low + f.Width - 1, f.Low, f.Reset)));
        Regex.Matches(text, @"^    \} (\w+) @ 0x([0-9a-f]+);$", RegexOptions.Multiline)
            .Select(r => (r.Groups[1].Value, int.Parse(r.Groups[2].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))).ShouldBe(map.Registers.Select(r => (r.Name, r.Offset)));
    }

    [Fact]
    public void Parameters_are_those_of_the_core()
    {
        var map = Map(KeyStoreKind.Dense, 512);
        map["ROWS"].Reset.ShouldBe(64u);
        map["COLUMNS"].Reset.ShouldBe(32u);
        map["LANES"].Reset.ShouldBe(8u);
        map["PROGRAM_MEMORY"].Reset.ShouldBe(512u);
        map["FEATURES"]["KEYS"].Reset.ShouldBe(1u);
        RegisterMap.Of(new ArrayConfiguration("chip", 64, 32, 8, [RowOperation.And, RowOperation.Xor])).Registers.Single(r => r.Name == "FEATURES").Reset.ShouldBe(0b0110u);
    }
}
