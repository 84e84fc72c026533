namespace HwGen.Tools;

/// <summary>Where this program keeps what belongs to the user, by the XDG base directory specification.</summary>
public static class UserFolders
{
    /// <summary>The cache: <c>$XDG_CACHE_HOME/hwgen</c>, else <c>~/.cache/hwgen</c>. It can be deleted at any time.</summary>
    public static string Cache
    {
        get
        {
            var configured = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The specification: a path that is not absolute is to be ignored.
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var root = !string.IsNullOrEmpty(configured) && Path.IsPathRooted(configured) ? configured
                : home.Length > 0 ? Path.Combine(home, ".cache")
                : Path.Combine(Path.GetTempPath(), "hwgen-cache-" + Environment.UserName);
            return Path.Combine(root, "hwgen");
        }
    }
}
