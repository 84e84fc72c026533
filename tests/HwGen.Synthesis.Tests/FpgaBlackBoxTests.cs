using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

/// <summary>A module that comes from elsewhere: counted around where nothing is placed, refused where a bitstream is wanted.</summary>
public sealed class FpgaBlackBoxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Black_boxes_are_told_and_no_bitstream_is_made_of_them()
    {
        File.WriteAllText(_folder.Of("cell_bank.v"), "(* blackbox *)\nmodule cell_bank (\n    input  wire a,\n    output wire q\n);\nendmodule\n");
        File.WriteAllText(_folder.Of("bank_user.v"), "module bank_user (\n    input  wire a, b,\n    output wire q\n);\n    wire inner;\n    cell_bank bank (.a(a), .q(inner));\n    assign q = inner ^ b;\nendmodule\n");
        var source = new SynthesisSource([_folder.Of("cell_bank.v"), _folder.Of("bank_user.v")], "bank_user");
        var result = await Synthesizer.RunAsync(source, new SynthesisOptions(SynthesisTarget.Ecp5), _folder.Of("ecp5"));
        result.BlackBoxes.ShouldBe(["cell_bank"]);
        result.Notes.ShouldContain("cell_bank is a black box: it is not in the figures");
        var refused = await Should.ThrowAsync<InputException>(() => Synthesizer.RunAsync(source, new SynthesisOptions(SynthesisTarget.Ice40), _folder.Of("ice40")));
        refused.Message.ShouldContain("cell_bank");
    }
}
