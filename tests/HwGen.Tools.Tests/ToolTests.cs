namespace HwGen.Tools.Tests;

public sealed class ToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_catalogue_names_each_tool_once_and_says_what_it_is_for()
    {
        ToolCatalogue.All.Select(tool => tool.Program).ShouldBeUnique();
        ToolCatalogue.All.ShouldAllBe(tool => tool.Package.Length > 0 && tool.Purpose.Length > 0);
        ToolCatalogue.Needed.Select(tool => tool.Program).ShouldBe(["verilator", "g++", "make", "yosys", "iverilog", "z3", "cvc4", "sta", "nextpnr-ice40", "icepack", "qflow", "node", "npm"]);
        ToolCatalogue.ForVerilator.Select(tool => tool.Program).ShouldBe(["verilator", "g++", "make"]);
    }

    [Fact]
    public async Task Every_needed_tool_tells_its_version()
    {
        // The tests install what they need: a missing tool is a failure, not a skip.
        foreach (var tool in ToolCatalogue.Needed)
        {
            var version = await tool.VersionAsync();
            if (tool.VersionArguments.Length > 0 && tool != ToolCatalogue.Qflow)
                version.ShouldContain('.', customMessage: tool.Program);
            else
                version.Any(char.IsAsciiDigit).ShouldBeTrue(tool.Program);
        }
    }

    [Fact]
    public async Task A_version_is_the_first_line_with_a_digit_wherever_it_is_printed()
    {
        var tool = new Tool(_folder.Script("tool", "echo; echo 'A tool'; echo '  version 1.2 \u001b[0m' >&2"), "package", "tests", "-V");
        (await tool.VersionAsync()).ShouldBe("version 1.2 \\u001b[0m");
        var silent = new Tool(_folder.Script("silent", "true"), "package", "tests", "-V");
        (await Should.ThrowAsync<ToolException>(() => silent.VersionAsync())).Message.ShouldContain("printed no version");
        var broken = new Tool(_folder.Script("broken", "echo 1.0; exit 3"), "package", "tests", "-V");
        (await Should.ThrowAsync<ToolException>(() => broken.VersionAsync())).Message.ShouldContain("exit code 3");
    }

    [Fact]
    public async Task Nothing_is_done_when_nothing_is_missing() =>
        (await Installer(root: true).EnsureAsync([new Tool("sh", "dash", "tests")])).ShouldBeEmpty();

    [Fact]
    public async Task Without_root_the_missing_tools_and_the_exact_command_are_named()
    {
        var error = await Should.ThrowAsync<ToolException>(() => Installer(root: false).EnsureAsync([Missing("b"), Missing("a"), new Tool("sh", "dash", "tests")]));
        error.Message.ShouldContain("missing: hwgen-none-b, hwgen-none-a");
        error.Message.ShouldContain("sudo apt-get install -y --no-install-recommends package-a package-b");
        error.ExitCode.ShouldBe(ExitCode.ToolFailed);
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_apt_the_packages_are_named()
    {
        var error = await Should.ThrowAsync<ToolException>(() => Installer(root: true, apt: false).EnsureAsync([Missing("a")]));
        error.Message.ShouldContain("package-a");
        error.Message.ShouldNotContain("apt-get");
    }

    [Fact]
    public async Task A_no_at_the_terminal_installs_nothing()
    {
        var questions = new List<string>();
        var error = await Should.ThrowAsync<ToolException>(() =>
            Installer(root: true, ask: question => { questions.Add(question); return false; }).EnsureAsync([Missing("a")]));
        questions.ShouldBe(["missing: hwgen-none-a. Install with apt now?"]);
        error.Message.ShouldContain("apt-get install -y --no-install-recommends package-a");
        error.Message.ShouldNotContain("sudo");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task As_root_it_is_installed_saying_so()
    {
        var tool = new Tool(_folder["bin/tool"], "package-tool", "tests", "--version");
        var apt = Apt($"case $* in *install*) mkdir -p {_folder["bin"]}; echo '#!/bin/sh' > {_folder["bin/tool"]}; chmod +x {_folder["bin/tool"]};; esac");
        (await new ToolInstaller(apt).EnsureAsync([tool])).ShouldBe([tool]);
        _said.ShouldBe(["installing package-tool with apt"]);
        File.ReadAllLines(_folder["calls"]).ShouldBe([
            "noninteractive -o DPkg::Lock::Timeout=300 update -q",
            "noninteractive -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends package-tool"]);
    }

    [Fact]
    public async Task A_failed_update_does_not_keep_it_from_installing()
    {
        var tool = new Tool(_folder["tool"], "package-tool", "tests", "--version");
        var apt = Apt($"case $* in *update*) exit 100;; *) echo '#!/bin/sh' > {_folder["tool"]}; chmod +x {_folder["tool"]};; esac");
        await new ToolInstaller(apt).EnsureAsync([tool]);
        _said.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_installation_tells_what_apt_said_and_what_to_type()
    {
        var apt = Apt("echo \"E: Unable to locate $*\" >&2; exit 100");
        var error = await Should.ThrowAsync<ToolException>(() => new ToolInstaller(apt).EnsureAsync([Missing("a")]));
        error.Message.ShouldContain("E: Unable to locate");
        error.Message.ShouldContain("apt-get update had failed before");
        error.Message.ShouldContain("by hand: apt-get install");
    }

    [Fact]
    public async Task A_package_without_the_tool_in_it_is_told()
    {
        var error = await Should.ThrowAsync<ToolException>(() => new ToolInstaller(Apt("true")).EnsureAsync([Missing("a")]));
        error.Message.ShouldContain("hwgen-none-a: still missing");
    }

    [Fact]
    public async Task Another_package_manager_is_waited_for()
    {
        var tool = new Tool(_folder["tool"], "package-tool", "tests", "--version");
        var apt = Apt($"if [ $(wc -l < {_folder["calls"]}) -lt 3 ]; then echo 'E: Could not get lock /var/lib/apt/lists/lock' >&2; exit 100; fi; "
            + $"echo '#!/bin/sh' > {_folder["tool"]}; chmod +x {_folder["tool"]}");
        await new ToolInstaller(apt).EnsureAsync([tool]);
        _said.ShouldContain("waiting for another package manager to finish");
        File.ReadAllLines(_folder["calls"]).Length.ShouldBe(4);
    }

    private InstallerHost Apt(string script) => new(IsRoot: true, HasApt: true, Ask: null, Yes: false, _said.Add)
    {
        AptGet = _folder.Script("apt-get", $"echo $DEBIAN_FRONTEND $* >> {_folder["calls"]}; {script}"),
        LockWait = TimeSpan.FromMilliseconds(1),
    };

    private ToolInstaller Installer(bool root, bool apt = true, Func<string, bool>? ask = null) =>
        new(new InstallerHost(root, apt, ask, Yes: false, _said.Add));

    private static Tool Missing(string name) => new("hwgen-none-" + name, "package-" + name, "tests", "--version");
}
