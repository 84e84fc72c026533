namespace HwGen.Tools;

/// <summary>What the installer may do on this machine, and how it asks.</summary>
/// <param name="IsRoot">Whether packages can be installed without asking for more rights.</param>
/// <param name="HasApt">Whether the packages come from apt: Debian, Ubuntu.</param>
/// <param name="Ask">Asks the person a yes-or-no question; null when there is nobody to ask (no terminal).</param>
/// <param name="Yes">Whether the answer has been given already, by <c>--yes</c>.</param>
/// <param name="Say">Tells the person what is done; one line a call.</param>
public sealed record InstallerHost(bool IsRoot, bool HasApt, Func<string, bool>? Ask, bool Yes, Action<string> Say)
{
    /// <summary>The program that installs packages; tests put their own here.</summary>
    public string AptGet { get; init; } = "apt-get";

    /// <summary>How long to wait before another try when somebody else is installing.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>This machine, this process.</summary>
    /// <param name="yes">Whether <c>--yes</c> was given.</param>
    /// <param name="ask">Asks the person; null when there is no terminal.</param>
    /// <param name="say">Tells the person what is done.</param>
    /// <returns>The host.</returns>
    public static InstallerHost Here(bool yes, Func<string, bool>? ask, Action<string> say) =>
        new(Environment.IsPrivilegedProcess, ProgramPath.Find("apt-get") is not null, ask, yes, say);
}

/// <summary>Makes sure that outside tools are there, installing Debian or Ubuntu packages where that is allowed.</summary>
/// <param name="host">What may be done here.</param>
public sealed class ToolInstaller(InstallerHost host)
{
    private const int Attempts = 60;
    private static readonly TimeSpan s_timeLimit = TimeSpan.FromMinutes(20);

    /// <summary>The command that installs packages, as a person would type it.</summary>
    /// <param name="tools">The tools to install.</param>
    /// <returns>One line, with <c>sudo</c> where that is needed.</returns>
    public string CommandFor(IEnumerable<Tool> tools) =>
        (host.IsRoot ? "" : "sudo ") + "apt-get install -y --no-install-recommends " + string.Join(' ', Packages(tools));

    /// <summary>Returns when all tools are there; installs what is missing where that is allowed.</summary>
    /// <param name="tools">What is needed.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <returns>The tools that were installed by this call.</returns>
    /// <exception cref="ToolException">Something is missing and may not or cannot be installed; the message names it and the exact command.</exception>
    public async Task<IReadOnlyList<Tool>> EnsureAsync(IReadOnlyList<Tool> tools, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tools);
        var missing = tools.Where(tool => tool.Find() is null).ToList();
        if (missing.Count == 0)
            return [];
        var names = string.Join(", ", missing.Select(tool => tool.Program));
        if (!host.HasApt)
            throw new ToolException(missing[0].Program,
                $"missing: {names}\n  install with your system's packages (the Debian packages are called {string.Join(' ', Packages(missing))})");
        if (!host.IsRoot)
            throw new ToolException(missing[0].Program, $"missing: {names}\n  install with: {CommandFor(missing)}");
        if (!host.Yes && host.Ask is { } ask && !ask($"missing: {names}. Install with apt now?"))
            throw new ToolException(missing[0].Program, $"missing: {names}\n  install with: {CommandFor(missing)}");
        await InstallAsync(missing, cancellationToken).ConfigureAwait(false);
        var still = missing.Where(tool => tool.Find() is null).ToList();
        if (still.Count > 0)
            throw new ToolException(still[0].Program,
                $"{string.Join(", ", still.Select(tool => tool.Program))}: still missing after {CommandFor(still)}");
        return missing;
    }

    private async Task InstallAsync(IReadOnlyList<Tool> missing, CancellationToken cancellationToken)
    {
        host.Say($"installing {string.Join(' ', Packages(missing))} with apt");
        // Old lists can still be good enough: what counts is whether the installation works.
        var update = await AptAsync(["update", "-q"], cancellationToken).ConfigureAwait(false);
        if (!update.Succeeded)
            host.Say("apt-get update failed; trying with the package lists that are there");
        var install = await AptAsync(
            ["install", "-y", "-q", "--no-install-recommends", .. Packages(missing)], cancellationToken).ConfigureAwait(false);
        if (!install.Succeeded)
        {
            // The failed update is the cause as often as not: both are shown.
            var cause = update.Succeeded ? "" : "apt-get update had failed before:\n" + update.Error.TrimEnd() + "\n";
            throw new ToolException("apt-get", PlainText.Escape(
                $"apt could not install {string.Join(' ', Packages(missing))}\n{cause}{install.Error.TrimEnd()}\n  by hand: {CommandFor(missing)}", keepLines: true));
        }
    }

    private async Task<ProgramResult> AptAsync(string[] arguments, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await OutsideProgram.RunAsync(
                // dpkg's lock is waited for by apt itself; the lock of the package lists is not.
                new ProgramRequest(host.AptGet, ["-o", "DPkg::Lock::Timeout=300", .. arguments])
                {
                    Environment = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C.UTF-8" },
                    TimeLimit = s_timeLimit,
                    // A package manager that is killed outright leaves work for the next one.
                    Grace = TimeSpan.FromSeconds(15),
                },
                cancellationToken).ConfigureAwait(false);
            if (result.Succeeded || attempt == Attempts || !result.Error.Contains("Could not get lock", StringComparison.Ordinal))
                return result;
            if (attempt == 1)
                host.Say("waiting for another package manager to finish");
            await Task.Delay(host.LockWait, cancellationToken).ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> Packages(IEnumerable<Tool> tools) =>
        tools.Select(tool => tool.Package).Distinct(StringComparer.Ordinal).OrderBy(package => package, StringComparer.Ordinal);
}
