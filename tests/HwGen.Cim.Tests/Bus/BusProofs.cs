using HwGen.Architecture.Registers;
using HwGen.Formal;
using HwGen.Netlist;
using Xunit.Abstractions;

namespace HwGen.Cim.Tests;

/// <summary>The rules of AXI at every port of a core with a bus, and the progress of the sequencer, proved on the emitted Verilog.</summary>
public class BusProofs(ITestOutputHelper output)
{
    private static readonly ProofOptions s_options = new() { Depth = 8, TimeLimit = TimeSpan.FromMinutes(5), Solvers = ["cvc4", "z3"] };

    [Fact]
    public async Task AXI4_Lite_answers_each_request_once_and_keeps_its_answers() => await Proved(new AxiLiteRules(0), "AXI4-Lite rules");

    [Fact]
    public async Task The_buffer_of_a_stream_keeps_what_is_valid_and_loses_nothing()
    {
        foreach (var canClear in (bool[])[false, true])
        {
            var result = await StateProof.ProveAsync(
                Design.Elaborate(new StreamRules(canClear)),
                [
                    new(StatePropertyKind.Invariant, "holds"),
                    new(StatePropertyKind.Invariant, "{buffer.has_tail} == (count == 2)"),
                    new(StatePropertyKind.Invariant, "!{buffer.has_tail} || {buffer.tail} == second"),
                ],
                s_options with { Depth = 1 });
            output.WriteLine(FormattableString.Invariant($"stream buffer{(canClear ? " that can be emptied" : string.Empty)}: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
            result.Outcome.ShouldBe(ProofOutcome.Proved);
        }
    }

    [Fact]
    public async Task Wishbone_answers_only_what_is_asked() => await Proved(new WishboneRules(), "Wishbone rules");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_slave_with_a_fault_is_refuted(int fault)
    {
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(new AxiLiteRules(fault)), s_options);
        result.Outcome.ShouldBe(ProofOutcome.Refuted);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task The_sequencer_comes_nearer_to_its_end_in_every_cycle(bool skips, bool packs, bool forgetsWaits)
    {
        var progress = new SequencerProgress(skips, packs);
        var result = await StateProof.ProveAsync(Design.Elaborate(progress), progress.Properties(forgetsWaits), s_options with { Depth = forgetsWaits ? 3 : 1 });
        output.WriteLine(FormattableString.Invariant(
            $"progress of the sequencer{(skips ? " that skips operands" : packs ? " with a window memory" : string.Empty)}{(forgetsWaits ? ", by a rank that forgets the waits" : string.Empty)}: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(forgetsWaits ? ProofOutcome.Refuted : ProofOutcome.Proved);
    }

    [Fact]
    public async Task The_gather_of_windows_comes_nearer_to_its_end_with_every_word()
    {
        var result = await StateProof.ProveAsync(Design.Elaborate(new GatherProgress()), GatherProgress.Properties(), s_options with { Depth = 1 });
        output.WriteLine(FormattableString.Invariant($"progress of the gather: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    private async Task Proved(Module module, string what, int depth = 8)
    {
        var result = await PropertyProof.AssertionsAsync(Design.Elaborate(module), s_options with { Depth = depth });
        output.WriteLine(FormattableString.Invariant($"{what}: {result}, bound {result.Bound}, {result.Solver}, {result.Elapsed.TotalSeconds:F1} s"));
        result.Outcome.ShouldBe(ProofOutcome.Proved);
    }

    /// <summary>The slave of AXI4-Lite with a host that keeps the rules, and counters of what is open.</summary>
    internal sealed class AxiLiteRules(int fault) : Module(FormattableString.Invariant($"fault_{fault}"))
    {
        public AxiLite Host { get; } = new(BundleSide.Sink);

        public Input WriteAccepted { get; } = new(1);

        public Input ReadAccepted { get; } = new(1);

        public Input ReadData { get; } = new(32);

        public Output Write { get; } = new(1);

        protected override void Build()
        {
            Instance(out var slave, new AxiLiteSlave());
            var inner = slave.Host;
            foreach (var (to, from) in new[]
                {
                    (inner.WriteAddress, Host.WriteAddress), (inner.WriteAddressValid, Host.WriteAddressValid), (inner.WriteData, Host.WriteData), (inner.WriteStrobe, Host.WriteStrobe),
                    (inner.WriteDataValid, Host.WriteDataValid), (inner.WriteResponseReady, Host.WriteResponseReady), (inner.ReadAddress, Host.ReadAddress), (inner.ReadAddressValid, Host.ReadAddressValid),
                    (inner.ReadDataReady, Host.ReadDataReady),
                })
            {
                to.Drive(from);
            }

            slave.Registers.WriteAccepted.Drive(WriteAccepted);
            slave.Registers.ReadAccepted.Drive(ReadAccepted);
            slave.Registers.ReadData.Drive(ReadData);
            // The faults: an answer that is withdrawn, and data that follow the register.
            Register(out var odd, 1, reset: 0);
            odd.Drive(~odd);
            Wire(out var responseValid, fault == 1 ? inner.WriteResponseValid & odd : inner.WriteResponseValid);
            Wire(out var data, fault == 2 ? ReadData : inner.ReadData);
            Host.WriteAddressReady.Drive(inner.WriteAddressReady);
            Host.WriteDataReady.Drive(inner.WriteDataReady);
            Host.WriteResponse.Drive(inner.WriteResponse);
            Host.WriteResponseValid.Drive(responseValid);
            Host.ReadAddressReady.Drive(inner.ReadAddressReady);
            Host.ReadData.Drive(data);
            Host.ReadResponse.Drive(inner.ReadResponse);
            Host.ReadDataValid.Drive(inner.ReadDataValid);
            Write.Drive(slave.Registers.Write);
            Discard(slave.Registers.WriteAddress);
            Discard(slave.Registers.WriteData);
            Discard(slave.Registers.WriteStrobe);
            Discard(slave.Registers.ReadAddress);

            Stays("response", responseValid, Host.WriteResponseReady, inner.WriteResponse);
            Stays("read data", inner.ReadDataValid, Host.ReadDataReady, Concatenate(data, inner.ReadResponse));

            // Open requests: taken and not answered.
            Wire(out var addressTaken, Host.WriteAddressValid & inner.WriteAddressReady);
            Wire(out var dataTaken, Host.WriteDataValid & inner.WriteDataReady);
            Wire(out var responded, responseValid & Host.WriteResponseReady);
            Wire(out var asked, Host.ReadAddressValid & inner.ReadAddressReady);
            Wire(out var answered, inner.ReadDataValid & Host.ReadDataReady);
            var addresses = Open("addresses", addressTaken, responded);
            var datas = Open("datas", dataTaken, responded);
            var reads = Open("reads", asked, answered);
            Register(out var wrote, slave.Registers.Write, reset: 0);
            Discard(wrote);
            Discard(inner.ReadData);

            if (fault != 1)
            {
                // OKAY is 00, SLVERR 10 (IHI 0022, A3.4.4).
                Assert(~inner.WriteResponse[0] & ~inner.ReadResponse[0], "a response is OKAY or SLVERR");
                Assert(~responseValid | (addresses.AnyOne() & datas.AnyOne()), "no response without address and data");
                Assert(~inner.ReadDataValid | reads.AnyOne(), "no data without a request");
                Assert(~slave.Registers.Write | (addresses.AnyOne() & datas.AnyOne()), "no write without address and data");
                Assert(~wrote | responseValid, "a write is answered in the next cycle");
                // What is open, by what the slave holds: so that induction knows it.
                Assert(addresses.EqualTo((~inner.WriteAddressReady).ZeroExtend(3) + responseValid.ZeroExtend(3)) | ~Awake(), "addresses are held or answered");
                Assert(datas.EqualTo((~inner.WriteDataReady).ZeroExtend(3) + responseValid.ZeroExtend(3)) | ~Awake(), "data are held or answered");
                Assert(reads.EqualTo(inner.ReadDataValid.ZeroExtend(3)), "a request is answered in the next cycle");
                // A request that is complete is answered at once, and the slave is ready again.
                Register(out var complete, addressTaken & dataTaken & ~responseValid, reset: 0);
                Register(out var late, complete, reset: 0);
                Assert(~late | responseValid, "a response comes two cycles behind the request");
            }
        }

        private Signal Awake()
        {
            _awake ??= Rise();
            return _awake;

            Register Rise()
            {
                Register(out var awake, Constant(1, 1), reset: 0);
                return awake;
            }
        }

        private Register? _awake;

        private Register Open(string name, Signal opens, Signal closes)
        {
            Register(out var open, 3, reset: 0, name: name);
            open.Drive(open + opens.ZeroExtend(3) - closes.ZeroExtend(3));
            return open;
        }

        private void Stays(string what, Signal valid, Signal ready, Signal payload)
        {
            using var scope = Scope(what.Replace(' ', '_'));
            Register(out var waited, valid & ~ready, reset: 0);
            Register(out var earlier, payload);
            Assert(~waited | valid, what + " stays valid until it is taken");
            Assert(~waited | payload.EqualTo(earlier), what + " stays as it is until it is taken");
        }
    }

    /// <summary>A stream buffer beside a list of what it should hold.</summary>
    private sealed class StreamRules(bool canClear) : Module(canClear ? "clear" : "plain")
    {
        public Input From { get; } = new(8);

        public Input FromValid { get; } = new(1);

        public Input ToReady { get; } = new(1);

        public Input? Clear { get; } = canClear ? new(1) : null;

        public Output To { get; } = new(8);

        public Output Holds { get; } = new(1);

        protected override void Build()
        {
            Instance(out var buffer, new StreamBuffer(8, canClear));
            buffer.From.Drive(From);
            buffer.FromValid.Drive(FromValid);
            buffer.ToReady.Drive(ToReady);
            var cleared = Clear ?? Constant(0, 1);
            buffer.Clear?.Drive(cleared);
            To.Drive(buffer.To);

            // Behind a reset no word is taken until the first clock.
            Wire(out var takes, FromValid & buffer.FromReady);
            Wire(out var gives, buffer.ToValid & ToReady);
            Register(out var count, 2, reset: 0);
            Register(out var first, 8);
            Register(out var second, 8);
            Wire(out var left, count - gives.ZeroExtend(2));
            When(gives, () => first.Drive(second));
            When(takes & left.EqualTo(0), () => first.Drive(From));
            When(takes & left.EqualTo(1), () => second.Drive(From));
            count.Drive(Choose(cleared, Constant(0, 2), left + takes.ZeroExtend(2)));
            Register(out var waited, buffer.ToValid & ~ToReady & ~cleared, reset: 0);
            Register(out var earlier, buffer.To);
            // At most two words are held; one is valid while one is held; they come in their order; none is taken without room; what is valid stays as it is until it is taken.
            Holds.Drive(
                count.LessThan(3)
                & buffer.ToValid.EqualTo(count.AnyOne())
                & (~buffer.ToValid | buffer.To.EqualTo(first))
                & ~(buffer.FromReady & count.EqualTo(2))
                & (~waited | (buffer.ToValid & buffer.To.EqualTo(earlier))));
        }
    }

    /// <summary>The Wishbone slave beside what was asked a cycle before.</summary>
    internal sealed class WishboneRules : Module
    {
        public Input Address { get; } = new(RegisterMap.AddressBits);

        public Input Asks { get; } = new(3);

        public Input Accepted { get; } = new(2);

        public Input Data { get; } = new(32);

        public Output Answer { get; } = new(1);

        protected override void Build()
        {
            Instance(out var slave, new WishboneSlave());
            var host = slave.Host;
            host.Address.Drive(Address);
            host.WriteData.Drive(Data);
            host.Select.Drive(Constant(0xf, 4));
            host.WriteEnable.Drive(Asks[0]);
            host.Cycle.Drive(Asks[1]);
            host.Strobe.Drive(Asks[2]);
            slave.Registers.WriteAccepted.Drive(Accepted[0]);
            slave.Registers.ReadAccepted.Drive(Accepted[1]);
            slave.Registers.ReadData.Drive(Data);
            foreach (var unused in new Signal[] { slave.Registers.WriteAddress, slave.Registers.WriteData, slave.Registers.WriteStrobe, slave.Registers.ReadAddress })
            {
                Discard(unused);
            }

            Wire(out var answer, host.Acknowledge | host.Error);
            Wire(out var asked, Asks[1] & Asks[2]);
            Register(out var askedBefore, asked, reset: 0);
            Register(out var answeredBefore, answer, reset: 0);
            Register(out var dataBefore, Data);
            Register(out var acceptedBefore, Choose(Asks[0], Accepted[0], Accepted[1]));
            Assert(~(host.Acknowledge & host.Error), "an answer is good or bad");
            Assert(~answer | (asked & askedBefore), "no answer without a request");
            Assert(~(answer & answeredBefore), "a request is answered once");
            Assert(~answer | host.Acknowledge.EqualTo(acceptedBefore), "a register that is not there is an error");
            Assert(~host.Acknowledge | host.ReadData.EqualTo(dataBefore), "data are those of the request");
            Assert(~slave.Registers.Write | (asked & Asks[0]), "no write without a request");
            Answer.Drive(answer);
        }
    }
}
