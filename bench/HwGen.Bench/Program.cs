using HwGen.Bench;

switch (args)
{
    case ["golden"]:
        return GoldenSpeed.Run();
    case ["simulation"]:
        return SimulationSpeed.Run();
    case ["pruning", var study, var folder]:
        return PruningStudy.Run(study, folder);
    default:
        Console.Error.WriteLine("measurements: golden | simulation | pruning STUDY.yaml FOLDER");
        return 2;
}
