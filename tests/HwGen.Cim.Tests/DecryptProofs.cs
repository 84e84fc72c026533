using HwGen.Architecture.Configuration;
using HwGen.Formal;
using HwGen.Netlist;
using HwGen.Netlist.Analysis;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>What decryption does and does not change, proved on the emitted Verilog; each proof says how.</summary>
public class DecryptProofs(ITestOutputHelper output)
{
    // One step closes: the relations name every register.
    private static readonly ProofOptions s_options = new() { Depth = 1, TimeLimit = TimeSpan.FromMinutes(5), Solvers = ["cvc4", "z3"] };

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    [InlineData(KeyStoreKind.Sparse, StorageKind.FlipFlop)]
    public async Task The_macro_with_decryption_is_the_plain_macro_in_every_output_and_cycle(KeyStoreKind keys, StorageKind storage)
    {
        var configuration = Small(keys, storage);
        var result = await StateProof.ProveAsync(Design.Elaborate(new MacroPair(configuration)), Relation(configuration), s_options);
        output.WriteLine(FormattableString.Invariant($"macro with {keys} keys in {storage} = plain macro: {result}, bound {result.Bound}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    [Fact]
    public async Task A_macro_that_differs_for_one_operand_is_refuted()
    {
        var configuration = Small(KeyStoreKind.Dense, StorageKind.FlipFlop);
        var result = await StateProof.ProveAsync(Design.Elaborate(new MacroPair(configuration, isFaulty: true)), Relation(configuration), s_options with { Depth = 3 });
        result.Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    [Fact]
    [Trait("Run", "full")]
    public Task The_macro_with_decryption_is_the_plain_macro_in_every_output_and_cycle_in_memory_too() => The_macro_with_decryption_is_the_plain_macro_in_every_output_and_cycle(KeyStoreKind.Dense, StorageKind.Memory);

    [Fact]
    [Trait("Run", "full")]
    public Task The_core_with_decryption_is_the_plain_core_in_every_output_and_cycle_in_memory_too() => The_core_with_decryption_is_the_plain_core_in_every_output_and_cycle(KeyStoreKind.Dense, StorageKind.Memory);

    [Fact]
    [Trait("Run", "full")]
    public Task Nothing_but_results_depends_on_a_key_in_memory_too() => Nothing_but_results_depends_on_a_key(KeyStoreKind.Dense, StorageKind.Memory);

    private static ArrayConfiguration Small(KeyStoreKind keys, StorageKind storage) =>
        new("small", 4, 4, 2, ArrayConfiguration.AllOperations, OperandWords: 4, ResultWords: 2, InitialWords: 4, LargestFanIn: 8, InputBits: 1, WeightBits: 1, LevelWords: 2, MultiplierBits: 0) { Keys = keys, Storage = storage, KeyEntries = 2 };

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    public async Task The_core_with_decryption_is_the_plain_core_in_every_output_and_cycle(KeyStoreKind keys, StorageKind storage)
    {
        var configuration = Small(keys, storage);
        var pair = new CorePair(configuration with { Keys = KeyStoreKind.None }, configuration);
        var result = await StateProof.ProveAsync(Design.Elaborate(pair), CoreRelation(configuration), s_options);
        output.WriteLine(FormattableString.Invariant($"core with {keys} keys in {storage} = plain core: {result}, bound {result.Bound}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    /// <summary>The smallest core from any pair of related states on, by sweeping: for ever, and cycle by cycle; <c>HWGEN_FULL=1</c> goes 64 cycles far.</summary>
    [Fact]
    public async Task The_smallest_core_with_decryption_is_the_plain_core_from_related_states_on()
    {
        var cycles = Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 64 : 4;
        var configuration = Small(KeyStoreKind.Dense, StorageKind.FlipFlop) with { Rows = 2, Lanes = 1, InitialWords = 2 };
        var pair = Design.Elaborate(new CorePair(configuration with { Keys = KeyStoreKind.None }, configuration));
        var (starts, claims) = SweepRelation(configuration);
        foreach (var bound in (int?[])[null, cycles])
        {
            var result = await SweepProof.ProveAsync(pair, starts, claims, bound, TimeSpan.FromMinutes(20));
            output.WriteLine(FormattableString.Invariant($"smallest core with decryption = plain core: {result}, bound {(bound is null ? "none" : result.Bound)}, {result.Elapsed.TotalSeconds:F1} s"));
            result.Outcome.ShouldBe(bound is null ? ProofOutcome.Proved : ProofOutcome.HoldsUpToBound);
            result.Bound.ShouldBe(bound ?? 1);
        }

        // A row whose key is another refutes it; and for ever nothing is shown.
        var other = starts.ToDictionary(s => s.Key, s => s.Key == "right.macro.rows_0.rows[1]" ? s.Value + " ^ 4'd1" : s.Value);
        (await SweepProof.ProveAsync(pair, other, claims, 2, TimeSpan.FromMinutes(5))).Outcome.ShouldBe(ProofOutcome.Refuted);
        (await SweepProof.ProveAsync(pair, other, claims, null, TimeSpan.FromMinutes(5))).Outcome.ShouldBe(ProofOutcome.Unknown);
    }

    private static (Dictionary<string, string> Starts, List<string> Claims) SweepRelation(ArrayConfiguration configuration)
    {
        var starts = new Dictionary<string, string>
        {
            ["right.key_store.sweep.keys_valid"] = "1'b1",
            ["right.key_store.sweep.clearing"] = "1'b0",
            ["right.key_store.sweep.settling"] = "1'b0",
            ["right.locked"] = "1'b0",
        };
        var claims = new List<string> { "same", "{right.key_store.sweep.keys_valid}" };
        foreach (var (path, expression) in StateProof.StateOf(Design.Elaborate(new Core(configuration with { Keys = KeyStoreKind.None })).Top))
        {
            // A word of a memory: its number stands behind the name.
            var name = expression.EndsWith(']') ? path + expression[expression.IndexOf('[', StringComparison.Ordinal)..] : path;
            var (left, right) = ("left." + name, "right." + name);
            if (path.StartsWith("macro.rows_", StringComparison.Ordinal) && path.EndsWith(".rows", StringComparison.Ordinal))
            {
                var key = right.Replace("right.macro.rows_", "right.key_store.bank_", StringComparison.Ordinal);
                starts[right] = $"{{{left}}} ^ {{{key}}}";
                claims.Add($"{{{left}}} == ({{{right}}} ^ {{{key}}})");
                continue;
            }

            starts[right] = $"{{{left}}}";
            if (path.EndsWith(".read_group", StringComparison.Ordinal))
            {
                starts[right.Replace("right.macro.rows_", "right.key_store.bank_", StringComparison.Ordinal)] = $"{{{left}}}";
            }
        }

        return (starts, claims);
    }

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    [InlineData(KeyStoreKind.Sparse, StorageKind.FlipFlop)]
    public async Task Nothing_but_results_depends_on_a_key(KeyStoreKind keys, StorageKind storage)
    {
        var configuration = Small(keys, storage);
        var core = Design.Elaborate(new Core(configuration));
        var secret = core.Top.Instances.Single(i => i.Name == "key_store");
        var held = StateProof.StateOf(secret.Module, "key_store.").Select(s => s.Path).Where(path => !path.StartsWith("key_store.sweep.", StringComparison.Ordinal)).ToHashSet();
        held.ShouldNotBeEmpty();

        // On the netlist: what can reach an output in any number of cycles.
        string[] results = ["operand_read_data", "result_data"];
        var cones = core.Top.Ports.Where(p => !p.IsInput && !results.Contains(p.Name)).ToDictionary(p => p.Name, p => ConeOfInfluence.Of(core, p.Name));
        cones.Count.ShouldBeGreaterThanOrEqualTo(6);
        foreach (var (name, cone) in cones)
        {
            cone.State.Intersect(held).ShouldBeEmpty(name);
            cone.Inputs.ShouldNotContain(keys == KeyStoreKind.Dense ? "key_data" : "key_column", name);
        }

        foreach (var result in results)
        {
            // The cone is not empty of keys because it is empty.
            ConeOfInfluence.Of(core, result).State.Intersect(held).ShouldNotBeEmpty(result);
        }

        // Two copies with the same ciphertext and other keys, written at the same times: equal in these outputs for ever.
        var seen = cones.Values.SelectMany(c => c.State).ToHashSet();
        var properties = StateProof.StateOf(core.Top).Where(s => seen.Contains(s.Path))
            .Select(s => new StateProperty(StatePropertyKind.Invariant, $"{s.Expression.Replace("{", "{left.")} == {s.Expression.Replace("{", "{right.")}")).ToList();
        properties.Count.ShouldBeGreaterThan(20);
        var pair = new CorePair(configuration, configuration, results);
        var proof = await StateProof.ProveAsync(Design.Elaborate(pair), [.. properties, new StateProperty(StatePropertyKind.Assert, "same")], s_options);
        output.WriteLine(FormattableString.Invariant($"{cones.Count} outputs do not depend on {keys} keys in {storage}: no key in their cones of {seen.Count} registers and memories; two copies: {proof}, bound {proof.Bound}, {proof.Elapsed.TotalSeconds:F1} s"));
        proof.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    [Theory]
    [InlineData(KeyStoreKind.Dense, StorageKind.FlipFlop)]
    [InlineData(KeyStoreKind.Dense, StorageKind.Memory)]
    [InlineData(KeyStoreKind.Sparse, StorageKind.FlipFlop)]
    public async Task Zeroize_ends_all_keys_at_once_and_leaves_no_word(KeyStoreKind keys, StorageKind storage)
    {
        var configuration = Small(keys, storage) with { Rows = 6 };
        var design = Design.Elaborate(new ZeroizedStore(configuration));
        var words = keys == KeyStoreKind.Dense ? configuration.Groups : configuration.KeyEntries;
        var properties = new List<StateProperty>
        {
            new(StatePropertyKind.Invariant, "!{erased} || !{store.sweep.keys_valid}"),
            new(StatePropertyKind.Invariant, FormattableString.Invariant($"!{{store.sweep.clearing}} || ({{store.sweep.address}} < {words} && !{{store.sweep.settling}})")),
            new(StatePropertyKind.Invariant, "!{store.sweep.clearing} && !{store.sweep.settling} || !{store.sweep.keys_valid}"),
            new(StatePropertyKind.Invariant, "!{store.sweep.clearing} && !{store.sweep.settling} || {erased}"),
            new(StatePropertyKind.Assert, "!{erased} || keys_are_zero"),
            new(StatePropertyKind.Assume, FormattableString.Invariant($"group < {configuration.Groups}")),
        };
        var held = 0;
        foreach (var (path, expression) in StateProof.StateOf(design.Top.Instances.Single(i => i.Name == "store").Module, "store."))
        {
            // Which word of the store it is: of a memory the index, of entries the number in the name; outputs of memories and the group that is read are no words.
            var word = expression.EndsWith(']') ? expression[^2] - '0' : path.StartsWith("store.entry_", StringComparison.Ordinal) ? path["store.entry_".Length] - '0' : -1;
            if (word >= 0)
            {
                properties.Add(new StateProperty(StatePropertyKind.Invariant, FormattableString.Invariant($"!{{erased}} || ({{store.sweep.clearing}} && {{store.sweep.address}} <= {word}) || {expression} == 0")));
                held++;
            }
            else if (path.EndsWith(".word", StringComparison.Ordinal))
            {
                properties.Add(new StateProperty(StatePropertyKind.Invariant, FormattableString.Invariant($"!{{erased}} || {{store.sweep.clearing}} || {{store.sweep.settling}} || {expression} == 0")));
            }
        }

        held.ShouldBe(keys == KeyStoreKind.Dense ? configuration.Rows : configuration.KeyEntries * 4);
        var proof = await StateProof.ProveAsync(design, properties, s_options);
        output.WriteLine(FormattableString.Invariant($"zeroize of {keys} keys in {storage}, {held} words: {proof}, bound {proof.Bound}, {proof.Elapsed.TotalSeconds:F1} s"));
        proof.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    private static List<StateProperty> CoreRelation(ArrayConfiguration configuration)
    {
        var properties = new List<StateProperty>
        {
            new(StatePropertyKind.Invariant, "{right.key_store.sweep.keys_valid}"),
            new(StatePropertyKind.Invariant, "!{right.key_store.sweep.clearing}"),
            new(StatePropertyKind.Invariant, "!{right.key_store.sweep.settling}"),
            new(StatePropertyKind.Invariant, "!{right.locked}"),
            new(StatePropertyKind.Assert, "same"),
        };
        foreach (var (path, expression) in StateProof.StateOf(Design.Elaborate(new Core(configuration with { Keys = KeyStoreKind.None })).Top))
        {
            var (left, right) = (expression.Replace("{", "{left."), expression.Replace("{", "{right."));
            if (path.StartsWith("macro.rows_", StringComparison.Ordinal)
                && (path.EndsWith(".rows", StringComparison.Ordinal) || path.EndsWith(".bank.cells", StringComparison.Ordinal) || path.EndsWith(".bank.word", StringComparison.Ordinal)))
            {
                right = $"({right} ^ {right.Replace("{right.macro.rows_", "{right.key_store.bank_")})";
            }
            else if (path.EndsWith(".read_group", StringComparison.Ordinal))
            {
                properties.Add(new StateProperty(StatePropertyKind.Invariant, $"{left} == {right.Replace("{right.macro.rows_", "{right.key_store.bank_")}"));
            }

            properties.Add(new StateProperty(StatePropertyKind.Invariant, $"{left} == {right}"));
        }

        return properties;
    }

    /// <summary>Both hold the same in every register, except that the rows of one are those of the other ^ key.</summary>
    private static List<StateProperty> Relation(ArrayConfiguration configuration)
    {
        var plain = Design.Elaborate(new Macro(configuration with { Keys = KeyStoreKind.None })).Top;
        var properties = new List<StateProperty>
        {
            new(StatePropertyKind.Invariant, "{store.sweep.keys_valid}"),
            new(StatePropertyKind.Invariant, "!{store.sweep.clearing}"),
            new(StatePropertyKind.Invariant, "!{store.sweep.settling}"),
            new(StatePropertyKind.Assert, "same"),
        };
        foreach (var (path, expression) in StateProof.StateOf(plain))
        {
            var (left, right) = (expression.Replace("{", "{plain."), expression.Replace("{", "{secret."));
            // What a lane stores, and what it has read of it.
            if (path.EndsWith(".rows", StringComparison.Ordinal) || path.EndsWith(".bank.cells", StringComparison.Ordinal) || path.EndsWith(".bank.word", StringComparison.Ordinal))
            {
                var lane = int.Parse(path.Split('.')[0].Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture);
                var key = configuration.Keys == KeyStoreKind.Dense
                    ? expression.Replace(FormattableString.Invariant($"{{rows_{lane}."), FormattableString.Invariant($"{{store.bank_{lane}."))
                    : SparseKey(configuration, expression[^2] - '0', lane);
                right = $"({right} ^ {key})";
                if (configuration.Keys == KeyStoreKind.Sparse)
                {
                    properties.Add(new StateProperty(StatePropertyKind.Assume, FormattableString.Invariant($"!(write && group == {expression[^2]} && write_lane == {lane}) || row_key == {key}")));
                }
            }

            properties.Add(new StateProperty(StatePropertyKind.Invariant, $"{left} == {right}"));
        }

        // The store reads what the rows are read from.
        if (configuration.Storage == StorageKind.FlipFlop)
        {
            for (var lane = 0; lane < configuration.Lanes; lane++)
            {
                var read = configuration.Keys == KeyStoreKind.Dense ? FormattableString.Invariant($"{{store.bank_{lane}.read_group}}") : "{store.wanted}";
                properties.Add(new StateProperty(StatePropertyKind.Invariant, FormattableString.Invariant($"{read} == {{plain.rows_{lane}.read_group}}")));
            }
        }

        return properties;
    }

    private static string SparseKey(ArrayConfiguration configuration, int group, int lane) => "(" + string.Join(" | ", Enumerable.Range(0, configuration.KeyEntries).Select(entry => FormattableString.Invariant(
        $"(({{store.entry_{entry}_present}} && {{store.entry_{entry}_group}} == {group} && {{store.entry_{entry}_lane}} == {lane}) ? {configuration.Columns}'d1 << {{store.entry_{entry}_column}} : {configuration.Columns}'d0)"))) + ")";
}
