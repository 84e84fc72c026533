using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Netlists;

/// <content>What a replay needs: given values of registers, and the properties.</content>
internal sealed partial class InterpretedModel
{
    /// <summary>Sets registers, by their paths; paths that name none are passed over.</summary>
    public void SetRegisters(IReadOnlyDictionary<string, BigInteger> values)
    {
        foreach (var instance in _instances)
        {
            for (var register = 0; register < instance.Registers.Length; register++)
            {
                if (values.TryGetValue(PathOf(instance, instance.Graph.Registers[register].Name), out var value))
                    instance.Registers[register] = value & ((BigInteger.One << instance.Graph.Registers[register].Width) - 1);
            }
        }

        Forget();
    }

    /// <summary>The assertions of some clocks that do not hold now, where their reset is not active.</summary>
    public IEnumerable<string> BrokenAssertions(IReadOnlySet<string> clocks) =>
        from instance in _instances
        from property in instance.Graph.Properties
        where property.Kind == PropertyKind.Assert && clocks.Contains(property.Domain.Clock)
            && !(instance.Graph.UsesReset(property.Domain) && _inputs[property.Domain.Reset].IsZero) && Value(instance, property.Condition).IsZero
        select PathOf(instance, property.Name);

    private static string PathOf(InterpretedInstance instance, string name) => string.Join('.', instance.Scopes.Skip(1).Append(name));
}
