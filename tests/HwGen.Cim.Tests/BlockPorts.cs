using System.Reflection;
using HwGen.Netlist;
using Module = HwGen.Netlist.Module;

namespace HwGen.Cim.Tests;

/// <summary>What a module around a block needs to know of it.</summary>
internal static class BlockPorts
{
    /// <summary>The ports of a block, those in lists too.</summary>
    public static IEnumerable<Port> Of(Module block)
    {
        foreach (var property in block.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken))
        {
            switch (property.GetValue(block))
            {
                case Port port:
                    yield return port;
                    break;
                case IEnumerable<Port> ports:
                    foreach (var port in ports)
                    {
                        yield return port;
                    }

                    break;
            }
        }
    }
}
