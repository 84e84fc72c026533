using System.CommandLine;
using System.Globalization;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Cli.Hosting;
using HwGen.Cli.Inputs;
using HwGen.Cli.Results;
using HwGen.Mapping;
using HwGen.Tools;

namespace HwGen.Cli.Commands;

/// <summary><c>hwgen map</c>: a network on an array: program, memory images, layer table. Needs no outside tool.</summary>
internal static class MapCommand
{
    public static Command Create()
    {
        var network = new Argument<string>("NET") { Description = "The network: a .hwnet file, or zoo:NAME" };
        var configuration = new Option<string>("--config", "-c") { Description = "The configuration: a YAML file, or edge64", HelpName = "CONFIG", Required = true };
        var output = CommonOptions.Output("The folder for program, memory images and tables");
        var (force, clock, batch, packing) = (CommonOptions.Force(), CommonOptions.Clock(), CommonOptions.Batch(), CommonOptions.Packing());
        return new Command("map", "Map a network onto an array: program, memory images, layer table") { network, configuration, output, batch, packing, clock, force }
            .Runs((parsed, context) => Task.FromResult(Run(
                parsed.GetRequiredValue(network), parsed.GetRequiredValue(configuration), parsed.GetRequiredValue(output), parsed.GetValue(batch), parsed.GetValue(packing), parsed.GetValue(clock), parsed.GetValue(force), context)));
    }

    private static ExitCode Run(string networkName, string configurationName, string folder, int? batch, InputPacking packing, double clock, bool force, RunContext context)
    {
        var configuration = ConfigurationInput.Read(configurationName);
        var network = NetworkFileInput.Read(networkName);
        using var output = OutputFolder.Begin(folder, force);
        var mapped = Mapper.Map(network.Network, configuration.Configuration, batch, packing);
        context.CancellationToken.ThrowIfCancellationRequested();
        foreach (var (name, text) in ProgramFiles.Texts(mapped.Program))
            File.WriteAllText(output.PathOf(name), text);
        if (configuration.Configuration.HasBus)
            InstructionFiles.Write(mapped.Program, output);
        File.WriteAllText(output.PathOf(ConfigurationInput.FileName), configuration.Text);
        MappingTable.Write(mapped, output.PathOf("layers.csv"));
        var summary = new RunSummary("map")
            .Add("network", network.Network.Name)
            .Add("networkSha256", ContentKey.Sha256(network.Bytes))
            .Add("configuration", ConfigurationWriter.ToJson(configuration.Configuration))
            .Add("mapping", MappingTable.Summary(mapped, clock));
        summary.Write(output.PathOf("summary.json"));
        output.Commit();
        MappingTable.Print(mapped, clock, context.Terminal);
        context.Terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"mapped {network.Network.Name}: {mapped.Cycles:N0} cycles an image predicted, program in {folder}"));
        return context.Finish(summary, ExitCode.Good);
    }
}
