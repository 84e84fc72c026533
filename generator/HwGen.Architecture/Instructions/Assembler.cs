using System.Globalization;
using System.Text;
using System.Text.Json;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using static HwGen.Architecture.Instructions.InstructionFormat;

namespace HwGen.Architecture.Instructions;

/// <summary>A mistake in assembler text.</summary>
/// <param name="line">Its line, from 1.</param>
/// <param name="message">What is wrong, and what is allowed.</param>
public sealed class AssemblerException(int line, string message) : Exception(FormattableString.Invariant($"line {line}: {message}"))
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}

/// <summary>
/// Text to instruction words and back. A line is an instruction, or <c>.word</c> and a number for a word that is none; <c>//</c> begins a comment. What is
/// disassembled assembles to the same words, whatever they are.
/// </summary>
public static class Assembler
{
    private const int LargestText = 1 << 26;

    private static readonly Dictionary<string, InstructionDefinition> s_mnemonics = InstructionSet.All.ToDictionary(instruction => instruction.Mnemonic, StringComparer.Ordinal);

    private static readonly Dictionary<string, DescriptorField> s_fields = DescriptorLayout.Fields.ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The name of a field in assembler text: as in program files.</summary>
    public static string NameOf(DescriptorField field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());

    /// <summary>The words of a text.</summary>
    /// <exception cref="AssemblerException">A line is no instruction.</exception>
    public static uint[] Assemble(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LargestText)
        {
            throw new AssemblerException(1, FormattableString.Invariant($"the text is too long: at most {LargestText} characters"));
        }

        var words = new List<uint>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var code = line.Split("//")[0].Trim();
            if (code.Length > 0)
            {
                words.AddRange(Line(code, number));
            }
        }

        return [.. words];
    }

    /// <summary>The text of words, a line an instruction.</summary>
    public static string Disassemble(ReadOnlySpan<uint> words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words.Length;)
        {
            var instruction = InstructionWord.Decode(words[i]);
            if (instruction is null || i + instruction.Words > words.Length)
            {
                text.Append(CultureInfo.InvariantCulture, $".word 0x{words[i++]:x8}\n");
                continue;
            }

            text.Append(instruction.Mnemonic).Append(instruction.Format switch
            {
                Plain => string.Empty,
                Field => FormattableString.Invariant($" {NameOf(InstructionWord.FieldOf(words[i]))}, {InstructionWord.ShortOf(words[i])}"),
                FieldLong => FormattableString.Invariant($" {NameOf(InstructionWord.FieldOf(words[i]))}, {words[i + 1]}"),
                Operation => " " + (InstructionWord.Given(words[i])?.ToString().ToLowerInvariant() ?? "own"),
                Count => FormattableString.Invariant($" {InstructionWord.CountOf(words[i])}"),
                _ => FormattableString.Invariant($" {InstructionWord.CountOf(words[i])}, {words[i + 1]}"),
            }).Append('\n');
            i += instruction.Words;
        }

        return text.ToString();
    }

    private static IEnumerable<uint> Line(string code, int number)
    {
        var mnemonic = code.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries)[0];
        string[] operands = code.Length == mnemonic.Length ? [] : [.. code[mnemonic.Length..].Split(',').Select(operand => operand.Trim())];
        if (mnemonic == ".word")
        {
            Expect(1);
            return [Number(operands[0], uint.MaxValue)];
        }

        if (!s_mnemonics.TryGetValue(mnemonic, out var instruction))
        {
            throw new AssemblerException(number, $"'{Shown(mnemonic)}' is no instruction; there are {string.Join(", ", s_mnemonics.Keys)} and .word");
        }

        var opcode = instruction.Opcode;
        Expect(instruction.Format switch { Plain => 0, Operation or Count => 1, _ => 2 });
        return instruction.Format switch
        {
            Plain => [InstructionWord.Of(opcode)],
            Field => [InstructionWord.Set(FieldNamed(operands[0]), Number(operands[1], (1u << InstructionSet.ShortBits) - 1))],
            FieldLong => [InstructionWord.SetLong(FieldNamed(operands[0])), Number(operands[1], uint.MaxValue)],
            Operation => [InstructionWord.Of(opcode, OperationNamed(operands[0]))],
            Count => [InstructionWord.Of(opcode, (int)Number(operands[0], (1u << InstructionSet.CountBits) - 1))],
            _ => [InstructionWord.Of(opcode, (int)Number(operands[0], (1u << InstructionSet.CountBits) - 1)), Number(operands[1], uint.MaxValue)],
        };

        void Expect(int count)
        {
            if (operands.Length != count)
            {
                throw new AssemblerException(number, FormattableString.Invariant($"{mnemonic} takes {count} operands, not {operands.Length}"));
            }
        }

        uint Number(string operand, uint greatest)
        {
            var isHexadecimal = operand.StartsWith("0x", StringComparison.Ordinal);
            if (!uint.TryParse(isHexadecimal ? operand[2..] : operand, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > greatest)
            {
                throw new AssemblerException(number, FormattableString.Invariant($"'{Shown(operand)}' is no number from 0 to {greatest}, decimal or with 0x"));
            }

            return value;
        }

        DescriptorField FieldNamed(string operand) => s_fields.TryGetValue(operand, out var field)
            ? field : throw new AssemblerException(number, $"'{Shown(operand)}' is no descriptor field; docs/isa.md lists them");

        RowOperation? OperationNamed(string operand) => operand == "own" ? null
            : ArrayConfiguration.AllOperations.Cast<RowOperation?>().FirstOrDefault(operation => operation.ToString()!.ToLowerInvariant() == operand)
            ?? throw new AssemblerException(number, $"'{Shown(operand)}' is no row operation; there are own, nand, and, xor, or");
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..37] + "...";
}
