using HwGen.Synthesis;
using HwGen.SynthesisBench;

// Tables of synth/: `dotnet run -c Release --project bench/synthesis -- TABLE`; `check TABLE` compares with the committed one.
// `area_model` compares the digital macro with an analogue one by the technology file.
if (args is ["area_model"])
    return AreaModel.Run("synth/technology.yaml", "synth/area_model.csv");
var check = args is ["check", ..];
var names = args.Skip(check ? 1 : 0).ToList();
if (names.Count == 0 || names.Any(name => !Campaigns.All.ContainsKey(name)))
{
    Console.Error.WriteLine($"tables: {string.Join(", ", Campaigns.All.Keys)}, area_model; check TABLE fails when an area or delay has grown by more than 3 %");
    return 2;
}
var folder = Directory.CreateTempSubdirectory("hwgen-bench-").FullName;
var failed = false;
foreach (var name in names)
{
    var figures = new List<Figure>();
    var file = Path.Combine("synth", name + ".csv");
    foreach (var figure in Campaigns.All[name](new Runs(Path.Combine(folder, name))))
    {
        figures.Add(figure);
        // Row by row: a campaign of hours that is interrupted leaves what it has.
        if (!check)
            FigureTable.Write(file, figures);
    }
    if (!check)
        continue;
    var (compared, growths) = FigureTable.Compare(FigureTable.Read(file), figures);
    Console.WriteLine($"{name}: compared {compared} values: {growths.Count} grew");
    foreach (var growth in growths)
        Console.WriteLine("  " + growth);
    failed |= growths.Count > 0 || compared == 0;
}
return failed ? 1 : 0;
