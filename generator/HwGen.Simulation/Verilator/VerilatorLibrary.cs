using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HwGen.Tools;

namespace HwGen.Simulation.Verilator;

/// <summary>How a call into a model ended; the values of <c>Status</c> in verilator_shim.cpp.</summary>
internal enum SimulationStatus
{
    Running = 0,
    LimitReached = 1,
    Finished = 2,
    Stopped = 3,
    Failed = 4,
}

/// <summary>A loaded model library: the functions of verilator_shim.cpp. It is never unloaded.</summary>
internal sealed unsafe class VerilatorLibrary
{
    private static readonly ConcurrentDictionary<string, VerilatorLibrary> s_loaded = new(StringComparer.Ordinal);

    public readonly delegate* unmanaged[Cdecl]<int, byte*, int, nint> Create;
    public readonly delegate* unmanaged[Cdecl]<nint, void> Destroy;
    public readonly delegate* unmanaged[Cdecl]<int> PortCount;
    public readonly delegate* unmanaged[Cdecl]<nint, int, void*> PortData;
    public readonly delegate* unmanaged[Cdecl]<nint, int> Evaluate;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EvaluateInstant;
    public readonly delegate* unmanaged[Cdecl]<nint, int, long, int> Step;
    public readonly delegate* unmanaged[Cdecl]<nint, int, int, ulong, long, long*, int> RunUntil;
    public readonly delegate* unmanaged[Cdecl]<nint, int, long, long, int*, int, ulong*, int*, int, ulong*, int> RunSequence;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int, void*> Memory;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int> TraceStart;
    public readonly delegate* unmanaged[Cdecl]<nint, void> TraceStop;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int> WriteCoverage;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, void> Message;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> TakeOutput;

    private VerilatorLibrary(string path)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new ToolException("verilator", $"the model library {path} cannot be loaded: {exception.Message}", exception);
        }

        nint Export(string name) => NativeLibrary.GetExport(handle, "hwgen_" + name);
        Create = (delegate* unmanaged[Cdecl]<int, byte*, int, nint>)Export("create");
        Destroy = (delegate* unmanaged[Cdecl]<nint, void>)Export("destroy");
        PortCount = (delegate* unmanaged[Cdecl]<int>)Export("port_count");
        PortData = (delegate* unmanaged[Cdecl]<nint, int, void*>)Export("port_data");
        Evaluate = (delegate* unmanaged[Cdecl]<nint, int>)Export("evaluate");
        EvaluateInstant = (delegate* unmanaged[Cdecl]<nint, int>)Export("evaluate_instant");
        Step = (delegate* unmanaged[Cdecl]<nint, int, long, int>)Export("step");
        RunUntil = (delegate* unmanaged[Cdecl]<nint, int, int, ulong, long, long*, int>)Export("run_until");
        RunSequence = (delegate* unmanaged[Cdecl]<nint, int, long, long, int*, int, ulong*, int*, int, ulong*, int>)Export("run_sequence");
        Memory = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int, void*>)Export("memory");
        TraceStart = (delegate* unmanaged[Cdecl]<nint, byte*, int>)Export("trace_start");
        TraceStop = (delegate* unmanaged[Cdecl]<nint, void>)Export("trace_stop");
        WriteCoverage = (delegate* unmanaged[Cdecl]<nint, byte*, int>)Export("write_coverage");
        Message = (delegate* unmanaged[Cdecl]<nint, byte*, int, void>)Export("message");
        TakeOutput = (delegate* unmanaged[Cdecl]<nint, byte*, int, int>)Export("take_output");
    }

    /// <summary>Loads a library, or finds it loaded: the path names its content.</summary>
    public static VerilatorLibrary Load(string path) => s_loaded.GetOrAdd(path, static path => new VerilatorLibrary(path));
}
