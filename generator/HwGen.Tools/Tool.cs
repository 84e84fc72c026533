namespace HwGen.Tools;

/// <summary>An outside tool that HwGen can use.</summary>
/// <param name="Program">The name to run: <c>verilator</c>.</param>
/// <param name="Package">The Debian and Ubuntu package that brings it.</param>
/// <param name="Purpose">What HwGen uses it for, a few words.</param>
/// <param name="VersionArguments">The arguments that make it print its version; none for a tool that tells none, whose package's version is taken.</param>
public sealed record Tool(string Program, string Package, string Purpose, params string[] VersionArguments)
{
    /// <summary>Whether nothing of today's commands needs it: <c>doctor</c> lists it, and does not mind when it is missing.</summary>
    public bool Optional { get; init; }

    /// <summary>The full path of the tool, or null when it is not installed.</summary>
    /// <param name="searchPath">Folders parted by colons; null: the PATH of this process.</param>
    /// <returns>The path or null.</returns>
    public string? Find(string? searchPath = null) => ProgramPath.Find(Program, searchPath);

    /// <summary>Asks the tool for its version.</summary>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>The first line it prints that has a digit, for people and for cache keys: <c>Verilator 5.006 2023-01-22 rev ...</c>.</returns>
    /// <exception cref="ToolException">The tool is missing, fails, or prints no version within 20 seconds.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken = default)
    {
        if (VersionArguments.Length == 0)
            return await PackageVersionAsync(cancellationToken).ConfigureAwait(false);
        var result = await OutsideProgram.RunAsync(
            new ProgramRequest(Program, VersionArguments) { TimeLimit = TimeSpan.FromSeconds(20) }, cancellationToken).ConfigureAwait(false);
        result.EnsureSucceeded();
        // Some tools print their version on standard error.
        var line = (result.Output + "\n" + result.Error).Split('\n').Select(text => text.Trim())
            .FirstOrDefault(text => text.Any(char.IsAsciiDigit));
        return line is null
            ? throw new ToolException(Program, $"{Program} {string.Join(' ', VersionArguments)} printed no version")
            : PlainText.Escape(line);
    }

    private async Task<string> PackageVersionAsync(CancellationToken cancellationToken)
    {
        if (ProgramPath.Find("dpkg-query") is null)
            return "tells no version";
        var result = await OutsideProgram.RunAsync(
            ProgramRequest.Of("dpkg-query", "-W", "-f", "${Package} ${Version}", Package) with { TimeLimit = TimeSpan.FromSeconds(20) }, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? PlainText.Escape(result.Output.Trim()) : "tells no version";
    }
}
