using System.Globalization;
using System.Text.Json.Nodes;
using HwGen.Architecture.Configuration;
using HwGen.Cim;
using HwGen.Cli.Hosting;
using HwGen.Cosimulation;
using HwGen.Simulation;
using HwGen.Tools;
using HwGen.Training.Recipes;

namespace HwGen.Cli.Inputs;

/// <summary>The simulated array in which <c>train --in-situ</c> measures, and what was compared in each epoch.</summary>
internal sealed class InSituMeasurement : IDisposable
{
    private readonly List<(int Epoch, InSituCounts Counts)> _epochs = [];
    private readonly ArrayConfiguration _configuration;
    private readonly ISimulator _simulator;
    private readonly IReadOnlyDictionary<string, string> _versions;
    private InSituCounts _before = InSituCounts.None;

    private InSituMeasurement(ISimulator simulator, ArrayConfiguration configuration, IReadOnlyDictionary<string, string> versions)
    {
        (_simulator, _configuration, _versions) = (simulator, configuration, versions);
        Distances = new SimulatedDistances(simulator, configuration);
    }

    /// <summary>The engines by their names; the first is the golden model and simulates nothing.</summary>
    public static IReadOnlyList<string> Engines { get; } = ["golden", "compiled", "verilator"];

    /// <summary>The source of distances.</summary>
    public SimulatedDistances Distances { get; }

    /// <summary>Generates the array and starts its simulation; null for the golden model.</summary>
    /// <exception cref="InputException">A recipe that prunes nothing, or a configuration for the golden model.</exception>
    /// <exception cref="InSituRefusedException">A layer does not fit the array.</exception>
    public static async Task<InSituMeasurement?> StartAsync(
        string engineName, string? configurationPath, Recipe recipe, string recipePath, int imageChannels, bool yes, RunContext context)
    {
        if (engineName == Engines[0])
        {
            return configurationPath is null
                ? null
                : throw new InputException(new InputError("is the array of a simulation") { Key = "--config", Value = configurationPath, Allowed = "--in-situ compiled or verilator beside it" });
        }

        if (recipe.Pruning is null)
            throw new InputException(new InputError("prunes nothing: there is nothing to measure") { File = recipePath, Key = "pruning", Allowed = "a recipe with pruning, or --in-situ golden" });
        var configuration = configurationPath is null ? InSituArray.For(recipe, imageChannels) : ConfigurationInput.Read(configurationPath).Configuration;
        InSituArray.Check(configuration, recipe, imageChannels);
        var core = CoreGenerator.Generate(configuration);
        await context.EnsureToolsAsync(Inputs.Engines.ToolsOf(engineName), yes).ConfigureAwait(false);
        var versions = await Inputs.Engines.VersionsAsync(engineName, context.CancellationToken).ConfigureAwait(false);
        context.Terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"measuring in {configuration.Name}: {configuration.Rows} rows of {configuration.Columns} cells, {configuration.Lanes} lanes; building {core.TopModule} for {engineName}"));
        var engine = Inputs.Engines.Make(engineName, context.CancellationToken);
        var simulator = await Task.Run(
            () => engine.Start(NetlistSource.Of(core.Design, core.Files, Inputs.Engines.TakesTwins(engineName)), new SimulationOptions { Seed = 1 }), context.CancellationToken).ConfigureAwait(false);
        return new InSituMeasurement(simulator, configuration, versions);
    }

    /// <summary>Takes note of an epoch.</summary>
    /// <returns>What was compared in it; null where nothing was measured.</returns>
    public string? OnEpoch(int epoch)
    {
        var counts = Distances.Counts.Since(_before);
        _before = Distances.Counts;
        if (counts.Layers == 0)
            return null;
        _epochs.Add((epoch, counts));
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {epoch}, in situ ({_simulator.Engine}): {counts.Layers} layers, {counts.Distances} distances and {counts.Masks} valid bits compared, 0 differ; "
            + $"{counts.RowLoads} rows written, {counts.MeasureCycles} cycles to read the distances, {counts.PruneCycles} to prune, as predicted");
    }

    /// <summary>The member of the summary.</summary>
    public static JsonObject Summary(InSituMeasurement? measurement) => measurement is null
        ? new JsonObject { ["engine"] = Engines[0] }
        : new JsonObject
        {
            ["engine"] = measurement._simulator.Engine,
            ["tools"] = new JsonObject(measurement._versions.OrderBy(version => version.Key, StringComparer.Ordinal).Select(version => KeyValuePair.Create(version.Key, (JsonNode?)version.Value))),
            ["configuration"] = ConfigurationWriter.ToJson(measurement._configuration),
            ["differences"] = 0,
            ["total"] = Json(measurement.Distances.Counts),
            ["epochs"] = new JsonArray([.. measurement._epochs.Select(epoch =>
            {
                var json = Json(epoch.Counts);
                json.Insert(0, "epoch", epoch.Epoch);
                return json;
            })]),
        };

    public void Dispose() => _simulator.Dispose();

    private static JsonObject Json(InSituCounts counts) => new()
    {
        ["layers"] = counts.Layers,
        ["distances"] = counts.Distances,
        ["validBits"] = counts.Masks,
        ["rowLoads"] = counts.RowLoads,
        ["measureCycles"] = counts.MeasureCycles,
        ["pruneCycles"] = counts.PruneCycles,
    };
}
