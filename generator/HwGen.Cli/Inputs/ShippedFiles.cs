namespace HwGen.Cli.Inputs;

/// <summary>The files that are part of the program: configurations, and the networks of the zoo with their facts.</summary>
internal static class ShippedFiles
{
    /// <summary>The shipped configurations by name, sorted.</summary>
    public static IReadOnlyList<string> Configurations { get; } =
        [.. Names("configurations/").Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal)];

    /// <summary>The networks of the zoo by name, sorted.</summary>
    public static IReadOnlyList<string> Zoo { get; } =
        [.. Names("zoo/").Where(name => name.EndsWith("/network.hwnet", StringComparison.Ordinal)).Select(name => name.Split('/')[1]).Order(StringComparer.Ordinal)];

    /// <summary>The bytes of a file, by its path: <c>configurations/edge64.yaml</c>, <c>zoo/mnist-binary/facts.json</c>.</summary>
    public static byte[] Read(string path)
    {
        using var stream = typeof(ShippedFiles).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"{path} is not part of the program");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static IEnumerable<string> Names(string prefix) =>
        typeof(ShippedFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
}
