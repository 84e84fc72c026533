using System.Diagnostics;
using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Netlist.Verilog;
using HwGen.Tools;

// Measures elaboration and text: dotnet run -c Release --project bench/netlist
// Each shape is a process of its own, so that its wall time has the start of the runtime in it and its peak memory is its own.
(int Rows, int Columns, int Lanes)[] shapes = [(32, 32, 32), (64, 64, 64), (128, 128, 128), (32, 512, 32), (256, 256, 256), (512, 512, 512), (512, 32, 512), (256, 4096, 256), (1024, 1024, 1024)];

if (args is [var rows, var columns, var lanes, var folder])
{
    var watch = Stopwatch.StartNew();
    var core = CoreGenerator.Generate(new ArrayConfiguration(
        "bench", int.Parse(rows, CultureInfo.InvariantCulture), int.Parse(columns, CultureInfo.InvariantCulture), int.Parse(lanes, CultureInfo.InvariantCulture), ArrayConfiguration.AllOperations));
    foreach (var file in core.Files)
    {
        File.WriteAllText(Path.Combine(folder, file.FileName), file.Text);
    }

    using var self = Process.GetCurrentProcess();
    var sizes = string.Join(' ', core.Files.Sum(f => f.Text.Length), core.Files.Count, self.PeakWorkingSet64 >> 20, watch.ElapsedMilliseconds);
    var sources = string.Join(' ', new[] { SourceRole.Synthesis, SourceRole.Simulation }.Select(leftOut => string.Join(',', core.Files.Where(f => f.Role != leftOut).Select(f => f.FileName))));
    Console.WriteLine($"{sizes} {core.TopModule} {sources}");
    return;
}

Console.WriteLine("| rows × columns × lanes | cells | process s | elaboration and text ms | peak MB | Verilog MB | files |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
foreach (var (shapeRows, shapeColumns, shapeLanes) in shapes)
{
    using var output = new Scratch();
    var result = (await OutsideProgram.RunAsync(new ProgramRequest(
        Environment.ProcessPath!, [.. new[] { shapeRows, shapeColumns, shapeLanes }.Select(n => n.ToString(CultureInfo.InvariantCulture)), output.Path]))).EnsureSucceeded();
    var words = result.Output.Trim().Split(' ');
    Console.WriteLine(FormattableString.Invariant(
        $"| {shapeRows} × {shapeColumns} × {shapeLanes} | {shapeRows * shapeColumns:N0} | {result.Elapsed.TotalSeconds:0.00} | {words[3]} | {words[2]} | {int.Parse(words[0], CultureInfo.InvariantCulture) / 1e6:0.00} | {words[1]} |"));
    if ((shapeRows, shapeColumns) != (32, 512))
    {
        continue;
    }

    var (simulation, synthesis) = (words[5].Split(','), words[6].Split(','));
    var tools = new (string What, ProgramRequest Request)[]
    {
        ("Yosys reads it", ProgramRequest.Of("yosys", "-q", "-p", $"read_verilog {string.Join(' ', synthesis)}; hierarchy -check -top {words[4]}")),
        ("Verilator lints the simulation files", new ProgramRequest("verilator", ["--lint-only", "-Wall", "--top-module", words[4], .. simulation])),
        ("Verilator lints the synthesis files", new ProgramRequest("verilator", ["--lint-only", "-Wall", "--top-module", words[4], .. synthesis])),
    };
    foreach (var (what, request) in tools)
    {
        var run = (await OutsideProgram.RunAsync(request with { WorkingDirectory = output.Path })).EnsureSucceeded();
        var findings = (run.Output + run.Error).Split('\n').Count(line => line.Length > 0);
        Console.Error.WriteLine(FormattableString.Invariant($"{shapeRows} × {shapeColumns} × {shapeLanes}: {what} in {run.Elapsed.TotalSeconds:0.00} s, {findings} lines said"));
    }
}

internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hwgen-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
