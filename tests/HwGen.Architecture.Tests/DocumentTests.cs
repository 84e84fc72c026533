using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Registers;

namespace HwGen.Architecture.Tests;

/// <summary>Pages that hold tables made from data. <c>HWGEN_WRITE_DOCS=1</c> writes them anew.</summary>
public class DocumentTests
{
    private const string Begin = "<!-- begin -->\n", End = "<!-- end -->";

    [Fact]
    public void The_register_map_is_documented_as_it_is() =>
        Holds("registers.md", RegisterMapText.Markdown(RegisterMap.Of(Edge64 with { Bus = BusKind.Axi, Keys = KeyStoreKind.Dense, OperandSkipping = true, WindowWords = 256, Storage = StorageKind.Rram, RowParity = RowParityKind.Even, Similarity = new SimilarityConfiguration(64, 64, SimilarityConfiguration.AllRules, SimilarityConfiguration.DefaultDistances) })));

    [Fact]
    public void The_instruction_set_is_documented_as_it_is() => Holds("isa.md", InstructionSetText.Markdown(Edge64 with { OperandSkipping = true, WindowWords = 256 }));

    private static ArrayConfiguration Edge64 => ConfigurationReader.ReadFile(Path.Combine(ConfigurationSchemaTests.Checkout, "configurations", "edge64.yaml"));

    private static void Holds(string page, string tables)
    {
        var path = Path.Combine(ConfigurationSchemaTests.Checkout, "docs", page);
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("HWGEN_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, text[..begin] + tables + text[end..]);
            return;
        }

        text[begin..end].ShouldBe(tables);
    }
}
