namespace HwGen.Mutation.Tests;

/// <summary>What a campaign has found out, a line a fault: one that was stopped goes on where it was. Survivors are asked again, because what is done about them comes later (docs/mutation.md).</summary>
internal sealed class ProgressFile
{
    private readonly string _path;
    private readonly Dictionary<(int Number, string Core, string What), Verdict> _known;

    /// <param name="name">The name of the file.</param>
    public ProgressFile(string name)
    {
        _path = Path.Combine(Folder, name);
        _known = File.Exists(_path)
            ? File.ReadAllLines(_path).Select(Verdict.Parse).Where(v => v.Outcome != Outcome.Survived).DistinctBy(Key).ToDictionary(Key)
            : [];
    }

    /// <summary>Where campaigns leave what they found.</summary>
    public static string Folder => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "mutation")).FullName;

    /// <summary>What an earlier run found out about a fault; null where it did not, or the fault survived.</summary>
    public Verdict? Find(int number, string core, string what) => _known.GetValueOrDefault((number, core, what));

    /// <summary>Takes a verdict, from any thread.</summary>
    public void Add(Verdict verdict)
    {
        lock (_known)
        {
            File.AppendAllText(_path, verdict.Line + "\n");
        }
    }

    private static (int Number, string Core, string What) Key(Verdict verdict) => (verdict.Number, verdict.Core, verdict.What);
}
