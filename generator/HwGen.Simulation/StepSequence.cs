namespace HwGen.Simulation;

/// <summary>What happens in one row of a table of stimuli: set inputs, run cycles, read ports.</summary>
/// <remarks>For many short steps; a row costs no call from C# into the engine.</remarks>
public sealed class StepSequence
{
    /// <summary>Describes the rows.</summary>
    /// <param name="clock">The clock to run.</param>
    /// <param name="cycles">Cycles a row, 0 or more; with 0 the logic only settles.</param>
    /// <param name="inputs">The inputs that a row sets, in the order of its words.</param>
    /// <param name="outputs">The ports that are read after the cycles, in the order of the words.</param>
    public StepSequence(PortHandle clock, long cycles, IReadOnlyList<PortHandle> inputs, IReadOnlyList<PortHandle> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cycles);
        Clock = clock;
        Cycles = cycles;
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        InputWords = Inputs.Sum(port => port.Words);
        OutputWords = Outputs.Sum(port => port.Words);
        InputIndexes = [.. Inputs.Select(port => port.Index)];
        OutputIndexes = [.. Outputs.Select(port => port.Index)];
    }

    /// <summary>The clock to run.</summary>
    public PortHandle Clock { get; }

    /// <summary>Cycles a row.</summary>
    public long Cycles { get; }

    /// <summary>The inputs that a row sets.</summary>
    public IReadOnlyList<PortHandle> Inputs { get; }

    /// <summary>The ports that are read.</summary>
    public IReadOnlyList<PortHandle> Outputs { get; }

    /// <summary>64-bit words a row of stimuli.</summary>
    public int InputWords { get; }

    /// <summary>64-bit words a row of results.</summary>
    public int OutputWords { get; }

    internal int[] InputIndexes { get; }

    internal int[] OutputIndexes { get; }
}
