using System.Diagnostics;
using System.Runtime.InteropServices;

namespace HwGen.Tools;

/// <summary>Starts a program as the head of a process group of its own, and ends all of it.</summary>
/// <remarks>
/// <see cref="Process.Kill(bool)"/> alone follows parents to children and misses what has lost its parent; the group alone misses
/// what has made a session of its own. Together they leave nothing behind. The session is new also so that a Ctrl-C at the terminal
/// comes to us only, and that no tool can ask questions on the terminal.
/// </remarks>
internal static class ProcessTree
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private static readonly string? s_setsid = OperatingSystem.IsWindows() ? null : ProgramPath.Find("setsid");

    /// <summary>Fills in the file name, and the first arguments where a launcher is needed.</summary>
    public static void StartAsGroup(ProcessStartInfo start, string program)
    {
        if (s_setsid is null)
        {
            start.FileName = program;
            return;
        }
        // setsid replaces itself by the program: the process id stays.
        start.FileName = s_setsid;
        start.ArgumentList.Add("--wait");
        start.ArgumentList.Add(program);
    }

    /// <summary>Ends the process, all its descendants and all of its group, and waits for the process itself.</summary>
    /// <param name="process">The head of the group.</param>
    /// <param name="grace">How long it is asked first.</param>
    public static void End(Process process, TimeSpan grace)
    {
        if (grace > TimeSpan.Zero && s_setsid is not null)
        {
            _ = SendSignal(-process.Id, Terminate);
            process.WaitForExit(grace);
        }
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself in the meantime; its children may not have.
        }
        catch (AggregateException)
        {
            // Some descendants could not be ended that way: the group is next.
        }
        EndGroup(process.Id);
        process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>Ends all that is left in the group that a process was the head of.</summary>
    public static void EndGroup(int processId)
    {
        if (s_setsid is not null && processId > 1)
            _ = SendSignal(-processId, Kill);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
