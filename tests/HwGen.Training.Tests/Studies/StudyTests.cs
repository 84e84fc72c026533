using System.Xml.Linq;
using HwGen.Networks;
using HwGen.Training.Pruning;
using HwGen.Training.Studies;

namespace HwGen.Training.Tests.Studies;

public sealed class StudyTests : IDisposable
{
    private const string Text = """
        formatVersion: 1
        name: small
        recipe: recipe.yaml
        epochs: 1
        seeds: [5, 6]
        cases:
          - name: unpruned
          - name: half
            pruning: { rule: quota, layers: [{ layer: convolution1, keep: 4 }] }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen-study").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StudyPlan Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "recipe.yaml"), SmallRecipes.Binary);
        string path = Path.Combine(_folder, "study.yaml");
        File.WriteAllText(path, text);
        return StudyPlan.ReadFile(path);
    }

    [Fact]
    public void Runs_every_case_with_every_seed()
    {
        StudyPlan plan = Read(Text);
        plan.Recipe.Plan.Epochs.ShouldBe(1);
        plan.Cases[1].Pruning!.Rule.Kind.ShouldBe(PruningRuleKind.Quota);
        var told = new List<StudyRun>();
        ImmutableArray<StudyRun> runs = Study.Run(plan, SmallRecipes.Data, 2, told.Add);
        told.ShouldBe(runs);
        runs.Select(run => (run.Case, run.Seed, run.AliveFilters)).ShouldBe(
            [("unpruned", 5, "8/12"), ("unpruned", 6, "8/12"), ("half", 5, "4/12"), ("half", 6, "4/12")]);
        runs.Select(run => run.OperationsRemoved).ShouldBe([0, 0, 0.5, 0.5]);
        runs.Select(run => run.Accuracy).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void A_run_that_is_finished_is_not_made_again()
    {
        StudyPlan plan = Read(Text);
        StudyRun[] finished = [new("unpruned", 5, 0.25, 0, "8/12"), new("unpruned", 6, 0.26, 0, "8/12"), new("half", 6, 0.27, 0.5, "4/12"), new("of another study", 5, 0, 0, "")];
        var told = new List<StudyRun>();
        ImmutableArray<StudyRun> runs = Study.Run(plan, SmallRecipes.Data, 2, told.Add, finished: finished);
        runs.Select(run => (run.Case, run.Seed)).ShouldBe([("unpruned", 5), ("unpruned", 6), ("half", 5), ("half", 6)]);
        told.ShouldBe([runs[2]]);
        runs[3].ShouldBe(finished[2]);
    }

    [Fact]
    public void The_table_has_mean_and_spread_of_each_case()
    {
        StudyRun[] runs = [new("a|b", 1, 0.98, 0.5, "16/8"), new("a|b", 2, 0.99, 0.52, "15/8"), new("c", 1, 1, 0, "32/8")];
        string[] lines = StudyTable.Markdown(runs).Split('\n');
        lines.Length.ShouldBe(5);
        lines[2].ShouldBe("| a\\|b | 2 | 98.50 % | 98.00 to 99.00 % | 51.0 % | 50.0 to 52.0 % | 16/8, 15/8 |");
        lines[3].ShouldBe("| c | 1 | 100.00 % | 100.00 to 100.00 % | 0.0 % | 0.0 to 0.0 % | 32/8 |");
    }

    [Fact]
    public void The_plot_has_a_point_a_run_in_its_place()
    {
        StudyRun[] runs = [new("a<b", 1, 0.98, 0.5, ""), new("c", 1, 1, 0, "")];
        XDocument plot = XDocument.Parse(StudyTable.Svg("x & y", runs));
        XNamespace svg = "http://www.w3.org/2000/svg";
        (string?, string?)[] points = [.. plot.Descendants(svg + "circle").Where(point => point.Attribute("fill-opacity") is not null).Select(point => (point.Attribute("cx")?.Value, point.Attribute("cy")?.Value))];
        points.ShouldBe([("295", "330"), ("70", "40")]);
        plot.Descendants(svg + "text").Select(text => text.Value).ShouldContain("a<b");
    }

    [Theory]
    [InlineData("seeds: [5, 6]", "seeds: [5, 5]", "'seeds' is '5'; allowed: different whole numbers")]
    [InlineData("seeds: [5, 6]", "seeds: []", "'seeds' is '0 seeds'")]
    [InlineData("recipe: recipe.yaml", "recipe: /etc/recipe.yaml", "'recipe' is '/etc/recipe.yaml'; allowed: a relative path")]
    [InlineData("recipe: recipe.yaml", "recipe: none.yaml", "none.yaml")]
    [InlineData("name: half", "name: unpruned", "'cases.name' is 'unpruned'")]
    [InlineData("keep: 4", "keep: 9", "'pruning.layers.keep' is '9'")]
    [InlineData("epochs: 1", "epoch: 1", "'epochs' is nothing")]
    public void What_is_wrong_is_named(string old, string replacement, string problem) =>
        Should.Throw<InputFileException>(() => Read(Text.Replace(old, replacement, StringComparison.Ordinal))).Message.ShouldContain(problem);
}
