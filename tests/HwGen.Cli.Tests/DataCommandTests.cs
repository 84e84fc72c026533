using System.Text.Json;
using HwGen.Cli.DataSets;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackServer _server = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_catalogue_is_well_formed()
    {
        PublicDataSet.All.Select(set => set.Name).ShouldBe(["fashion-mnist", "mnist"]);
        foreach (var set in PublicDataSet.All)
        {
            set.Bases.ShouldAllBe(address => address.StartsWith("https://") && address.EndsWith('/'));
            set.Files.Select(file => file.Sha256).ShouldBeUnique();
            set.Files.ShouldAllBe(file => file.Sha256.Length == 64 && file.Length > 0 && file.Name.EndsWith("-ubyte.gz"));
        }
    }

    [Fact]
    public async Task A_set_is_downloaded_whole()
    {
        var (set, contents) = SmallSet();
        foreach (var (name, content) in contents)
            _server.Answer("/mirror/" + name, content);
        var told = new List<double>();
        await set.DownloadAsync(_folder["data/small"], new Uri(_server.Address + "mirror/"), told.Add, CancellationToken.None);
        set.ProblemsIn(_folder["data/small"]).ShouldBeEmpty();
        told[^1].ShouldBe(1);
        told.ShouldBe(told.Order());
        File.ReadAllBytes(_folder["data/small/b"]).ShouldBe(contents["b"]);

        // A file that has changed since is noticed.
        File.WriteAllText(_folder["data/small/b"], "x");
        File.Delete(_folder["data/small/a"]);
        set.ProblemsIn(_folder["data/small"]).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_set_with_one_bad_file_leaves_nothing()
    {
        var (set, contents) = SmallSet();
        _server.Answer("/a", contents["a"]);
        _server.Answer("/b", contents["a"]);
        await Should.ThrowAsync<ToolException>(() => set.DownloadAsync(_folder["data/small"], new Uri(_server.Address), _ => { }, CancellationToken.None));
        Directory.GetFileSystemEntries(_folder["data"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mirror_with_the_wrong_files_is_a_tool_error_and_leaves_nothing()
    {
        foreach (var file in PublicDataSet.Named("mnist").Files)
            _server.Answer("/" + file.Name, "not it"u8.ToArray());
        var run = await CommandRun.Of("data", "get", "mnist", "--from", _server.Address, "--data-dir", _folder["data"]);
        run.Code.ShouldBe(ExitCode.ToolFailed);
        run.Error.ShouldContain("6 bytes instead of 1648877");
        _server.Asked.ShouldHaveSingleItem();
        Directory.GetFileSystemEntries(_folder["data"]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("data", "get", "minst")]
    [InlineData("data", "get", "../mnist")]
    [InlineData("data", "get")]
    [InlineData("data", "get", "mnist", "--from", "ftp://127.0.0.1/")]
    [InlineData("data", "get", "mnist", "--from", "nonsense")]
    public async Task Wrong_names_and_addresses_are_wrong_input(params string[] arguments) =>
        (await CommandRun.Of([.. arguments])).Code.ShouldBe(ExitCode.WrongInput);

    [Fact]
    public async Task The_places_are_listed_in_order_and_what_is_incomplete_is_named()
    {
        Directory.CreateDirectory(_folder["data/mnist"]);
        var run = await CommandRun.Of("data", "--json", "--data-dir", _folder["data"]);
        run.Code.ShouldBe(ExitCode.Good);
        run.Error.ShouldStartWith($"looked in {_folder["data"]}\n");
        run.Error.ShouldContain("missing or another version: t10k-images-idx3-ubyte.gz");
        var summary = JsonDocument.Parse(run.Output).RootElement;
        summary.GetProperty("places")[0].GetString().ShouldBe(_folder["data"]);
        summary.GetProperty("sets").GetProperty("mnist").GetProperty("complete").GetBoolean().ShouldBeFalse();
        summary.GetProperty("sets").GetProperty("mnist").GetProperty("folder").GetString().ShouldBe(_folder["data/mnist"]);
    }

    private static (PublicDataSet Set, Dictionary<string, byte[]> Contents) SmallSet()
    {
        var contents = new Dictionary<string, byte[]> { ["a"] = [1, 2, 3], ["b"] = new byte[100_000] };
        return (new PublicDataSet("small", "made up", [], [.. contents.Select(file => (file.Key, (long)file.Value.Length, ContentKey.Sha256(file.Value)))]), contents);
    }
}
