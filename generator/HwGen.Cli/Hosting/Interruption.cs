using System.Runtime.InteropServices;
using HwGen.Tools;

namespace HwGen.Cli.Hosting;

/// <summary>
/// Turns Ctrl-C, and the requests of the system to end, into a cancelled token. Work that does not listen within some seconds, or
/// a second Ctrl-C, ends the process at once: programs that run are ended and half-written folders removed all the same.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TextWriter _error;
    private int _count;
    private Timer? _timer;

    public Interruption(TextWriter error)
    {
        _error = error;
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            _signals.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    /// <summary>Cancelled when the person, or the system, wants the run to end.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _timer?.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
            EndNow();
        _error.WriteLine("hwgen: interrupted; tidying up (once more: at once)");
        _timer = new Timer(_ => EndNow(), null, s_patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }

    private static void EndNow()
    {
        ForcedEnd.UndoAll();
        Environment.Exit((int)ExitCode.Interrupted);
    }
}
