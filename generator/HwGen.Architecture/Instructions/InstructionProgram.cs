using System.Collections.Immutable;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Instructions;

/// <summary>Writes instructions one after another.</summary>
/// <param name="configuration">The core that they are for.</param>
public sealed class InstructionProgram(ArrayConfiguration configuration)
{
    private readonly List<uint> _words = [];
    private readonly uint?[] _fields = new uint?[DescriptorLayout.Fields.Count];

    /// <summary>The words so far.</summary>
    public IReadOnlyList<uint> Words => _words;

    /// <summary>
    /// The program of an image: loads that belong to its passes, the input, every pass, the results. What is loaded once for all images comes before it, by
    /// <see cref="Loads"/>; the words of the input stream are given by <see cref="InputOf"/>.
    /// </summary>
    public static InstructionProgram OfImage(CoreProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var code = new InstructionProgram(program.Configuration);
        code.Address(Opcode.ReceiveOperands, program.Input.Words, program.Input.Base);
        foreach (var pass in program.Stages.SelectMany(stage => stage.Passes))
        {
            code.Loads(pass.Rows, pass.Initials, pass.Levels);
            code.Layer(pass.Descriptor);
        }

        if (program.Stages[^1].Output is { } output)
        {
            code.Address(Opcode.SendOperands, output.Words, output.Base);
        }
        else
        {
            code.Address(Opcode.SendResults, program.Stages[^1].Results, 0);
        }

        return code.End();
    }

    /// <summary>The words that <see cref="OfImage"/> takes from the input stream.</summary>
    /// <param name="program">The program.</param>
    /// <param name="input">The operand words of the input, ⌈columns / 64⌉ numbers a word.</param>
    public static IEnumerable<uint> InputOf(CoreProgram program, ReadOnlyMemory<ulong> input)
    {
        ArgumentNullException.ThrowIfNull(program);
        var configuration = program.Configuration;
        var length = ((configuration.Columns - 1) / 64) + 1;
        for (var word = 0; word < input.Length / length; word++)
        {
            foreach (var part in StreamRecord.Words(input.Span.Slice(word * length, length), configuration.Columns))
            {
                yield return part;
            }
        }

        foreach (var part in program.Stages.SelectMany(stage => stage.Passes).SelectMany(pass => RecordsOf(configuration, pass.Rows, pass.Initials, pass.Levels)))
        {
            yield return part;
        }
    }

    /// <summary>The records that <see cref="Loads"/> takes from the input stream.</summary>
    public static IEnumerable<uint> RecordsOf(ArrayConfiguration configuration, IEnumerable<RowImage> rows, IEnumerable<InitialImage> initials, IEnumerable<LevelImage> levels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.SelectMany(row => StreamRecord.Of(configuration, row))
            .Concat(rows.Where(row => !row.Key.IsEmpty).SelectMany(row => StreamRecord.OfKey(configuration, row)))
            .Concat(initials.SelectMany(initial => StreamRecord.Of(configuration, initial)))
            .Concat(levels.SelectMany(level => StreamRecord.Of(configuration, level)));
    }

    /// <summary>Takes rows, their keys where they have some (of a dense key store), initial values and words of the level memory.</summary>
    public InstructionProgram Loads(ImmutableArray<RowImage> rows, ImmutableArray<InitialImage> initials, ImmutableArray<LevelImage> levels)
    {
        Count(Opcode.ReceiveRows, rows.Length);
        Count(Opcode.ReceiveKeys, rows.Count(row => !row.Key.IsEmpty));
        Count(Opcode.ReceiveInitials, initials.Length);
        Count(Opcode.ReceiveLevels, levels.Length);
        return this;
    }

    /// <summary>Sets the fields of a descriptor that are not what they were, and runs it.</summary>
    public InstructionProgram Layer(LayerDescriptor descriptor, RowOperation? operation = null)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        foreach (var field in DescriptorLayout.NamedFields(configuration))
        {
            var value = (uint)descriptor[field];
            if (_fields[(int)field] != value)
            {
                Set(field, value);
            }
        }

        _words.Add(InstructionWord.Of(Opcode.Run, operation));
        return this;
    }

    /// <summary>Sets a field, in as few words as its value needs.</summary>
    public InstructionProgram Set(DescriptorField field, uint value)
    {
        _fields[(int)field] = value;
        if (value < 1u << InstructionSet.ShortBits)
        {
            _words.Add(InstructionWord.Set(field, value));
        }
        else
        {
            _words.AddRange([InstructionWord.SetLong(field), value]);
        }

        return this;
    }

    /// <summary>An instruction with a count, at most 2^24 − 1; nothing for 0.</summary>
    public InstructionProgram Count(Opcode opcode, int count)
    {
        if (count > 0)
        {
            _words.Add(InstructionWord.Of(opcode, count));
        }

        return this;
    }

    /// <summary>An instruction with a count and an address; nothing for a count of 0.</summary>
    public InstructionProgram Address(Opcode opcode, int count, int address)
    {
        if (count > 0)
        {
            _words.AddRange([InstructionWord.Of(opcode, count), (uint)address]);
        }

        return this;
    }

    /// <summary>From here on all rows do one operation, or their own.</summary>
    public InstructionProgram Operation(RowOperation? operation)
    {
        _words.Add(InstructionWord.Of(Opcode.Operation, operation));
        return this;
    }

    /// <summary>Ends the program.</summary>
    /// <exception cref="InvalidOperationException">It is longer than the program memory.</exception>
    public InstructionProgram End()
    {
        _words.Add(InstructionWord.Of(Opcode.End));
        return _words.Count <= configuration.ProgramWords
            ? this
            : throw new InvalidOperationException(FormattableString.Invariant($"the program has {_words.Count} words and the core room for {configuration.ProgramWords}: memories.programWords"));
    }
}
