using HwGen.Training.Arithmetic;

namespace HwGen.Training.Layers;

/// <summary>The mean cross-entropy of the softmax of logits.</summary>
public sealed class SoftmaxCrossEntropy
{
    private readonly FeatureMaps _gradient = new();

    /// <summary>Computes the loss and its gradient in the logits.</summary>
    /// <param name="logits">A batch of vectors.</param>
    /// <param name="labels">The class of each image, below the vectors' length.</param>
    /// <returns>The mean loss, the images whose largest logit (lowest index on a tie) is the label's, and the gradient of the mean.</returns>
    public LossResult Compute(FeatureMaps logits, ReadOnlySpan<byte> labels)
    {
        _gradient.Resize(logits.Batch, logits.Map);
        double loss = 0;
        int correct = 0;
        Span<double> powers = stackalloc double[logits.Map.Size];
        for (int image = 0; image < logits.Batch; image++)
        {
            Span<float> vector = logits.Image(image);
            Span<float> gradient = _gradient.Image(image);
            int largest = 0;
            for (int i = 1; i < vector.Length; i++)
                if (vector[i] > vector[largest])
                    largest = i;
            if (largest == labels[image])
                correct++;
            double sum = 0;
            for (int i = 0; i < vector.Length; i++)
                sum += powers[i] = Exponential.Of((double)vector[i] - vector[largest]);
            loss += Math.Log(sum) - ((double)vector[labels[image]] - vector[largest]);
            for (int i = 0; i < vector.Length; i++)
                gradient[i] = (float)(((powers[i] / sum) - (i == labels[image] ? 1 : 0)) / logits.Batch);
        }
        return new LossResult(loss / logits.Batch, correct, _gradient);
    }
}

/// <summary>What a loss computation found.</summary>
/// <param name="Loss">The mean loss of an image, in nats.</param>
/// <param name="Correct">Images classified rightly.</param>
/// <param name="Gradient">The gradient of the mean loss in the logits, valid until the next computation.</param>
public readonly record struct LossResult(double Loss, int Correct, FeatureMaps Gradient);
