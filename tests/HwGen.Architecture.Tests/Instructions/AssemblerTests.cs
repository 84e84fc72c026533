using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Tests.Instructions;

/// <summary>Assembler and disassembler undo each other, and mistakes are told by line.</summary>
public class AssemblerTests
{
    [Fact]
    public void What_is_disassembled_assembles_to_the_same_words_whatever_they_are()
    {
        var random = new Random(1);
        var instructions = 0;
        for (var i = 0; i < 3000; i++)
        {
            var words = Enumerable.Range(0, random.Next(1, 20)).Select(_ => RandomWord(random)).ToArray();
            var text = Assembler.Disassemble(words);
            Assembler.Assemble(text).ShouldBe(words, text);
            instructions += text.Split('\n').Count(line => line.Length > 0 && !line.StartsWith(".word", StringComparison.Ordinal));

            // Canonical text is what it disassembles to.
            Assembler.Disassemble(Assembler.Assemble(text)).ShouldBe(text);
        }

        instructions.ShouldBeGreaterThan(3000);
    }

    [Fact]
    public void Every_instruction_is_written_as_the_set_says()
    {
        Assembler.Assemble("  end // the end\n\n// nothing\nset planes, 0x10\nset.long control, 4294967295\nrun own\nrun xor\noperation nand\nreceive.rows 3\nsend.results 10, 0\n.word 0xdeadbeef").ShouldBe(
        [
            0x0400_0000, 0x0800_0010 | ((uint)DescriptorField.Planes << 20), 0x0c00_0000 | ((uint)DescriptorField.Control << 20), uint.MaxValue, 0x1000_0000, 0x1000_0006, 0x1400_0004,
            0x2000_0003, 0x4400_000a, 0, 0xdead_beef,
        ]);
        InstructionSet.All.Select(i => (int)i.Opcode).ShouldBeUnique();
        InstructionSet.All.Length.ShouldBe(Enum.GetValues<Opcode>().Length);
        DescriptorLayout.Fields.Count.ShouldBeLessThanOrEqualTo(1 << InstructionSet.FieldBits);
    }

    [Theory]
    [InlineData("end\nfrob", 2, "no instruction")]
    [InlineData("set planes", 1, "takes 2 operands")]
    [InlineData("end 1", 1, "takes 0 operands")]
    [InlineData("set frob, 1", 1, "no descriptor field")]
    [InlineData("set planes, 1048576", 1, "from 0 to 1048575")]
    [InlineData("set planes, -1", 1, "from 0 to 1048575")]
    [InlineData("run nor", 1, "no row operation")]
    [InlineData("receive.rows 16777216", 1, "from 0 to 16777215")]
    [InlineData(".word 0x100000000", 1, "from 0 to 4294967295")]
    public void A_mistake_is_told_by_its_line(string text, int line, string message)
    {
        var error = Should.Throw<AssemblerException>(() => Assembler.Assemble(text));
        error.Line.ShouldBe(line);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public void Programs_do_what_the_interpreter_of_layers_does()
    {
        var configuration = new ArrayConfiguration("small", 4, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { Bus = BusKind.Axi, ProgramWords = 8 };
        var interpreter = new InstructionInterpreter(configuration);
        var run = interpreter.Run(Assembler.Assemble("receive.operands 2, 3\nsend.operands 2, 3\nend"), 0, [1, 2]);
        run.ShouldSatisfyAllConditions(() => run.Error.ShouldBe(ErrorCode.None), () => run.ProgramCounter.ShouldBe(4), () => run.Output.ShouldBe([1u, 2u]), () => run.Cycles.ShouldBe(3 + 4 + 3 + 6 + 34));
        interpreter.Run(Assembler.Assemble("set planes, 1\nset planes, 4"), 0, []).ShouldSatisfyAllConditions(r => r.Error.ShouldBe(ErrorCode.Range), r => r.ProgramCounter.ShouldBe(1));
        interpreter.Run(Assembler.Assemble("run own"), 0, []).Error.ShouldBe(ErrorCode.Descriptor);
        interpreter.Run(Assembler.Assemble("receive.keys 1"), 0, []).Error.ShouldBe(ErrorCode.Instruction);
        interpreter.Run(Assembler.Assemble("operation or"), 0, []).ShouldSatisfyAllConditions(r => r.Error.ShouldBe(ErrorCode.EndOfMemory), r => r.ProgramCounter.ShouldBe(0));
        Should.Throw<InvalidOperationException>(() => new InstructionProgram(configuration).Loads([], [], []).Layer(new LayerDescriptor([.. DescriptorLayout.Fields.Select(_ => 1)])).End()).Message.ShouldContain("programWords");
    }

    private static uint RandomWord(Random random) => random.Next(3) switch
    {
        0 => (uint)random.NextInt64(1L << 32),
        1 => ((uint)InstructionSet.All[random.Next(InstructionSet.All.Length)].Opcode << 26) | (uint)random.NextInt64(1L << 26),
        _ => ((uint)InstructionSet.All[random.Next(InstructionSet.All.Length)].Opcode << 26) | (uint)random.Next(8),
    };
}
