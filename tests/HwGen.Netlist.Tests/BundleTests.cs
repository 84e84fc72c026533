namespace HwGen.Netlist.Tests;

/// <summary>Bundles are connected as a whole, each port in its direction.</summary>
public class BundleTests
{
    [Fact]
    public void OwnBundlesAndThoseOfInstancesAreConnected()
    {
        var text = Text.Of(new Chain());
        text.ShouldContain("""
                passer first (
                    .source_ready(first_source_ready),
                    .result_data(first_result_data),
                    .result_valid(first_result_valid),
                    .source_data(source_data),
                    .source_valid(source_valid),
                    .result_ready(second_source_ready),
            """);
        text.ShouldContain("""
                    .source_data(first_result_data),
                    .source_valid(first_result_valid),
                    .result_ready(result_ready),
            """);
        text.ShouldContain("    assign source_ready = first_source_ready;\n");
        text.ShouldContain("    assign result_data = second_result_data;\n");
    }

    [Fact]
    public void TheOrderOfTheBundlesMeansNothing() => Text.Of(new Chain(isTurned: true)).Replace("chain_turned", "chain", StringComparison.Ordinal).ShouldBe(Text.Of(new Chain()));

    [Fact]
    public void AnOwnSinkGoesToAnOwnSource() => Text.BodyOf(new Through()).ShouldBe("""
        assign from_ready = to_ready;
        assign to_data = from_data;
        assign to_valid = from_valid;
        """);

    [Fact]
    public void ABundleOfAListIsNamedByItsNumber()
    {
        var text = Text.Of(new Fan());
        text.ShouldContain("    output wire          results_0_valid,\n");
        text.ShouldContain("    assign results_1_data = pass_1_result_data;\n");
        text.ShouldContain("        .source_data(sources_2_data),\n");
    }

    /// <summary>Passers side by side.</summary>
    private sealed class Fan : Module
    {
        public IReadOnlyList<Words> Sources { get; } = [.. Enumerable.Range(0, 3).Select(_ => new Words(8, BundleSide.Sink))];

        public Words[] Results { get; } = [.. Enumerable.Range(0, 3).Select(_ => new Words(8, BundleSide.Source))];

        protected override void Build()
        {
            foreach (var (index, source) in Sources.Index())
            {
                Instance(out var pass, new Passer(), index: index);
                Connect(source, pass.Source);
                Connect(pass.Result, Results[index]);
            }
        }
    }

    /// <summary>Passers in a row.</summary>
    private sealed class Chain(bool isTurned = false) : Module(isTurned ? "turned" : null)
    {
        public Words Source { get; } = new(8, BundleSide.Sink);

        public Words Result { get; } = new(8, BundleSide.Source);

        protected override void Build()
        {
            Instance(out var first, new Passer());
            Instance(out var second, new Passer());
            foreach (var (one, other) in new[] { (Source, first.Source), (first.Result, second.Source), (second.Result, Result) })
            {
                Connect(isTurned ? other : one, isTurned ? one : other);
            }
        }
    }

    /// <summary>Wires.</summary>
    private sealed class Through : Module
    {
        public Words From { get; } = new(8, BundleSide.Sink);

        public Words To { get; } = new(8, BundleSide.Source);

        protected override void Build() => Connect(From, To);
    }
}
