using System.Text;

namespace HwGen.Tools;

/// <summary>The log of one run: both streams, line by line, up to a limit.</summary>
internal sealed class RunLog : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly StreamWriter _writer;
    private long _left;
    private bool _closed;

    public RunLog(string path, long limit)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null)
            Directory.CreateDirectory(folder);
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        _left = limit;
    }

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            if (_left < 0 || _closed)
                return;
            _left -= line.Length + 1;
            _writer.WriteLine(_left < 0 ? "... the log's limit is reached; the rest is left out ..." : line);
        }
    }

    public ValueTask DisposeAsync()
    {
        // A reader that was given up on may still call WriteLine: after this it is ignored.
        lock (_lock)
        {
            _closed = true;
            _writer.Dispose();
        }
        return ValueTask.CompletedTask;
    }
}
