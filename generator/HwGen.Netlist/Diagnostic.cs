using System.Diagnostics;
using System.Text;

namespace HwGen.Netlist;

/// <summary>A place in the C# source of a design.</summary>
/// <param name="File">The file, relative to the repository where the build maps paths.</param>
/// <param name="Line">The line, from 1; 0 where it is not known.</param>
public readonly record struct SourceLocation(string File, int Line) : IComparable<SourceLocation>
{
    /// <summary>A place that is not known.</summary>
    public static SourceLocation Unknown { get; } = new("(unknown)", 0);

    /// <inheritdoc/>
    public int CompareTo(SourceLocation other)
    {
        var byFile = string.CompareOrdinal(File, other.File);
        return byFile != 0 ? byFile : Line.CompareTo(other.Line);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}:{Line}");

    /// <summary>
    /// The innermost statement outside this library that is running now. Operators cannot take caller
    /// information in C#, so a mistake in an operand is placed by the stack; only mistakes pay for it.
    /// </summary>
    internal static SourceLocation OfCaller()
    {
        foreach (var frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            var assembly = frame.GetMethod()?.DeclaringType?.Assembly;
            if (assembly is not null && assembly != typeof(SourceLocation).Assembly)
            {
                return frame.GetFileName() is { } file ? new(file, frame.GetFileLineNumber()) : Unknown;
            }
        }

        return Unknown;
    }
}

/// <summary>One mistake in a design.</summary>
/// <param name="Code">The stable code, such as <c>HW0001</c>; each has a page in docs/diagnostics.md.</param>
/// <param name="Location">Where in the C# source.</param>
/// <param name="Module">The module in which it was found.</param>
/// <param name="Message">What is wrong, with both sides.</param>
/// <param name="Fix">One suggested fix.</param>
public sealed record Diagnostic(string Code, SourceLocation Location, string Module, string Message, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Location}: {Code} in {Module}: {Message} ({Fix})";
}

/// <summary>The codes of all diagnostics.</summary>
public static class DiagnosticCodes
{
    /// <summary>The widths of the operands break the operator's width law.</summary>
    public const string Width = "HW0001";

    /// <summary>A constant does not fit the width it is given.</summary>
    public const string ConstantRange = "HW0002";

    /// <summary>A slice or an index lies outside the signal.</summary>
    public const string SliceRange = "HW0003";

    /// <summary>A signal has more than one driver.</summary>
    public const string SeveralDrivers = "HW0004";

    /// <summary>An output, wire or instance input has no driver.</summary>
    public const string NoDriver = "HW0005";

    /// <summary>Combinational logic feeds itself.</summary>
    public const string CombinationalLoop = "HW0006";

    /// <summary>A name is a reserved word of Verilog or not an identifier.</summary>
    public const string IllegalName = "HW0007";

    /// <summary>One name twice in a scope.</summary>
    public const string DuplicateName = "HW0008";

    /// <summary>A signal of one module is used in another.</summary>
    public const string ForeignSignal = "HW0009";

    /// <summary>Two modules share a name but differ.</summary>
    public const string ModuleNameClash = "HW0010";

    /// <summary>A memory address has the wrong width.</summary>
    public const string MemoryAddress = "HW0011";

    /// <summary>A port or size is out of range.</summary>
    public const string Size = "HW0012";

    /// <summary>An input, wire, register or instance is used by nothing.</summary>
    public const string Unused = "HW0013";

    /// <summary>One value stands twice in a Switch.</summary>
    public const string DuplicateCase = "HW0014";

    /// <summary>An output is read inside its module, or an input of an instance outside it.</summary>
    public const string UnreadablePort = "HW0015";

    /// <summary>A comparison with a constant always has the same result.</summary>
    public const string ConstantComparison = "HW0016";

    /// <summary>A value passes from one clock to another without a stated reason.</summary>
    public const string ClockCrossing = "HW0017";

    /// <summary>A module is made while another is built, and never attached to it.</summary>
    public const string NeverAttached = "HW0018";

    /// <summary>A wire, an output or an input of an instance is driven inside a branch, which does not gate it.</summary>
    public const string DriveInBranch = "HW0019";

    /// <summary>Two bundles that are connected do not fit each other.</summary>
    public const string BundleMismatch = "HW0020";
}

/// <summary>A design has mistakes; all that one run found are listed, sorted by place.</summary>
/// <param name="diagnostics">The mistakes, at least one.</param>
/// <param name="notChecked">What the checks did not look at, a sentence each.</param>
public sealed class DesignException(IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<string>? notChecked = null) : Exception(Format(diagnostics, notChecked ?? []))
{
    /// <summary>What the checks did not look at, a sentence each: what the mistakes hide, and what <see cref="Design.NotChecked"/> says.</summary>
    public IReadOnlyList<string> NotChecked { get; } = notChecked ?? [];

    /// <summary>The mistakes, sorted by place, then code.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;

    private static string Format(IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<string> notChecked)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            text.Append(diagnostic).Append('\n');
        }

        foreach (var limit in notChecked)
        {
            text.Append("not looked at: ").Append(limit).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
