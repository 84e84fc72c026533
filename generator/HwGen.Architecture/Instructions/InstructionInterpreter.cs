using HwGen.Architecture.Configuration;
using HwGen.Architecture.Interpreter;
using HwGen.Architecture.Program;

namespace HwGen.Architecture.Instructions;

/// <summary>Runs instruction words by their definition (docs/isa.md), instruction by instruction: the meaning of a program, to compare the hardware with.</summary>
/// <param name="configuration">The core; with a dense key store or none.</param>
public sealed class InstructionInterpreter(ArrayConfiguration configuration)
{
    private readonly ProgramInterpreter _layers = new(configuration);
    private readonly RowImage?[] _rows = new RowImage?[configuration.TotalRows];
    private readonly int[] _fields = new int[DescriptorLayout.Fields.Count];
    private readonly int _length = ((configuration.Columns - 1) / 64) + 1;

    /// <summary>False to leave out what layers compute: where programs are drawn at random, only what they may touch is looked at. A core that skips operands computes in any case: its cycles depend on it.</summary>
    public bool Computes { get; init; } = true;

    /// <summary>A stored row as it was written; null where none was.</summary>
    public RowImage? Row(int group, int lane) => _rows[(group * configuration.TotalLanes) + lane];

    /// <summary>Runs a program.</summary>
    /// <param name="memory">The program memory.</param>
    /// <param name="address">Where the program begins.</param>
    /// <param name="input">The words of the input stream, at least as many as the program takes.</param>
    /// <param name="limit">Cycles that a layer may take.</param>
    public InstructionRun Run(IReadOnlyList<uint> memory, int address, IReadOnlyList<uint> input, long limit = uint.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(input);
        var run = new Execution(this, memory, address, input, limit);
        return run.ToEnd();
    }

    private LayerDescriptor Descriptor => new([.. _fields]);

    /// <summary>One run of a program.</summary>
    private sealed class Execution(InstructionInterpreter core, IReadOnlyList<uint> memory, int address, IReadOnlyList<uint> input, long limit)
    {
        private readonly ArrayConfiguration _configuration = core.ConfigurationOf;
        private readonly List<uint> _output = [];
        private RowOperation? _operation;
        private int _next = address;
        private int _taken;
        private long _cycles, _layerCycles, _rowActivations, _skippedOperands;

        public InstructionRun ToEnd()
        {
            var counter = _next;
            while (true)
            {
                if (_next == memory.Count)
                {
                    return Ended(ErrorCode.EndOfMemory, counter);
                }

                counter = _next;
                var word = memory[_next++];
                var instruction = InstructionWord.Decode(word);
                if (instruction is null || !InstructionSet.IsBuilt(instruction.Opcode, _configuration) || (instruction.Format == InstructionFormat.Operation && !IsBuilt(InstructionWord.Given(word)))
                    || (instruction.Format is InstructionFormat.Field or InstructionFormat.FieldLong && !_configuration.PacksWindows && InstructionWord.FieldOf(word).IsOfWindows()))
                {
                    return Ended(ErrorCode.Instruction, counter);
                }

                if (instruction.Words == 2 && _next == memory.Count)
                {
                    return Ended(ErrorCode.EndOfMemory, counter);
                }

                _cycles += instruction.Words + 1;
                if (instruction.Opcode == Opcode.End)
                {
                    _cycles += InstructionSet.StopCycles;
                    return Ended(ErrorCode.None, counter);
                }

                var error = Execute(instruction, word, instruction.Words == 2 ? memory[_next++] : 0);
                if (error != ErrorCode.None)
                {
                    return Ended(error, counter);
                }
            }
        }

        private InstructionRun Ended(ErrorCode error, int counter) => new(error, counter, _output, _taken, _cycles, _layerCycles, _rowActivations, _skippedOperands);

        private bool IsBuilt(RowOperation? operation) => operation is not { } given || _configuration.RowOperations.Contains(given);

        private ErrorCode Execute(InstructionDefinition instruction, uint word, uint second)
        {
            switch (instruction.Opcode)
            {
                case Opcode.Set or Opcode.SetLong:
                    var field = InstructionWord.FieldOf(word);
                    var value = instruction.Opcode == Opcode.Set ? InstructionWord.ShortOf(word) : second;
                    if (value >> field.Width(_configuration) != 0)
                    {
                        return ErrorCode.Range;
                    }

                    core._fields[(int)field] = (int)value;
                    return ErrorCode.None;
                case Opcode.Operation:
                    _operation = InstructionWord.Given(word);
                    return ErrorCode.None;
                case Opcode.Run:
                    return Layer(InstructionWord.Given(word) ?? _operation);
                case Opcode.ReceiveOperands or Opcode.SendOperands when second + (ulong)InstructionWord.CountOf(word) > (ulong)_configuration.OperandWords:
                case Opcode.SendResults when second + (ulong)InstructionWord.CountOf(word) > (ulong)_configuration.ResultWords:
                    return ErrorCode.Range;
                case Opcode.SendRows when InstructionWord.CountOf(word) > 0 && PlaceOf(second, _configuration.Groups) is null:
                    return ErrorCode.Range;
                default:
                    return Transfer(instruction.Opcode, InstructionWord.CountOf(word), second);
            }
        }

        private ErrorCode Layer(RowOperation? operation)
        {
            var descriptor = core.Descriptor;
            if (!DescriptorRules.Keeps(_configuration, descriptor))
            {
                return ErrorCode.Descriptor;
            }

            if (_configuration.OperandSkipping)
            {
                // How long it takes depends on the data: it is run to know.
                var run = core._layers.Run(descriptor, operation);
                var why = run.FirstOutside <= limit ? ErrorCode.LayerRange : run.Cycles > limit ? ErrorCode.TimeLimit : ErrorCode.None;
                Count(run.Cycles, run.RowActivations, run.SkippedOperands);
                return why;
            }

            var error = LayerWalk.Of(_configuration, descriptor, limit);
            if (error != ErrorCode.None)
            {
                return error;
            }

            Count(descriptor.Cycles, descriptor.RowActivations, 0);
            if (core.Computes)
            {
                core._layers.Run(descriptor, operation);
            }

            return ErrorCode.None;
        }

        private void Count(long cycles, long rowActivations, long skippedOperands)
        {
            _cycles += cycles + 1;
            _layerCycles += cycles;
            _rowActivations += rowActivations;
            _skippedOperands += skippedOperands;
        }

        private ErrorCode Transfer(Opcode opcode, int count, uint first)
        {
            for (var i = 0; i < count; i++)
            {
                var error = opcode switch
                {
                    Opcode.ReceiveRows => Row(),
                    Opcode.ReceiveKeys => Key(),
                    Opcode.ReceiveInitials => Initial(),
                    Opcode.ReceiveLevels => Level(),
                    Opcode.ReceiveOperands => Operand((int)first + i),
                    Opcode.SendOperands => Send(StreamRecord.Words(core._layers.ReadOperands((int)first + i, 1), _configuration.Columns)),
                    Opcode.SendResults => Send(Result((int)first + i)),
                    _ => SendRow(first, i),
                };
                if (error != ErrorCode.None)
                {
                    return error;
                }
            }

            return ErrorCode.None;
        }

        private uint Head()
        {
            _cycles++;
            return input[_taken++];
        }

        private uint[] Data(int bits)
        {
            var words = new uint[ArrayConfiguration.StreamWords(bits)];
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = input[_taken++];
            }

            _cycles += words.Length + 1;
            return words;
        }

        /// <summary>A group, or the address of an initial value, and a lane; null where there is none.</summary>
        private (int Group, int Lane)? PlaceOf(uint head, int groups)
        {
            var lane = (int)(head & ((1u << _configuration.TotalLaneBits) - 1));
            var group = head >> _configuration.TotalLaneBits;
            return lane < _configuration.TotalLanes && group < (uint)groups ? ((int)group, lane) : null;
        }

        private ErrorCode Row()
        {
            var head = Head();
            var operation = (RowOperation)(head >> 30);
            if (PlaceOf(head & 0x3fff_ffff, _configuration.Groups) is not { } place || !IsBuilt(operation))
            {
                return ErrorCode.Range;
            }

            var bits = StreamRecord.Bits(Data(_configuration.Columns), _configuration.Columns);
            ref var row = ref core._rows[(place.Group * _configuration.TotalLanes) + place.Lane];
            row = new RowImage(place.Group, place.Lane, operation, [.. bits]) { Key = row?.Key ?? [] };
            core._layers.Load([row], [], []);
            return ErrorCode.None;
        }

        private ErrorCode Key()
        {
            if (PlaceOf(Head(), _configuration.Groups) is not { } place)
            {
                return ErrorCode.Range;
            }

            var key = StreamRecord.Bits(Data(_configuration.Columns), _configuration.Columns);
            ref var row = ref core._rows[(place.Group * _configuration.TotalLanes) + place.Lane];
            row = (row ?? new RowImage(place.Group, place.Lane, 0, [.. new ulong[core._length]])) with { Key = [.. key] };
            core._layers.Load([row], [], []);
            return ErrorCode.None;
        }

        private ErrorCode Initial()
        {
            if (PlaceOf(Head(), _configuration.InitialDepth) is not { } place)
            {
                return ErrorCode.Range;
            }

            var bits = _configuration.AccumulatorBits;
            var words = StreamRecord.Bits(Data(bits + 1), bits + 1);
            var value = (long)(words[0] << (64 - bits)) >> (64 - bits);
            core._layers.Load([], [new InitialImage(place.Group, place.Lane, value, ((words[bits / 64] >> (bits % 64)) & 1) != 0)], []);
            return ErrorCode.None;
        }

        private ErrorCode Level()
        {
            var head = Head();
            if (head >= _configuration.LevelWords)
            {
                return ErrorCode.Range;
            }

            var (bits, valueBits) = (_configuration.LevelBits, _configuration.LevelValueBits);
            var words = StreamRecord.Bits(Data(bits), bits);
            var wide = words.Length > 1 ? ((UInt128)words[1] << 64) | words[0] : words[0];
            core._layers.Load([], [], [new LevelImage((int)head, (long)(words[0] << (64 - valueBits)) >> (64 - valueBits), (int)(wide >> valueBits))]);
            return ErrorCode.None;
        }

        private ErrorCode Operand(int word)
        {
            core._layers.WriteOperands(word, StreamRecord.Bits(Data(_configuration.Columns), _configuration.Columns));
            return ErrorCode.None;
        }

        private uint[] Result(int word)
        {
            var value = core._layers.ReadResults(word, 1)[0];
            return [.. Enumerable.Range(0, ArrayConfiguration.StreamWords(_configuration.AccumulatorBits)).Select(i => (uint)(value >> (32 * i)))];
        }

        private ErrorCode SendRow(uint first, int index)
        {
            var place = PlaceOf(first, _configuration.Groups)!.Value;
            var row = (place.Group * _configuration.TotalLanes) + place.Lane + index;
            return row >= core._rows.Length
                ? ErrorCode.Range : Send(StreamRecord.Words(core._rows[row] is { } image ? image.Bits.AsSpan() : new ulong[core._length], _configuration.Columns));
        }

        private ErrorCode Send(uint[] words)
        {
            _output.AddRange(words);
            _cycles += words.Length + 2;
            return ErrorCode.None;
        }
    }

    private ArrayConfiguration ConfigurationOf => configuration;
}
