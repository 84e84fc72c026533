using System.Text.Json;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Studies;
using static System.FormattableString;

namespace HwGen.Bench;

/// <summary>Runs a study of pruning; a run that is in the folder already is not made again, so that an interrupted study goes on.</summary>
internal static class PruningStudy
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static int Run(string studyPath, string folder)
    {
        StudyPlan plan = StudyPlan.ReadFile(studyPath);
        if (TrainingData.Load(plan.Recipe.Data.Set, null) is not { } data)
        {
            Console.Error.WriteLine($"{plan.Recipe.Data.Set} is in none of {string.Join(", ", DataFolders.Candidates())}");
            return 2;
        }
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "runs.json");
        List<StudyRun> runs = File.Exists(path) ? JsonSerializer.Deserialize<List<StudyRun>>(File.ReadAllText(path))! : [];
        var all = Study.Run(plan, data, Environment.ProcessorCount, finished: [.. runs], onRun: run =>
        {
            runs.Add(run);
            File.WriteAllText(path + ".new", JsonSerializer.Serialize(runs, s_json));
            File.Move(path + ".new", path, overwrite: true);
            Console.WriteLine(Invariant($"{run.Case}, seed {run.Seed}: {100 * run.Accuracy:0.00} %, {100 * run.OperationsRemoved:0.0} % removed, {run.AliveFilters}"));
        });
        File.WriteAllText(Path.Combine(folder, "table.md"), StudyTable.Markdown(all));
        File.WriteAllText(Path.Combine(folder, "study.svg"), StudyTable.Svg(plan.Name, all));
        return 0;
    }
}
