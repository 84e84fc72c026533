using System.Reflection;

namespace HwGen.Netlist.Tests;

/// <summary>Each mistake is found, placed at the line that made it, with both sides and one fix.</summary>
public class DiagnosticTests
{
    [Fact]
    public void EveryCodeHasATest()
    {
        var tested = typeof(DiagnosticTests).GetMethods().SelectMany(m => m.GetCustomAttributes<TestsAttribute>()).Select(a => a.Code);
        var codes = typeof(DiagnosticCodes).GetFields().Select(f => (string)f.GetValue(null)!);
        codes.Except(tested).ShouldBeEmpty();
    }

    [Fact, Tests(DiagnosticCodes.Width)]
    public void UnequalWidths()
    {
        var diagnostic = Only(m => m.Out("y").Drive((m.In("a") & m.In("b")).ZeroExtend(8)));
        diagnostic.ToString().ShouldBe("/tests/HwGen.Netlist.Tests/DiagnosticTests.cs:19: HW0001 in sketch_d: And of 4 and 2 bits (make the widths equal with Truncate, ZeroExtend or SignExtend)");
    }

    [Fact, Tests(DiagnosticCodes.Width)]
    public void ADriveOfAnotherWidth() =>
        Only(m => m.Out("y").Drive(m.In("a"))).Message.ShouldBe("output y of 8 bits gets a signal of 4 bits");

    [Fact, Tests(DiagnosticCodes.Width)]
    public void AnExtensionThatCuts() => Only(m => m.Out("y").Drive(m.Concatenate(m.In("a").ZeroExtend(2), m.In("a"), m.In("b")))).Message.ShouldBe("ZeroExtend of 4 bits to 2");

    [Fact, Tests(DiagnosticCodes.Width)]
    public void ASelectorTooNarrow() => Only(m => m.Out("y").Drive(m.Select(m.In("b")[0], [.. Enumerable.Range(0, 3).Select(i => m.Constant(i, 8))])))
        .Message.ShouldBe("a selector of 1 bits for 3 options");

    [Fact, Tests(DiagnosticCodes.Width)]
    public void AConditionOfSeveralBits() => Only(m =>
    {
        var register = m.Register("r", 8);
        m.When(m.In("a"), () => register.Drive(1));
        m.Out("y").Drive(register);
    }).Message.ShouldBe("a condition of 1 bits gets a signal of 4 bits");

    [Fact, Tests(DiagnosticCodes.ConstantRange)]
    public void AConstantThatDoesNotFit() => Only(m => m.Out("y").Drive((m.In("a") + 16).ZeroExtend(8))).Message.ShouldBe("the constant 16 does not fit 4 bits");

    [Fact, Tests(DiagnosticCodes.SliceRange)]
    public void ASliceOutside() => Only(m => m.Out("y").Drive(m.In("a").Bits(2, 3).ZeroExtend(8))).Message.ShouldBe("bits 2 to 4 of a signal of 4 bits");

    [Fact, Tests(DiagnosticCodes.SeveralDrivers)]
    public void TwoDriversOfAnOutput() => Only(m =>
    {
        m.Out("y").Drive(m.Constant(1, 8));
        m.Out("y").Drive(m.Constant(1, 8));
    }).Message.ShouldMatch(@"^output y has two drivers, first at .*DiagnosticTests\.cs:\d+$");

    [Fact, Tests(DiagnosticCodes.SeveralDrivers)]
    public void ARegisterDrivenAlwaysAfterACondition() => Only(m =>
    {
        var register = m.Register("r", 8);
        m.When(m.In("b")[0], () => register.Drive(1));
        register.Drive(2);
        m.Out("y").Drive(register);
    }).Message.ShouldMatch(@"^register r is driven always, after it was driven before, first at .*DiagnosticTests\.cs:\d+$");

    [Fact, Tests(DiagnosticCodes.SeveralDrivers)]
    public void AnInputDrivenFromInside() => Only(m =>
    {
        m.In("a").Drive(3);
        m.Out("y").Drive(m.Constant(0, 8));
    }).Message.ShouldBe("the input a is driven from inside its module");

    [Fact, Tests(DiagnosticCodes.NoDriver)]
    public void NothingDrivesAnOutput() => Only(_ => { }).Message.ShouldBe("output y has no driver");

    [Fact, Tests(DiagnosticCodes.NoDriver)]
    public void NothingDrivesAnInputOfAnInstance() => Only(m =>
    {
        var counter = m.Instance("counter", new RowCounter(8));
        counter.Stored.Drive(1);
        counter.Operand.Drive(2);
        m.Out("y").Drive(counter.Count.ZeroExtend(8));
    }).Message.ShouldBe("input counter.operation has no driver");

    [Fact, Tests(DiagnosticCodes.CombinationalLoop)]
    public void ALoopNamesEachHop() => Only(m =>
    {
        var first = m.LateWire("first", 8);
        var second = m.Wire("second", first + 1);
        first.Drive(second + 7);
        m.Out("y").Drive(second);
    }).Message.ShouldMatch(@"^combinational loop: (first|second) \(.*:\d+\) -> (first|second) \(.*:\d+\) -> ");

    [Fact, Tests(DiagnosticCodes.CombinationalLoop)]
    public void ALoopThroughAnInstance() => Only(m =>
    {
        var child = m.Instance("child", new Sketch("through", [("a", 8)], [("y", 8)], c => c.Out("y").Drive(c.In("a") + 1)));
        child.In("a").Drive(child.Out("y"));
        m.Out("y").Drive(child.Out("y"));
    }).Message.ShouldContain("child.y");

    [Fact, Tests(DiagnosticCodes.IllegalName)]
    public void AReservedWord() => Only(m => m.Out("y").Drive(m.Wire("nand", m.In("a").ZeroExtend(8)))).Message.ShouldBe("the name nand is a reserved word of Verilog");

    [Fact, Tests(DiagnosticCodes.IllegalName)]
    public void NotAnIdentifier() => Only(m => m.Out("y").Drive(m.Wire("a b", m.In("a").ZeroExtend(8)))).Message.ShouldBe("the name 'a b' is not a Verilog identifier");

    [Fact, Tests(DiagnosticCodes.DuplicateName)]
    public void OneNameTwice() => Only(m => m.Out("y").Drive(m.Wire("w", m.In("a").ZeroExtend(8)) ^ m.Wire("w", m.In("b").ZeroExtend(8)))).Message.ShouldMatch(@"^the name w stands twice, first at .*Sketch\.cs:\d+$");

    [Fact, Tests(DiagnosticCodes.DuplicateName)]
    public void AnInstanceNamedAsASignalInside() => Only(m =>
    {
        var child = m.Instance("inner", new Sketch("inside", [("a", 4)], [("y", 4)], c => c.Out("y").Drive(c.Wire("inner", c.In("a")))));
        child.In("a").Drive(m.In("a"));
        m.Out("y").Drive(child.Out("y").ZeroExtend(8));
    }).Message.ShouldBe("the instance inner of sketch_inside has the name of a signal inside it");

    [Fact, Tests(DiagnosticCodes.ForeignSignal)]
    public void ASignalOfAnotherModule() => Only(m =>
    {
        Signal? stolen = null;
        var child = m.Instance("child", new Sketch("lender", [("a", 8)], [("y", 8)], c => c.Out("y").Drive(stolen = c.In("a") + 1)));
        child.In("a").Drive(1);
        m.Out("y").Drive(child.Out("y") ^ stolen!);
    }).Message.ShouldBe("a signal of module sketch_lender is used in sketch_d");

    [Fact, Tests(DiagnosticCodes.ModuleNameClash)]
    public void TwoModulesOfOneName() => Only(m =>
    {
        var (one, two) = (m.Instance("one", Adder(1)), m.Instance("two", Adder(2)));
        one.In("a").Drive(1);
        two.In("a").Drive(1);
        m.Out("y").Drive(one.Out("y") ^ two.Out("y"));

        static Sketch Adder(int step) => new("adder", [("a", 8)], [("y", 8)], c => c.Out("y").Drive(c.In("a") + step));
    }).Message.ShouldBe("two different modules are both named sketch_adder: their constants differ");

    [Fact, Tests(DiagnosticCodes.MemoryAddress)]
    public void AnAddressOfTheWrongWidth() => Only(m => m.Out("y").Drive(m.Memory("words", 16, 8).Read(m.In("b")))).Message.ShouldBe("an address of 2 bits for memory words of 16 words");

    [Fact, Tests(DiagnosticCodes.Size)]
    public void AMemoryOfNoWords() => Only(m =>
    {
        m.Memory("words", 0, 8);
        m.Out("y").Drive(m.Constant(0, 8));
    }).Message.ShouldBe("a memory of 0 words of 8 bits");

    [Fact, Tests(DiagnosticCodes.Unused)]
    public void BitsThatNothingReads() => Only(m =>
    {
        m.Wire("w", m.In("a"));
        m.Out("y").Drive(m.In("a").ZeroExtend(8));
    }).Message.ShouldBe("the wire w is read by nothing");

    [Fact, Tests(DiagnosticCodes.Unused)]
    public void SomeBitsThatNothingReads() => Only(m => m.Out("y").Drive(m.Wire("w", m.In("a").ZeroExtend(12)).Bits(2, 8)))
        .Message.ShouldBe("bits 0 to 1, 10 to 11 of the wire w are read by nothing");

    [Fact, Tests(DiagnosticCodes.Unused)]
    public void AnOutputOfAnInstanceThatNothingReads() => Only(m =>
    {
        var counter = m.Instance("counter", new RowCounter(4));
        counter.Stored.Drive(m.In("a"));
        counter.Operand.Drive(m.In("a"));
        counter.Operation.Drive(m.In("b"));
        m.Out("y").Drive(m.In("a").ZeroExtend(8));
    }).Message.ShouldBe("the output counter.count is read by nothing");

    [Fact, Tests(DiagnosticCodes.DuplicateCase)]
    public void OneValueTwiceInASwitch() => Only(m =>
    {
        var register = m.Register("r", 8);
        m.Switch(m.In("b"), [(1, () => register.Drive(1)), (1, () => register.Drive(2))]);
        m.Out("y").Drive(register);
    }).Message.ShouldBe("the value 1 stands twice in a Switch");

    [Fact, Tests(DiagnosticCodes.UnreadablePort)]
    public void AnOutputReadInside() => Only(m => m.Out("y").Drive(m.Out("y") + 1)).Message.ShouldBe("the output y is read inside its module");

    [Fact, Tests(DiagnosticCodes.ConstantComparison)]
    public void AComparisonThatIsAlwaysTrue() => Only(m => m.Out("y").Drive(m.In("a").ZeroExtend(8).LessThan(16).ZeroExtend(8)))
        .Message.ShouldBe("LessThan of a signal from 0 to 15 and the constant 16 is always true");

    [Fact, Tests(DiagnosticCodes.ClockCrossing)]
    public void ARegisterThatReadsAnotherClock() => Only(m =>
    {
        var slow = m.Register("slow", 8);
        slow.Drive(slow + 1);
        var fast = m.Register("fast", 8, domain: TwoClocks.Fast);
        fast.Drive(slow ^ fast);
        m.Out("y").Drive(fast);
    }).Message.ShouldBe("register fast of clock fast_clock reads a value of clock clock");

    [Fact, Tests(DiagnosticCodes.ClockCrossing)]
    public void ACrossingThroughInstances() => Only(m =>
    {
        var child = m.Instance("child", new TwoClocks());
        var other = m.Instance("other", new Sketch("counter", [("a", 1)], [("y", 1)], c =>
        {
            var count = c.Register("count", 1);
            count.Drive(c.Wire("gate", c.In("a")) ^ count);
            c.Out("y").Drive(count);
        }));
        other.In("a").Drive(child.Seen);
        child.Toggle.Drive(m.In("b")[0]);
        m.Out("y").Drive(other.Out("y").ZeroExtend(8));
    }).Message.ShouldBe("input other.a of clock clock reads a value of clock fast_clock");

    [Fact, Tests(DiagnosticCodes.SeveralDrivers)]
    public void ABitDrivenTwice() => Only(m =>
    {
        m.Out("y").DriveBits(0, m.In("a"));
        m.Out("y").DriveBits(3, m.In("a"));
        m.Out("y").DriveBits(7, m.In("b")[0]);
    }).Message.ShouldMatch(@"^bit 3 of output y has two drivers, first at .*DiagnosticTests\.cs:\d+$");

    [Fact, Tests(DiagnosticCodes.NoDriver)]
    public void BitsDrivenByNothing() => Only(m =>
    {
        m.Out("y").DriveBits(0, m.In("a"));
        m.Out("y").DriveBits(7, m.In("b")[0]);
    }).Message.ShouldBe("bits 4 to 6 of output y have no driver");

    [Fact, Tests(DiagnosticCodes.CombinationalLoop)]
    public void EveryLoopIsReported() => All(m =>
    {
        foreach (var name in new[] { "first", "second" })
        {
            var late = m.LateWire(name, 8);
            late.Drive(late + 1);
            m.Discard(late);
        }

        m.Out("y").Drive(m.Constant(0, 8));
    }).Select(d => d.Message.Split(' ')[2]).ShouldBe(["first", "second"]);

    [Fact, Tests(DiagnosticCodes.NeverAttached)]
    public void AModuleThatIsNeverAttached()
    {
        var diagnostic = Only(m =>
        {
            var counter = new RowCounter(4);
            m.Out("y").Drive(m.Constant(counter.Count.Width, 8));
        });
        diagnostic.Message.ShouldBe("the RowCounter that is made here is never attached");
        diagnostic.Location.File.ShouldBe("/tests/HwGen.Netlist.Tests/DiagnosticTests.cs");
        File.ReadLines(Path.Combine(Tools.Repository.Root, diagnostic.Location.File[1..])).ElementAt(diagnostic.Location.Line - 1).ShouldContain("new RowCounter(4)");
    }

    [Fact, Tests(DiagnosticCodes.DriveInBranch)]
    public void ABranchDoesNotGateAWireOrAnOutput() => All(m =>
    {
        var late = m.LateWire("late", 8);
        var child = m.Instance("child", new Sketch("inner", [("a", 8)], [("y", 8)], c => c.Out("y").Drive(c.In("a") + 1)));
        m.When(m.In("b")[0], () =>
        {
            late.Drive(child.Out("y"));
            child.In("a").Drive(7);
            m.Out("y").DriveBits(0, late);

            // What is declared in the branch may be driven in it.
            m.Discard(m.Wire("here", m.In("a")));
        });
    }).Select(d => d.Message).ShouldBe([.. new[] { "wire late", "input child.a", "output y" }.Select(what => $"{what} is driven inside a branch, which does not gate it")]);

    [Fact]
    public void ChecksDoNotWaitForEachOther()
    {
        // A missing driver, a loop, a crossing and an unused wire in one run.
        var failure = Should.Throw<DesignException>(() => Design.Elaborate(new Sketch("many", [("a", 8)], [("y", 8), ("z", 8)], m =>
        {
            var late = m.LateWire("late", 8);
            late.Drive(late + 1);
            m.Wire("unused", m.In("a"));
            var slow = m.Register("slow", 8);
            slow.Drive(slow + 1);
            var fast = m.Register("fast", 8, domain: TwoClocks.Fast);
            fast.Drive(slow ^ late);
            m.Out("y").Drive(fast);
        })));
        failure.Diagnostics.Select(d => d.Code).Order().ShouldBe([DiagnosticCodes.NoDriver, DiagnosticCodes.CombinationalLoop, DiagnosticCodes.Unused, DiagnosticCodes.ClockCrossing]);
        failure.NotChecked.ShouldContain("Combinational loops and clock crossings through what has no driver.");
        failure.Message.ShouldContain("not looked at: The clocks of the inputs of sketch_many");
        Design.Checks.ShouldBe(["drivers", "combinational loops", "clock crossings", "unused"]);
    }

    [Fact, Tests(DiagnosticCodes.BundleMismatch)]
    public void TwoSourcesAreConnected()
    {
        var failure = Should.Throw<DesignException>(() => Design.Elaborate(new WrongChain(8)));
        failure.Diagnostics.ShouldContain(d => d.Code == DiagnosticCodes.BundleMismatch && d.Message == "output first.result_data and output second.result_data both drive");
    }

    [Fact, Tests(DiagnosticCodes.BundleMismatch)]
    public void BundlesOfTwoWidthsAreConnected()
    {
        var failure = Should.Throw<DesignException>(() => Design.Elaborate(new WrongChain(9)));
        failure.Diagnostics.ShouldContain(d => d.Code == DiagnosticCodes.Width && d.Message == "input second.source_data of 8 bits gets a signal of 9 bits");
    }

    [Fact, Tests(DiagnosticCodes.DuplicateCase)]
    public void AValueStandsTwiceInAChoice() => Only(m => m.Out("y").Drive(
        m.Enumeration<BundleSide>(m.In("a")[0]).Select(m.Constant(9, 8), (BundleSide.Source, m.Constant(5, 8)), (BundleSide.Source, m.Constant(3, 8)))))
        .Message.ShouldBe("the value Source stands twice in a choice");

    [Fact, Tests(DiagnosticCodes.Width)]
    public void AnEnumerationOfAnotherWidth() => Only(m => m.Out("y").Drive(m.Enumeration<BundleSide>(m.In("a")).Bits.ZeroExtend(8)))
        .Message.ShouldBe("a value of BundleSide of 1 bits gets a signal of 4 bits");

    [Fact, Tests(DiagnosticCodes.Size)]
    public void MoreInitialWordsThanAMemoryHas()
    {
        var failure = Should.Throw<DesignException>(() => Design.Elaborate(new TooManyWords()));
        failure.Diagnostics.Select(d => d.Message).ShouldBe(["5 initial words for a memory of 4", "5 initial words for a memory of 4", "the constant 65536 does not fit 16 bits"], ignoreOrder: true);
    }

    [Fact]
    public void AnAssertionInABranchHoldsOnlyThere()
    {
        var text = Text.Of(new Sketch("gated", [("a", 1), ("b", 1)], [("y", 1)], m =>
        {
            var q = m.Register("q", 1, reset: 0);
            m.When(m.In("a"), () =>
            {
                q.Drive(m.In("b"));
                m.Assert(m.In("b"), "b with a");
            });
            m.Out("y").Drive(q);
        }));
        text.ShouldContain("b_with_a: assert (~a | b);");
    }

    [Fact]
    public void AllMistakesAreReportedSorted()
    {
        var diagnostics = All(m =>
        {
            m.In("a").Bits(3, 2);
            var sum = m.In("a") + m.In("b");
            m.Out("y").Drive(sum.ZeroExtend(9));
        });
        diagnostics.Select(d => d.Code).ShouldBe([DiagnosticCodes.SliceRange, DiagnosticCodes.Width, DiagnosticCodes.Width], ignoreOrder: true);
        diagnostics.ShouldBe(diagnostics.OrderBy(d => d.Location).ThenBy(d => d.Code, StringComparer.Ordinal));
        diagnostics.ShouldAllBe(d => d.Fix.Length > 3);
    }

    private static Diagnostic Only(Action<Sketch> build) => All(build).Distinct().ShouldHaveSingleItem();

    private static IReadOnlyList<Diagnostic> All(Action<Sketch> build) => Should.Throw<DesignException>(() => Design.Elaborate(
        new Sketch("d", [("a", 4), ("b", 2)], [("y", 8)], m =>
        {
            build(m);
            m.Discard(m.In("a"));
            m.Discard(m.In("b"));
        }))).Diagnostics;

    /// <summary>Two sources, or bundles of two widths.</summary>
    private sealed class WrongChain(int width) : Module
    {
        public Words Source { get; } = new(width, BundleSide.Sink);

        protected override void Build()
        {
            Instance(out var first, new Passer());
            Instance(out var second, new Passer());
            if (width == 8)
            {
                Connect(first.Result, second.Result);
            }
            else
            {
                Connect(Source, second.Source);
            }
        }
    }

    /// <summary>Initial words that do not fit.</summary>
    private sealed class TooManyWords : Module
    {
        public Input Address { get; } = new(2);

        public Output Words { get; } = new(48);

        protected override void Build()
        {
            Memory(out var plain, 4, 16, initial: [1, 2, 3, 4, 5]);
            MaskedMemory(out var masked, 4, 16, initial: [1, 2, 3, 4, 5]);
            MaskedMemory(out var large, 4, 16, initial: [65536]);
            Words.Drive(Concatenate(plain.Read(Address), masked.Read(Address), large.Read(Address)));
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class TestsAttribute(string code) : Attribute
    {
        public string Code { get; } = code;
    }
}
