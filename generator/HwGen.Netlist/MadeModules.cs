using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace HwGen.Netlist;

/// <summary>Keeps an eye on the modules that are made while another one is built: each has to be attached to something.</summary>
internal static class MadeModules
{
    [ThreadStatic]
    private static List<(Module Module, StackTrace Trace)>? s_made;

    /// <summary>Called by the constructor of each module.</summary>
    public static void Note(Module module) => s_made?.Add((module, new StackTrace(2, fNeedFileInfo: false)));

    /// <summary>Runs a build, and gives the modules that it made and attached to nothing, with where each was made.</summary>
    public static List<(Module Module, Func<SourceLocation> Place)> During(Action build)
    {
        var around = s_made;
        var made = s_made = [];
        try
        {
            build();
        }
        finally
        {
            s_made = around;
        }

        return [.. made.Where(m => !m.Module.IsBound).Select(m => (m.Module, (Func<SourceLocation>)(() => PlaceOf(m.Trace))))];
    }

    /// <summary>The statement that made a module: the innermost one that is not the constructor of a module itself. Only mistakes pay for the look-up.</summary>
    private static SourceLocation PlaceOf(StackTrace trace)
    {
        foreach (var frame in trace.GetFrames())
        {
            if (frame.GetMethod() is { } method && !(method.IsConstructor && typeof(Module).IsAssignableFrom(method.DeclaringType)))
            {
                return LineOf(method, frame.GetILOffset());
            }
        }

        return SourceLocation.Unknown;
    }

    /// <summary>The line of an instruction, from the symbols beside the assembly.</summary>
    private static SourceLocation LineOf(MethodBase method, int offset)
    {
        var symbols = Path.ChangeExtension(method.Module.FullyQualifiedName, ".pdb");
        if (offset < 0 || !File.Exists(symbols))
        {
            return SourceLocation.Unknown;
        }

        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
        var reader = provider.GetMetadataReader();
        var handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0x00ffffff);
        var place = SourceLocation.Unknown;
        foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (point.Offset > offset)
            {
                break;
            }

            if (!point.IsHidden)
            {
                place = new SourceLocation(reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine);
            }
        }

        return place;
    }
}
