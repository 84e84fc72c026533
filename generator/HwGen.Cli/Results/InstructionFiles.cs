using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Tools;

namespace HwGen.Cli.Results;

/// <summary>The programs that a core with a bus runs: one that loads what is loaded once, one an image; and the words that they take from the stream.</summary>
internal static class InstructionFiles
{
    /// <summary>Writes them. Programs of a core with a sparse key store load no keys: those of an encrypted network are the host's.</summary>
    public static void Write(CoreProgram program, OutputFolder output)
    {
        InstructionProgram load, image;
        try
        {
            load = new InstructionProgram(program.Configuration).Loads(program.Rows, program.Initials, program.Levels).End();
            image = InstructionProgram.OfImage(program);
        }
        catch (InvalidOperationException problem)
        {
            throw new InputException(new InputError(problem.Message) { Key = "memories.programWords" }, problem);
        }

        foreach (var (name, code, stream) in new[]
            {
                ("load", load, InstructionProgram.RecordsOf(program.Configuration, program.Rows, program.Initials, program.Levels)),
                ("image", image, InstructionProgram.InputOf(program, ReadOnlyMemory<ulong>.Empty)),
            })
        {
            File.WriteAllText(output.PathOf(name + ".asm"), Assembler.Disassemble([.. code.Words]));
            File.WriteAllText(output.PathOf(name + ".hex"), HexWords.Text(code.Words));
            File.WriteAllText(output.PathOf(name + ".stream.hex"), HexWords.Text(stream));
        }
    }
}
