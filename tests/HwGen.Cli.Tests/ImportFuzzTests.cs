using System.Diagnostics;
using HwGen.Golden.Tests;
using HwGen.Tools;
using HwGen.Tools.Tests;
using Xunit.Abstractions;

namespace HwGen.Cli.Tests;

/// <summary>Mutants of valid ONNX files through the command: it ends with 0 or 2, within 5 seconds and a gigabyte, whatever it is given.</summary>
public sealed class ImportFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_sample_of_mutants_ends_with_0_or_2() => RunAsync(150, seed: 2);

    [Fact]
    [Trait("Run", "full")]
    public Task Ten_thousand_mutants_end_with_0_or_2() => RunAsync(10_000, seed: 1);

    private async Task RunAsync(int count, int seed)
    {
        string[] shared = ["hls4ml/bnn_model_fc_1layer.onnx", "onnx/mnist-conv/model.onnx"];
        var mutants = new Mutants(seed, shared.Select(SharedModelFactAttribute.Find).OfType<string>().Select(File.ReadAllBytes));
        var (parsed, imported, refused, slowest, largest) = (0, 0, 0, TimeSpan.Zero, 0L);
        for (var i = 0; i < count; i++)
        {
            var mutant = mutants.Next();
            parsed += Mutants.Parses(mutant) ? 1 : 0;
            File.WriteAllBytes(_folder["mutant.onnx"], mutant);
            var allocated = GC.GetTotalAllocatedBytes();
            var watch = Stopwatch.StartNew();
            var run = await CommandRun.Of("import", _folder["mutant.onnx"], "-o", _folder["out"], "--force");
            var elapsed = watch.Elapsed;
            // All that was allocated is more than was ever held: where that is little, there is nothing to look at.
            allocated = GC.GetTotalAllocatedBytes() - allocated;
            run.Code.ShouldBeOneOf([ExitCode.Good, ExitCode.WrongInput], Invariant($"mutant {i} of seed {seed}: {run.Error}"));
            run.Error.ShouldNotContain("   at ");
            imported += run.Code == ExitCode.Good ? 1 : 0;
            refused += run.Code == ExitCode.WrongInput ? 1 : 0;
            (slowest, largest) = (elapsed > slowest ? elapsed : slowest, Math.Max(largest, allocated));
            if (elapsed > s_longest || allocated > MostBytes)
                await AloneAsync(i);
        }

        (imported + refused).ShouldBe(count);
        parsed.ShouldBeGreaterThan(count / 2);
        imported.ShouldBeGreaterThan(count / 50);
        refused.ShouldBeGreaterThan(count / 4);
        output.WriteLine(Invariant($"{count} mutants: {parsed} parse as protobuf, {imported} imported, {refused} refused; the slowest took {slowest.TotalSeconds:0.00} s, the most that one allocated in all is {largest / 1e6:0} MB"));
    }

    /// <summary>The file in a process of its own, which may hold a gigabyte and take the time.</summary>
    private async Task AloneAsync(int mutant)
    {
        var request = ProgramRun.Request("import", _folder["mutant.onnx"], "-o", _folder["alone"], "--force");
        var run = await OutsideProgram.RunAsync(request with
        {
            Environment = new Dictionary<string, string?>(request.Environment) { ["DOTNET_GCHeapHardLimit"] = MostBytes.ToString("x", System.Globalization.CultureInfo.InvariantCulture) },
            TimeLimit = s_longest,
        });
        run.TimedOut.ShouldBeFalse(Invariant($"mutant {mutant} took over {s_longest.TotalSeconds} s"));
        run.ExitCode.ShouldBeOneOf([0, 2], Invariant($"mutant {mutant}: {run.Error}"));
    }
}
