using System.Collections.Immutable;

namespace HwGen.Architecture.Registers;

/// <summary>What reads and writes of a field do.</summary>
public enum FieldAccess
{
    /// <summary>The core writes it, the host reads it.</summary>
    ReadOnly,

    /// <summary>The host writes it and reads it back.</summary>
    ReadWrite,

    /// <summary>The core sets its bits, the host clears those where it writes a 1.</summary>
    WriteOneToClear,

    /// <summary>A 1 that the host writes is a command for one cycle; it reads 0.</summary>
    Command,
}

/// <summary>Some bits of a register.</summary>
/// <param name="Name">Its name, in capitals; alone in its register it may be <c>VALUE</c>.</param>
/// <param name="Low">Its lowest bit.</param>
/// <param name="Width">How many bits.</param>
/// <param name="Access">What reads and writes do.</param>
/// <param name="Meaning">What it is for.</param>
public sealed record RegisterField(string Name, int Low, int Width, FieldAccess Access, string Meaning)
{
    /// <summary>Its value after reset; that of a constant always.</summary>
    public uint Reset { get; init; }

    /// <summary>True for a field that always has the value <see cref="Reset"/>: identification and parameters.</summary>
    public bool IsConstant { get; init; }

    /// <summary>Ones where the field is.</summary>
    public uint Mask => (uint)(((1UL << Width) - 1) << Low);
}

/// <summary>A register of 32 bits that the host sees.</summary>
/// <param name="Name">Its name, in capitals.</param>
/// <param name="Offset">Its address in bytes.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Fields">Its fields, from the lowest bit on.</param>
public sealed record HostRegister(string Name, int Offset, string Meaning, ImmutableArray<RegisterField> Fields)
{
    /// <summary>True when a write does something.</summary>
    public bool IsWritable => Fields.Any(f => f.Access != FieldAccess.ReadOnly);

    /// <summary>The value after reset.</summary>
    public uint Reset => Fields.Aggregate(0u, (value, f) => value | (f.Reset << f.Low));

    /// <summary>A field by its name.</summary>
    public RegisterField this[string field] => Fields.Single(f => f.Name == field);
}
