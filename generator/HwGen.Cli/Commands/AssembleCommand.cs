using System.CommandLine;
using System.Globalization;
using HwGen.Architecture.Instructions;
using HwGen.Cli.Hosting;
using HwGen.Cli.Results;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen assemble</c> and <c>hwgen disassemble</c>: programs of a core with a bus as text and as words.</summary>
internal static class AssembleCommand
{
    private const int LargestFile = 1 << 26;

    public static Command Create() => Make("assemble", "Turn instructions into words, a line of eight hexadecimal digits each (docs/isa.md)", Assemble);

    public static Command CreateReverse() => Make("disassemble", "Turn words, a line of eight hexadecimal digits each, into instructions", Disassemble);

    private static Command Make(string name, string description, Func<string, string, string> turn)
    {
        var input = new Argument<string>("FILE") { Description = "The file that is read" };
        var output = new Option<string?>("--output", "-o") { Description = "The file that is written; standard output without it", HelpName = "FILE" };
        var force = CommonOptions.Force();
        return new Command(name, description) { input, output, force }.Runs((parsed, context) =>
        {
            var text = turn(Read(parsed.GetRequiredValue(input)), parsed.GetRequiredValue(input));
            if (parsed.GetValue(output) is { } file)
            {
                SingleFile.Write(file, text, parsed.GetValue(force));
                context.Terminal.Result($"wrote {file}");
            }
            else if (!context.Json)
            {
                context.Terminal.Output.Write(text);
            }

            return Task.FromResult(context.Finish(new RunSummary(name).Add("text", text), ExitCode.Good));
        });
    }

    private static string Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[LargestFile + 1];
            var length = reader.ReadBlock(buffer);
            return length <= LargestFile ? new string(buffer, 0, length) : throw new InputException(new InputError("the file is too long") { File = path });
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException(new InputError(problem.Message) { File = path }, problem);
        }
    }

    private static string Assemble(string text, string path)
    {
        try
        {
            return HexWords.Text(Assembler.Assemble(text));
        }
        catch (AssemblerException problem)
        {
            throw new InputException(new InputError(problem.Message) { File = path }, problem);
        }
    }

    private static string Disassemble(string text, string path)
    {
        var words = new List<uint>();
        foreach (var (line, number) in text.Split('\n').Select((line, index) => (line.Trim(), index + 1)).Where(line => line.Item1.Length > 0))
        {
            words.Add(uint.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word)
                ? word
                : throw new InputException(new InputError(FormattableString.Invariant($"line {number} is no word")) { File = path, Allowed = "one to eight hexadecimal digits" }));
        }

        return Assembler.Disassemble([.. words]);
    }
}
