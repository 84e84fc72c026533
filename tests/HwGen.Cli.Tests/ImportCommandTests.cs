using System.Text.Json;
using HwGen.Networks;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>A test that needs a model of the shared folder beside the data; skipped with the reason where it is absent.</summary>
public sealed class SharedModelFactAttribute : FactAttribute
{
    public SharedModelFactAttribute()
    {
        if (Find("qonnx/TFC_1W1A.onnx") is null)
            Skip = "the shared models are in none of: " + string.Join(", ", Places());
    }

    public static string? Find(string model) => Places().Select(place => Path.Combine(place, model)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Places() => DataFolders.Candidates().Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "models")));
}

public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedModelFact]
    public async Task A_quantised_file_becomes_a_network_and_a_layer_table()
    {
        var source = SharedModelFactAttribute.Find("qonnx/TFC_1W1A.onnx").ShouldNotBeNull();
        var run = await CommandRun.Of("import", source, "-o", _folder["out"], "--name", "tfc", "--json");
        run.Code.ShouldBe(ExitCode.Good, run.Error);
        NetworkFile.Read(_folder["out/network.hwnet"]).Name.ShouldBe("tfc");
        run.Error.ShouldContain("tfc: 7 layers, 59,008 weights");
        var layers = File.ReadAllLines(_folder["out/layers.csv"]);
        layers.Length.ShouldBe(8);
        layers[1].ShouldStartWith("MatMul_16,dense,input,64,1,1,s11,-784,784,±1,50176,50176,50176");
        File.ReadAllText(_folder["out/summary.json"]).ShouldBe(run.Output);
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("weights").GetInt64().ShouldBe(59_008);
        summary.GetProperty("networkSha256").GetString().ShouldBe(ContentKey.Sha256OfFile(_folder["out/network.hwnet"]));
    }

    [SharedModelFact]
    public async Task A_float_file_is_refused_by_node_name_and_leaves_nothing()
    {
        var source = SharedModelFactAttribute.Find("onnx/mnist-conv/model.onnx").ShouldNotBeNull();
        var run = await CommandRun.Of("import", source, "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("node 'Convolution28' (Conv)");
        // What the message tells to type is what the command takes.
        run.Error.ShouldContain("--quantize int8 --calibrate SET");
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not a protobuf")]
    [InlineData("\b\u0007\u0012")] // cut in the middle of a field
    public async Task A_damaged_file_is_named_and_leaves_nothing(string content)
    {
        File.WriteAllText(_folder["bad.onnx"], content);
        var run = await CommandRun.Of("import", _folder["bad.onnx"], "-o", _folder["out"]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("bad.onnx");
        run.Error.ShouldNotContain("   at ");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_above_the_limit_is_refused_from_its_length()
    {
        using (var file = File.Create(_folder["big.onnx"]))
            file.SetLength(2_000_001);
        var run = await CommandRun.Of("import", _folder["big.onnx"], "-o", _folder["out"], "--maximum-size", "2");
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldContain("2000001");
    }

    [Theory]
    [InlineData("--quantize", "int8")]
    [InlineData("--calibrate", "mnist")]
    [InlineData("--quantize", "int3", "--calibrate", "mnist")]
    [InlineData("--quantize", "int8", "--calibrate", "../mnist")]
    [InlineData("--quantize", "int8", "--calibrate", "no-such-set")]
    [InlineData("--input-scaling", "loud")]
    [InlineData("--input-scaling", "0.1,0")]
    [InlineData("--input-scaling", "1,2,3")]
    [InlineData("--maximum-size", "0")]
    public async Task Wrong_options_are_wrong_input(params string[] options)
    {
        File.WriteAllText(_folder["bad.onnx"], "");
        var run = await CommandRun.Of(["import", _folder["bad.onnx"], "-o", _folder["out"], .. options]);
        run.Code.ShouldBe(ExitCode.WrongInput);
        run.Error.ShouldNotContain("   at ");
        Directory.Exists(_folder["out"]).ShouldBeFalse();
    }
}
