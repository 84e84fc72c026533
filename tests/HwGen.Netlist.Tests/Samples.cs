using System.Numerics;

namespace HwGen.Netlist.Tests;

/// <summary>Sends what it takes, one register later.</summary>
public sealed class Passer : Module
{
    public Words Source { get; } = new(8, BundleSide.Sink);

    public Words Result { get; } = new(8, BundleSide.Source);

    protected override void Build()
    {
        Register(out var full, 1, reset: 0);
        Register(out var word, 8);
        Wire(out var canTake, ~full | Result.Ready);
        var take = Source.Valid & canTake;
        When(take, () => word.Drive(Source.Data));
        When(Result.Ready, () => full.Drive(0));
        When(take, () => full.Drive(1));
        Source.Ready.Drive(canTake);
        Result.Valid.Drive(full);
        Result.Data.Drive(word);
    }
}

/// <summary>Words with a handshake.</summary>
public sealed class Words : Bundle
{
    public Words(int width, BundleSide side)
        : base(side)
    {
        Data = Forward(width, "data");
        Valid = Forward(1, "valid");
        Ready = Backward(1, "ready");
    }

    public Port Data { get; }

    public Port Valid { get; }

    public Port Ready { get; }
}

/// <summary>Waits for a start, runs for some cycles, says that it is done.</summary>
public sealed class Runner : Module
{
    private enum Phase
    {
        Idle,
        Run,
        Done,
    }

    public Input Start { get; } = new(1);

    public Output IsDone { get; } = new(1);

    protected override void Build()
    {
        StateMachine(out var phase, Phase.Idle);
        Register(out var cycles, 3, reset: 0);
        phase.Switch(
            (Phase.Idle, () => When(Start, () => phase.Go(Phase.Run))),
            (Phase.Run, () =>
            {
                cycles.Drive(cycles + 1);
                When(cycles.EqualTo(6), () => phase.Go(Phase.Done));
            }
        ),
            (Phase.Done, () => phase.Go(Phase.Idle)));
        IsDone.Drive(phase.Is(Phase.Done));
    }
}

/// <summary>Memories of all kinds.</summary>
public sealed class Memories : Module
{
    public Input Address { get; } = new(4);

    public Input Enables { get; } = new(2);

    public Input Word { get; } = new(16);

    public Output Earlier { get; } = new(16);

    public Output Later { get; } = new(16);

    public Output Square { get; } = new(8);

    public Output Lanes { get; } = new(16);

    public Output LanesBefore { get; } = new(16);

    public Output LanesAfter { get; } = new(16);

    protected override void Build()
    {
        Memory(out var words, 16, 16);
        words.Write(Enables[0], Address, Word);
        ReadPort(out var oldWord, words, Address);
        ReadPort(out var newWord, words, Address, mode: ReadMode.NewWord);
        Earlier.Drive(oldWord);
        Later.Drive(newWord);
        Memory(out var squares, 16, 8, initial: [.. Enumerable.Range(0, 13).Select(i => (BigInteger)(i * i))]);
        Square.Drive(squares.Read(Address));
        MaskedMemory(out var lanes, 16, 16, initial: [.. Enumerable.Range(0, 10).Select(i => (BigInteger)(i * 5000))]);
        lanes.Write(Enables, Address, Word);
        Lanes.Drive(lanes.Read(Address));
        ReadPort(out var lanesBefore, lanes, Address);
        ReadPort(out var lanesAfter, lanes, Address, enable: Enables[1], mode: ReadMode.NewWord);
        LanesBefore.Drive(lanesBefore);
        LanesAfter.Drive(lanesAfter);
    }
}

/// <summary>A vendor's buffer.</summary>
public sealed class ClockBuffer() : BlackBox("VENDOR_FF", ("WIDTH", 8), ("MODE", "FAST"))
{
    public Input D { get; } = new(8, "D");

    public Output Q { get; } = new(8, "Q");

    protected override IReadOnlyList<ClockPort> ClockPorts => [new("CK", ClockDomain.Default), new("RB", ClockDomain.Default, IsReset: true)];
}

/// <summary>A black box in use.</summary>
public sealed class Board : Module
{
    public Input Data { get; } = new(8);

    public Output Result { get; } = new(8);

    protected override void Build()
    {
        Instance(out var buffer, new ClockBuffer());
        buffer.D.Drive(Data);
        Result.Drive(buffer.Q);
    }
}

/// <summary>A flag that goes to another clock.</summary>
public sealed class TwoClocks : Module
{
    public static readonly ClockDomain Fast = new("fast_clock", "fast_reset_n");

    public Input Toggle { get; } = new(1);

    public Output Seen { get; } = new(1);

    protected override void Build()
    {
        Register(out var flag, 1, reset: 0);
        When(Toggle, () => flag.Drive(~flag));
        Synchronise(out var seen, flag, Fast, reset: 0);
        Seen.Drive(seen);
    }
}
