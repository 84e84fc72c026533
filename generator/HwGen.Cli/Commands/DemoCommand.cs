using System.CommandLine;
using HwGen.Cli.Demonstration;
using HwGen.Cli.Hosting;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen demo</c>: the main job from end to end: generate an array, map a trained network, simulate the Verilog, compare every value.</summary>
internal static class DemoCommand
{
    private static readonly string s_defaultOutput = Path.Combine("out", "demo");

    public static Command Create()
    {
        var outputFolder = new Option<string>("--output", "-o")
        {
            Description = "The folder for all results; one that an earlier demo made is replaced",
            HelpName = "DIR",
            DefaultValueFactory = _ => s_defaultOutput,
        };
        var images = CommonOptions.Positive(new Option<int>("--images", "-n") { Description = "How many images run on the Verilog", HelpName = "N", DefaultValueFactory = _ => 100 });
        var (force, seed, jobs, dataFolder, yes) = (CommonOptions.Force(), CommonOptions.Seed(), CommonOptions.Jobs(), CommonOptions.DataFolder(), CommonOptions.Yes());
        return new Command("demo", "Generate an array, map a trained network, simulate the Verilog, compare every value with the golden model")
            { outputFolder, images, force, seed, jobs, dataFolder, yes }
            .Runs(async (parsed, context) =>
            {
                var folder = parsed.GetRequiredValue(outputFolder);
                using var output = OutputFolder.Begin(folder, parsed.GetValue(force) || DemoFolder.IsOurs(folder));
                var run = new DemoRun(context, output, folder)
                {
                    Images = parsed.GetValue(images),
                    Seed = parsed.GetValue(seed),
                    Jobs = parsed.GetValue(jobs),
                };
                return await run.RunAsync(DemoSubject.Choose(parsed.GetValue(dataFolder), context.Terminal), parsed.GetValue(yes)).ConfigureAwait(false);
            });
    }
}
