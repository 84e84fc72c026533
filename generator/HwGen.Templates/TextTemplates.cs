using System.Collections.Concurrent;
using System.Globalization;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace HwGen.Templates;

/// <summary>
/// Renders the text templates of <c>rtl-templates/</c>, which are embedded in this assembly: benches, scripts, manifests and
/// documents. Hardware is never rendered: it comes out of the netlist.
/// </summary>
/// <remarks>
/// Syntax: Handlebars (<c>{{name}}</c>, <c>{{#each list}}</c>, <c>{{#if flag}}</c>). Nothing is escaped, numbers are written for the
/// invariant culture, and a name that the model does not have is an error. This class is the only one that knows the engine.
/// </remarks>
public static class TextTemplates
{
    private static readonly ConcurrentDictionary<string, HandlebarsTemplate<object, object>> s_compiled = new(StringComparer.Ordinal);

    private static readonly Lazy<IHandlebars> s_engine = new(() => Handlebars.Create(new HandlebarsConfiguration
    {
        NoEscape = true,
        FormatProvider = CultureInfo.InvariantCulture,
        ThrowOnUnresolvedBindingExpression = true,
    }));

    /// <summary>The names of all templates, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(TextTemplates).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <summary>Renders an embedded template.</summary>
    /// <param name="name">Its path under <c>rtl-templates/</c>, with forward slashes: <c>simulation/bench.v.hbs</c>.</param>
    /// <param name="model">What the names in the template stand for: a record, an anonymous object or a dictionary.</param>
    /// <returns>The text, with line feeds only.</returns>
    /// <exception cref="TemplateException">There is no such template, it does not parse, or it uses a name that the model does not have.</exception>
    public static string Render(string name, object model)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(model);
        return Render(name, () => s_compiled.GetOrAdd(name, key => s_engine.Value.Compile(Read(key))), model);
    }

    /// <summary>Renders a template that is given as text.</summary>
    /// <param name="template">The template.</param>
    /// <param name="model">What the names in the template stand for.</param>
    /// <returns>The text, with line feeds only.</returns>
    /// <exception cref="TemplateException">It does not parse, or it uses a name that the model does not have.</exception>
    public static string RenderText(string template, object model)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(model);
        return Render("(text)", () => s_engine.Value.Compile(template), model);
    }

    private static string Render(string name, Func<HandlebarsTemplate<object, object>> compile, object model)
    {
        // The format provider of the configuration does not reach every value: the culture is set as well.
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return compile()(model).ReplaceLineEndings("\n");
        }
        catch (Exception exception) when (exception is HandlebarsException or HandlebarsUndefinedBindingException)
        {
            throw new TemplateException($"template {name}: {exception.Message}", exception);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Read(string name)
    {
        using var stream = typeof(TextTemplates).Assembly.GetManifestResourceStream(name)
            ?? throw new TemplateException($"there is no template {name}; there are: {string.Join(", ", Names)}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
