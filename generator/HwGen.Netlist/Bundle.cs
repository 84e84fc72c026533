using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <summary>Which side of a bundle a module is.</summary>
public enum BundleSide
{
    /// <summary>Drives what goes forward.</summary>
    Source,

    /// <summary>Takes what goes forward.</summary>
    Sink,
}

/// <summary>
/// Ports that belong together, such as a stream or a bus. A subclass holds them in properties made by <see cref="Forward"/> and
/// <see cref="Backward"/>; a module holds bundles in properties, alone or in lists, and each port is named after both: <c>Result.Valid</c> is <c>result_valid</c>, <c>Results[2].Valid</c> is
/// <c>results_2_valid</c>.
/// </summary>
/// <param name="side">The side that the module is.</param>
/// <param name="name">What the names of its ports begin with; from the property when null.</param>
public abstract class Bundle(BundleSide side, string? name = null)
{
    /// <summary>The side that the module is.</summary>
    public BundleSide Side { get; } = side;

    internal string? Name { get; } = name;

    /// <summary>A port from source to sink.</summary>
    protected Port Forward(int width, string? name = null, [CallerMemberName] string property = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Make(Side == BundleSide.Source, width, name, property, file, line);

    /// <summary>A port from sink to source.</summary>
    protected Port Backward(int width, string? name = null, [CallerMemberName] string property = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Make(Side == BundleSide.Sink, width, name, property, file, line);

    private static Port Make(bool isOutput, int width, string? name, string property, string file, int line) =>
        isOutput ? new Output(width, name, property, file, line) : new Input(width, name, property, file, line);
}
