namespace HwGen.Tools;

/// <summary>
/// What has to be undone when the process must end at once, without unwinding: a second Ctrl-C, or work that does not listen to the
/// first. Orderly endings do not come here.
/// </summary>
public static class ForcedEnd
{
    private static readonly Lock s_lock = new();
    private static readonly List<Registration> s_registrations = [];

    /// <summary>Registers something to undo.</summary>
    /// <param name="undo">Short, and safe to call from any thread.</param>
    /// <returns>Dispose of it when there is nothing left to undo.</returns>
    public static IDisposable Register(Action undo)
    {
        var registration = new Registration(undo);
        lock (s_lock)
            s_registrations.Add(registration);
        return registration;
    }

    /// <summary>Undoes all that is registered, the latest first: running programs are ended, half-written folders removed.</summary>
    public static void UndoAll()
    {
        while (true)
        {
            Registration last;
            lock (s_lock)
            {
                if (s_registrations.Count == 0)
                    return;
                last = s_registrations[^1];
                s_registrations.RemoveAt(s_registrations.Count - 1);
            }
            try
            {
                last.Undo();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // The others still have to be undone.
            }
        }
    }

    private sealed class Registration(Action undo) : IDisposable
    {
        public Action Undo { get; } = undo;

        public void Dispose()
        {
            lock (s_lock)
                s_registrations.Remove(this);
        }
    }
}
