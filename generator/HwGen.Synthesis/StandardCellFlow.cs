using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Synthesis.Liberty;
using HwGen.Synthesis.Netlists;
using HwGen.Synthesis.Timing;
using HwGen.Tools;

namespace HwGen.Synthesis;

/// <summary>Maps a design to the cells of a Liberty library with Yosys and ABC, and looks at its timing with OpenSTA.</summary>
internal sealed partial class StandardCellFlow(ToolRun run, SynthesisSource source, SynthesisOptions options)
{
    // ABC is asked for less than there is by this factor, as long as that makes the netlist faster.
    private const double SearchFactor = 0.7;
    private const int MostMappings = 4;

    // Past this many cells a mapping takes minutes: one is enough.
    private const int LargeNetlist = 40_000;

    // Past this many bits of nets, all instances counted, logic is restructured module by module.
    private const long LargeDesign = 40_000;
    private const double RelaxedPeriod = 10;

    public async Task<SynthesisResult> RunAsync(CancellationToken cancellationToken)
    {
        var library = CellLibrary.Read(options.Liberty);
        library.HoldComplete(needsFlipFlop: false);
        run.Write("adders.v", AdderMaps.Of(library, source.Files));
        var hasHalfAdders = source.Files.Any(file => Path.GetFileNameWithoutExtension(file).EndsWith(AdderMaps.HalfAdder, StringComparison.Ordinal));
        var pairs = options.PairHalfAdders && hasHalfAdders ? HalfAdderPairs.Of(library) : null;
        if (pairs is { } texts)
        {
            run.Write("half_adder_pair.v", texts.Pattern);
            run.Write("half_adder_pair_map.v", texts.Map);
        }
        run.Write("memories.v", MemoryMaps.BlackBoxes(options.LargestFlipFlopMemory));
        var driver = options.DrivingCell ?? library.StrongestInverter!.Name;
        if (library.Find(driver) is null)
            throw new InputException(new InputError("is not in the library") { File = library.File, Key = "driving cell", Value = driver });

        // ABC takes loads in femtofarads.
        run.Write("abc.constr", string.Create(CultureInfo.InvariantCulture, $"set_driving_cell {driver}\nset_load {options.OutputLoad * 1000}\n"));
        await run.YosysAsync("read", Read(library, pairs is not null), cancellationToken).ConfigureAwait(false);
        var isLarge = options.Hierarchical ?? NetBits(run.Read("read.stat")) > LargeDesign;
        await ElaborateAsync(library, isLarge, cancellationToken).ConfigureAwait(false);

        var best = await MapAsync(library, options.Period ?? RelaxedPeriod, 0, isLarge, cancellationToken).ConfigureAwait(false);
        for (var mapping = 1; options is { Period: null, Sized: true } && mapping < MostMappings && best.Result.CellCount < LargeNetlist; mapping++)
        {
            var next = await MapAsync(library, best.Period * SearchFactor, mapping, isLarge, cancellationToken).ConfigureAwait(false);
            if (next.Period >= best.Period)
                break;
            best = next;
        }

        // The files are those of the mapping that is told.
        run.Write(NetlistName, best.Netlist);
        run.Write(ModelsName, best.Models);
        run.Write(StaticTiming.ConstraintsName, best.Constraints);
        return best.Result;
    }

    /// <summary>Elaborates; where it is for a flip-flop that the library does not have, the library is what is wrong.</summary>
    private async Task ElaborateAsync(CellLibrary library, bool isLarge, CancellationToken cancellationToken)
    {
        try
        {
            await run.YosysAsync("elaborate", Elaborate(library, isLarge), cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Message.Contains("flip-flops are not supported", StringComparison.Ordinal))
        {
            library.HoldComplete(needsFlipFlop: true);
            throw;
        }
    }

    /// <summary>The source with its adders in place, before anything can look into them.</summary>
    private IEnumerable<string> Read(CellLibrary library, bool pairHalfAdders)
    {
        yield return $"read_liberty -lib -ignore_miss_func {library.File}";
        foreach (var file in source.Files)
            yield return $"read_verilog {file}";
        yield return $"hierarchy -check -top {source.Top}";
        if (options.LogicAdders.Count > 0)
        {
            yield return "select -set logic_adders " + string.Join(' ', options.LogicAdders.Select(name => "*/" + name));
            yield return "techmap -map adders.v * @logic_adders %d";
        }
        else
        {
            yield return "techmap -map adders.v";
        }
        if (pairHalfAdders && library.HalfAdder is { } half)
        {
            foreach (var line in HalfAdderPairs.Search(half, options.FirstPairedColumn))
                yield return line;
            yield return "techmap -map half_adder_pair_map.v";
        }
        yield return $"tee -o read.stat stat -top {source.Top}";
        yield return "write_ilang read.il";
    }

    /// <summary>
    /// Everything up to the choice of cells: flattened, memories put into place. A large design is flattened last: a module of many instances is worked on once,
    /// and its logic is restructured before its instances are.
    /// </summary>
    private IEnumerable<string> Elaborate(CellLibrary library, bool isLarge)
    {
        yield return "read_ilang read.il";
        yield return $"synth {(isLarge ? string.Empty : "-flatten ")}-noabc -top {source.Top} -run begin:fine";
        yield return "techmap -map memories.v";
        yield return $"synth -noabc -top {source.Top} -run fine:check";
        if (options.ExtractAdders)
        {
            yield return "extract_fa -fa -ha";
            yield return "techmap -map adders.v";
            yield return "techmap";
        }
        yield return $"dfflegalize -cell $_DFF_P_ x";
        yield return $"dfflibmap -liberty {library.File}";
        yield return "opt";
        if (isLarge)
        {
            yield return options.KeepDepth ? "abc -script +strash;ifraig;scorr;strash;map" : "abc -script +strash;dc2;strash;map";
            yield return "flatten";
            yield return "opt_clean -purge";
        }
        yield return "write_ilang elaborated.il";
    }

    /// <summary>Bits of nets of the design, all instances counted, in the statistics of Yosys.</summary>
    private static long NetBits(string statistics) =>
        NetBitsLine().Matches(statistics) is { Count: > 0 } found ? long.Parse(found[^1].Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Number of wire bits: +(\d+)")]
    private static partial Regex NetBitsLine();

    private async Task<Mapping> MapAsync(CellLibrary library, double period, int mapping, bool isLarge, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"netlist_{mapping}");
        var sizing = options.Sized ? string.Create(CultureInfo.InvariantCulture, $" -constr abc.constr -D {Math.Max(1, period * 1000):0}") : string.Empty;

        // What was restructured module by module, or keeps its depth, is only mapped, buffered and sized.
        if (options is { Sized: true, KeepDepth: true })
            sizing += " -script +strash;ifraig;scorr;&get,-n;&dch,-f;&nf,{D};&put;buffer;upsize,{D};dnsize,{D};stime,-p";
        else if (isLarge)
            sizing += options.Sized ? " -script +strash;&get,-n;&nf,{D};&put;buffer;upsize,{D};dnsize,{D};stime,-p" : " -script +strash;&get,-n;&nf,{D};&put";
        await run.YosysAsync(
            $"map_{mapping}",
            [
                $"read_liberty -lib -ignore_miss_func {library.File}", "read_ilang elaborated.il", $"abc -liberty {library.File}{sizing}", "setundef -zero", "opt_clean -purge",
                $"tee -o {name}.stat stat -liberty {library.File}", $"write_verilog -noattr -noexpr {name}.v",
            ],
            cancellationToken).ConfigureAwait(false);
        var netlist = MappedNetlist.Read(run.PathOf(name + ".v"));
        var counts = netlist.CellCounts();
        var memories = netlist.Instances.Where(instance => instance.Cell == MemoryMaps.BlackBoxCell).ToList();
        var unknown = counts.Keys.Where(cell => library.Find(cell) is null).ToList();
        var unmapped = unknown.Where(cell => cell.StartsWith('$')).ToList();
        if (unmapped.Count > 0)
            throw new InputException(new InputError($"has no cells for {string.Join(", ", unmapped)}: the netlist cannot be completed") { File = library.File });
        var constraints = Constraints.Of(netlist, library, options);
        var timing = await StaticTiming.RunAsync(run, netlist, library, constraints, cancellationToken).ConfigureAwait(false);
        var models = GateModels.Of(library, counts.Keys.Where(cell => library.Find(cell) is not null)) + (memories.Count > 0 ? MemoryMaps.Model : string.Empty);
        var result = new SynthesisResult(options.Target, source.Top)
        {
            Library = library.Name,
            Cells = counts,
            Area = counts.Sum(count => (library.Find(count.Key)?.Area ?? 0) * count.Value),
            FlipFlops = counts.Sum(count => library.Find(count.Key)?.State is { IsLatch: false } ? count.Value : 0),
            Adders = (Count(library.FullAdder), Count(library.HalfAdder)),
            BlackBoxMemories = (memories.Count, memories.Sum(MemoryMaps.BitsOf)),
            Timing = timing,
            Folder = run.Folder,
            BlackBoxes = [.. unknown.Where(cell => cell != MemoryMaps.BlackBoxCell)],
            Notes = [.. Notes(library, counts, memories.Count, unknown, constraints.StaticPins.Count)],
        };
        return new Mapping(result, run.Read(name + ".v"), models, run.Read(StaticTiming.ConstraintsName));

        int Count(AdderPins? adder) => adder is null ? 0 : counts.GetValueOrDefault(adder.Cell.Name);
    }

    private static IEnumerable<string> Notes(CellLibrary library, IReadOnlyDictionary<string, int> counts, int memories, List<string> unknown, int staticRegisters)
    {
        if (staticRegisters > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"paths from {staticRegisters} flip-flops of static configuration are false");
        if (memories > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{memories} memories are black boxes: their area is not counted and paths through them are not timed");
        foreach (var cell in unknown.Where(cell => cell != MemoryMaps.BlackBoxCell))
            yield return $"{cell} is a black box: its area is not counted and paths through it are not timed";
        foreach (var cell in counts.Keys.Select(library.Find).OfType<LibraryCell>().Where(cell => cell.Area == 0))
            yield return $"the library gives cell {cell.Name} no area: the sum is too small by its {counts[cell.Name]} instances";
        yield return "before layout: wires have no length";
    }

    /// <summary>A mapping: what is told of it, and its files.</summary>
    private sealed record Mapping(SynthesisResult Result, string Netlist, string Models, string Constraints)
    {
        /// <summary>The shortest clock period in nanoseconds.</summary>
        public double Period => Result.Timing!.MinimumPeriod;
    }

    /// <summary>The file of the netlist that was chosen.</summary>
    public const string NetlistName = "netlist.v";

    /// <summary>The file of the simulation models of its cells.</summary>
    public const string ModelsName = "cell_models.v";
}
