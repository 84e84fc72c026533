using System.Text.RegularExpressions;

namespace HwGen.Simulation;

/// <summary>One file of a design.</summary>
/// <param name="Name">A plain file name with its extension (<c>.v</c>, or <c>.sv</c> where SystemVerilog is meant), without a folder.</param>
/// <param name="Text">All of it.</param>
public sealed record SourceFile(string Name, string Text);

/// <summary>A design as Verilog text, with what can be reached from outside.</summary>
/// <param name="Interface">Ports, clocks, reset and memories.</param>
/// <param name="Files">The text; all files are compiled, in this order.</param>
public sealed partial record SimulationSource(SimulationInterface Interface, IReadOnlyList<SourceFile> Files)
{
    /// <summary>The widest port or memory word that an engine takes, bits.</summary>
    public const int MaximumWidth = 1 << 20;

    /// <summary>The design that the text was written from, for engines that run the netlist itself; null for text from elsewhere.</summary>
    public HwGen.Netlist.Design? Design { get; init; }

    /// <summary>Checks the description: names become parts of generated text and of paths, so nothing else than plain names may pass.</summary>
    /// <exception cref="ArgumentException">Says which name or number is wrong and what is allowed.</exception>
    public void Check()
    {
        CheckName(Interface.Top, "top module");
        var ports = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in Interface.Ports)
        {
            CheckName(port.Name, "port");
            Require(port.Width is >= 1 and <= MaximumWidth, $"port '{port.Name}' has {port.Width} bits; allowed are 1 to {MaximumWidth}");
            Require(ports.Add(port.Name), $"port '{port.Name}' is described twice");
        }

        foreach (var clock in Interface.Clocks)
        {
            CheckControl(clock, "clock");
        }

        if (Interface.Reset is { } reset)
        {
            CheckControl(reset.Port, "reset");
        }

        CheckMemories();
        CheckFiles();
    }

    private void CheckMemories()
    {
        var memories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var memory in Interface.Memories)
        {
            CheckName(memory.Module, "module of a memory");
            foreach (var part in memory.Path.Split('.'))
            {
                CheckName(part, $"part of the memory path '{memory.Path}'");
            }

            Require(memory.Width is >= 1 and <= MaximumWidth, $"memory '{memory.Name}' has {memory.Width} bits a word; allowed are 1 to {MaximumWidth}");
            Require(memory.Depth >= 1, $"memory '{memory.Name}' has {memory.Depth} words; at least 1 is needed");
            Require(memories.Add(memory.Name), $"memory '{memory.Name}' is described twice");
        }
    }

    private void CheckFiles()
    {
        Require(Files.Count > 0, "a design needs at least one source file");
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Files)
        {
            Require(
                FileName().IsMatch(file.Name),
                $"'{file.Name}' is not a source file name; allowed are letters, digits, '_', '-' and '.', ending in .v, .sv or .vh");
            Require(files.Add(file.Name), $"source file '{file.Name}' is given twice");
        }
    }

    private void CheckControl(string name, string what)
    {
        var port = Interface.Ports.FirstOrDefault(port => port.Name == name);
        Require(
            port is { Width: 1, Direction: PortDirection.Input },
            $"the {what} '{name}' must be an input port of one bit");
    }

    private static void CheckName(string name, string what) =>
        Require(VerilogName().IsMatch(name), $"'{name}' is no name for a {what}; allowed are letters, digits and '_', starting with no digit");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VerilogName();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*\.(v|sv|vh)\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
