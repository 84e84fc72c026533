using System.Globalization;
using System.Text;
using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Golden;
using HwGen.Networks;

namespace HwGen.Cosimulation.Bench;

/// <summary>Writes a whole run as text: what the host loads and starts, and what the golden model says that it finds.</summary>
internal sealed class BenchVectors(QuantisedNetwork network, CoreProgram program)
{
    private readonly ArrayConfiguration _configuration = program.Configuration;
    private readonly StringBuilder _text = new();
    private readonly InterpretedCore? _prediction = program.Configuration.OperandSkipping ? new(program.Configuration) : null;

    /// <summary>The run of some images.</summary>
    public string Of(ImageSet images)
    {
        Load(program.Rows, program.Initials, program.Levels);
        for (var image = 0; image < images.Count; image++)
        {
            var golden = GoldenModel.Run(network, images.Image(image));
            var input = FeatureMapWords.OfInput(program, network, images.Image(image));
            Words('o', program.Input.Base, input);
            _prediction?.WriteOperands(program.Input.Base, input);
            for (var stage = 0; stage < program.Stages.Length; stage++)
            {
                Line($"n {image:x} {stage:x}");
                foreach (var pass in program.Stages[stage].Passes)
                    Run(pass);
                Expect(program.Stages[stage], program.Stages[stage].Present(golden[program.Stages[stage].Name]));
            }
        }
        return _text.ToString();
    }

    private void Load(IReadOnlyList<RowImage> rows, IReadOnlyList<InitialImage> initials, IReadOnlyList<LevelImage> levels)
    {
        _prediction?.Load(rows, initials, levels);
        foreach (var row in rows)
            Line($"r {row.Group:x} {row.Lane:x} {(int)row.Operation:x} {Hexadecimal(row.Bits.AsSpan())}");
        foreach (var initial in initials)
        {
            var word = (UInt128)(Int128)initial.Value & ((UInt128.One << _configuration.AccumulatorBits) - 1);
            word |= (initial.Direction ? UInt128.One : 0) << _configuration.AccumulatorBits;
            Line($"i {initial.Address:x} {initial.Lane:x} {word:x}");
        }
        foreach (var level in levels)
        {
            var word = (UInt128)(Int128)level.Value & ((UInt128.One << _configuration.LevelValueBits) - 1);
            word |= (UInt128)(uint)level.Shift << _configuration.LevelValueBits;
            Line($"l {level.Address:x} {word:x}");
        }
    }

    private void Run(ProgramPass pass)
    {
        Load(pass.Rows, pass.Initials, pass.Levels);
        foreach (var field in DescriptorLayout.FieldsOf(_configuration))
            Line($"d {(int)field:x} {(uint)pass.Descriptor[field]:x}");
        var predicted = _prediction?.Run(pass.Descriptor) ?? new CoreCounters(pass.Descriptor.Cycles, pass.Descriptor.RowActivations);
        Line($"s {predicted.Cycles:x} {predicted.RowActivations:x}");
    }

    private void Expect(ProgramStage stage, long[] values)
    {
        var map = network[stage.Name];
        if (stage.Output is { } layout)
        {
            var wordLength = ((layout.Columns - 1) / 64) + 1;
            var words = FeatureMapWords.Pack(layout, values, map.Format.Kind == NumberKind.Bipolar);
            // A word holds the channels that there are: all bits of these are ones in a map of ones.
            var mask = FeatureMapWords.Pack(layout, [.. values.Select(_ => -1L)], bipolar: false);
            for (var i = 0; i < layout.Words; i++)
                Line($"c {layout.Base + i:x} {Hexadecimal(mask.AsSpan(i * wordLength, wordLength))} {Hexadecimal(words.AsSpan(i * wordLength, wordLength))}");
            return;
        }
        // Results lie position by position, all channels of one together.
        var positions = stage.Results / stage.ResultChannels;
        for (var i = 0; i < stage.Results; i++)
            Line($"v {i:x} {Accumulator(values[(i % stage.ResultChannels * positions) + (i / stage.ResultChannels)]):x}");
    }

    private void Words(char command, int address, ReadOnlySpan<ulong> words)
    {
        var wordLength = ((_configuration.Columns - 1) / 64) + 1;
        for (var i = 0; i < words.Length / wordLength; i++)
            Line($"{command} {address + i:x} {Hexadecimal(words.Slice(i * wordLength, wordLength))}");
    }

    private ulong Accumulator(long value) => (ulong)value & ((1UL << _configuration.AccumulatorBits) - 1);

    private static string Hexadecimal(ReadOnlySpan<ulong> words)
    {
        var text = new StringBuilder();
        for (var i = words.Length - 1; i >= 0; i--)
            text.Append(words[i].ToString(text.Length == 0 ? "x" : "x16", CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private void Line(FormattableString text) => _text.Append(FormattableString.Invariant(text)).Append('\n');
}
