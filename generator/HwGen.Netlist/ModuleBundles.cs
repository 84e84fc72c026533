using System.Runtime.CompilerServices;

namespace HwGen.Netlist;

/// <content>Connections of whole bundles.</content>
public abstract partial class Module
{
    /// <summary>
    /// Connects two bundles of one class, port by port: those of two instances, one the source and the other the sink, or the module's own to the same side of an instance, or
    /// its own sink to its own source. Which of two ports drives the other follows from where they are, so the order of the bundles means nothing.
    /// </summary>
    /// <param name="one">A bundle of this module or of an instance in it.</param>
    /// <param name="other">Another one, of the same class.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    protected void Connect(Bundle one, Bundle other, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        var location = new SourceLocation(file, line);
        var (ports, others) = (Elaboration.PortsOf(one), Elaboration.PortsOf(other));
        if (one.GetType() != other.GetType() || ports.Count != others.Count)
        {
            Elaboration.Report(
                DiagnosticCodes.BundleMismatch, Graph, $"a {one.GetType().Name} of {ports.Count} ports is connected to a {other.GetType().Name} of {others.Count}",
                "connect bundles of one class, made with the same parameters", location);
            return;
        }

        foreach (var (port, its) in ports.Zip(others))
        {
            if (IsReadable(port) == IsReadable(its))
            {
                Elaboration.Report(
                    DiagnosticCodes.BundleMismatch, Graph, $"{Describe(port)} and {Describe(its)} {(IsReadable(port) ? "both drive" : "both want a driver")}",
                    "connect a source to a sink, or the module's own bundle to the same side of an instance", location);
                return;
            }

            var (driver, driven) = IsReadable(port) ? (port, its) : (its, port);
            driven.Drive(driver, file, line);
        }

        // Inside its module an input has a value, and an output outside of it.
        static bool IsReadable(Port port) => (port is Input) == (port.Instance is null);

        static string Describe(Port port) => $"{(port is Input ? "input" : "output")} {(port.Instance is { } instance ? instance.Name + "." : string.Empty)}{port.Name}";
    }
}
