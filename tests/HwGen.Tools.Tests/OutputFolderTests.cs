namespace HwGen.Tools.Tests;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_appears_whole_when_it_is_committed()
    {
        using (var output = OutputFolder.Begin(_folder["out/run"], force: false))
        {
            File.WriteAllText(output.PathOf("rtl/top.v"), "module");
            Directory.Exists(_folder["out/run"]).ShouldBeFalse();
            output.Commit();
        }
        File.ReadAllText(_folder["out/run/rtl/top.v"]).ShouldBe("module");
        Directory.GetFileSystemEntries(_folder["out"]).ShouldBe([_folder["out/run"]]);
    }

    [Fact]
    public void An_error_on_the_way_leaves_nothing()
    {
        Should.Throw<InvalidOperationException>(() =>
        {
            using var output = OutputFolder.Begin(_folder["run"], force: false);
            File.WriteAllText(output.PathOf("half.txt"), "half");
            throw new InvalidOperationException();
        });
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBeEmpty();
    }

    [Fact]
    public void An_existing_folder_is_refused_and_stays()
    {
        File.WriteAllText(_folder["keep"], "");
        var error = Should.Throw<InputException>(() => OutputFolder.Begin(_folder.FullPath, force: false));
        error.Message.ShouldContain("--force");
        File.Exists(_folder["keep"]).ShouldBeTrue();
    }

    [Fact]
    public void An_empty_folder_is_taken()
    {
        Directory.CreateDirectory(_folder["run"]);
        using (var output = OutputFolder.Begin(_folder["run"], force: false))
        {
            File.WriteAllText(output.PathOf("new"), "");
            output.Commit();
        }
        File.Exists(_folder["run/new"]).ShouldBeTrue();
    }

    [Fact]
    public void Force_replaces_all_of_it_but_only_at_the_end()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run/old"], "");
        using (OutputFolder.Begin(_folder["run"], force: true))
        {
            // Given up on.
        }
        File.Exists(_folder["run/old"]).ShouldBeTrue();
        using (var output = OutputFolder.Begin(_folder["run"], force: true))
        {
            File.WriteAllText(output.PathOf("new"), "");
            File.Exists(_folder["run/old"]).ShouldBeTrue();
            output.Commit();
        }
        Directory.GetFileSystemEntries(_folder["run"]).ShouldBe([_folder["run/new"]]);
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder["run"]]);
    }

    [Fact]
    public void What_appears_in_the_meantime_is_not_replaced_without_force()
    {
        using var output = OutputFolder.Begin(_folder["run"], force: false);
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run/theirs"], "");
        Should.Throw<InputException>(output.Commit);
        File.Exists(_folder["run/theirs"]).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/etc/hostname")]
    [InlineData("/proc/run")]
    public void Places_that_cannot_be_replaced_are_refused_even_with_force(string path) =>
        Should.Throw<InputException>(() => OutputFolder.Begin(path, force: true)).ExitCode.ShouldBe(ExitCode.WrongInput);

    [Fact]
    public void A_symbolic_link_is_refused()
    {
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);
        Should.Throw<InputException>(() => OutputFolder.Begin(_folder["link"], force: true)).Message.ShouldContain("symbolic link");
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("/etc/escaped")]
    [InlineData("a/../../escaped")]
    [InlineData(".")]
    public void No_file_leads_out_of_the_folder(string path)
    {
        using var output = OutputFolder.Begin(_folder["run"], force: false);
        Should.Throw<ArgumentException>(() => output.PathOf(path));
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next()
    {
        // No process has this number: it is above the kernel's limit.
        Directory.CreateDirectory(_folder[".run.partial-999999999-1/rtl"]);
        Directory.CreateDirectory(_folder[".running.partial-999999999-1"]);
        using (OutputFolder.Begin(_folder["run"], force: false))
        {
        }
        Directory.GetFileSystemEntries(_folder.FullPath).ShouldBe([_folder[".running.partial-999999999-1"]]);
    }
}
