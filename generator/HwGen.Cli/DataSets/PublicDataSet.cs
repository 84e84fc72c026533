using HwGen.Tools;

namespace HwGen.Cli.DataSets;

/// <summary>A public data set that <c>hwgen data get</c> can download.</summary>
/// <param name="Name">Its name, which is its folder's.</param>
/// <param name="About">What it is and under which licence, for people.</param>
/// <param name="Bases">Addresses of folders that have the files; each ends with a slash.</param>
/// <param name="Files">File name, length in bytes, SHA-256.</param>
internal sealed record PublicDataSet(string Name, string About, IReadOnlyList<string> Bases, IReadOnlyList<(string Name, long Length, string Sha256)> Files)
{
    /// <summary>Every set, sorted by name.</summary>
    public static IReadOnlyList<PublicDataSet> All { get; } =
    [
        new("fashion-mnist", "Fashion-MNIST, Zalando Research, MIT licence",
            ["https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"],
            [
                ("t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
                ("t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
                ("train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
                ("train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            ]),
        new("mnist", "MNIST, LeCun, Cortes and Burges, CC BY-SA 3.0",
            ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
            [
                ("t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                ("t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
                ("train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                ("train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            ]),
    ];

    /// <summary>Finds a set by its name.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static PublicDataSet Named(string name) =>
        All.FirstOrDefault(set => set.Name == name)
        ?? throw new InputException(new InputError("no public set of that name") { Key = "SET", Value = name, Allowed = string.Join(", ", All.Select(set => set.Name)) });

    /// <summary>All bytes of the set.</summary>
    public long Length => Files.Sum(file => file.Length);

    /// <summary>Which files of a folder are missing or are not what they should be.</summary>
    public IReadOnlyList<string> ProblemsIn(string folder) =>
        [.. Files.Where(file => !File.Exists(Path.Combine(folder, file.Name)) || ContentKey.Sha256OfFile(Path.Combine(folder, file.Name)) != file.Sha256).Select(file => file.Name)];

    /// <summary>Downloads the set whole, or nothing of it.</summary>
    /// <param name="folder">The folder it will be; one that is there is replaced.</param>
    /// <param name="from">Another address of a folder that has the files; null: the public ones.</param>
    /// <param name="progress">Told the fraction that has come, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the download; nothing stays.</param>
    /// <exception cref="ToolException">A file could not be had.</exception>
    public async Task DownloadAsync(string folder, Uri? from, Action<double> progress, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("hwgen");
        using var output = OutputFolder.Begin(folder, force: true);
        var done = 0L;
        foreach (var file in Files)
        {
            var sources = from is null ? Bases.Select(source => new Uri(source + file.Name)) : [new Uri(from, file.Name)];
            var before = done;
            await Tools.Download.ToFileAsync(client, new PublicFile([.. sources], file.Length, file.Sha256), output.PathOf(file.Name),
                bytes => progress((before + bytes) / (double)Length), cancellationToken).ConfigureAwait(false);
            done += file.Length;
        }
        output.Commit();
    }
}
