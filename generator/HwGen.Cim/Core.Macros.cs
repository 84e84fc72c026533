using HwGen.Netlist;

namespace HwGen.Cim;

// The macros, and what the core sees of all of them together.
public sealed partial class Core
{
    private Macro[] Macros()
    {
        var macros = new Macro[configuration.Macros];
        for (var i = 0; i < macros.Length; i++)
        {
            Instance(out var macro, new Macro(configuration), index: macros.Length > 1 ? i : null);
            macros[i] = macro;
        }

        return macros;
    }

    /// <summary>The number of a lane within a macro, and whether it is in that macro.</summary>
    private (Signal Lane, Signal Is) LaneOf(Signal lane, int macro)
    {
        if (configuration.Macros == 1)
        {
            return (lane, Constant(1, 1));
        }

        var (first, width) = (macro * configuration.Lanes, configuration.TotalLaneBits + 1);
        Wire(out var local, lane.ZeroExtend(width) - first, name: FormattableString.Invariant($"macro_{macro}_lane"));
        Wire(out var isHere, local.LessThan(configuration.Lanes), name: FormattableString.Invariant($"macro_{macro}_is_meant"));
        if (configuration.LaneBits < width)
        {
            Discard(local.Bits(configuration.LaneBits, width - configuration.LaneBits));
        }

        return (local.Truncate(configuration.LaneBits), isHere);
    }

    /// <summary>What the macros say of the row that the host addressed a cycle before: of the macro that has it.</summary>
    private Signal OfMeantMacro(Signal[] ofMacros)
    {
        if (ofMacros.Length == 1)
        {
            return ofMacros[0];
        }

        _wasMeant ??= [.. Enumerable.Range(0, ofMacros.Length).Select(i =>
        {
            Register(out var wasMeant, LaneOfRow(i).Is, name: FormattableString.Invariant($"macro_{i}_was_meant"));
            return wasMeant;
        })];
        return ofMacros.Zip(_wasMeant, (signal, wasMeant) => signal & Repeat(wasMeant, signal.Width)).Aggregate((left, right) => left | right);
    }

    /// <summary>The joined outputs of the macros, and their queues.</summary>
    private (Signal QueueHead, Signal Reached, Signal Directions) Join(Macro[] macros, Signal capture, Signal next, Signal? nextFilter)
    {
        foreach (var macro in macros)
        {
            macro.Capture.Drive(capture);
            macro.NextFilter?.Drive(nextFilter!);
        }

        if (macros.Length == 1)
        {
            macros[0].Next.Drive(next);
            return (macros[0].QueueHead, macros[0].Reached, macros[0].Directions);
        }

        Instance(out var macroJoin, new MacroJoin(configuration));
        macroJoin.Capture.Drive(capture);
        macroJoin.Next.Drive(next);
        macroJoin.NextFilter?.Drive(nextFilter!);
        macroJoin.Heads.Drive(Concatenate([.. macros.Reverse().Select(macro => macro.QueueHead)]));
        macroJoin.MacrosReached.Drive(Concatenate([.. macros.Reverse().Select(macro => macro.Reached)]));
        macroJoin.MacrosDirections.Drive(Concatenate([.. macros.Reverse().Select(macro => macro.Directions)]));
        for (var i = 0; i < macros.Length; i++)
        {
            macros[i].Next.Drive(macroJoin.MacrosNext[i]);
        }

        return (macroJoin.QueueHead, macroJoin.Reached, macroJoin.Directions);
    }

    /// <summary>The sum of the filter whose planes are the first of the queue: plane i is in macro i mod macros.</summary>
    private Signal AllPlanes(Macro[] macros, Signal signedJoin)
    {
        var bits = configuration.AccumulatorBits + 1;
        Signal Head(int plane)
        {
            var (macro, place) = (macros[plane % macros.Length], plane / macros.Length);
            return place == 0 ? macro.QueueHead : macro.NextHeads!.Bits((place - 1) * bits, bits);
        }

        Instance(out var planes, new PlaneJoin(configuration.WeightBits, configuration.AccumulatorBits));
        planes.Heads.Drive(Concatenate([.. Enumerable.Range(0, configuration.WeightBits).Reverse().Select(Head)]));
        planes.SignedJoin.Drive(signedJoin);
        return planes.Sum;
    }

    private Signal[]? _wasMeant;

    private (Signal Lane, Signal Is)[]? _rowLanes;

    private (Signal Lane, Signal Is) LaneOfRow(int macro)
    {
        using var scope = Scope("row");
        _rowLanes ??= [.. Enumerable.Range(0, configuration.Macros).Select(i => LaneOf(RowLane, i))];
        return _rowLanes[macro];
    }
}
