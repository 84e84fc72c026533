using System.Text.RegularExpressions;
using HwGen.Tools;
using HwGen.Tools.Tests;

namespace HwGen.Cli.Tests;

/// <summary>The launcher in a made-up checkout, with a dotnet that only writes down how it was called.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LauncherTests()
    {
        Directory.CreateDirectory(_folder["repo/generator/HwGen.Cli"]);
        File.Copy(Path.Combine(ProgramRun.Root, "hwgen"), _folder["repo/hwgen"]);
        File.WriteAllText(_folder["repo/generator/HwGen.Cli/Program.cs"], "one");
        File.WriteAllText(_folder["repo/global.json"], "{}");
        FakeDotnet("");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_program_is_built_once_and_given_its_arguments()
    {
        var first = await Launch("demo", "a b", "*");
        first.ExitCode.ShouldBe(0);
        first.Output.ShouldMatch(@"^ran .*/\.build/program-[0-9a-f]{24}/hwgen\.dll\|demo\|a b\|\*\|\n$");
        first.Error.ShouldBe("hwgen: building (once; again when sources change)\n");
        var second = await Launch("demo", "a b", "*");
        second.Output.ShouldBe(first.Output);
        second.Error.ShouldBeEmpty();
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task The_program_runs_under_the_invariant_culture_and_knows_its_checkout()
    {
        FakeDotnet("", run: "echo $DOTNET_SYSTEM_GLOBALIZATION_INVARIANT $HWGEN_ROOT");
        (await Launch()).Output.ShouldBe($"1 {_folder["repo"]}\n");
    }

    [Fact]
    public async Task The_exit_code_of_the_program_is_that_of_the_launcher()
    {
        FakeDotnet("", run: "exit 130");
        (await Launch()).ExitCode.ShouldBe(130);
    }

    [Fact]
    public async Task It_works_through_a_symbolic_link_and_from_any_folder()
    {
        File.CreateSymbolicLink(_folder["link"], _folder["repo/hwgen"]);
        (await OutsideProgram.RunAsync(Request() with { Program = _folder["link"], WorkingDirectory = "/" })).Output.ShouldStartWith("ran ");
        (await Launch()).ExitCode.ShouldBe(0);
        Builds().ShouldBe(1);
    }

    public static TheoryData<string, int> Changes => new()
    {
        { "echo two > generator/HwGen.Cli/Program.cs", 2 },
        // Content of the same length, with the time of change set back.
        { "t=$(stat -c %y generator/HwGen.Cli/Program.cs); echo -n two > generator/HwGen.Cli/Program.cs; touch -d \"$t\" generator/HwGen.Cli/Program.cs", 2 },
        { "echo more > generator/HwGen.Cli/More.cs", 2 },
        { "rm global.json", 2 },
        { "mv global.json Directory.Build.props", 2 },
        { "mkdir -p rtl-templates && echo x > rtl-templates/a.hbs", 2 },
        { "mkdir -p models/zoo && echo x > 'models/zoo/a net'", 2 },
        // No source: what is built, and what nobody embeds.
        { "mkdir -p generator/HwGen.Cli/obj generator/HwGen.Cli/bin && touch generator/HwGen.Cli/obj/x generator/HwGen.Cli/bin/y", 1 },
        { "mkdir tests && touch tests/x.cs README.md", 1 },
        // The same content again, as after changing branches back and forth.
        { "touch generator/HwGen.Cli/Program.cs global.json", 1 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task It_is_built_again_exactly_when_a_source_has_changed(string change, int builds)
    {
        await Launch();
        (await OutsideProgram.RunAsync(ProgramRequest.Of("bash", "-c", "set -e; " + change) with { WorkingDirectory = _folder["repo"] })).EnsureSucceeded();
        (await Launch()).ExitCode.ShouldBe(0);
        Builds().ShouldBe(builds);
        (await Launch()).ExitCode.ShouldBe(0);
        Builds().ShouldBe(builds);
    }

    [Fact]
    public async Task A_content_that_was_built_before_is_not_built_again()
    {
        await Launch();
        File.WriteAllText(_folder["repo/global.json"], "{ }");
        await Launch();
        File.WriteAllText(_folder["repo/global.json"], "{}");
        await Launch();
        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task Launches_at_the_same_time_build_once_and_all_run()
    {
        FakeDotnet("sleep 0.5");
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Launch()));
        runs.ShouldAllBe(run => run.ExitCode == 0 && run.Output.StartsWith("ran "));
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_build_tells_what_the_compiler_said_and_is_tried_again()
    {
        FakeDotnet("echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");
        var run = await Launch();
        run.ExitCode.ShouldBe(3);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("error CS1002");
        FakeDotnet("");
        (await Launch()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_build_that_was_killed_is_not_taken_for_the_program()
    {
        FakeDotnet("mkdir -p \"$out\"; echo half > \"$out/hwgen.dll\"; kill -9 $PPID; exit 1");
        (await Launch()).ExitCode.ShouldNotBe(0);
        FakeDotnet("");
        var run = await Launch();
        run.Output.ShouldStartWith("ran ");
        Directory.GetDirectories(_folder["repo/.build"]).Select(Path.GetFileName).ShouldAllBe(name => !name!.StartsWith("partial"));
    }

    [Fact]
    public async Task Without_the_ahead_of_time_compiler_it_is_built_without()
    {
        FakeDotnet("case $* in *PublishReadyToRun=true*) echo 'error NU1101: Unable to find package microsoft.netcore.app.crossgen2.linux-x64'; exit 1;; esac");
        var run = await Launch();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldStartWith("ran ");
        run.Error.ShouldContain("starts will be slower");
    }

    [Fact]
    public async Task Without_dotnet_it_says_what_is_needed()
    {
        File.Delete(_folder["bin/dotnet"]);
        foreach (var program in new[] { "bash", "env", "readlink", "dirname" })
            File.CreateSymbolicLink(_folder["bin/" + program], ProgramPath.Find(program).ShouldNotBeNull());
        var run = await OutsideProgram.RunAsync(Request() with { Environment = new Dictionary<string, string?> { ["PATH"] = _folder["bin"] } });
        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain(".NET 10 SDK");
    }

    [Fact]
    public void The_launcher_and_ci_are_executable_and_ci_does_nothing_cleverer()
    {
        foreach (var file in new[] { "hwgen", ".ci/run" })
            (File.GetUnixFileMode(Path.Combine(ProgramRun.Root, file)) & UnixFileMode.UserExecute).ShouldNotBe(default);
        File.ReadAllLines(Path.Combine(ProgramRun.Root, ".ci/run")).Where(line => Regex.IsMatch(line, "hwgen")).ShouldBe(["exec ./hwgen test"]);
    }

    private Task<ProgramResult> Launch(params string[] arguments) => OutsideProgram.RunAsync(Request(arguments));

    private ProgramRequest Request(params string[] arguments) => new(_folder["repo/hwgen"], arguments)
    {
        TimeLimit = TimeSpan.FromMinutes(2),
        Environment = new Dictionary<string, string?>
        {
            ["PATH"] = _folder["bin"] + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["HWGEN_ROOT"] = null,
        },
    };

    private int Builds() => File.ReadAllLines(_folder["calls"]).Count(line => line.StartsWith("publish", StringComparison.Ordinal));

    private void FakeDotnet(string publish, string run = "printf 'ran %s|' \"$1\"; shift; for a in \"$@\"; do printf '%s|' \"$a\"; done; echo") =>
        _folder.Script("bin/dotnet", $$"""
            echo "$@" >> {{_folder["calls"]}}
            if [ "$1" = publish ]; then
              out=; for a in "$@"; do [ "$previous" = -o ] && out=$a; previous=$a; done
              {{publish}}
              mkdir -p "$out" && echo program > "$out/hwgen.dll"
            else
              shift
              {{run}}
            fi
            """);
}
