using System.Globalization;
using System.Text;

namespace HwGen.Architecture.Registers;

/// <summary>A register map as the texts that others read: a C header, SystemRDL 2.0, Markdown.</summary>
public static class RegisterMapText
{
    /// <summary>A C header: offsets in bytes, masks and shifts of fields, values of constants.</summary>
    public static string Header(RegisterMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var prefix = map.Prefix.ToUpperInvariant();
        var text = new StringBuilder();
        Line(text, $"/* Registers of {map.Prefix}: offsets in bytes from the base of the bus, 32 bits each. Generated: do not edit. */");
        Line(text, $"#ifndef {prefix}_REGISTERS_H");
        Line(text, $"#define {prefix}_REGISTERS_H");
        foreach (var register in map.Registers)
        {
            Line(text, $"\n/* {register.Meaning} */");
            Line(text, $"#define {prefix}_{register.Name} 0x{register.Offset:x2}u");
            foreach (var field in register.Fields)
            {
                var name = $"{prefix}_{register.Name}_{field.Name}";
                Line(text, $"#define {name}_SHIFT {field.Low}");
                Line(text, $"#define {name}_MASK 0x{field.Mask:x8}u");
                if (field.IsConstant)
                {
                    Line(text, $"#define {name}_CONSTANT 0x{field.Reset:x}u");
                }
            }
        }

        return text.Append("\n#endif\n").ToString();
    }

    /// <summary>SystemRDL 2.0 (Accellera), an address map of one core.</summary>
    public static string SystemRdl(RegisterMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var text = new StringBuilder();
        Line(text, $"// Registers of {map.Prefix}. Generated: do not edit.");
        Line(text, $"addrmap {map.Prefix}_registers {{");
        Line(text, $"    default regwidth = 32;\n    default accesswidth = 32;\n    addressing = regalign;");
        foreach (var register in map.Registers)
        {
            Line(text, $"\n    reg {{\n        desc = \"{register.Meaning}\";");
            foreach (var field in register.Fields)
            {
                Line(text, $"        field {{ desc = \"{field.Meaning}\"; {Access(field)} }} {field.Name}[{field.Low + field.Width - 1}:{field.Low}] = {field.Width}'h{field.Reset:x};");
            }

            Line(text, $"    }} {register.Name} @ 0x{register.Offset:x2};");
        }

        return text.Append("};\n").ToString();
    }

    /// <summary>Tables for people: the registers, then the fields of each.</summary>
    public static string Markdown(RegisterMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var text = new StringBuilder();
        Line(text, $"| offset | register | reset | meaning |\n| --- | --- | --- | --- |");
        foreach (var register in map.Registers)
        {
            Line(text, $"| 0x{register.Offset:x2} | `{register.Name}` | {(register.Reset == 0 ? "0" : FormattableString.Invariant($"0x{register.Reset:x}"))} | {register.Meaning} |");
        }

        Line(text, $"\n| register | field | bits | access | meaning |\n| --- | --- | --- | --- | --- |");
        foreach (var register in map.Registers)
        {
            foreach (var field in register.Fields)
            {
                var bits = field.Width == 1 ? FormattableString.Invariant($"{field.Low}") : FormattableString.Invariant($"{field.Low + field.Width - 1}:{field.Low}");
                Line(text, $"| `{register.Name}` | `{field.Name}` | {bits} | {Word(field)} | {field.Meaning} |");
            }
        }

        return text.ToString();
    }

    private static string Word(RegisterField field) => field.Access switch
    {
        _ when field.IsConstant => "constant",
        FieldAccess.ReadOnly => "read",
        FieldAccess.ReadWrite => "read, write",
        FieldAccess.WriteOneToClear => "read, write 1 to clear",
        _ => "write 1 to act",
    };

    /// <summary>Software's access, then hardware's.</summary>
    private static string Access(RegisterField field) => field.Access switch
    {
        _ when field.IsConstant => "sw = r; hw = na;",
        FieldAccess.ReadOnly => "sw = r; hw = w;",
        FieldAccess.ReadWrite => "sw = rw; hw = r;",
        FieldAccess.WriteOneToClear => "sw = rw; onwrite = woclr; hw = rw; hwset;",
        _ => "sw = w; hw = r; singlepulse;",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
