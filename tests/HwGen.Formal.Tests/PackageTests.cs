using System.Diagnostics;
using System.IO.Compression;
using Xunit.Abstractions;

namespace HwGen.Formal.Tests;

/// <summary>The libraries are packages: an empty project takes them, its mistake is reported by the analyzers that come along, and its counter counts.</summary>
public sealed class PackageTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_rooms = ["HwGen.Netlist", "HwGen.Simulation", "HwGen.Formal", "HwGen.Tools", "HwGen.Templates"];

    private const string Program = """
        using HwGen.Formal;
        using HwGen.Netlist;
        using HwGen.Simulation;
        using HwGen.Simulation.Compiled;

        var design = Design.Elaborate(new Counter());
        using var simulator = new CompiledEngine().Start(NetlistSource.Of(design), new SimulationOptions());
        simulator.Reset();
        simulator.Poke("enable", 1);
        simulator.Step(5);
        System.Console.WriteLine($"count {simulator.Peek("count")}, depth {new ProofOptions().Depth}");

        public sealed class Counter : Module
        {
            public Input Enable { get; } = new(1);

            public Output Count { get; } = new(4);

            protected override void Build()
            {
                Register(out var count, width: 4, reset: 0);
                Signal next = count + 1;
                count.EqualTo(3);
                When(Enable, () => next = count + 1);
                When(Enable, () => count.Drive(next));
                Count.Drive(count);
            }
        }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hwgen-packages-");

    [Fact]
    public void An_empty_project_takes_the_packages_and_the_analyzers_report_its_mistakes()
    {
        var (root, configuration) = Place();
        var feed = Directory.CreateDirectory(Path.Combine(_folder.FullName, "feed")).FullName;
        foreach (var room in s_rooms)
            Run(root, "pack", Path.Combine("generator", room), "--no-build", "-c", configuration, "-o", feed, "-nologo", "-v", "quiet");
        var packages = Directory.GetFiles(feed, "*.nupkg");
        packages.Length.ShouldBe(s_rooms.Length);
        using (var package = ZipFile.OpenRead(packages.Single(p => Path.GetFileName(p).StartsWith("HwGen.Netlist.", StringComparison.Ordinal))))
            package.Entries.Select(entry => entry.FullName).ShouldContain("analyzers/dotnet/cs/HwGen.Netlist.Analyzers.dll");

        var project = Directory.CreateDirectory(Path.Combine(_folder.FullName, "project")).FullName;
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(project, "project.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_folder.FullName, "packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="HwGen.Netlist" Version="0.1.0" />
                <PackageReference Include="HwGen.Simulation" Version="0.1.0" />
                <PackageReference Include="HwGen.Formal" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        var build = Run(project, "build", "-c", "Release", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        build.ShouldContain("warning HWA001: The signal that EqualTo gives is ignored");
        build.ShouldContain("warning HWA002: next is assigned inside When");
        Run(project, "bin/Release/net10.0/project.dll").Trim().ShouldBe("count 5, depth 20");
        output.WriteLine(string.Join('\n', packages.Select(Path.GetFileName).Order(StringComparer.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static (string Root, string Configuration) Place()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var configuration = folder.Parent!.Name;
        while (!File.Exists(Path.Combine(folder.FullName, "HwGen.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("the tests run outside the repository");
        return (folder.FullName, configuration);
    }

    private static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, text);
        return text;
    }
}
