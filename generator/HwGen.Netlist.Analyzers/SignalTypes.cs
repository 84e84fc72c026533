using Microsoft.CodeAnalysis;

namespace HwGen.Netlist.Analyzers;

/// <summary>Which types stand for hardware.</summary>
internal static class SignalTypes
{
    private const string SignalName = "HwGen.Netlist.Signal";

    /// <summary>The type of a signal in a compilation; null where the library is not referenced.</summary>
    public static INamedTypeSymbol? Find(Compilation compilation) => compilation.GetTypeByMetadataName(SignalName);

    /// <summary>True for a signal or a type derived from it.</summary>
    public static bool IsSignal(ITypeSymbol? type, INamedTypeSymbol signal)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, signal))
            {
                return true;
            }
        }

        return false;
    }
}
