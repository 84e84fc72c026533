namespace HwGen.Mapping;

/// <summary>A part of the outputs of a step: whole rows, or a piece of one row.</summary>
internal readonly record struct OutputRegion(int Y, int X, int Height, int Width)
{
    public int Outputs => Height * Width;

    /// <summary>Splits a map into regions of at most so many outputs: whole rows if they fit.</summary>
    public static IEnumerable<OutputRegion> Split(int height, int width, long most)
    {
        if (most >= width)
        {
            var rows = (int)Math.Min(height, most / width);
            for (var y = 0; y < height; y += rows)
            {
                yield return new OutputRegion(y, 0, Math.Min(rows, height - y), width);
            }

            yield break;
        }

        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x += (int)most)
            {
                yield return new OutputRegion(y, x, 1, Math.Min((int)most, width - x));
            }
        }
    }
}

/// <summary>What a pass does with the sums of the pass before and with its own.</summary>
internal enum SumFlow
{
    /// <summary>All products of its filters are in this pass.</summary>
    Whole,

    /// <summary>The first products: the sums stay in the accumulators.</summary>
    Hold,

    /// <summary>More products: the sums come from the accumulators and stay there.</summary>
    KeepAndHold,

    /// <summary>The last products: the sums come from the accumulators.</summary>
    Keep,

    /// <summary>The first products: the sums go to the result memory.</summary>
    Write,

    /// <summary>More products: the sums come from the result memory and go there.</summary>
    AddAndWrite,

    /// <summary>The last products: the sums come from the result memory.</summary>
    Add,
}

/// <summary>One pass of a step.</summary>
/// <param name="Term">What it sums.</param>
/// <param name="Part">The part of the term's kernel.</param>
/// <param name="Placement">Where its filters lie.</param>
/// <param name="FirstFilter">The first of them.</param>
/// <param name="Region">The outputs that it makes.</param>
/// <param name="Flow">What happens to the sums.</param>
/// <param name="IsFirst">True for the first pass that completes values of the step.</param>
/// <param name="IsLast">True for the last pass of the step.</param>
internal sealed record PassPlan(
    Term Term, KernelPart Part, ArrayPlacement Placement, int FirstFilter, OutputRegion Region, SumFlow Flow, bool IsFirst, bool IsLast)
{
    /// <summary>True when accumulators begin with initial values.</summary>
    public bool Begins => Flow is not (SumFlow.Keep or SumFlow.KeepAndHold);

    /// <summary>True when accumulators begin with the bias of the filter: with the first products.</summary>
    public bool BeginsWithBias => Flow is SumFlow.Whole or SumFlow.Hold or SumFlow.Write;

    /// <summary>True when values are made.</summary>
    public bool Completes => Flow is SumFlow.Whole or SumFlow.Keep or SumFlow.Add;
}
