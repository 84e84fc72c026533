using HwGen.Netlist.Analyzers;
using HwGen.Netlist.Tests.Tools;

namespace HwGen.Netlist.Tests;

/// <summary>Mistakes that C# stops, and those that the analyzers warn of.</summary>
public class AnalyzerTests
{
    [Fact]
    public void ASignalIsNoCondition() => Compiler.Errors(InBuild("if (A) { }")).ShouldBe(["CS0029"]);

    [Fact]
    public void SignalsAreNotComparedByCSharp() => Compiler.Errors(InBuild("var same = A == B; var other = A != B;")).ShouldBe(["CS0619", "CS0619"]);

    [Fact]
    public void AnIgnoredResultIsReported() => Compiler.Warnings(InBuild("A.EqualTo(B); Discard(A.EqualTo(B)); A.Drive(B);"), new IgnoredSignalAnalyzer())
        .ShouldBe(["HWA001: The signal that EqualTo gives is ignored: drive something with it, or call Discard"]);

    [Fact]
    public void AReassignmentInABranchIsReported() => Compiler.Warnings(
        InBuild("Signal x = A; When(B, () => { x = B; Signal y = A; y = B; Discard(y); }).Else(() => x &= A); Switch(A, (0, () => x = A)); Discard(x);"), new ReassignedSignalAnalyzer())
        .ShouldBe([.. new[] { "When", "Else", "Switch" }.Select(b => $"HWA002: x is assigned inside {b}, which runs whatever its condition is: use Choose, or drive a register")]);

    [Fact]
    public void AFoldInALoopIsNotReported() => Compiler.Warnings(
        InBuild("Signal x = A; for (var i = 0; i < 3; i++) { x = x ^ B; } When(A, () => { for (var i = 0; i < 3; i++) { Signal y = A; y ^= B; Discard(y); } }); Discard(x);"), new ReassignedSignalAnalyzer())
        .ShouldBeEmpty();

    private static string InBuild(string statements) =>
        $"class M : Module {{ public Input A {{ get; }} = new(1); public Input B {{ get; }} = new(1); protected override void Build() {{ {statements} }} }}";
}
