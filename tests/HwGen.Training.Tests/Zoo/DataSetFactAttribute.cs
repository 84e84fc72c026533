using HwGen.Networks;

namespace HwGen.Training.Tests.Zoo;

/// <summary>A test that needs a data set of the shared data: without it the test is skipped, and says why.</summary>
public sealed class DataSetFactAttribute : FactAttribute
{
    public DataSetFactAttribute(string set)
    {
        if (DataFolders.Find(set) is null)
            Skip = $"the shared data has no '{set}': looked in {string.Join(", ", DataFolders.Candidates())}";
    }
}
