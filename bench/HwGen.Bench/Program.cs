using System.Globalization;
using HwGen.Bench;

switch (args)
{
    case ["golden"]:
        return GoldenSpeed.Run();
    case ["simulation"]:
        return SimulationSpeed.Run();
    case ["pruning", var study, var folder]:
        return PruningStudy.Run(study, folder);
    case ["pruned-cost", var unpruned, var pruned, var images, var fewer]:
        return PrunedCost.Run(unpruned, pruned, int.Parse(images, CultureInfo.InvariantCulture), int.Parse(fewer, CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("measurements: golden | simulation | pruning STUDY.yaml FOLDER | pruned-cost UNPRUNED.hwnet PRUNED.hwnet IMAGES FEWER-IMAGES");
        return 2;
}
