using HwGen.Tools;

namespace HwGen.Cli.Hosting;

/// <summary>The checkout of the repository that this program works in, if there is one: the packed tool may run anywhere.</summary>
internal static class Checkout
{
    /// <summary>Finds the checkout: the one of the launcher, else the one that the current folder is in.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="InputException">There is none.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("HWGEN_ROOT") is { Length: > 0 } root && IsCheckout(root))
            return root;
        for (var folder = new DirectoryInfo(Directory.GetCurrentDirectory()); folder is not null; folder = folder.Parent)
        {
            if (IsCheckout(folder.FullName))
                return folder.FullName;
        }
        throw new InputException("this command works in a checkout of the HwGen repository, and the current folder is not in one");
    }

    private static bool IsCheckout(string folder) =>
        File.Exists(Path.Combine(folder, "HwGen.sln")) && Directory.Exists(Path.Combine(folder, "tests"));
}
