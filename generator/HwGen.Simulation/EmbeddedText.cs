namespace HwGen.Simulation;

/// <summary>The C++ sources of testbenches/ that are part of this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of an embedded file, by its path in the repository.</summary>
    public static string Read(string path)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"{path} is not part of the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
