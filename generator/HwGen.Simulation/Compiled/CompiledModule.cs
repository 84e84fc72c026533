using System.Reflection.Emit;

namespace HwGen.Simulation.Compiled;

/// <summary>The methods of a module; all instances of it share them.</summary>
/// <param name="Plan">Its order and places.</param>
/// <param name="Tasks">The combinational tasks; null for one without code.</param>
/// <param name="Edges">What a clock's rising edge does, by the clock's name; clocks that do nothing here are missing.</param>
/// <param name="Pointers">Which wide inputs of instances point where.</param>
internal sealed record CompiledModule(
    ModulePlan Plan,
    IReadOnlyList<DynamicMethod?> Tasks,
    IReadOnlyDictionary<string, DynamicMethod> Edges,
    IReadOnlyList<(int Instance, int Port, Place Source)> Pointers);
