namespace HwGen.Tools.Tests;

public sealed class DownloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoopbackServer _server = new();
    private readonly HttpClient _client = new();
    private readonly byte[] _content = [.. Enumerable.Range(0, 200_000).Select(index => (byte)(index * 7 % 251))];

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_arrives_whole_and_its_progress_is_told()
    {
        _server.Answer("/file", _content);
        var told = new List<long>();
        var source = await Download.ToFileAsync(_client, File("/file"), _folder["out"], told.Add);
        source.AbsolutePath.ShouldBe("/file");
        System.IO.File.ReadAllBytes(_folder["out"]).ShouldBe(_content);
        told.ShouldBe(told.Order());
        told[^1].ShouldBe(_content.Length);
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["out"]]);
    }

    public static TheoryData<string, string> WrongSources => new()
    {
        { "/none", "404" },
        { "/other", "another file: its SHA-256 is" },
        { "/short", "100000 bytes instead of 200000" },
        { "/long", "more than the 200000 bytes" },
        { "/endless", "more than the 200000 bytes" },
        { "/cut", "" },
    };

    [Theory]
    [MemberData(nameof(WrongSources))]
    public async Task A_wrong_source_is_refused_and_the_next_is_tried(string path, string problem)
    {
        ServeWrongSources();
        var error = await Should.ThrowAsync<ToolException>(() => Download.ToFileAsync(_client, File(path), _folder["out"]));
        error.Message.ShouldContain(path);
        error.Message.ShouldContain(problem);
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBeEmpty();

        await Download.ToFileAsync(_client, File(path, "/file"), _folder["out"]);
        System.IO.File.ReadAllBytes(_folder["out"]).ShouldBe(_content);
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["out"]]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_tool_error()
    {
        var file = File("/file");
        _server.Dispose();
        (await Should.ThrowAsync<ToolException>(() => Download.ToFileAsync(_client, file, _folder["out"]))).ExitCode.ShouldBe(ExitCode.ToolFailed);
    }

    [Fact]
    public async Task A_cancelled_download_leaves_nothing_and_the_old_file_as_it_was()
    {
        System.IO.File.WriteAllText(_folder["out"], "old");
        using var source = new CancellationTokenSource();
        _server.Answer("/slow", response =>
        {
            response.ContentLength64 = _content.Length;
            response.OutputStream.Write(_content, 0, 1000);
            response.OutputStream.Flush();
            Thread.Sleep(Timeout.Infinite);
        });
        await Should.ThrowAsync<OperationCanceledException>(
            () => Download.ToFileAsync(_client, File("/slow"), _folder["out"], _ => source.Cancel(), source.Token));
        System.IO.File.ReadAllText(_folder["out"]).ShouldBe("old");
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["out"]]);
    }

    private void ServeWrongSources()
    {
        _server.Answer("/file", _content);
        _server.Answer("/other", [.. _content.Select(value => (byte)~value)]);
        _server.Answer("/short", _content[..100_000]);
        _server.Answer("/long", [.. _content, 0]);
        _server.Answer("/endless", response =>
        {
            response.SendChunked = true;
            while (true)
                response.OutputStream.Write(_content);
        });
        _server.Answer("/cut", response =>
        {
            response.ContentLength64 = _content.Length;
            response.OutputStream.Write(_content, 0, 1000);
            response.Abort();
        });
    }

    private PublicFile File(params string[] paths) =>
        new([.. paths.Select(path => new Uri(_server.Address + path.TrimStart('/')))], _content.Length, ContentKey.Sha256(_content));
}
