using System.Text.Json;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

public sealed class TrainCommandTests : IDisposable
{
    private const string Recipe = """
        formatVersion: 1
        name: tiny
        data: { set: drawn-digits, pixels: binary }
        seed: 3
        training: { epochs: 1, batch: 200, learningRate: 0.02, recalibrationBatches: 2 }
        layers:
          - convolution: { filters: 2, kernel: 5, weights: binary }
          - maxPool: { size: 4 }
          - batchNorm
          - sign
          - dense: { units: 10, weights: binary }

        """;

    private readonly TemporaryFolder _folder = new();

    public TrainCommandTests() => File.WriteAllText(_folder["tiny.yaml"], Recipe);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recipe_becomes_a_folder_that_holds_everything()
    {
        var run = await Train("out", "--json");
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["epochs.csv", "epochs.svg", "facts.json", "network.hwnet", "recipe.yaml", "summary.json"]);
        File.ReadAllText(_folder["out/recipe.yaml"]).ShouldBe(Recipe);
        File.ReadAllText(_folder["out/summary.json"]).ShouldBe(run.Output);
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("networkSha256").GetString().ShouldBe(ContentKey.Sha256OfFile(_folder["out/network.hwnet"]));
        summary.GetProperty("testImages").GetInt32().ShouldBe(2000);
        NetworkFile.Read(_folder["out/network.hwnet"]).Name.ShouldBe("tiny");
        var epochs = File.ReadAllLines(_folder["out/epochs.csv"]);
        epochs.Length.ShouldBe(2);
        epochs[0].ShouldBe("epoch,loss,trainAccuracy,testAccuracy,aliveFilters,operationsRemoved");
        run.Error.ShouldContain("training tiny: 100 %");

        // Again, with another number of threads: the same bytes.
        (await Train("again", "--jobs", "1")).Code.ShouldBe(ExitCode.Good);
        foreach (var file in Directory.GetFiles(_folder["out"]))
            File.ReadAllBytes(_folder["again/" + Path.GetFileName(file)]).ShouldBe(File.ReadAllBytes(file));
    }

    [Fact]
    public async Task An_existing_folder_is_refused_before_anything_is_done()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/keep"], "");
        var run = await Train("out");
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("--force");
        run.Error.ShouldNotContain("training tiny");
        File.Exists(_folder["out/keep"]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_recipe_names_every_error_and_leaves_nothing()
    {
        File.WriteAllText(_folder["tiny.yaml"], Recipe.Replace("epochs: 1", "epochs: 0", StringComparison.Ordinal).Replace("seed: 3", "sed: 3", StringComparison.Ordinal));
        var run = await Train("out");
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("tiny.yaml");
        run.Error.ShouldContain("epochs");
        run.Error.ShouldContain("sed");
        run.Error.ShouldNotContain("   at ");
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["tiny.yaml"]]);
    }

    [Fact]
    public async Task A_missing_recipe_is_named()
    {
        var run = await CommandRun.Of("train", _folder["none.yaml"], "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("none.yaml");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_interrupted_run_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        var error = new CancellingWriter("training tiny: 10 %", source);
        var code = await Hosting.Application.RunAsync(["train", _folder["tiny.yaml"], "-o", _folder["out"]], TextWriter.Null, error, source.Token);
        code.ShouldBe(ExitCode.Interrupted, error.ToString());
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["tiny.yaml"]]);
    }

    [Fact]
    public async Task An_interrupted_run_goes_on_after_its_last_whole_epoch_to_the_same_bytes()
    {
        File.WriteAllText(_folder["tiny.yaml"], Recipe.Replace("epochs: 1", "epochs: 2", StringComparison.Ordinal));
        using var source = new CancellationTokenSource();
        var error = new CancellingWriter("training tiny: 60 %", source);
        (await Hosting.Application.RunAsync(["train", _folder["tiny.yaml"], "-o", _folder["out"]], TextWriter.Null, error, source.Token)).ShouldBe(ExitCode.Interrupted);
        Directory.GetFileSystemEntries(_folder.FullPath).Order(StringComparer.Ordinal).ShouldBe([_folder["out.checkpoint"], _folder["tiny.yaml"]]);

        var resumed = await Train("out");
        resumed.Code.ShouldBe(ExitCode.Good, resumed.Error);
        resumed.Error.ShouldContain("continues from " + _folder["out.checkpoint"]);
        resumed.Error.ShouldNotContain("epoch 1:");
        File.Exists(_folder["out.checkpoint"]).ShouldBeFalse();
        (await Train("straight")).Code.ShouldBe(ExitCode.Good);
        foreach (var file in Directory.GetFiles(_folder["straight"]))
            File.ReadAllBytes(_folder["out/" + Path.GetFileName(file)]).ShouldBe(File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("--jobs", "0")]
    [InlineData("--jobs", "-3")]
    [InlineData("--jobs", "many")]
    public async Task A_number_of_jobs_below_one_is_wrong_input(string option, string value)
    {
        var run = await Train("out", option, value);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain(value);
    }

    private Task<CommandRun> Train(string output, params string[] options) =>
        CommandRun.Of(["train", _folder["tiny.yaml"], "-o", _folder[output], .. options]);

    /// <summary>Cancels when a line has been written.</summary>
    private sealed class CancellingWriter(string line, CancellationTokenSource source) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value == line)
                source.Cancel();
        }
    }
}
