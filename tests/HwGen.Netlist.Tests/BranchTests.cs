using System.Text;
using HwGen.Netlist.Tests.Tools;
using HwGen.Netlist.Verilog;

namespace HwGen.Netlist.Tests;

/// <summary>Branches nested at random: the emitted always blocks do what the last drive that holds says, cycle by cycle in Icarus.</summary>
public class BranchTests
{
    private const int Modules = 60;
    private const int Cycles = 40;

    [Fact]
    public void AlwaysBlocksDoWhatTheDrivesSay()
    {
        var random = new Random(77);
        using var folder = new TemporaryFolder();
        var bench = new StringBuilder("module bench;\nreg clock = 0; reg reset_n = 0; reg [7:0] stimulus = 0;\ninteger compared = 0;\n");
        var body = new StringBuilder();
        var circuits = Enumerable.Range(0, Modules).Select(n => new RandomBranches(random, n)).ToList();
        var files = new List<SourceFile>();
        foreach (var (circuit, number) in circuits.Select((c, n) => (c, n)))
        {
            files.AddRange(VerilogWriter.Write(Design.Elaborate(circuit.Module)));
            bench.Append(FormattableString.Invariant($"wire [11:0] q{number}; sketch_b{number} u{number} (.q(q{number}), .x(stimulus), .clock(clock), .reset_n(reset_n));\n"));
        }

        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var (stimulus, reset) = (random.Next(256), cycle == 0 || random.Next(10) == 0);
            body.Append(FormattableString.Invariant($"stimulus = {stimulus}; reset_n = {(reset ? 0 : 1)}; #1 clock = 1; #1 clock = 0; #1;\n"));
            foreach (var (circuit, number) in circuits.Select((c, n) => (c, n)))
            {
                var expected = circuit.Step(stimulus, reset);
                body.Append(FormattableString.Invariant($"compared = compared + 1; if (q{number} !== {expected}) $display(\"cycle {cycle} of {number}: %0d, expected {expected}\", q{number});\n"));
            }
        }

        bench.Append("initial begin\n").Append(body).Append("$display(\"compared %0d\", compared);\nend\nendmodule\n");
        folder.Write("bench.v", bench.ToString());
        OutsideProgram.Run(folder.Path, "iverilog", ["-g2005", "-Wall", "-o", "bench.vvp", "bench.v", .. folder.Write(files, SourceRole.Simulation)])
            .ShouldNotContain("warning", Case.Insensitive);
        OutsideProgram.Run(folder.Path, "vvp", "bench.vvp").Trim().ShouldBe(FormattableString.Invariant($"compared {Modules * Cycles}"));
    }

    /// <summary>Three registers of four bits under random branches, and a model that walks the same branches.</summary>
    private sealed class RandomBranches
    {
        private readonly Random _random;
        private readonly int[] _resets = [3, 9, 12];
        private int[] _state = [0, 0, 0];
        private int[] _next = [0, 0, 0];
        private Action<int> _model = _ => { };

        public RandomBranches(Random random, int number)
        {
            _random = random;
            Module = new Sketch(FormattableString.Invariant($"b{number}"), [("x", 8)], [("q", 12)], Build);
        }

        public Sketch Module { get; }

        public int Step(int stimulus, bool reset)
        {
            _next = [.. _state];
            _model(stimulus);
            _state = reset ? [.. _resets] : _next;
            return (_state[2] << 8) | (_state[1] << 4) | _state[0];
        }

        private void Build(Sketch m)
        {
            Register[] registers = [.. _resets.Select((reset, i) => m.Register(FormattableString.Invariant($"r{i}"), 4, reset))];
            m.Out("q").Drive(m.Concatenate(registers[2], registers[1], registers[0]));
            m.Discard(m.In("x"));
            foreach (var register in registers)
            {
                // A drive that always holds must come first.
                register.Drive(register);
            }

            _model = Block(m, registers, 3);
        }

        private Action<int> Block(Sketch m, Register[] registers, int depth)
        {
            var steps = new List<Action<int>>();
            for (var count = _random.Next(1, 4); count > 0; count--)
            {
                steps.Add((depth == 0 || (depth < 3 && _random.Next(3) == 0)) ? Assignment(m, registers) : _random.Next(2) == 0 ? Chain(m, registers, depth) : Switch(m, registers, depth));
            }

            return x => steps.ForEach(s => s(x));
        }

        private Action<int> Assignment(Sketch m, Register[] registers)
        {
            var (target, source, offset) = (_random.Next(3), _random.Next(3), _random.Next(16));
            if (_random.Next(4) == 0)
            {
                registers[target].Drive(offset);
                return _ => _next[target] = offset;
            }

            registers[target].Drive((registers[source] ^ m.In("x").Bits(source, 4)) + offset);
            return x => _next[target] = ((_state[source] ^ ((x >> source) & 15)) + offset) & 15;
        }

        private (Signal Signal, Func<int, bool> Value) Condition(Sketch m, Register[] registers)
        {
            var (bit, register, limit) = (_random.Next(8), _random.Next(3), _random.Next(1, 15));
            return _random.Next(2) == 0
                ? (m.In("x")[bit], x => ((x >> bit) & 1) == 1)
                : (registers[register].LessThan(limit), _ => _state[register] < limit);
        }

        private Action<int> Chain(Sketch m, Register[] registers, int depth)
        {
            var conditions = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Condition(m, registers)).ToArray();
            var models = new Action<int>[conditions.Length + 1];
            models[^1] = _ => { };
            var arms = new List<(Signal?, Action)>();
            for (var i = 1; i < conditions.Length; i++)
            {
                var arm = i;
                arms.Add((conditions[i].Signal, () => models[arm] = Body()));
            }

            if (_random.Next(2) == 0)
            {
                arms.Add((null, () => models[^1] = Body()));
            }

            m.When(conditions[0].Signal, () => models[0] = Body(), [.. arms]);
            return x =>
            {
                var taken = Array.FindIndex(conditions, c => c.Value(x));
                models[taken < 0 ? conditions.Length : taken](x);
            };

            // An arm may be empty: the else after it must not catch its cases.
            Action<int> Body() => _random.Next(5) == 0 ? _ => { } : Block(m, registers, depth - 1);
        }

        private Action<int> Switch(Sketch m, Register[] registers, int depth)
        {
            var register = _random.Next(3);
            var values = Enumerable.Range(0, 16).OrderBy(_ => _random.Next()).Take(_random.Next(1, 6)).ToArray();
            var models = new Action<int>[17];
            Array.Fill(models, _ => { });
            var cases = values.Select(v => ((long)v, (Action)(() => models[v] = Body()))).ToArray();
            m.Switch(registers[register], cases, _random.Next(2) == 0 ? () => models[16] = Body() : null);
            return x => models[values.Contains(_state[register]) ? _state[register] : 16](x);

            Action<int> Body() => _random.Next(5) == 0 ? _ => { } : Block(m, registers, depth - 1);
        }
    }
}
