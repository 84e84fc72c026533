using HwGen.Networks;

namespace HwGen.Golden.Tests;

/// <summary>A test that needs MNIST; skipped with the reason where no data folder has it.</summary>
public sealed class MnistFactAttribute : FactAttribute
{
    public MnistFactAttribute()
    {
        if (DataFolders.Find("mnist") is null)
            Skip = "no folder 'mnist' in $HWGEN_DATA or ../shared/data beside the repository";
    }
}
