using HwGen.Netlist.Analyzers;
using Microsoft.CodeAnalysis.Diagnostics;

namespace HwGen.Netlist.Tests;

/// <summary>Every code has a page, and every page a code.</summary>
public class DiagnosticPageTests
{
    [Fact]
    public void EveryCodeHasAPage()
    {
        string[] ofAnalyzers = [.. new DiagnosticAnalyzer[] { new IgnoredSignalAnalyzer(), new ReassignedSignalAnalyzer() }.SelectMany(a => a.SupportedDiagnostics).Select(d => d.Id)];
        ofAnalyzers.Length.ShouldBe(2);
        var codes = typeof(DiagnosticCodes).GetFields().Select(f => (string)f.GetValue(null)!).Concat(ofAnalyzers).Order(StringComparer.Ordinal).ToList();
        DiagnosticPages.Codes.ShouldBe(codes);
        foreach (var code in codes)
        {
            var page = DiagnosticPages.Of(code).ShouldNotBeNull();
            page.ShouldStartWith($"## {code}: ");
            page.Length.ShouldBeGreaterThan(120);
        }
    }

    [Fact]
    public void CodesAreFoundInAnyCase() => DiagnosticPages.Of(" hw0006 ").ShouldNotBeNull().ShouldContain("loop");

    [Fact]
    public void AnUnknownCodeHasNoPage() => DiagnosticPages.Of("HW9999").ShouldBeNull();
}
