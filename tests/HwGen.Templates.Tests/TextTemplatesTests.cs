using System.Globalization;

namespace HwGen.Templates.Tests;

public class TextTemplatesTests
{
    private sealed record Port(string Name, int Width);

    [Fact]
    public void Text_is_not_escaped() =>
        TextTemplates.RenderText("{{expression}} {{{expression}}}", new { expression = "a < b && c > \"d\" 'e' `f`" })
            .ShouldBe("a < b && c > \"d\" 'e' `f` a < b && c > \"d\" 'e' `f`");

    [Fact]
    public void Numbers_are_written_for_the_invariant_culture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            // The test would prove nothing if the culture had not arrived.
            1.5.ToString(CultureInfo.CurrentCulture).ShouldBe("1,5");
            TextTemplates.RenderText("{{real}} {{single}} {{money}} {{big}} {{negative}} {{#each list}}{{this}};{{/each}}{{nested.real}}",
                new { real = 1.5, single = 2.5f, money = 3.5m, big = 1234567L, negative = -4, list = new[] { 0.25, 1e-9 }, nested = new Dictionary<string, object> { ["real"] = 7.5 } })
                .ShouldBe("1.5 2.5 3.5 1234567 -4 0.25;1E-09;7.5");
            CultureInfo.CurrentCulture.ShouldBeSameAs(culture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("{{missing}}")]
    [InlineData("{{known.missing}}")]
    [InlineData("{{#each missing}}x{{/each}}")]
    [InlineData("{{#each ports}}{{nmae}}{{/each}}")]
    [InlineData("{{> missing}}")]
    [InlineData("{{missing known}}")]
    public void A_name_that_the_model_does_not_have_is_an_error(string template) =>
        Should.Throw<TemplateException>(() => TextTemplates.RenderText(template, new { known = "x", ports = new[] { new Port("a", 1) } }))
            .Message.ShouldContain("template (text)");

    [Theory]
    [InlineData("{{#if known}}")]
    [InlineData("{{#each a}}{{/if}}")]
    [InlineData("{{known")]
    public void A_template_that_does_not_parse_is_an_error(string template) =>
        Should.Throw<TemplateException>(() => TextTemplates.RenderText(template, new { known = "x", a = new[] { 1 } }));

    [Fact]
    public void Blocks_read_as_a_person_writes_them() =>
        TextTemplates.RenderText(
            """
            module {{name}} (
            {{#each ports}}
                input wire [{{width}}:0] {{name}}{{#unless @last}},{{/unless}}
            {{/each}}
            );
            {{#if trace}}
                initial $dumpvars;
            {{/if}}
            {{#if quiet}}
                never
            {{/if}}
            """,
            new { name = "top", trace = true, quiet = false, ports = new[] { new { name = "a", width = 7 }, new { name = "b", width = 0 } } })
            .ShouldBe("module top (\n    input wire [7:0] a,\n    input wire [0:0] b\n);\n    initial $dumpvars;\n");

    [Fact]
    public void Line_feeds_are_the_only_line_ends() =>
        TextTemplates.RenderText("a\r\n{{b}}\r\n", new { b = "x\r\ny" }).ShouldBe("a\nx\ny\n");

    [Fact]
    public void A_missing_template_is_an_error_that_lists_what_there_is() =>
        Should.Throw<TemplateException>(() => TextTemplates.Render("none.hbs", new { })).Message.ShouldContain("none.hbs");

    [Fact]
    public void Every_template_of_the_repository_is_embedded_under_its_own_path()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "HwGen.sln")))
            root = root.Parent;
        var folder = Path.Combine(root.FullName, "rtl-templates");
        TextTemplates.Names.ShouldBe(Directory.EnumerateFiles(folder, "*.hbs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal));
        // Each parses: a broken one is found here, not by a user.
        foreach (var name in TextTemplates.Names)
        {
            try
            {
                TextTemplates.Render(name, new { });
            }
            catch (TemplateException exception)
            {
                exception.InnerException.ShouldNotBeOfType<HandlebarsDotNet.HandlebarsParserException>();
            }
        }
    }
}
