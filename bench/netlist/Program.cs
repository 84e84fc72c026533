using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.NetlistBench;
using HwGen.Tools;

// What the command `generate` costs, launcher and start of the runtime included, and what other tools make of its text:
//   dotnet run -c Release --project bench/netlist
// Ends with 1 when a target is missed. Times of a machine that does something else besides are larger: the processor time stands beside them.
if (args is ["--measure", .. var command])
{
    // A process of its own for each: the memory is that of the largest process that it waited for.
    Console.WriteLine(ChildCost.Of(command));
    return 0;
}

var root = Repository.Root();
var launcher = Path.Combine(root, "hwgen");
await OutsideProgram.RunAsync(ProgramRequest.Of(launcher, "--version"));
var isMet = true;
Console.WriteLine("| rows × columns × lanes | cells | seconds | processor seconds | peak MB | Verilog MB | seconds ÷ cells, against 1,024 cells |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
var smallest = 0.0;
foreach (var (rows, columns, lanes) in new[]
{
    (32, 32, 32), (64, 64, 64), (128, 128, 128), (32, 512, 32), (256, 256, 256), (512, 512, 512), (512, 32, 512), (256, 4096, 256), (1024, 1024, 1024),
})
{
    using var folder = new Scratch();
    var configuration = Path.Combine(folder.Path, "bench.yaml");
    File.WriteAllText(configuration, Shape(File.ReadAllText(Path.Combine(root, "configurations", "edge64.yaml")), rows, columns, lanes));
    var output = Path.Combine(folder.Path, "core");
    var cost = (await OutsideProgram.RunAsync(ProgramRequest.Of(Environment.ProcessPath!, "--measure", launcher, "generate", configuration, "-o", output))).EnsureSucceeded();
    var (seconds, processor, megabytes) = ChildCost.Parse(cost.Output.Trim().Split('\n')[^1]);
    var text = Directory.EnumerateFiles(output, "*.*v", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e6;
    var cells = rows * columns;
    smallest = cells == 1024 ? processor : smallest;
    Console.WriteLine(FormattableString.Invariant(
        $"| {rows} × {columns} × {lanes} | {cells:N0} | {seconds:0.00} | {processor:0.00} | {megabytes} | {text:0.00} | {processor / cells / (smallest / 1024):0.0000} |"));
    // No worse than linear: a cell costs no more than in the smallest array.
    Expect("processor time a cell against the smallest array", processor / cells / (smallest / 1024), 1);
    if ((rows, columns) == (32, 512))
    {
        Expect("seconds", seconds, 1.0);
        Expect("MB", megabytes, 300);
        Expect("MB of Verilog", text, 0.3);
        await Read(output);
    }

    if (columns == 4096)
    {
        Expect("seconds", seconds, 10);
        Expect("MB", megabytes, 1000);
    }

    void Expect(string what, double value, double most)
    {
        if (value > most)
        {
            isMet = false;
            Console.Error.WriteLine(FormattableString.Invariant($"{rows} × {columns} × {lanes}: {value:0.00} {what}, at most {most} are allowed"));
        }
    }
}

return isMet ? 0 : 1;

// The shipped configuration with another array.
static string Shape(string text, int rows, int columns, int lanes)
{
    foreach (var (key, value) in new[] { ("rows", rows), ("columns", columns), ("lanes", lanes) })
        text = Regex.Replace(text, FormattableString.Invariant($"(?m)^  {key}: [0-9]+"), FormattableString.Invariant($"  {key}: {value}"));
    return text;
}

async Task Read(string output)
{
    string[] List(string name) => [.. File.ReadAllLines(Path.Combine(output, name)).Where(line => line.Length > 0 && !line.StartsWith('/') && !line.StartsWith('+'))];
    var top = Path.GetFileNameWithoutExtension(List("rtl.f")[^1]);
    foreach (var (what, most, request) in new[]
    {
        ("Yosys reads it", 1.0, ProgramRequest.Of("yosys", "-q", "-p", $"read_verilog {string.Join(' ', List("rtl.f"))}; hierarchy -check -top {top}")),
        ("Verilator -Wall lints the simulation files", 3.0, new ProgramRequest("verilator", ["--lint-only", "-Wall", "--top-module", top, .. List("sim.f")])),
        ("Verilator -Wall lints the synthesis files", 15.0, new ProgramRequest("verilator", ["--lint-only", "-Wall", "--top-module", top, .. List("rtl.f")])),
    })
    {
        var watch = Stopwatch.StartNew();
        var run = (await OutsideProgram.RunAsync(request with { WorkingDirectory = output })).EnsureSucceeded();
        var findings = (run.Output + run.Error).Split('\n').Count(line => line.Length > 0);
        Console.Error.WriteLine(FormattableString.Invariant($"{what} in {watch.Elapsed.TotalSeconds:0.00} s (at most {most}), {findings} findings"));
        isMet &= watch.Elapsed.TotalSeconds <= most && findings == 0;
    }
}
