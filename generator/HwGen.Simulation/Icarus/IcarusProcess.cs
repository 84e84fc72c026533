using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using HwGen.Simulation.Netlists;
using HwGen.Tools;

namespace HwGen.Simulation.Icarus;

/// <summary>A running <c>vvp</c> with the bench of icarus_bench.v.hbs: commands go to its input, answers come from its output.</summary>
internal sealed class IcarusProcess : IDisposable
{
    private const int MostOutput = 1 << 20;
    private const char AnswerMark = '\u0001';

    private readonly Process _process;
    private readonly BlockingCollection<string> _answers = [];
    private readonly StringBuilder _output = new();
    private readonly Thread _reader;
    private readonly TimeSpan _timeLimit;
    private readonly string _top;
    private SimulationException? _end;

    public IcarusProcess(string program, string workingFolder, string top, int seed, ToolPath tools)
    {
        _timeLimit = tools.TimeLimit;
        _top = top;
        var start = new ProcessStartInfo(
            ProgramPath.Find("vvp", tools.SearchPath) ?? throw new ToolException("vvp", "vvp: no such program on the PATH; it comes with iverilog"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        // -N: a $stop ends the process with code 1 instead of asking on the standard input, which is ours.
        start.ArgumentList.Add("-N");
        start.ArgumentList.Add(program);
        start.ArgumentList.Add(FormattableString.Invariant($"+{PowerUpText.SeedArgument}{(uint)seed}"));
        _process = Process.Start(start) ?? throw new ToolException("vvp", "vvp could not be started");
        _process.StandardInput.AutoFlush = false;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _reader = new Thread(Read) { IsBackground = true, Name = "answers of vvp" };
        _reader.Start();
    }

    /// <summary>Writes one command; it may stay in a buffer until an answer is waited for.</summary>
    public void Send(string command)
    {
        if (_end is not null)
            throw new SimulationException(_end.Stop, _end.Message);
        try
        {
            _process.StandardInput.Write(command);
            _process.StandardInput.Write('\n');
        }
        catch (IOException)
        {
            throw Ended();
        }
    }

    /// <summary>Waits for the next answer and returns it without its mark and kind.</summary>
    public string Answer(char kind)
    {
        try
        {
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }

        if (!_answers.TryTake(out var answer, _timeLimit))
        {
            if (_answers.IsCompleted)
                throw Ended();
            _end = new SimulationException(
                SimulationStop.EngineLost, FormattableString.Invariant($"vvp gave no answer for '{_top}' within {_timeLimit.TotalSeconds:0.#} s and was ended"));
            _process.Kill(entireProcessTree: true);
            throw _end;
        }

        return answer[0] == kind
            ? answer[1..].Trim()
            : throw new InvalidOperationException($"the bench answered '{answer}' where '{kind}' was expected");
    }

    public string TakeOutput()
    {
        lock (_output)
        {
            var text = _output.ToString();
            _output.Clear();
            return text;
        }
    }

    public void Dispose()
    {
        try
        {
            // The end of its input ends the bench.
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(1)))
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
        _answers.Dispose();
    }

    private void Read()
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                if (line.Length > 1 && line[0] == AnswerMark)
                    _answers.Add(line[1..]);
                else
                    Keep(line);
            }
        }
        finally
        {
            _answers.CompleteAdding();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
        {
            if (_output.Length < MostOutput)
                _output.Append(line).Append('\n');
        }
    }

    private SimulationException Ended()
    {
        if (_end is not null)
            return new SimulationException(_end.Stop, _end.Message);
        _process.WaitForExit();
        _reader.Join();
        string said;
        lock (_output)
            said = _output.ToString().TrimEnd();
        var last = said[(said.LastIndexOf('\n') + 1)..];
        _end = _process.ExitCode switch
        {
            0 => new SimulationException(SimulationStop.Finish, $"module '{_top}' stopped: $finish; it said: {last}"),
            1 => new SimulationException(SimulationStop.Stop, $"module '{_top}' stopped: $stop or a failed assertion; it said: {last}"),
            var code => new SimulationException(SimulationStop.EngineLost, $"vvp ended with code {code} while it ran '{_top}'; it said: {last}"),
        };
        return new SimulationException(_end.Stop, _end.Message);
    }
}
