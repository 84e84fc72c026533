using HwGen.Synthesis.Layout;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

public sealed class LayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("*** Running stage1\nFailed net routes: 25\n*** Running stage2\nNo failed routes!\nFinal: No failed routes!\n", 0)]
    [InlineData("*** Running stage1\nNo failed routes!\n*** Running stage3\nFinal: Failed net routes: 3\n", 3)]
    [InlineData("Failed to route net _12_\nNets remaining: 7\n", null)]
    public void The_last_word_of_the_router_counts(string log, int? failed) => QflowLayout.FailedNets(log).ShouldBe(failed);

    [Fact]
    public void Every_cell_needs_a_layout_view()
    {
        var lef = _folder.Of("cells.lef");
        File.WriteAllText(lef, "VERSION 5.4 ;\nMACRO INVX1\nEND INVX1\n  MACRO FILL\n  END FILL\n");
        var options = new SynthesisOptions(SynthesisTarget.Osu018) { Lef = lef };
        Should.Throw<InputException>(() => QflowTechnology.Of(options, ["DFFPOSX1", "INVX1"], _folder.Of("technology"))).Message.ShouldContain("no layout view of DFFPOSX1");
        QflowTechnology.Of(options, ["INVX1"], _folder.Of("technology")).ShouldBe(_folder.Of("technology"));
        File.ReadAllText(_folder.Of("technology/technology.sh")).ShouldContain("set fillcell=\"FILL\"");
        File.WriteAllBytes(lef, [1, 2, 3]);
        Should.Throw<InputException>(() => QflowTechnology.Of(options, ["INVX1"], _folder.Of("technology"))).Message.ShouldContain("has no layout view");
        QflowTechnology.Of(options with { Lef = SynthesisOptions.Osu018Lef }, ["INVX1"], _folder.Of("technology")).ShouldBe("osu018");
    }
}
