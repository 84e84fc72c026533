namespace HwGen.Netlist;

/// <summary>Joins the drives of single bits of a wire or output into one driver; each bit must have exactly one.</summary>
internal static class PartialDrives
{
    public static void Join(ModuleGraph graph, Elaboration elaboration)
    {
        foreach (var wire in graph.WireList.Where(w => w.PartList.Count > 0))
        {
            wire.Driver = Join(graph, elaboration, wire.PartList, wire.Width, wire.Driver, wire.DriverLocation, $"wire {wire.Name}", wire.Location);
        }

        foreach (var port in graph.PortList.Where(p => p.PartList.Count > 0))
        {
            port.Node = Join(graph, elaboration, port.PartList, port.Width, port.Node, port.DriverLocation, $"output {port.Name}", port.Location);
        }
    }

    private static int Join(ModuleGraph graph, Elaboration elaboration, List<PartialDrive> drives, int width, int whole, SourceLocation wholeAt, string what, SourceLocation location)
    {
        if (whole >= 0)
        {
            elaboration.Report(DiagnosticCodes.SeveralDrivers, graph, $"{what} is driven as a whole{(wholeAt.Line > 0 ? $" at {wholeAt}" : string.Empty)} and in parts", "drive each bit once", drives[0].Location);
            return whole;
        }

        var parts = new List<int>();
        var next = 0;
        var before = SourceLocation.Unknown;
        foreach (var drive in drives.OrderBy(d => d.Low))
        {
            if (drive.Low < next)
            {
                var last = Math.Min(next, drive.Low + drive.Width) - 1;
                elaboration.Report(
                    DiagnosticCodes.SeveralDrivers, graph, $"{Bits(drive.Low, last)} of {what} {(last == drive.Low ? "has" : "have")} two drivers, first at {before}", "drive each bit once", drive.Location);
                return graph.AddConstant(0, width);
            }

            Gap(drive.Low);
            parts.Add(drive.Value);
            next = drive.Low + drive.Width;
            before = drive.Location;
        }

        Gap(width);
        parts.Reverse();
        return parts.Count == 1 ? parts[0] : graph.Add(NodeKind.Concatenate, width, 0, parts.ToArray());

        void Gap(int low)
        {
            if (low > next)
            {
                elaboration.Report(DiagnosticCodes.NoDriver, graph, $"{Bits(next, low - 1)} of {what} {(low - 1 == next ? "has" : "have")} no driver", "drive every bit", location);
                parts.Add(graph.AddConstant(0, low - next));
            }
        }
    }

    private static string Bits(int low, int high) => low == high ? $"bit {low}" : $"bits {low} to {high}";
}
