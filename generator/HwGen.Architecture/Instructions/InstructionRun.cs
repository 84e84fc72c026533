namespace HwGen.Architecture.Instructions;

/// <summary>What a program did.</summary>
/// <param name="Error">Why it was stopped; none when it came to its end.</param>
/// <param name="ProgramCounter">The instruction that it ended or was stopped at.</param>
/// <param name="Output">The words of the output stream.</param>
/// <param name="InputWords">Words of the input stream that it took.</param>
/// <param name="Cycles">Cycles from its start to its end, without waits for streams; only for a program that came to its end.</param>
/// <param name="LayerCycles">Of these, cycles of layers.</param>
/// <param name="RowActivations">Rows of filters that met an operand.</param>
/// <param name="SkippedOperands">Operands that were skipped.</param>
public sealed record InstructionRun(
    ErrorCode Error, int ProgramCounter, IReadOnlyList<uint> Output, int InputWords, long Cycles, long LayerCycles, long RowActivations, long SkippedOperands);
