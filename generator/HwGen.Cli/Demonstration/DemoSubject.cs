using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Zoo;

namespace HwGen.Cli.Demonstration;

/// <summary>What the demo runs: a network of the zoo, what was measured of it, and the test images.</summary>
/// <param name="ZooName">The network's name in the zoo.</param>
/// <param name="Network">The network.</param>
/// <param name="Facts">What was measured when it was trained.</param>
/// <param name="Test">The images.</param>
internal sealed record DemoSubject(string ZooName, NetworkFileInput Network, NetworkFacts Facts, ImageSet Test)
{
    /// <summary>MNIST where a data folder has it; else digits that the program draws itself, which it says.</summary>
    public static DemoSubject Choose(string? dataFolder, Terminal terminal)
    {
        if (TrainingData.LoadTest("mnist", dataFolder) is { } mnist)
            return Of("mnist-binary", mnist);
        terminal.Result("no MNIST was found (`hwgen data get mnist` downloads it): this demo runs on digits that it draws itself");
        return Of("drawn-digits", TrainingData.LoadTest(TrainingData.DrawnDigitsName)!);
    }

    private static DemoSubject Of(string zooName, ImageSet test) =>
        new(zooName, NetworkFileInput.Read("zoo:" + zooName), NetworkFileInput.Facts(zooName), test);
}
