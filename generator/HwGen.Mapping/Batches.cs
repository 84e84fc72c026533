namespace HwGen.Mapping;

/// <summary>Chooses how the host brings rows that do not all fit: for each image, or for a batch, pass by pass.</summary>
/// <param name="Said">The batch that was asked for; null leaves the choice.</param>
/// <param name="Most">The largest batch that is chosen.</param>
internal readonly record struct Batches(int? Said, int Most)
{
    /// <summary>What a smaller batch may cost more than the largest, one part in so many, to be chosen before it: images wait for each other.</summary>
    private const int CloseEnough = 20;

    /// <summary>The strategy that was asked for, else that of fewer cycles an image; the costs of both are kept.</summary>
    /// <param name="each">The network where rows are loaded again for each image.</param>
    public MappedNetwork Choose(MappedNetwork each)
    {
        ReloadCost Cost(int images) => new(images, each.Cycles, (each.Program with { Batch = images }).TransferCycles());
        var alone = Cost(1);
        var largest = Cost(Said is > 1 ? Said.Value : Math.Max(2, Most));
        var together = largest;
        for (var images = 2; Said is null && images < Most && together == largest; images *= 2)
        {
            var smaller = Cost(images);
            together = smaller.ImageCycles * CloseEnough <= largest.ImageCycles * (CloseEnough + 1) ? smaller : largest;
        }

        var isTogether = Said is { } said ? said > 1 : Most > 1 && together.ImageCycles < alone.ImageCycles;
        return each.With(each.Program with { Batch = isTogether ? together.Batch : 1 }) with { Reloads = [alone, together] };
    }
}
