namespace HwGen.Netlist.Checks;

/// <summary>Every output, wire, register and instance input has a driver.</summary>
internal static class DriverCheck
{
    public static void Run(ModuleGraph graph, Elaboration elaboration)
    {
        foreach (var port in graph.PortList)
        {
            if (!port.IsInput && port.Node < 0)
            {
                Report($"output {port.Name}", port.Location);
            }
        }

        foreach (var wire in graph.WireList)
        {
            if (wire.Driver < 0)
            {
                Report($"wire {wire.Name}", wire.Location);
            }
        }

        foreach (var register in graph.RegisterList)
        {
            if (register.DriveList.Count == 0)
            {
                Report($"register {register.Name}", register.Location);
            }
        }

        foreach (var instance in graph.InstanceList)
        {
            for (var port = 0; port < instance.Module.PortList.Count; port++)
            {
                if (instance.Module.PortList[port].IsInput && instance.ConnectionList[port] < 0)
                {
                    Report($"input {instance.Name}.{instance.Module.PortList[port].Name}", instance.Location);
                }
            }
        }

        void Report(string what, SourceLocation location) =>
            elaboration.Report(DiagnosticCodes.NoDriver, graph, $"{what} has no driver", "drive it", location);
    }
}
