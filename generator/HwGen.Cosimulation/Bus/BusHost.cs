using HwGen.Simulation;

namespace HwGen.Cosimulation;

/// <summary>
/// Plays the host of a core with a bus: reads and writes registers on AXI4-Lite or Wishbone, gives the input stream and takes the output stream, by the rules of AXI. By a seed it is late at
/// random, on every channel.
/// </summary>
public sealed class BusHost
{
    /// <summary>Cycles after which a host that waits gives up.</summary>
    private const int Patience = 10_000;

    private readonly ISimulator _simulator;
    private readonly WishbonePorts? _wishbone;
    private readonly PortHandle _clock, _interrupt, _inData, _inValid, _inReady, _outData, _outLast, _outValid, _outReady;
    private readonly PortHandle _writeAddress, _writeAddressValid, _writeAddressReady, _writeData, _writeStrobe, _writeDataValid, _writeDataReady, _writeResponse, _writeResponseValid, _writeResponseReady;
    private readonly PortHandle _readAddress, _readAddressValid, _readAddressReady, _readData, _readResponse, _readDataValid, _readDataReady;
    private readonly Random? _random;
    private readonly Queue<uint> _input = [];
    private readonly List<uint> _output = [];
    private bool _offers;

    /// <summary>Takes over a simulator of a core with AXI, and resets it.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="seed">What the delays are drawn from; null for a host that is never late.</param>
    public BusHost(ISimulator simulator, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        _simulator = simulator;
        _random = seed is { } value ? new Random(value) : null;
        _clock = simulator.Clock();
        _interrupt = simulator.Port("interrupt_request");
        (_inData, _inValid, _inReady) = (simulator.Port("s_axis_tdata"), simulator.Port("s_axis_tvalid"), simulator.Port("s_axis_tready"));
        (_outData, _outLast, _outValid, _outReady) = (simulator.Port("m_axis_tdata"), simulator.Port("m_axis_tlast"), simulator.Port("m_axis_tvalid"), simulator.Port("m_axis_tready"));
        if (simulator.Interface.Ports.Any(port => port.Name == "s_wb_cyc"))
        {
            _wishbone = new WishbonePorts(simulator);
            simulator.Reset();
            return;
        }

        (_writeAddress, _writeAddressValid, _writeAddressReady) = (simulator.Port("s_axil_awaddr"), simulator.Port("s_axil_awvalid"), simulator.Port("s_axil_awready"));
        (_writeData, _writeStrobe, _writeDataValid, _writeDataReady) = (simulator.Port("s_axil_wdata"), simulator.Port("s_axil_wstrb"), simulator.Port("s_axil_wvalid"), simulator.Port("s_axil_wready"));
        (_writeResponse, _writeResponseValid, _writeResponseReady) = (simulator.Port("s_axil_bresp"), simulator.Port("s_axil_bvalid"), simulator.Port("s_axil_bready"));
        (_readAddress, _readAddressValid, _readAddressReady) = (simulator.Port("s_axil_araddr"), simulator.Port("s_axil_arvalid"), simulator.Port("s_axil_arready"));
        (_readData, _readResponse, _readDataValid, _readDataReady) = (simulator.Port("s_axil_rdata"), simulator.Port("s_axil_rresp"), simulator.Port("s_axil_rvalid"), simulator.Port("s_axil_rready"));
        simulator.Reset();
    }

    /// <summary>Words of the output stream that came and were not taken over yet.</summary>
    public int OutputWords => _output.Count;

    /// <summary>Words that wait to go into the input stream.</summary>
    public int InputWords => _input.Count;

    /// <summary>How many words of the output stream carried TLAST.</summary>
    public int Lasts { get; private set; }

    /// <summary>Whether the core raises its interrupt.</summary>
    public bool HasInterrupt => _simulator.Peek(_interrupt) == 1;

    /// <summary>Cycles that this host has run.</summary>
    public long Cycles { get; private set; }

    /// <summary>Puts words behind those that wait for the input stream.</summary>
    public void Send(IEnumerable<uint> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        foreach (var word in words)
        {
            _input.Enqueue(word);
        }
    }

    /// <summary>Forgets what waits for the input stream, but for a word that is offered already: AXI takes none back.</summary>
    public void Forget()
    {
        var offered = _offers ? (uint?)_input.Peek() : null;
        _input.Clear();
        if (offered is { } word)
        {
            _input.Enqueue(word);
        }
    }

    /// <summary>Takes over the words of the output stream that came.</summary>
    public uint[] Receive()
    {
        uint[] words = [.. _output];
        _output.Clear();
        return words;
    }

    /// <summary>Writes a register.</summary>
    /// <returns>True when the core answers that it did.</returns>
    public bool Write(int offset, uint value, int strobe = 0xf)
    {
        if (_wishbone is not null)
        {
            return Transfer(_wishbone, offset, value, strobe, isWrite: true) is not null;
        }

        _simulator.Poke(_writeAddress, (ulong)offset);
        _simulator.Poke(_writeData, value);
        _simulator.Poke(_writeStrobe, (ulong)strobe);
        var (address, data, answered) = (false, false, false);
        var (addressLate, dataLate) = (Late(4), Late(4));
        var response = 0UL;
        for (var waited = 0; !answered; waited++)
        {
            Check(waited, "a write");
            var (givesAddress, givesData, takes) = (!address && waited >= addressLate, !data && waited >= dataLate, address && data && IsReady());
            _simulator.Poke(_writeAddressValid, givesAddress ? 1UL : 0);
            _simulator.Poke(_writeDataValid, givesData ? 1UL : 0);
            _simulator.Poke(_writeResponseReady, takes ? 1UL : 0);
            var (addressGoes, dataGoes) = (givesAddress && _simulator.Peek(_writeAddressReady) == 1, givesData && _simulator.Peek(_writeDataReady) == 1);
            if (takes && _simulator.Peek(_writeResponseValid) == 1)
            {
                (answered, response) = (true, _simulator.Peek(_writeResponse));
            }

            Step();
            (address, data) = (address || addressGoes, data || dataGoes);

            // What was taken over holds no longer.
            if (addressGoes)
            {
                _simulator.Poke(_writeAddress, (ulong)offset ^ 4);
            }

            if (dataGoes)
            {
                _simulator.Poke(_writeData, ~value);
                _simulator.Poke(_writeStrobe, (ulong)~strobe & 0xf);
            }
        }

        _simulator.Poke(_writeResponseReady, 0);
        return response == 0;
    }

    /// <summary>Reads a register.</summary>
    /// <returns>What it holds; null when the core answers that there is none.</returns>
    public uint? Read(int offset)
    {
        if (_wishbone is not null)
        {
            return Transfer(_wishbone, offset, 0, 0xf, isWrite: false);
        }

        _simulator.Poke(_readAddress, (ulong)offset);
        var (asked, answered) = (false, false);
        var late = Late(4);
        var (data, response) = (0UL, 0UL);
        for (var waited = 0; !answered; waited++)
        {
            Check(waited, "a read");
            var (asks, takes) = (!asked && waited >= late, asked && IsReady());
            _simulator.Poke(_readAddressValid, asks ? 1UL : 0);
            _simulator.Poke(_readDataReady, takes ? 1UL : 0);
            var goes = asks && _simulator.Peek(_readAddressReady) == 1;
            if (takes && _simulator.Peek(_readDataValid) == 1)
            {
                (answered, data, response) = (true, _simulator.Peek(_readData), _simulator.Peek(_readResponse));
            }

            Step();
            asked |= goes;
            if (goes)
            {
                _simulator.Poke(_readAddress, (ulong)offset ^ 4);
            }
        }

        _simulator.Poke(_readDataReady, 0);
        return response == 0 ? (uint)data : null;
    }

    /// <summary>Runs until the core raises its interrupt, moving what the streams move.</summary>
    /// <returns>False when it did not within so many cycles.</returns>
    public bool WaitForInterrupt(long maximumCycles)
    {
        for (var end = Cycles + maximumCycles; Cycles < end;)
        {
            if (HasInterrupt)
            {
                return true;
            }

            // Nothing to give, and nobody is late: the engine runs by itself until something comes out.
            if (_random is null && _input.Count == 0 && _simulator.Peek(_outValid) == 0)
            {
                _simulator.Poke(_inValid, 0);
                _simulator.Poke(_outReady, 0);
                var before = Cycles;
                for (var chunk = 0; chunk < 64 && Cycles < end && !HasInterrupt && _simulator.Peek(_outValid) == 0; chunk++)
                {
                    _simulator.Step(_clock, 1);
                    Cycles++;
                }

                if (Cycles > before)
                {
                    continue;
                }
            }

            Step();
        }

        return HasInterrupt;
    }

    /// <summary>One cycle, in which the streams move.</summary>
    public void Step()
    {
        _offers = _input.Count > 0 && (_offers || IsReady());
        _simulator.Poke(_inValid, _offers ? 1UL : 0);
        if (_offers)
        {
            _simulator.Poke(_inData, _input.Peek());
        }

        var takes = IsReady();
        _simulator.Poke(_outReady, takes ? 1UL : 0);
        if (takes && _simulator.Peek(_outValid) == 1)
        {
            _output.Add((uint)_simulator.Peek(_outData));
            Lasts += (int)_simulator.Peek(_outLast);
        }

        var goes = _offers && _simulator.Peek(_inReady) == 1;
        _simulator.Step(_clock, 1);
        Cycles++;
        if (goes)
        {
            _input.Dequeue();
            _offers = false;
        }
    }

    /// <summary>A classic cycle of Wishbone.</summary>
    /// <returns>The data; null when the core answers with an error.</returns>
    private uint? Transfer(WishbonePorts bus, int offset, uint value, int select, bool isWrite)
    {
        for (var late = Late(4); late > 0; late--)
        {
            Step();
        }

        _simulator.Poke(bus.Address, (ulong)offset);
        _simulator.Poke(bus.WriteData, value);
        _simulator.Poke(bus.Select, (ulong)select);
        _simulator.Poke(bus.WriteEnable, isWrite ? 1UL : 0);
        _simulator.Poke(bus.Cycle, 1);
        _simulator.Poke(bus.Strobe, 1);
        for (var waited = 0; ; waited++)
        {
            Check(waited, "a transfer");
            var (good, bad, data) = (_simulator.Peek(bus.Acknowledge) == 1, _simulator.Peek(bus.Error) == 1, 0u);
            if (good)
            {
                data = (uint)_simulator.Peek(bus.ReadData);
            }

            Step();
            if (good || bad)
            {
                _simulator.Poke(bus.Cycle, 0);
                _simulator.Poke(bus.Strobe, 0);
                return good ? data : null;
            }
        }
    }

    private bool IsReady() => _random is null || _random.Next(3) > 0;

    private int Late(int most) => _random?.Next(most) ?? 0;

    private static void Check(int waited, string what)
    {
        if (waited > Patience)
        {
            throw new InvalidOperationException($"{what} of a register is not answered");
        }
    }

    /// <summary>The ports of Wishbone.</summary>
    private sealed class WishbonePorts(ISimulator simulator)
    {
        public PortHandle Address { get; } = simulator.Port("s_wb_adr");

        public PortHandle WriteData { get; } = simulator.Port("s_wb_dat_w");

        public PortHandle ReadData { get; } = simulator.Port("s_wb_dat_r");

        public PortHandle Select { get; } = simulator.Port("s_wb_sel");

        public PortHandle WriteEnable { get; } = simulator.Port("s_wb_we");

        public PortHandle Cycle { get; } = simulator.Port("s_wb_cyc");

        public PortHandle Strobe { get; } = simulator.Port("s_wb_stb");

        public PortHandle Acknowledge { get; } = simulator.Port("s_wb_ack");

        public PortHandle Error { get; } = simulator.Port("s_wb_err");
    }
}
