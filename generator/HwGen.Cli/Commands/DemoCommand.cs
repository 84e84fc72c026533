using System.CommandLine;
using HwGen.Cli.Demonstration;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen demo</c>: the main job from end to end: generate an array, map a trained network, simulate the Verilog, compare every value.</summary>
internal static class DemoCommand
{
    private static readonly string s_defaultOutput = Path.Combine("out", "demo");
    private static readonly Option<string> s_output = new("--output", "-o")
    {
        Description = "The folder for all results; one that an earlier demo made is replaced",
        HelpName = "DIR",
        DefaultValueFactory = _ => s_defaultOutput,
    };
    private static readonly Option<int> s_images = CommonOptions.Positive(new("--images", "-n")
    {
        Description = "How many images run on the Verilog",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    });

    public static Command Create() =>
        new Command("demo", "Generate an array, map a trained network, simulate the Verilog, compare every value with the golden model")
        {
            s_output, s_images, CommonOptions.Force, CommonOptions.Seed, CommonOptions.Jobs, CommonOptions.DataFolder, CommonOptions.Yes,
        }.Runs(async (parsed, context) =>
        {
            var folder = parsed.GetValue(s_output)!;
            using var output = OutputFolder.Begin(folder, parsed.GetValue(CommonOptions.Force) || DemoFolder.IsOurs(folder));
            var demonstration = new DemoRun(context, output, folder)
            {
                Images = parsed.GetValue(s_images),
                Seed = parsed.GetValue(CommonOptions.Seed),
                Jobs = parsed.GetValue(CommonOptions.Jobs),
            };
            return await demonstration.RunAsync(
                DemoSubject.Choose(parsed.GetValue(CommonOptions.DataFolder), context.Terminal), parsed.GetValue(CommonOptions.Yes)).ConfigureAwait(false);
        });
}
