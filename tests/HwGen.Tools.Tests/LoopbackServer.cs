using System.Net;
using System.Net.Sockets;

namespace HwGen.Tools.Tests;

/// <summary>An HTTP server on this machine only, that answers each path as it is told.</summary>
public sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Dictionary<string, Action<HttpListenerResponse>> _answers = new(StringComparer.Ordinal);

    public LoopbackServer()
    {
        (_listener, Address) = Listen();
        _ = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>The paths that were asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    public void Answer(string path, byte[] body) => Answer(path, response => response.Close(body, willBlock: true));

    public void Answer(string path, Action<HttpListenerResponse> answer)
    {
        lock (_answers)
            _answers[path] = answer;
    }

    public void Dispose() => _listener.Close();

    /// <summary>Listens on a port that was free a moment ago; where another program took it in between, on another one.</summary>
    private static (HttpListener Listener, string Address) Listen()
    {
        for (var attempt = 1; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var address = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
            probe.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(address);
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                Action<HttpListenerResponse>? answer;
                lock (_answers)
                {
                    Asked.Add(context.Request.Url!.AbsolutePath);
                    _answers.TryGetValue(context.Request.Url.AbsolutePath, out answer);
                }
                if (answer is null)
                {
                    context.Response.StatusCode = 404;
                    context.Response.Close();
                    continue;
                }
                _ = Task.Run(() =>
                {
                    try
                    {
                        answer(context.Response);
                    }
                    catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
                    {
                        // The other side has gone: some tests want that.
                    }
                });
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
