namespace HwGen.Tools.Tests;

public sealed class BuildCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_is_built_once()
    {
        var cache = new BuildCache("test", _folder.FullPath);
        cache.Contains("a1").ShouldBeFalse();
        var builds = 0;
        var first = cache.GetOrCreate("a1", folder => { builds++; File.WriteAllText(Path.Combine(folder, "x"), "1"); });
        var second = cache.GetOrCreate("a1", _ => builds++);
        second.ShouldBe(first);
        builds.ShouldBe(1);
        File.ReadAllText(Path.Combine(first, "x")).ShouldBe("1");
        cache.Contains("a1").ShouldBeTrue();
    }

    [Fact]
    public void A_failed_build_leaves_nothing_and_is_tried_again()
    {
        var cache = new BuildCache("test", _folder.FullPath);
        Should.Throw<IOException>(() => cache.GetOrCreate("a", folder =>
        {
            File.WriteAllText(Path.Combine(folder, "half"), "");
            throw new IOException("full");
        }));
        cache.Contains("a").ShouldBeFalse();
        var entry = cache.GetOrCreate("a", folder => File.WriteAllText(Path.Combine(folder, "whole"), ""));
        Directory.GetFiles(entry).ShouldBe([Path.Combine(entry, "whole")]);
    }

    [Fact]
    public void A_build_that_was_killed_half_way_is_not_taken_for_an_entry()
    {
        var cache = new BuildCache("test", _folder.FullPath);
        Directory.CreateDirectory(Path.Combine(cache.Folder, "partial", "a"));
        File.WriteAllText(Path.Combine(cache.Folder, "partial", "a", "half"), "");
        var entry = cache.GetOrCreate("a", folder => Directory.GetFileSystemEntries(folder).ShouldBeEmpty());
        Directory.GetFileSystemEntries(entry).ShouldBeEmpty();
    }

    [Fact]
    public void Many_at_once_build_once()
    {
        var builds = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            // A cache each, as processes have: only the file lock keeps them apart.
            var entry = new BuildCache("test", _folder.FullPath).GetOrCreate("a", folder =>
            {
                Interlocked.Increment(ref builds);
                Thread.Sleep(50);
                File.WriteAllText(Path.Combine(folder, "x"), "whole");
            });
            File.ReadAllText(Path.Combine(entry, "x")).ShouldBe("whole");
        });
        builds.ShouldBe(1);
    }

    [Fact]
    public void The_waiting_for_another_builder_can_be_cancelled()
    {
        var cache = new BuildCache("test", _folder.FullPath);
        using var held = FileLock.Try(Path.Combine(cache.Folder, "locks", "a")).ShouldNotBeNull();
        using var source = new CancellationTokenSource(100);
        Should.Throw<OperationCanceledException>(() => cache.GetOrCreate("a", _ => { }, source.Token));
    }

    [Fact]
    public void The_least_recently_used_go_when_the_cap_is_passed()
    {
        var cache = new BuildCache("test", _folder.FullPath, sizeLimit: 2500);
        Add(cache, "old", 1000, minutesAgo: 30);
        Add(cache, "used", 1000, minutesAgo: 20);
        // Used again: now it is the youngest of the two.
        cache.GetOrCreate("used", _ => throw new InvalidOperationException("not built again"));
        Add(cache, "new", 1000, minutesAgo: 0);
        cache.List().Select(entry => entry.Key).ShouldBe(["new", "used"], ignoreOrder: true);
        Directory.GetFileSystemEntries(Path.Combine(cache.Folder, "partial")).ShouldBeEmpty();
    }

    [Fact]
    public void The_entry_just_built_stays_even_when_it_alone_passes_the_cap()
    {
        var cache = new BuildCache("test", _folder.FullPath, sizeLimit: 10);
        Add(cache, "old", 5, minutesAgo: 10);
        Add(cache, "big", 1000, minutesAgo: 0);
        cache.List().Select(entry => entry.Key).ShouldBe(["big"]);
    }

    [Fact]
    public void An_entry_whose_lock_is_held_is_not_removed()
    {
        var cache = new BuildCache("test", _folder.FullPath);
        Add(cache, "held", 5, minutesAgo: 10);
        Add(cache, "free", 7, minutesAgo: 5);
        using (FileLock.Try(Path.Combine(cache.Folder, "locks", "held")).ShouldNotBeNull())
            cache.Clear().ShouldBe((1, 7L));
        cache.List().Select(entry => entry.Key).ShouldBe(["held"]);
        cache.Clear().ShouldBe((1, 5L));
        cache.Clear().ShouldBe((0, 0L));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData(".")]
    public void A_key_cannot_lead_out_of_the_cache(string key) =>
        Should.Throw<ArgumentException>(() => new BuildCache("test", _folder.FullPath).GetOrCreate(key, _ => { }));

    [Fact]
    public void A_lock_is_held_by_one_at_a_time()
    {
        using (var held = FileLock.Try(_folder["lock"]).ShouldNotBeNull())
            FileLock.Try(_folder["lock"]).ShouldBeNull();
        using var again = FileLock.Try(_folder["lock"]).ShouldNotBeNull();
    }

    private static void Add(BuildCache cache, string key, int size, int minutesAgo)
    {
        var entry = cache.GetOrCreate(key, folder => File.WriteAllBytes(Path.Combine(folder, "x"), new byte[size]));
        Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddMinutes(-minutesAgo));
    }
}
