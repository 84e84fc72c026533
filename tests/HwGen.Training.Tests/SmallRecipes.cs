using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Recipes;

namespace HwGen.Training.Tests;

/// <summary>Recipes and images that train in about a second.</summary>
internal static class SmallRecipes
{
    public const string Binary = """
        formatVersion: 1
        name: small-binary
        data: { set: drawn-digits, pixels: binary }
        seed: 3
        training: { epochs: 2, batch: 50, learningRate: 0.02, shift: 1, recalibrationBatches: 4 }
        layers:
          - convolution: { filters: 8, kernel: 3, padding: 1, weights: binary }
          - maxPool: { size: 2 }
          - batchNorm: { positiveScale: true }
          - sign
          - convolution: { filters: 12, kernel: 3, weights: binary }
          - maxPool: { size: 4 }
          - batchNorm
          - sign
          - dense: { units: 10, weights: binary }

        """;

    public const string Integers = """
        formatVersion: 1
        name: small-integers
        data: { set: drawn-digits, pixels: unsigned8 }
        seed: 4
        training: { epochs: 2, batch: 50, learningRate: 0.02, optimiser: sgd, schedule: step, stepPoints: [0.5], recalibrationBatches: 4 }
        layers:
          - convolution: { filters: 6, kernel: 5, weights: int4 }
          - batchNorm
          - rectifier: { bits: 3, range: 2 }
          - maxPool: { size: 4 }
          - dense: { units: 16, weights: int8 }
          - batchNorm
          - sign
          - dense: { units: 10, weights: int8 }

        """;

    public static TrainingData Data { get; } = new(DrawnDigits.Draw(600, 11), DrawnDigits.Draw(200, 12));

    public static Recipe Read(string text) => RecipeReader.Read(text, "test.yaml");
}
