using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace HwGen.Cli.SelfTest;

/// <summary>What one test project said, read from the file that its logger wrote.</summary>
/// <param name="Passed">How many passed.</param>
/// <param name="Failures">The failed ones: name and message.</param>
/// <param name="Skips">Why each skipped one was skipped.</param>
internal sealed record TestResults(int Passed, IReadOnlyList<(string Name, string Message)> Failures, IReadOnlyList<string> Skips)
{
    private static readonly XNamespace s_names = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>How many tests there are results of.</summary>
    public int Total => Passed + Failures.Count + Skips.Count;

    /// <summary>Reads a trx file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The results; null when there is no file or it is cut off, as after a crash of the test host.</returns>
    public static TestResults? Read(string path)
    {
        XDocument document;
        try
        {
            document = XDocument.Load(path);
        }
        catch (Exception exception) when (exception is IOException or XmlException)
        {
            return null;
        }
        var passed = 0;
        var failures = new List<(string, string)>();
        var skips = new List<string>();
        foreach (var result in document.Descendants(s_names + "UnitTestResult"))
        {
            var name = (string?)result.Attribute("testName") ?? "(a test without a name)";
            switch ((string?)result.Attribute("outcome"))
            {
                case "Passed":
                    passed++;
                    break;
                case "NotExecuted":
                    skips.Add(Reason(result));
                    break;
                default:
                    failures.Add((name, result.Descendants(s_names + "Message").FirstOrDefault()?.Value ?? "no message"));
                    break;
            }
        }
        // Errors of the run itself (a class whose fixture fails, a crash) appear here and nowhere else.
        var aborted = (string?)document.Descendants(s_names + "ResultSummary").FirstOrDefault()?.Attribute("outcome") is "Failed" or "Error" or "Aborted";
        if (aborted && failures.Count == 0)
        {
            failures.Add(("(the run)", string.Join('\n', document.Descendants(s_names + "RunInfo").Select(info => info.Value.Trim()).DefaultIfEmpty("it was aborted"))));
        }
        return new TestResults(passed, failures, skips);
    }

    /// <summary>The last line of <c>hwgen test</c>.</summary>
    /// <param name="passed">How many passed, over all projects.</param>
    /// <param name="failed">How many failed.</param>
    /// <param name="skipped">How many were skipped.</param>
    /// <returns><c>12 passed, 0 failed, 1 skipped</c>.</returns>
    public static string Line(int passed, int failed, int skipped) =>
        string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped");

    private static string Reason(XElement result) =>
        result.Descendants(s_names + "Message").Concat(result.Descendants(s_names + "StdOut"))
            .Select(element => element.Value.Trim()).FirstOrDefault(text => text.Length > 0) ?? "no reason given";
}
