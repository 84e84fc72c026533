using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace HwGen.Tools;

/// <summary>Runs outside programs: an argument list and no shell, bounded time and output, and nothing left running behind.</summary>
public static class OutsideProgram
{
    /// <summary>How long a finished program's children may still hold its output open before they are ended.</summary>
    private static readonly TimeSpan s_stragglerTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="request">What to run, and its bounds.</param>
    /// <param name="cancellationToken">Ends the program and all that it started.</param>
    /// <returns>How it ended. A bad exit code or a time-out is a result, not an error: see <see cref="ProgramResult.EnsureSucceeded"/>.</returns>
    /// <exception cref="ToolException">The program does not exist or cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the process tree has been ended by then.</exception>
    public static async Task<ProgramResult> RunAsync(ProgramRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        await using var log = request.LogFile is null ? null : new RunLog(request.LogFile, request.LogCharacters);
        var watch = Stopwatch.StartNew();
        using var process = Start(request);
        using var undo = ForcedEnd.Register(() => ProcessTree.End(process, TimeSpan.Zero));
        using var timeLimit = new CancellationTokenSource();
        if (request.TimeLimit is { } limit)
            timeLimit.CancelAfter(limit);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeLimit.Token);

        var output = new BoundedText(request.KeptCharacters);
        var error = new BoundedText(request.KeptCharacters);
        var streams = Task.WhenAll(
            ReadAsync(process.StandardOutput, output, log, request.OnOutputLine),
            ReadAsync(process.StandardError, error, log, request.OnErrorLine));
        // Writing is not awaited for its own sake: a program that does not read its input must not hold us up.
        var input = WriteInputAsync(process, request.StandardInput);
        var ended = false;
        try
        {
            await process.WaitForExitAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ended = true;
            ProcessTree.End(process, request.Grace);
        }
        catch
        {
            ProcessTree.End(process, TimeSpan.Zero);
            throw;
        }

        // A child that outlives its parent and holds the pipes would keep us here for ever.
        if (await Task.WhenAny(streams, Task.Delay(s_stragglerTime, CancellationToken.None)).ConfigureAwait(false) != streams)
            ProcessTree.EndGroup(process.Id);
        if (await Task.WhenAny(streams, Task.Delay(s_stragglerTime, CancellationToken.None)).ConfigureAwait(false) == streams)
            await streams.ConfigureAwait(false);
        if (request.EndLeftovers)
            ProcessTree.EndGroup(process.Id);
        if (input.IsCompleted)
            await input.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new ProgramResult(request, process.ExitCode, output.ToString(), error.ToString(), ended, watch.Elapsed);
    }

    /// <summary>The same for callers that are not asynchronous.</summary>
    /// <param name="request">What to run, and its bounds.</param>
    /// <param name="cancellationToken">Ends the program and all that it started.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ToolException">The program does not exist or cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the process tree has been ended by then.</exception>
    public static ProgramResult Run(ProgramRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(request, cancellationToken).GetAwaiter().GetResult();

    private static Process Start(ProgramRequest request)
    {
        string? searchPath = null;
        request.Environment.TryGetValue("PATH", out searchPath);
        var path = ProgramPath.Find(request.Program, searchPath)
            ?? throw new ToolException(request.Program, $"{request.Program}: no such program{(request.Program.Contains('/') ? "" : " on the PATH")}");
        if (request.WorkingDirectory is { } folder && !Directory.Exists(folder))
            throw new ToolException(request.Program, $"{request.Program} cannot start in {folder}: there is no such folder");
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = request.WorkingDirectory ?? "",
        };
        ProcessTree.StartAsGroup(start, path);
        foreach (var argument in request.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in request.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        try
        {
            return Process.Start(start) ?? throw new ToolException(request.Program, $"{request.Program} could not be started");
        }
        catch (Win32Exception exception)
        {
            throw new ToolException(request.Program, $"{request.Program} could not be started: {exception.Message}", exception);
        }
    }

    private static async Task WriteInputAsync(Process process, string? text)
    {
        try
        {
            if (text is not null)
                await process.StandardInput.WriteAsync(text).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program closed its input or ended: its exit code tells, not this.
        }
    }

    private static async Task ReadAsync(StreamReader stream, BoundedText kept, RunLog? log, Action<string>? onLine)
    {
        const int longestLine = 1 << 16;
        var block = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await stream.ReadAsync(block).ConfigureAwait(false)) > 0)
        {
            kept.Append(block.AsSpan(0, count));
            for (var index = 0; index < count; index++)
            {
                if (block[index] != '\n')
                    line.Append(block[index]);
                if (block[index] == '\n' || line.Length >= longestLine)
                    Flush();
            }
        }
        if (line.Length > 0)
            Flush();

        void Flush()
        {
            if (line.Length > 0 && line[^1] == '\r')
                line.Length--;
            var text = line.ToString();
            line.Clear();
            log?.WriteLine(text);
            onLine?.Invoke(text);
        }
    }
}
