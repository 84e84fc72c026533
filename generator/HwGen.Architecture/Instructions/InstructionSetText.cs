using System.Globalization;
using System.Text;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Instructions;

/// <summary>The instruction set as tables for people.</summary>
public static class InstructionSetText
{
    /// <summary>The instructions, the errors and the fields of the descriptor.</summary>
    /// <param name="configuration">The core whose widths and ranges are shown.</param>
    public static string Markdown(ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = new StringBuilder("| opcode | instruction | words | does | cycles |\n| --- | --- | --- | --- | --- |\n");
        foreach (var instruction in InstructionSet.All)
        {
            Line(text, $"| {(int)instruction.Opcode} | `{(instruction.Mnemonic + " " + instruction.Operands).Trim().Replace("|", "\\|", StringComparison.Ordinal)}` | {instruction.Words} | {instruction.Meaning} | {instruction.Cycles} |");
        }

        text.Append("\n| error | why |\n| --- | --- |\n");
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            Line(text, $"| {(int)code} | {InstructionSet.Meaning(code)} |");
        }

        var rules = DescriptorRules.Of(configuration).ToDictionary(rule => rule.Field);
        text.Append("\n| field | name | bits | `run` takes |\n| --- | --- | --- | --- |\n");
        foreach (var field in DescriptorLayout.NamedFields(configuration))
        {
            var range = rules.TryGetValue(field, out var rule) ? FormattableString.Invariant($"{rule.Least} to {rule.Greatest}") : "any";
            Line(text, $"| {(int)field} | `{Assembler.NameOf(field)}` | {field.Width(configuration)} | {range} |");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
