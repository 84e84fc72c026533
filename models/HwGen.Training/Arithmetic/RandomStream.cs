namespace HwGen.Training.Arithmetic;

/// <summary>What a stream of random numbers is for. The numbers are part of every recipe's result: never renumber.</summary>
public enum RandomStream
{
    /// <summary>Initial weights; the index is the layer.</summary>
    InitialWeights = 1,

    /// <summary>The order of the training images; the index is the epoch.</summary>
    Order = 2,

    /// <summary>The shifts of the training images; the index is the epoch.</summary>
    Augmentation = 3,

    /// <summary>The images that batch-norm statistics are recalibrated on; the index is the epoch.</summary>
    Recalibration = 4,
}
