namespace HwGen.Training.Export;

/// <summary>The channels of a feature map that are alive, ascending.</summary>
/// <param name="Total">All channels in training.</param>
/// <param name="Alive">The numbers of those that stay.</param>
internal sealed record ChannelSelection(int Total, ImmutableArray<int> Alive)
{
    public static ChannelSelection All(int total) => new(total, [.. Enumerable.Range(0, total)]);

    public static ChannelSelection Of(bool[] alive, int total) =>
        alive.Length == 0 ? All(total) : new(total, [.. Enumerable.Range(0, total).Where(channel => alive[channel])]);
}
