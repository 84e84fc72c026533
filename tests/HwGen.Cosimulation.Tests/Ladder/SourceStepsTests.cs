using HwGen.Cosimulation.Ladder;
using HwGen.Golden.Tests;
using HwGen.Networks;

namespace HwGen.Cosimulation.Tests.Ladder;

/// <summary>The steps above the hardware: they pass where all is right, and each fails where one thing is not.</summary>
public class SourceStepsTests
{
    [Fact]
    public void Random_source_files_pass_with_every_output_compared()
    {
        var (files, compared) = (0, 0L);
        for (var seed = 0; seed < 40; seed++)
        {
            if (Imported(seed) is not var (source, imported))
                continue;
            var images = Images(imported.Network, 3);
            var step = SourceSteps.ImportStep(source, imported, images);
            step.ToString().ShouldStartWith("import = source: SUCCESS", customMessage: FormattableString.Invariant($"seed {seed}: {string.Join("; ", step.FirstMismatches)} {string.Join("; ", step.OtherDifferences)}"));
            step.Compared.ShouldBe(images.Count * (imported.Relation.ClassesOnly ? 1 : imported.Network.OutputMap.Shape.Count));
            SourceSteps.GoldenStep(imported.Network, images).IsEqual.ShouldBeTrue();
            files++;
            compared += step.Compared;
        }
        files.ShouldBeGreaterThan(25);
        compared.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void One_weight_that_the_import_got_wrong_fails_the_first_step_by_index_and_both_values()
    {
        var (source, imported) = Imported(1).ShouldNotBeNull();
        var last = imported.Network.Layers.OfType<DenseLayer>().Last();
        var values = last.Weights.Values.ToArray();
        values[0] += values[0] > 0 ? -1 : 1;
        var wrong = imported with { Network = With(imported.Network, last with { Weights = last.Weights with { Values = [.. values] } }) };
        var images = Images(imported.Network, 8);
        var step = SourceSteps.ImportStep(source, wrong, images);
        step.Verdict.ShouldBe("FAIL");
        step.Mismatches.ShouldBeGreaterThan(0);
        var first = step.FirstMismatches[0];
        (first.Layer, first.Channel).ShouldBe((imported.Network.Output, 0));
        first.Expected.ShouldNotBe(first.Actual);

        // The golden model computes what it is given: that step still passes.
        SourceSteps.GoldenStep(wrong.Network, images).IsEqual.ShouldBeTrue();
    }

    [Fact]
    public void A_threshold_that_does_not_follow_from_its_batch_norm_fails_the_second_step()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            if (Imported(seed) is not var (_, imported) || imported.Network.Layers.OfType<ThresholdLayer>().FirstOrDefault(layer => layer.Unfolded is not null) is not { } folded)
                continue;
            var thresholds = folded.Thresholds.ToArray();
            thresholds[0] += thresholds[0] > imported.Network[folded.Input].Range.Minimum ? -1 : 1;
            var step = SourceSteps.GoldenStep(With(imported.Network, folded with { Thresholds = [.. thresholds] }), Images(imported.Network, 1));
            step.Verdict.ShouldBe("FAIL");
            step.OtherDifferences.ShouldHaveSingleItem().ShouldContain("its batch norm says");
            return;
        }
        Assert.Fail("no seed has a folded batch norm");
    }

    [Fact]
    public void Nothing_compared_is_a_failure_and_a_step_that_was_not_run_is_neither()
    {
        new LadderStep("a = b", 0, 0, "nothing", [], []).Failed.ShouldBeTrue();
        var skipped = LadderStep.Skipped("a = b", "no file");
        (skipped.Failed, skipped.IsEqual, skipped.Verdict).ShouldBe((false, false, "not run"));
    }

    private static (SourceModel Source, ImportedNetwork Imported)? Imported(int seed)
    {
        var builder = new RandomSource(seed).Next();
        try
        {
            return (builder.Source(), builder.Import());
        }
        catch (InputFileException)
        {
            // Refused by node name: the drawing may put things where the importer does not take them.
            return null;
        }
    }

    private static ImageSet Images(QuantisedNetwork network, int count)
    {
        var pixels = new byte[count * network.Input.Shape.Count];
        new Random(9).NextBytes(pixels);
        return new ImageSet("random", network.Input.Shape, pixels, new byte[count]);
    }

    private static QuantisedNetwork With(QuantisedNetwork network, Layer changed) => QuantisedNetwork.Create(
        network.Name, network.Input, [.. network.Layers.Select(layer => layer.Name == changed.Name ? changed : layer)], network.Output);
}
