using System.Diagnostics;
using System.Globalization;
using System.Text;
using HwGen.Netlist;
using HwGen.Simulation.Compiled;
using Xunit.Abstractions;

namespace HwGen.Simulation.Tests.PlantedFaults;

/// <summary>
/// Each planted fault changes what random circuits compute, or stops them: so the comparison of engines would have caught it. The faults are in the real sources, compiled
/// anew with all of them inside.
/// </summary>
public sealed class PlantedFaultTests(ITestOutputHelper output)
{
    private const int CircuitsOfARound = 6;
    private const int ArraysOfARound = 2;
    private const int Rounds = 120;
    private const int RoundsOfText = 24;

    [Fact]
    public void The_random_circuits_catch_every_planted_fault()
    {
        var faults = FaultCatalogue.All;
        var libraries = new FaultyLibraries(faults);
        var caught = new string?[faults.Count];
        var expected = new Dictionary<(bool, int), string[]>();
        for (var fault = 0; fault < faults.Count; fault++)
        {
            if (faults[fault].Place == FaultPlace.Writer)
                continue;
            var engine = faults[fault].Place == FaultPlace.Pass ? "interpreted" : "compiled";
            var isOfArrays = faults[fault].Place == FaultPlace.Vectors;
            var circuits = isOfArrays ? ArraysOfARound : CircuitsOfARound;
            for (var round = 0; round < Rounds && caught[fault] is null; round++)
            {
                var first = 5000 + (round * circuits);
                if (!expected.TryGetValue((isOfArrays, round), out var values))
                    expected.Add((isOfArrays, round), values = libraries.Trace(-1, "interpreted", isOfArrays, first, circuits));
                caught[fault] = Difference(() => libraries.Trace(fault, engine, isOfArrays, first, circuits), values) is { } how
                    ? FormattableString.Invariant($"{how}, after {(round + 1) * circuits} {(isOfArrays ? "arrays" : "circuits")}") : null;
            }
        }

        for (var round = 0; round < RoundsOfText && Missing(FaultPlace.Writer).ToArray() is { Length: > 0 } missing; round++)
            CatchInText(libraries, missing, 7000 + (10 * round), 10, caught);

        foreach (var place in Enum.GetValues<FaultPlace>())
        {
            output.WriteLine($"{place}");
            for (var fault = 0; fault < faults.Count; fault++)
            {
                if (faults[fault].Place == place)
                    output.WriteLine($"  {faults[fault].What,-70} {caught[fault] ?? "NOT CAUGHT"}");
            }
        }

        Enum.GetValues<NodeKind>().Where(kind => !faults.Any(fault => fault.Place == FaultPlace.CompiledEngine && fault.What.Contains(kind.ToString(), StringComparison.Ordinal))).ShouldBeEmpty();
        Enum.GetValues<NodeKind>().Where(kind => !faults.Any(fault => fault.Place == FaultPlace.Writer && fault.What.Contains(kind.ToString(), StringComparison.Ordinal))).ShouldBeEmpty();
        Enum.GetValues<NodeKind>().Where(kind => ModulePlan.IsOperator(kind) && kind is not (NodeKind.ShiftRightSigned or NodeKind.ZeroExtend)
            && !faults.Any(fault => fault.Place == FaultPlace.Vectors && fault.What.Contains(kind.ToString(), StringComparison.Ordinal))).ShouldBeEmpty();
        output.WriteLine(FormattableString.Invariant($"{faults.Count} faults planted, {caught.Count(how => how is not null)} caught"));
        faults.Select(fault => fault.What).Where((_, fault) => caught[fault] is null).ShouldBeEmpty();

        IEnumerable<int> Missing(FaultPlace place) => Enumerable.Range(0, faults.Count).Where(fault => faults[fault].Place == place && caught[fault] is null);
    }

    /// <summary>How a run differs from what it should show; null when it does not.</summary>
    private static string? Difference(Func<string[]> run, string[] expected)
    {
        try
        {
            var values = run();
            var differing = values.Zip(expected).Count(pair => pair.First != pair.Second);
            return differing > 0 || values.Length != expected.Length ? FormattableString.Invariant($"{differing} of {expected.Length} values differ") : null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return "refused: " + failure.GetType().Name;
        }
    }

    /// <summary>Runs the texts of all faulty writers and of the sound one beside each other in one Icarus.</summary>
    private static void CatchInText(FaultyLibraries libraries, int[] faults, int firstSeed, int circuits, string?[] caught)
    {
        var folder = Directory.CreateTempSubdirectory("hwgen-faults-");
        try
        {
            var files = new List<string>();
            var running = new List<int>();
            foreach (var fault in faults.Prepend(-1))
            {
                try
                {
                    foreach (var file in libraries.Texts(fault, Prefix(fault), firstSeed, circuits))
                    {
                        File.WriteAllText(Path.Combine(folder.FullName, file[0]), file[1]);
                        files.Add(file[0]);
                    }

                    running.Add(fault);
                }
                catch (InvalidOperationException failure) when (fault >= 0 && failure.Message.Contains("A fault of the Verilog writer", StringComparison.Ordinal))
                {
                    caught[fault] = "refused before a file exists";
                }
            }

            var bench = Bench(Design.Elaborate(new RandomBatch(firstSeed, circuits)).Top, running, firstSeed);
            File.WriteAllText(Path.Combine(folder.FullName, "bench.v"), bench);
            Run(folder.FullName, "iverilog", ["-g2012", "-s", "bench", "-o", "bench.vvp", "bench.v", .. files]);
            foreach (var line in Run(folder.FullName, "vvp", ["bench.vvp"]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ');
                var (fault, differing, compared) = (int.Parse(words[0], CultureInfo.InvariantCulture), words[1], words[2]);
                if (differing != "0")
                    caught[fault] = $"{differing} of {compared} values differ";
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Prefix(int fault) => fault < 0 ? "sound_" : FormattableString.Invariant($"fault{fault}_");

    private static string Bench(ModuleGraph top, List<int> faults, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("module bench;\n");
        var look = new StringBuilder();
        var inputs = top.Ports.Where(port => port.IsInput).Select(port => (port.Name, port.Width)).Concat(top.ClockPortNames.Select(name => (Name: name, Width: 1))).ToArray();
        foreach (var (name, width) in inputs)
            text.Append(CultureInfo.InvariantCulture, $"reg [{width - 1}:0] {name} = 0;\n");
        foreach (var fault in faults)
        {
            foreach (var port in top.Ports.Where(port => !port.IsInput))
            {
                text.Append(CultureInfo.InvariantCulture, $"wire [{port.Width - 1}:0] {Prefix(fault)}{port.Name};\n");
                if (fault >= 0)
                    look.Append(CultureInfo.InvariantCulture, $"compared_{fault} = compared_{fault} + 1; if ({Prefix(fault)}{port.Name} !== sound_{port.Name}) differing_{fault} = differing_{fault} + 1;\n");
            }

            if (fault >= 0)
                text.Append(CultureInfo.InvariantCulture, $"integer compared_{fault} = 0, differing_{fault} = 0;\n");
            var connections = inputs.Select(input => $".{input.Name}({input.Name})").Concat(top.Ports.Where(port => !port.IsInput).Select(port => $".{port.Name}({Prefix(fault)}{port.Name})"));
            text.Append(CultureInfo.InvariantCulture, $"{Prefix(fault)}{top.Name} {Prefix(fault)}top ({string.Join(", ", connections)});\n");
        }

        text.Append("task look; begin\n").Append(look).Append("end endtask\ninitial begin\n");
        for (var step = 0; step < 30; step++)
        {
            foreach (var (name, width) in inputs.Where(input => input.Name.StartsWith("stimulus", StringComparison.Ordinal)))
                text.Append(CultureInfo.InvariantCulture, $"{name} = {{{string.Join(", ", Enumerable.Range(0, (width + 31) / 32).Select(_ => $"32'd{(uint)random.NextInt64()}"))}}};\n");
            foreach (var (name, _) in inputs.Where(input => input.Name.StartsWith("reset", StringComparison.Ordinal)))
                text.Append(CultureInfo.InvariantCulture, $"{name} = {(step < 3 || random.Next(8) == 0 ? 0 : 1)};\n");
            text.Append("#1 look;\n");
            var clocks = inputs.Where(input => input.Name.StartsWith("clock", StringComparison.Ordinal)).Select(input => input.Name).ToArray();
            var chosen = step < 3 ? clocks : [clocks[random.Next(clocks.Length)]];
            foreach (var level in new[] { 1, 0 })
                text.Append(string.Concat(chosen.Select(clock => FormattableString.Invariant($"{clock} = {level}; ")))).Append("#1 look;\n");
        }

        foreach (var fault in faults.Where(fault => fault >= 0))
            text.Append(CultureInfo.InvariantCulture, $"$display(\"{fault} %0d %0d\", differing_{fault}, compared_{fault});\n");
        return text.Append("end\nendmodule\n").ToString();
    }

    private static string Run(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program}: {errors.Result}");
        return text;
    }
}
