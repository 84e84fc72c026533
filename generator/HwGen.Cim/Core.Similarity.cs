using HwGen.Netlist;

namespace HwGen.Cim;

// The similarity unit beside the sequencer: one of both uses the array.
public sealed partial class Core
{
    private Measurement? MeasuringUnit()
    {
        if (Similarity is not { } host)
        {
            return null;
        }

        Instance(out var similarity, new SimilarityUnit(configuration), name: "similarity_unit");
        return new Measurement(host, similarity);
    }

    /// <summary>The similarity unit, seen from the array.</summary>
    private sealed record Measurement(SimilarityHost Host, SimilarityUnit Unit)
    {
        /// <summary>1 while it measures.</summary>
        public Signal Measures => Unit.Array.Measures;

        /// <summary>What it says to the array.</summary>
        public SimilarityArray Array => Unit.Array;

        /// <summary>Connects it with the host and the macro.</summary>
        public void Connect(Signal layerRuns, Macro macro)
        {
            Unit.Host.Connect(Host, ~layerRuns);
            macro.Measures!.Drive(Measures);
            Unit.Array.Row.Drive(macro.Decrypted ?? macro.Stored);
            Unit.Array.Accumulators.Drive(macro.Accumulators!);
        }
    }
}
