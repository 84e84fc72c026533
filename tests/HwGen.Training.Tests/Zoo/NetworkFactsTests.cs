using HwGen.Networks;
using HwGen.Training.Zoo;

namespace HwGen.Training.Tests.Zoo;

public sealed class NetworkFactsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen-facts").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static NetworkFacts Facts { get; } = new(1, "n", 7, "drawn-digits", 200, 150, new string('a', 64), 100, new string('b', 64), new string('c', 64));

    private string Write(string text)
    {
        string path = Path.Combine(_folder, NetworkFacts.FileName);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void What_is_written_is_read()
    {
        NetworkFacts read = NetworkFacts.Read(Write(Facts.ToJson()));
        read.ShouldBe(Facts);
        read.Accuracy.ShouldBe(0.75);
        Facts.ToJson().ShouldNotContain("\r");
    }

    [Theory]
    [InlineData("\"seed\"", "\"sead\"")]
    [InlineData("\"testImages\": 200", "\"testImages\": \"many\"")]
    [InlineData("\"testImages\": 200", "\"testImages\": 0")]
    [InlineData("\"correctImages\": 150", "\"correctImages\": 201")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 9")]
    [InlineData("{", "[")]
    public void What_is_wrong_is_refused(string old, string replacement)
    {
        string text = Facts.ToJson().Replace(old, replacement, StringComparison.Ordinal);
        text.ShouldNotBe(Facts.ToJson());
        Should.Throw<InputFileException>(() => NetworkFacts.Read(Write(text))).Message.ShouldContain(NetworkFacts.FileName);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Should.Throw<InputFileException>(() => NetworkFacts.Read(Path.Combine(_folder, "none.json"))).Message.ShouldContain("none.json");
}
