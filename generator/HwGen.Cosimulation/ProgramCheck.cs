using HwGen.Architecture.Program;
using HwGen.Networks;
using HwGen.Tools;

namespace HwGen.Cosimulation;

/// <summary>Whether a program that was read from files belongs to a network: only then can the two be compared value by value.</summary>
public static class ProgramCheck
{
    /// <summary>Checks names, shapes and counts.</summary>
    /// <param name="program">The program.</param>
    /// <param name="network">The network.</param>
    /// <param name="source">Where the program came from, for messages.</param>
    /// <exception cref="InputException">They do not belong together; everything that differs is named.</exception>
    public static void Run(CoreProgram program, QuantisedNetwork network, string source)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(network);
        var errors = new List<InputError>();
        void Expect(bool holds, string key, string value, string message, string allowed)
        {
            if (!holds)
                errors.Add(new InputError(message) { File = source, Key = key, Value = value, Allowed = allowed });
        }

        Expect(program.Network == network.Name, "network", program.Network, "the program is of another network", network.Name);
        var input = new FeatureMap(network.Input.Shape, network.Input.Rule.Format, network.Input.Rule.Range);
        if (program.Windows is { } windows)
        {
            var shape = new TensorShape(windows.Channels, windows.Height, windows.Width);
            Expect(shape == input.Shape, "windows", FormattableString.Invariant($"{shape}"), "is not the network's input", FormattableString.Invariant($"{input.Shape}"));
            var (planes, isSigned) = windows.ReachOutside(program.Input.Height, program.Input.Width) ? Padded(input) : (Planes(input), IsSigned(input));
            Expect(program.Input.Planes == planes && program.Input.IsSigned == isSigned, "input", Shape(program.Input), "is not what windows of the network's input take", FormattableString.Invariant($"{planes} bit-planes, {(isSigned ? "signed" : "unsigned")}"));
        }
        else
        {
            Expect(Fits(program.Input, input), "input", Shape(program.Input), "is not the network's input", Shape(input));
        }

        // Without the channels that are constant, sums reach less far: values may take fewer planes than the network says.
        var isCompacted = program.Stages.Any(stage => !stage.Constants.IsEmpty);
        foreach (var stage in program.Stages)
        {
            var layer = network.Layers.FirstOrDefault(l => l.Name == stage.Name);
            Expect(layer is not null, "stages", stage.Name, "the network has no layer of that name", "the names of its layers");
            if (layer is null)
                continue;
            var map = network[stage.Name];
            if (stage.Output is { } output)
                Expect(Fits(output, map, stage.Constants.Length, isCompacted), stage.Name + ".output", Shape(output), "is not the layer's output", Shape(map));
            else
                Expect(stage.Results + ((long)stage.Results / stage.ResultChannels * stage.Constants.Length) == map.Shape.Count, stage.Name + ".results", FormattableString.Invariant($"{stage.Results}"), "is not the number of the layer's values", FormattableString.Invariant($"{map.Shape.Count}"));
        }

        Expect(program.Stages[^1].Name == network.Output, "stages", program.Stages[^1].Name, "the last stage does not make the network's output", network.Output);
        if (errors.Count > 0)
            throw new InputException(errors);
    }

    /// <summary>A flattened map lies as it did before; values take the planes that their range needs.</summary>
    private static bool Fits(FeatureMapLayout layout, FeatureMap map, int constants = 0, bool isCompacted = false) =>
        (long)(layout.Channels + constants) * layout.Height * layout.Width == map.Shape.Count
        && (map.Shape.IsFlat || layout.Channels + constants == map.Shape.Channels || layout is { Height: 1, Width: 1 })
        && (isCompacted ? layout.Planes <= Planes(map) : layout.Planes == Planes(map) && layout.IsSigned == IsSigned(map));

    private static bool IsSigned(FeatureMap map) => map.Format.Kind != NumberKind.Bipolar && map.Range.Minimum < 0;

    /// <summary>Planes of values among which there is 0: a third one beside ±1.</summary>
    private static (int Planes, bool IsSigned) Padded(FeatureMap map)
    {
        var range = map.Range.Union(new ValueRange(0, 0));
        return (NumberFormat.Smallest(range).Bits, range.Minimum < 0);
    }

    private static int Planes(FeatureMap map) => map.Format.Kind == NumberKind.Bipolar ? 1 : NumberFormat.Smallest(map.Range).Bits;

    private static string Shape(FeatureMap map) => FormattableString.Invariant($"{map.Shape} in {Planes(map)} bit-planes");

    private static string Shape(FeatureMapLayout layout) =>
        FormattableString.Invariant($"{new TensorShape(layout.Channels, layout.Height, layout.Width)} in {layout.Planes} bit-planes");
}
