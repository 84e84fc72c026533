using System.Globalization;

namespace HwGen.Tools.Tests;

/// <summary>The registry is one for the process, so these tests run alone.</summary>
[CollectionDefinition(nameof(ForcedEndTests), DisableParallelization = true)]
[Collection(nameof(ForcedEndTests))]
public sealed class ForcedEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_latest_is_undone_first_once_and_only_if_still_registered()
    {
        var undone = new List<int>();
        using var one = ForcedEnd.Register(() => undone.Add(1));
        var two = ForcedEnd.Register(() => undone.Add(2));
        using var three = ForcedEnd.Register(() => { undone.Add(3); throw new IOException(); });
        two.Dispose();
        ForcedEnd.UndoAll();
        ForcedEnd.UndoAll();
        undone.ShouldBe([3, 1]);
    }

    [Fact]
    public async Task Programs_are_ended_and_half_written_folders_removed()
    {
        using var output = OutputFolder.Begin(_folder["run"], force: false);
        using var committed = OutputFolder.Begin(_folder["whole"], force: false);
        committed.Commit();
        var started = new TaskCompletionSource<int>();
        var run = OutsideProgram.RunAsync(ProgramRequest.Of("sh", "-c", "echo $$; sleep 600") with
        {
            OnOutputLine = line => started.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture)),
        });
        await started.Task;
        ForcedEnd.UndoAll();
        (await run).ExitCode.ShouldBe(128 + 9);
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["whole"]]);
    }
}
