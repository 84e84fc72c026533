using System.Numerics;
using HwGen.Netlist;

namespace HwGen.Simulation.Tests;

/// <content>The larger parts of a random circuit.</content>
internal sealed partial class RandomModule
{
    private enum Phase
    {
        Idle,
        Load,
        Run,
        Done = 5,
    }

    private void DriveRegister(Register register)
    {
        switch (_random.Next(5))
        {
            case 0:
                When(Crossing(1), () => register.Drive(Crossing(register.Width))).Else(() => register.Drive(Crossing(register.Width)));
                break;
            case 1:
                When(Crossing(1), () =>
                {
                    register.Drive(Crossing(register.Width));
                    When(Crossing(1), () => register.Drive(Crossing(register.Width)));
                }).ElseWhen(Crossing(1), () => register.Drive(Bits(register.Width)));
                break;
            case 2:
                Action otherwise = () => register.Drive(Crossing(register.Width));
                Switch(
                    Crossing(2), _random.Next(2) == 0 ? otherwise : null, (0, () => register.Drive(Crossing(register.Width))), (2, () => register.Drive(register + 1)),
                    (3, () => When(Crossing(1), () => register.Drive(Crossing(register.Width)))));
                break;
            default:
                register.Drive(Crossing(register.Width));
                break;
        }

        if (_random.Next(2) == 0)
            When(Crossing(1), () => register.Drive(Crossing(register.Width)));
    }

    private void DriveOutput(Output output)
    {
        if (output.Width == 1 || _random.Next(3) > 0)
        {
            output.Drive(Pick(_pool, output.Width));
            return;
        }

        // In two parts, the upper one first.
        var low = 1 + _random.Next(output.Width - 1);
        output.DriveBits(low, Pick(_pool, output.Width - low));
        output.DriveBits(0, Pick(_pool, low));
    }

    private void AddChild(int index)
    {
        var module = new RandomModule(_random.Next(1000), _depth + 1, _operations / 2);
        Instance(out var child, module, name: FormattableString.Invariant($"child_{index}"));
        foreach (var input in child.Inputs)
            input.Drive(Crossing(Pick(_settled, input.Width)));
        _pool.AddRange(child.Outputs);
        foreach (var output in child.Outputs)
            Discard(output);
    }

    /// <summary>An instance of which one output helps to make another input.</summary>
    private void AddFeedThrough(int index)
    {
        var width = Width();
        Instance(out var crossing, new RandomCrossing(width), name: FormattableString.Invariant($"crossing_{index}"));
        crossing.First.Drive(Crossing(Pick(_settled, width)));
        crossing.Second.Drive(crossing.FirstResult ^ Pick(_settled, width));
        if (_random.Next(2) == 0)
            Discard(crossing.SecondResult);
        else
            Discard(crossing.SecondResult[width / 2]);
        AddSettled(crossing.FirstResult);
        AddSettled(crossing.SecondResult);
    }

    /// <summary>A wire that is driven after its first reader, as a whole or in parts.</summary>
    private void AddLateWire(int index)
    {
        var width = Width();
        var before = _settled.ToList();
        Wire(out Wire late, width, FormattableString.Invariant($"late_{index}"));
        Discard(late);
        _pool.Add(late + Pick(before, width));
        _pool.Add(late);
        if (width == 1 || _random.Next(2) == 0)
        {
            late.Drive(Fit(Operation(before), width));
            return;
        }

        var low = 1 + _random.Next(width - 1);
        late.DriveBits(0, Pick(before, low));
        late.DriveBits(low, Pick(before, width - low));
    }

    private void AddStateMachine(int index)
    {
        StateMachine(out var phase, Phase.Idle, ClockOf(index), FormattableString.Invariant($"phase_{index}"));
        phase.Switch(
            (Phase.Idle, () => When(Crossing(1), () => phase.Go(Phase.Load)).ElseWhen(Crossing(1), () => phase.Go(Phase.Done))),
            (Phase.Load, () => phase.Go(Phase.Run)),
            (Phase.Run, () => When(Crossing(1), () => phase.Go(Phase.Done))),
            (Phase.Done, () => phase.Go(Phase.Idle)));
        AddSettled(phase.Is(Phase.Run));
        AddSettled(Concatenate(phase.State, phase.Is(Phase.Load)));
        Discard(phase.State);
    }

    /// <summary>A signal whose values have names: compared, chosen by, and what goes into a state machine. Codes without a name occur.</summary>
    private void AddEnumeration(int index)
    {
        Wire(out var named, Pick(_settled, Widths.Enumeration<Phase>()), name: FormattableString.Invariant($"value_{index}"));
        var value = Enumeration<Phase>(named);
        StateMachine(out var held, Phase.Load, Main, FormattableString.Invariant($"held_{index}"));
        When(Crossing(1), () => held.Go(Choose(Crossing(1), Enumeration(Phase.Done), Enumeration<Phase>(Crossing(named)))));
        var width = Width();
        AddSettled(value.Select(Pick(_settled, width), (Phase.Idle, Pick(_settled, width)), (Phase.Run, Pick(_settled, width)), (Phase.Done, Pick(_settled, width))));
        AddSettled(Concatenate(value.IsOneOf(Phase.Load, Phase.Done), value.EqualTo(held), value.Is(Phase.Idle)));
        AddSettled(held.Bits);
        Discard(held.Bits);
        Discard(named);
    }

    /// <summary>
    /// Lanes that all compute the same of their own operands and of one that they share, with a register each; their results are gathered, summed and looked up.
    /// </summary>
    private void AddLanes(int index)
    {
        var (lanes, width) = (2 + _random.Next(7), 1 + _random.Next(9));
        var shared = Crossing(Pick(_settled, width));
        var source = Crossing(Pick(_settled, lanes * width));
        var mode = Crossing(Pick(_settled, 2));
        var results = new Signal[lanes];
        for (var lane = 0; lane < lanes; lane++)
        {
            var own = source.Bits(lane * width, width);
            Register(out var held, width, reset: _random.Next(2), domain: Main, name: FormattableString.Invariant($"lane_{index}_{lane}"));
            var bits = Select(mode, own & shared, ~(own & shared), own | shared, own ^ held);
            When(mode.AnyOne(), () => held.Drive(held + bits));
            results[lane] = held ^ bits;
        }

        var total = PopCount(results[0]).ZeroExtend(12);
        foreach (var result in results.Skip(1))
            total = total + PopCount(result).ZeroExtend(12);
        AddSettled(Concatenate(results));
        AddSettled(total);
        AddSettled(Select(Pick(_settled, Widths.Index(lanes)), results));
    }

    /// <summary>An address that is no constant: Icarus 11 writes broken code for the shift of a word that it has looked up itself.</summary>
    private Signal Address(int width) => Fit(_registers[_random.Next(_registers.Count)], width);

    private void AddMemory(int index)
    {
        var depth = 2 << _random.Next(5);
        var domain = ClockOf(_random.Next(3));
        var name = FormattableString.Invariant($"memory_{index}");
        if (_random.Next(3) == 0)
        {
            AddMaskedMemory(depth, domain, name);
            return;
        }

        var width = Width();
        BigInteger[]? initial = _random.Next(2) == 0 ? [.. Enumerable.Range(0, 1 + _random.Next(depth)).Select(_ => Bits(width))] : null;
        Memory(out var memory, depth, width, domain, name, initial);
        var word = memory.Read(Address(memory.AddressWidth));

        // Two or three ports, which may write one word at one edge: the later wins.
        var address = Crossing(memory.AddressWidth);
        memory.Write(Crossing(1), address, Crossing(width));
        if (_random.Next(2) == 0)
            memory.Write(Crossing(1), _random.Next(2) == 0 ? address : Crossing(memory.AddressWidth), Crossing(width));
        if (_random.Next(2) == 0)
            When(Crossing(1), () => memory.Write(Crossing(1), Crossing(memory.AddressWidth), Crossing(width)));
        Discard(word);
        _pool.Add(word);
        _pool.Add(memory.Read(Address(memory.AddressWidth)));
        var enable = _random.Next(2) == 0 ? Crossing(1) : null;
        var mode = _random.Next(2) == 0 ? ReadMode.OldWord : ReadMode.NewWord;
        ReadPort(out var registered, memory, _random.Next(2) == 0 ? address : Crossing(memory.AddressWidth), enable, mode, name + "_word");
        Discard(registered);
        _pool.Add(registered);
    }

    private void AddMaskedMemory(int depth, ClockDomain domain, string name)
    {
        var (lanes, laneWidth) = (2 + _random.Next(3), _random.Next(2) == 0 ? 8 : 1 + _random.Next(12));
        BigInteger[]? initial = _random.Next(2) == 0 ? [.. Enumerable.Range(0, 1 + _random.Next(depth)).Select(_ => Bits(lanes * laneWidth))] : null;
        MaskedMemory(out var memory, depth, lanes * laneWidth, laneWidth, domain, name, initial);
        memory.Write(Crossing(lanes), Crossing(memory.AddressWidth), Crossing(lanes * laneWidth));
        if (_random.Next(2) == 0)
            memory.Write(Crossing(lanes), Crossing(memory.AddressWidth), Crossing(lanes * laneWidth));
        _pool.Add(memory.Read(Address(memory.AddressWidth)));
        _pool.Add(memory.Read(Address(memory.AddressWidth)));
        var mode = _random.Next(2) == 0 ? ReadMode.OldWord : ReadMode.NewWord;
        ReadPort(out var registered, memory, Crossing(memory.AddressWidth), _random.Next(2) == 0 ? Crossing(1) : null, mode, name + "_word");
        Discard(registered);
        _pool.Add(registered);
    }
}
