using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

/// <summary>
/// Lets the sums of a round out of the queue of the accumulators, a filter after another, while the next round counts: one cycle a filter,
/// one for each of its thresholds, or two for each halving of them. Says with each what it is for.
/// </summary>
/// <remarks>
/// A value that completes operand words waits until the words before are written, a bit-plane a cycle: nothing behind this unit ever stops.
/// The mapper leaves rounds far enough apart.
/// </remarks>
/// <param name="configuration">The widths.</param>
public sealed class DrainUnit(ArrayConfiguration configuration) : Module
{
    private readonly IReadOnlyDictionary<DescriptorField, Input> _fields = DescriptorPorts.Of(
        configuration,
        [
            DescriptorField.DrainCycles, DescriptorField.FirstOutputBit, DescriptorField.OutputPlanes, DescriptorField.SumBase,
            .. configuration.SearchesLevels ? [DescriptorField.Levels] : (DescriptorField[])[], .. configuration.WeightBits > 1 ? [DescriptorField.JoinedPlanes] : (DescriptorField[])[],
        ]);

    /// <summary>The descriptor fields that are read.</summary>
    public IEnumerable<Input> Descriptor => _fields.Values;

    /// <summary>1 when the layer starts.</summary>
    public Input Start { get; } = new(1);

    /// <summary>1 when thresholds are found by halving: the address stays at the first of a filter's; none in a core that does not.</summary>
    public Input? SearchLevels { get; } = configuration.SearchesLevels ? new(1) : null;

    /// <summary>1 to forget what is in the queue; none where the host runs layer by layer.</summary>
    public Input? Abort { get; } = configuration.HasBus ? new(1) : null;

    /// <summary>1 when values gather in operand words.</summary>
    public Input FillsWords { get; } = new(1);

    /// <summary>1 when each position of a pool is written for itself.</summary>
    public Input Unpooled { get; } = new(1);

    /// <summary>1 when the accumulators hold the sums of a round: the queue takes them.</summary>
    public Input Round { get; } = new(1);

    /// <summary>Filters of the tile.</summary>
    public Input Filters { get; } = new(configuration.FilterCountBits);

    /// <summary>Where the level memory holds the words of the tile.</summary>
    public Input Level { get; } = new(configuration.LevelAddressBits);

    /// <summary>1 at the first pooled position of an output.</summary>
    public Input PoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position of an output.</summary>
    public Input PoolLast { get; } = new(1);

    /// <summary>1 at the last tile of an output.</summary>
    public Input TileLast { get; } = new(1);

    /// <summary>1 at the last round of the layer.</summary>
    public Input LayerLast { get; } = new(1);

    /// <summary>1 when the position lies inside the input.</summary>
    public Input WithinInput { get; } = new(1);

    /// <summary>1 when the first of the queue is a plane of a filter of which others follow: it is joined with them. None in a core of one weight plane.</summary>
    public Output? Joins { get; } = configuration.WeightBits > 1 ? new(1) : null;

    /// <summary>1 at the first plane of a filter.</summary>
    public Output? JoinFirst { get; } = configuration.WeightBits > 1 ? new(1) : null;

    /// <summary>1 when all planes of a filter leave in one cycle; none in a core that does not.</summary>
    public Input? JoinAtOnce { get; } = configuration.JoinsAtOnce ? new(1) : null;

    /// <summary>1 when the queue moves on by all planes of a filter; none in a core that does not.</summary>
    public Output? NextFilter { get; } = configuration.JoinsAtOnce ? new(1) : null;

    /// <summary>1 when the queue moves on by one filter.</summary>
    public Output Next { get; } = new(1);

    /// <summary>1 when the first of the queue meets a word of the level memory.</summary>
    public Output Valid { get; } = new(1);

    /// <summary>Where that word is.</summary>
    public Output LevelAddress { get; } = new(configuration.LevelAddressBits);

    /// <summary>1 at the first word of a filter.</summary>
    public Output FilterFirst { get; } = new(1);

    /// <summary>1 at the last word of a filter.</summary>
    public Output FilterLast { get; } = new(1);

    /// <summary>The filter within the tile.</summary>
    public Output Filter { get; } = new(configuration.TotalLaneBits);

    /// <summary>The partial sum that goes with it.</summary>
    public Output SumAddress { get; } = new(configuration.ResultAddressBits);

    /// <summary>1 at the first pooled position.</summary>
    public Output ValuePoolFirst { get; } = new(1);

    /// <summary>1 at the last pooled position.</summary>
    public Output ValuePoolLast { get; } = new(1);

    /// <summary>1 when the position lies inside the input.</summary>
    public Output ValueInside { get; } = new(1);

    /// <summary>1 at the last filter of an output.</summary>
    public Output OutputLast { get; } = new(1);

    /// <summary>1 at the last filter of the layer.</summary>
    public Output ValuesLast { get; } = new(1);

    /// <summary>The bit of a word that takes the value.</summary>
    public Output Place { get; } = new(DescriptorField.FirstOutputBit.Width(configuration));

    /// <summary>1 when the value completes its words.</summary>
    public Output Completes { get; } = new(1);

    /// <summary>Connects the descriptor fields that the unit reads, in the module around both.</summary>
    internal void Connect(DescriptorRegisters registers) => DescriptorPorts.Drive(_fields, registers);

    /// <inheritdoc/>
    protected override void Build()
    {
        var drainCycles = _fields[DescriptorField.DrainCycles];
        var planes = _fields[DescriptorField.OutputPlanes];
        Register(out var draining, 1, reset: 0);
        Register(out var roundFilters, Filters, enable: Round);
        Register(out var roundPoolFirst, PoolFirst | Unpooled, enable: Round);
        Register(out var roundPoolLast, PoolLast | Unpooled, enable: Round);
        Register(out var outputEnd, PoolLast & TileLast, enable: Round);
        Register(out var layerEnd, LayerLast, enable: Round);
        Register(out var roundWithin, WithinInput, enable: Round);
        Register(out var filterIndex, configuration.FilterCountBits);
        Register(out var waited, drainCycles.Width);
        Register(out var levelPlace, configuration.LevelAddressBits);
        Register(out var sumAddress, configuration.ResultAddressBits);
        Register(out var place, Place.Width);
        Register(out var writing, planes.Width);

        var (planeFirst, planeLast, plane) = PlaneOfFilter();
        Wire(out var filterLast, (waited + 1).EqualTo(drainCycles));
        Wire(out var leaving, JoinAtOnce is { } atOnce ? Choose(atOnce, Constant(configuration.WeightBits, filterIndex.Width), Constant(1, filterIndex.Width)) : Constant(1, filterIndex.Width));
        Wire(out var nextFilterIndex, filterIndex + leaving);
        Wire(out var lastFilter, nextFilterIndex.EqualTo(roundFilters));
        Wire(out var outputLast, lastFilter & outputEnd);
        Wire(out var completes, planeLast & filterLast & roundPoolLast & FillsWords & (place.EqualTo(configuration.Columns - 1) | outputLast));
        Wire(out var valid, draining & planeLast & ~(completes & writing.AnyOne()));
        Wire(out var valueNext, valid & filterLast);
        Wire(out var joins, draining & ~planeLast);
        Wire(out var leaves, valueNext | joins);

        var filterLevels = SearchLevels is null ? null : _fields[DescriptorField.Levels].FitTo(levelPlace.Width, bits => Discard(bits));
        When(writing.AnyOne(), () => writing.Drive(writing - 1));
        When(valid, () =>
        {
            waited.Drive(waited + 1);
            if (SearchLevels is null)
            {
                levelPlace.Drive(levelPlace + 1);
            }
            else
            {
                When(~SearchLevels, () => levelPlace.Drive(levelPlace + 1));
            }
        });
        When(leaves, () =>
        {
            filterIndex.Drive(nextFilterIndex);
            When(lastFilter, () => draining.Drive(0));
        });
        When(valueNext, () =>
        {
            if (SearchLevels is not null)
            {
                When(SearchLevels, () => levelPlace.Drive(levelPlace + filterLevels!));
            }

            waited.Drive(0);
            sumAddress.Drive(sumAddress + 1);
            When(roundPoolLast & FillsWords, () => place.Drive(place + 1));
            When(completes, () =>
            {
                place.Drive(Choose(outputLast, _fields[DescriptorField.FirstOutputBit], Constant(0, place.Width)));
                writing.Drive(planes - 1);
            });
        });
        if (plane is not null)
        {
            When(joins, () => plane.Drive(plane + 1));
            When(valueNext | Round, () => plane.Drive(0));
            Joins!.Drive(joins);
            JoinFirst!.Drive(planeFirst);
        }

        When(Round, () =>
        {
            draining.Drive(1);
            waited.Drive(0);
            filterIndex.Drive(0);
            levelPlace.Drive(Level);
        });
        When(Start, () =>
        {
            sumAddress.Drive(_fields[DescriptorField.SumBase]);
            place.Drive(_fields[DescriptorField.FirstOutputBit]);
            writing.Drive(0);
        });

        if (Abort is { } abort)
        {
            When(abort, () => draining.Drive(0));
        }

        Next.Drive(JoinAtOnce is null ? leaves : leaves & ~JoinAtOnce);
        NextFilter?.Drive(leaves & JoinAtOnce!);
        Valid.Drive(valid);
        LevelAddress.Drive(levelPlace);
        FilterFirst.Drive(waited.EqualTo(0));
        FilterLast.Drive(filterLast);
        Filter.Drive(filterIndex.Truncate(configuration.TotalLaneBits));
        SumAddress.Drive(sumAddress);
        ValuePoolFirst.Drive(roundPoolFirst);
        ValuePoolLast.Drive(roundPoolLast);
        ValueInside.Drive(roundWithin);
        OutputLast.Drive(outputLast);
        ValuesLast.Drive(lastFilter & layerEnd);
        Place.Drive(place);
        Completes.Drive(completes);
    }

    /// <summary>Whether the first of the queue is the first and the last plane of a filter, and the register that counts them; none in a core of one weight plane.</summary>
    private (Signal First, Signal Last, Register? Plane) PlaneOfFilter()
    {
        if (!_fields.TryGetValue(DescriptorField.JoinedPlanes, out var joinedPlanes))
        {
            return (Constant(1, 1), Constant(1, 1), null);
        }

        Register(out var plane, joinedPlanes.Width);
        return JoinAtOnce is null
            ? (plane.EqualTo(0), plane.EqualTo(joinedPlanes), plane)
            : (plane.EqualTo(0), JoinAtOnce | plane.EqualTo(joinedPlanes), plane);
    }
}
