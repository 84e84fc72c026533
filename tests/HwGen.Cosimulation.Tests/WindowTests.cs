using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;
using HwGen.Mapping;
using HwGen.Networks;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cosimulation.Tests;

/// <summary>Windows that are packed densely: networks equal golden layer by layer, and their cycles the prediction, with golden, the interpreter and the hardware each on its own.</summary>
public class WindowTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly ArrayConfiguration s_array = new("windows", 96, 32, 24, ArrayConfiguration.AllOperations, OperandWords: 4096, ResultWords: 512, InitialWords: 256, LevelWords: 1024) { WindowWords = 256 };

    public static TheoryData<string, string, int> Cores => new()
    {
        { "plain", "compiled", 16 }, { "wide", "compiled", 12 }, { "odd", "compiled", 12 }, { "small", "compiled", 16 }, { "macros", "compiled", 16 }, { "memory", "compiled", 12 }, { "encrypted", "compiled", 12 },
        { "resistive", "compiled", 8 }, { "skips", "compiled", 16 }, { "axi", "compiled", 12 }, { "wishbone", "compiled", 8 }, { "plain", "verilator", 8 }, { "macros", "verilator", 6 }, { "axi", "verilator", 6 },
    };

    /// <summary><c>HWGEN_FULL=1</c> draws twenty times as many.</summary>
    [Theory]
    [MemberData(nameof(Cores))]
    public void Random_networks_of_convolutions_equal_golden_and_their_cycles_the_prediction(string core, string engine, int networks)
    {
        var configuration = core switch
        {
            "wide" => s_array with { Columns = 128, Rows = 64, Lanes = 32, WindowWords = 64 },
            "odd" => s_array with { Columns = 13, Rows = 160, Lanes = 10, WindowWords = 512 },
            "small" => s_array with { Columns = 8, Rows = 256, Lanes = 8 },
            "macros" => s_array with { Rows = 64, Lanes = 8, Macros = 3 },
            "memory" => s_array with { Storage = StorageKind.Memory },
            "encrypted" => s_array with { Keys = KeyStoreKind.Dense, Storage = StorageKind.Memory },
            "resistive" => s_array with { Storage = StorageKind.Rram, SpareRows = 2 },
            "skips" => s_array with { OperandSkipping = true, Columns = 16, Rows = 192, Lanes = 6, WindowWords = 512 },
            "axi" => s_array with { Bus = BusKind.Axi, Macros = 2, Lanes = 6, Rows = 48 },
            "wishbone" => s_array with { Bus = BusKind.Wishbone, Keys = KeyStoreKind.Dense },
            _ => s_array,
        };
        var tally = new RandomNetworkTests.Tally();
        using var simulator = BusNetworkTests.Start(configuration, engine, 3);
        for (var i = 0; i < (Environment.GetEnvironmentVariable("HWGEN_FULL") == "1" ? 20 * networks : networks); i++)
        {
            tally.Run(configuration, simulator, new Random((configuration.Columns * 1000) + configuration.Macros + i), FormattableString.Invariant($"{core}, network {i}"), RandomNetworks.Convolutions);
        }

        output.WriteLine(FormattableString.Invariant($"{core} on {engine}: {tally}"));
        tally.Mapped.ShouldBeGreaterThan(networks * 2 / 3);
        tally.Features["with windows packed densely"].ShouldBeGreaterThanOrEqualTo(networks / 4);
        (tally.Features["with skipped operands"] > 0).ShouldBe(core == "skips");
        tally.Compared.ShouldBeGreaterThan(networks * 100);
    }

    /// <summary>
    /// Four pixels of three channels, 011, 110, 101 and 111 (channel 0 on the right), and a kernel of two columns with the weights 101 and 101: windows of 6 bits in words of 4, from a column of padding on. The first output reads two words and waits a
    /// cycle more; a round takes two operands.
    /// </summary>
    [Theory]

    // A word is read for each further output: no wait.
    [InlineData("compiled", 1, 0, 0, 3 + (5 * 2))]
    [InlineData("verilator", 1, 0, 0, 3 + (5 * 2))]
    [InlineData("icarus", 1, 0, 0, 3 + (5 * 2))]

    // Two words in two cycles, and a cycle until they are there.
    [InlineData("compiled", 2, 0, 0, 3 + 2 + (2 * (1 + 2)))]
    [InlineData("icarus", 2, 0, 0, 3 + 2 + (2 * (1 + 2)))]

    // They are there behind a preload.
    [InlineData("compiled", 2, 5, 0, 5 + 3 + 2 + (2 * (5 + 2)))]

    // Rounds of at least 4 cycles, of which the wait is one.
    [InlineData("compiled", 2, 0, 4, 3 + 2 + (1 + 3) + 4)]
    [InlineData("verilator", 2, 0, 4, 3 + 2 + (1 + 3) + 4)]
    public void Sums_and_cycles_by_hand(string engine, int stride, int preload, int roundCycles, int cycles)
    {
        var small = new ArrayConfiguration("hand", 4, 4, 2, ArrayConfiguration.AllOperations, OperandWords: 16, ResultWords: 8, InitialWords: 4, LargestFanIn: 64, InputBits: 2, WeightBits: 2, LevelWords: 8, MultiplierBits: 0) { WindowWords = 16 };
        long[] sums = stride == 1 ? [1, 2, 3, 4, 2] : [1, 3, 2];
        var descriptor = LayerDescriptor.Create(small, new Dictionary<DescriptorField, int>
        {
            [OperandBase] = small.OperandWords - 1,
            [KernelColumnStep] = 1,
            [Planes] = 1,
            [DescriptorField.WeightPlanes] = 1,
            [ChannelWords] = 2,
            [LastWordColumns] = 2,
            [KernelWidth] = 1,
            [KernelHeight] = 1,
            [FirstX] = -1,
            [InputWidth] = 4,
            [InputHeight] = 1,
            [PoolWidth] = 1,
            [PoolHeight] = 1,
            [OutputWidth] = sums.Length,
            [OutputHeight] = 1,
            [Tiles] = 1,
            [TileFilters] = 1,
            [LastTileFilters] = 1,
            [SectorLanes] = 2,
            [OutputStep] = 1,
            [DrainCycles] = 1,
            [OutputPlanes] = 1,
            [RoundCycles] = roundCycles,
            [PreloadCycles] = preload,
            [FinishCycles] = 20,
            [WindowColumns] = 2,
            [StepColumns] = stride,
            [PixelColumns] = 3,
            [RingWords] = 6,
            [DescriptorField.Control] = (int)(ControlBits.RawOutput | ControlBits.ValueOutput | ControlBits.DenseWindows),
        });
        descriptor.Cycles.ShouldBe(cycles + 20);
        ICoreModel[] cores = [new InterpretedCore(small), new CoreDriver(BusNetworkTests.Start(small, engine, 3), small)];
        foreach (var core in cores)
        {
            core.Load([new RowImage(0, 0, RowOperation.And, [0b1101]), new RowImage(1, 0, RowOperation.And, [0b10])], [new InitialImage(0, 0, 0, false)], []);
            core.WriteOperands(0, [0b011, 0b110, 0b101, 0b111]);
            for (var run = 0; run < 2; run++)
            {
                (core.Run(descriptor)!.Value with { ZeroOperands = 0 }).ShouldBe(new CoreCounters(cycles + 20, 2 * sums.Length));
                core.ReadResults(0, sums.Length).ShouldBe(sums);
            }

            core.Dispose();
        }
    }

    [Fact]
    public void Windows_that_are_packed_give_what_others_give_in_fewer_cycles()
    {
        MappedNetwork Map(QuantisedNetwork network, int words, InputPacking packing) => Mapper.Map(network, s_array with { WindowWords = words }, packing: packing);
        static int Packed(MappedNetwork mapped) => mapped.Program.Stages.Sum(stage => stage.Passes.Count(pass => pass.Descriptor.PacksWindows));
        var network = Enumerable.Range(0, 100).Select(seed => RandomNetworks.Convolutions(new Random(seed))).First(network => Packed(Map(network, 256, InputPacking.Fewest)) > 1);
        var (dense, channel, without) = (Map(network, 256, InputPacking.Fewest), Map(network, 256, InputPacking.Channel), Map(network, 0, InputPacking.Channel));
        Packed(channel).ShouldBe(0);
        dense.Cycles.ShouldBeLessThan(channel.Cycles);
        channel.Cycles.ShouldBe(without.Cycles);
        dense.Layers.Sum(layer => layer.Rows).ShouldBeLessThan(channel.Layers.Sum(layer => layer.Rows));
        var images = RandomNetworks.Images(new Random(22), network, 2);
        int[,] Logits(MappedNetwork way) => new NetworkCosimulation(network, way.Program, new InterpretedCore(way.Program.Configuration)).Run(images).Logits;
        Logits(dense).ShouldBe(Logits(without));
    }
}
