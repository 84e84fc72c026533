using HwGen.Architecture.Configuration;
using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>The host that a core needs: one at its ports, or one at its bus.</summary>
public static class CoreModels
{
    /// <summary>Takes over a simulator of a core.</summary>
    public static ICoreModel Of(ISimulator simulator, ArrayConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.HasBus ? new BusDriver(simulator, configuration) : new CoreDriver(simulator, configuration);
    }
}
