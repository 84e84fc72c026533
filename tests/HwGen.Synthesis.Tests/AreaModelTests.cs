using HwGen.Synthesis.Comparison;
using HwGen.Tools;

namespace HwGen.Synthesis.Tests;

public sealed class AreaModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_macro_is_its_cells_what_is_around_them_and_its_periphery()
    {
        var technology = new AreaTechnology("t", 2, 0.5, 0.8, 700, 30, 5, 0.2, 72.3, 57.26, []);
        var digital = MacroArea.Digital(technology, 1000, 8000);
        digital.ShouldBe(new MacroArea(2000, 1000, 10_000, 0));
        digital.Total.ShouldBe(13_000);

        // 10 lanes of 400 become 10 converters, and 20 columns have drivers.
        var analogue = MacroArea.Analogue(technology, 1000, 8000, 10, 400, 20);
        analogue.ShouldBe(new MacroArea(2000, 1000, 5000, 7100));
        MacroArea.Reduction(digital.Total, analogue.Total).ShouldBe((1 - 13_000 / 15_100.0) * 100, 1e-9);
        Should.Throw<ArgumentOutOfRangeException>(() => MacroArea.Analogue(technology, 1000, 8000, 10, 900, 20));
    }

    [Fact]
    public void The_shipped_technology_names_a_source_for_every_figure_and_follows_the_user()
    {
        var file = Path.Combine(Root(), "synth", "technology.yaml");
        var shipped = File.ReadAllText(file);
        var technology = AreaTechnology.Read(file);
        technology.Assumptions.Count.ShouldBe(8);
        technology.Assumptions.ShouldAllBe(text => text.Contains(": "));
        (technology.PublishedArea, technology.PublishedEnergy).ShouldBe((72.30, 57.26));

        File.WriteAllText(_folder.Of("t.yaml"), shipped.Replace("cellArea: 1.944", "cellArea: 7"));
        AreaTechnology.Read(_folder.Of("t.yaml")).CellArea.ShouldBe(7);
        Refused("cellArea: 1.944", "cellArea: -1", "cellArea: is out of range");
        Refused("cellArea: 1.944", "cellArea: many", "cellArea: is no number");
        Refused("cellAreaSource:", "source:", "cellAreaSource: is missing");
        Should.Throw<InputException>(() => AreaTechnology.Read(_folder.Of("none.yaml")));

        void Refused(string from, string to, string message)
        {
            shipped.ShouldContain(from);
            File.WriteAllText(_folder.Of("bad.yaml"), shipped.Replace(from, to));
            Should.Throw<InputException>(() => AreaTechnology.Read(_folder.Of("bad.yaml"))).Message.ShouldContain(message);
        }
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "HwGen.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
