using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Netlist;
using HwGen.SimulationBench;

// Cycles a second of processor time, the compiled engine against Verilator -O3 on the simulation twins, in one run:
//   dotnet run -c Release --project bench/simulation [macro:ROWSxCOLUMNSxLANES | core:ROWSxCOLUMNSxLANES | core:FILE.yaml]...
// Without arguments: the designs of README.md. Ends with 1 when signatures differ, or when a figure misses its target.
string[] designs = args.Length > 0
    ? args
    : ["macro:64x8x64", "macro:32x512x32", "macro:512x32x64", "core:64x8x64", "core:32x512x32", "core:512x32x64"];
Console.WriteLine("| design | engine | first cycle, ms | of this process | cycles/s | compiled ÷ Verilator | signature of all cycles |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
var isMet = true;
foreach (var design in designs)
{
    if (design.Split(':', 2) is not [("macro" or "core") and var kind, var shape])
    {
        Console.Error.WriteLine($"'{design}' is no design; allowed are macro:ROWSxCOLUMNSxLANES, core:ROWSxCOLUMNSxLANES and core:FILE.yaml");
        return 2;
    }

    var configuration = shape.EndsWith(".yaml", StringComparison.Ordinal) ? ConfigurationReader.ReadFile(shape) : ConfigurationOf(shape);
    var name = FormattableString.Invariant($"{kind}_{configuration.Rows}x{configuration.Columns}x{configuration.Lanes}");
    Module Make() => kind == "core" ? new Core(configuration) : new Macro(configuration);
    isMet &= Comparison.Run(name, Design.Elaborate(new StimulatedModule(Make, name)));
}

return isMet ? 0 : 1;

static ArrayConfiguration ConfigurationOf(string shape)
{
    var sizes = shape.Split('x').Select(size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray();
    return new ArrayConfiguration("bench", sizes[0], sizes[1], sizes[2], ArrayConfiguration.AllOperations);
}
