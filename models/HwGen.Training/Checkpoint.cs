using System.Security.Cryptography;
using System.Text;
using HwGen.Networks;
using HwGen.Training.Data;
using HwGen.Training.Layers;
using HwGen.Training.Pruning;

namespace HwGen.Training;

/// <summary>
/// The state of a run between two epochs: all numbers with the optimiser's averages, the statistics of batch norm, the valid bits, the rows so far.
/// Little endian, closed by its SHA-256; bound to the recipe's text and to the images.
/// </summary>
public static class Checkpoint
{
    private const int FormatVersion = 1;
    private const int HashLength = 32;
    private static readonly byte[] s_magic = "HWGENCKP"u8.ToArray();

    /// <summary>Writes the state beside the file and puts it in its place when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">The trainer, between two epochs.</param>
    /// <param name="data">Its data.</param>
    /// <param name="rows">A row for each epoch that is done.</param>
    public static void Write(string path, Trainer trainer, TrainingData data, IReadOnlyList<EpochResult> rows)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(s_magic);
            writer.Write(FormatVersion);
            writer.Write(Identity(trainer, data));
            writer.Write(trainer.EpochsDone);
            foreach (EpochResult row in rows.Take(trainer.EpochsDone))
            {
                writer.Write(row.Loss);
                writer.Write(row.TrainAccuracy);
                writer.Write(row.TestAccuracy);
                writer.Write(row.AliveFilters);
                writer.Write(row.OperationsRemoved);
            }
            foreach (float[] numbers in Numbers(trainer.Network))
                foreach (float number in numbers)
                    writer.Write(number);
            foreach (PrunableLayer layer in PrunableLayer.Of(trainer.Network))
                for (int filter = 0; filter < layer.Activation.Output.Channels; filter++)
                    writer.Write(layer.Activation.Alive.Length == 0 || layer.Activation.Alive[filter]);
        }
        byte[] content = memory.ToArray();
        string unfinished = path + ".unfinished";
        using (FileStream file = File.Create(unfinished))
        {
            file.Write(content);
            file.Write(SHA256.HashData(content));
        }
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Gives a new trainer the state of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">A trainer of the same recipe that has run no epoch.</param>
    /// <param name="data">Its data.</param>
    /// <returns>A row for each epoch that is done.</returns>
    /// <exception cref="InputFileException">The file is damaged, or belongs to another recipe or other images.</exception>
    public static ImmutableArray<EpochResult> Restore(string path, Trainer trainer, TrainingData data)
    {
        byte[] content = ReadChecked(path, trainer);
        using var reader = new BinaryReader(new MemoryStream(content), Encoding.UTF8);
        if (!reader.ReadBytes(s_magic.Length).AsSpan().SequenceEqual(s_magic) || reader.ReadInt32() != FormatVersion)
            throw new InputFileException(path, "offset 0", Invariant($"is not a checkpoint of version {FormatVersion}"));
        if (!reader.ReadBytes(HashLength).AsSpan().SequenceEqual(Identity(trainer, data)))
            throw new InputFileException(path, Invariant($"offset {s_magic.Length + 4}"), "is a checkpoint of another recipe or of other images: remove it to start again, or take the recipe that it was made from");
        try
        {
            return ReadState(reader, trainer);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            throw new InputFileException(path, Invariant($"offset {reader.BaseStream.Position}"), "ends too early", error);
        }
    }

    private static ImmutableArray<EpochResult> ReadState(BinaryReader reader, Trainer trainer)
    {
        int done = reader.ReadInt32();
        var rows = ImmutableArray.CreateBuilder<EpochResult>();
        for (int epoch = 1; epoch <= done; epoch++)
            rows.Add(new EpochResult(epoch, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadString(), reader.ReadDouble()));
        foreach (float[] numbers in Numbers(trainer.Network))
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = reader.ReadSingle();
        foreach (PrunableLayer layer in PrunableLayer.Of(trainer.Network))
        {
            bool[] alive = [.. Enumerable.Range(0, layer.Activation.Output.Channels).Select(_ => reader.ReadBoolean())];
            layer.Prune(Enumerable.Range(0, alive.Length).Where(filter => !alive[filter]));
        }
        trainer.EpochsDone = done;
        return rows.ToImmutable();
    }

    // The closing hash stands for everything before it: a cut or changed file never reaches the parser.
    private static byte[] ReadChecked(string path, Trainer trainer)
    {
        byte[] bytes;
        try
        {
            long most = 1_000_000 + (8L * Numbers(trainer.Network).Sum(numbers => (long)numbers.Length)) + (1000L * trainer.Network.Recipe.Plan.Epochs);
            long length = new FileInfo(path).Length;
            if (length > most)
                throw new InputFileException(path, "", Invariant($"has {length} bytes; a checkpoint of this recipe has at most {most}"));
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, "", "cannot be read: " + error.Message, error);
        }
        if (bytes.Length < HashLength || !SHA256.HashData(bytes.AsSpan(..^HashLength)).AsSpan().SequenceEqual(bytes.AsSpan(^HashLength..)))
            throw new InputFileException(path, "", "is cut or damaged: its closing hash is not that of its content. Remove it to start again");
        return bytes[..^HashLength];
    }

    private static IEnumerable<float[]> Numbers(TrainableNetwork network)
    {
        foreach (Parameter parameter in network.Parameters)
        {
            yield return parameter.Values;
            yield return parameter.FirstMoment;
            yield return parameter.SecondMoment;
        }
        foreach (TrainableBatchNorm norm in network.Layers.OfType<TrainableBatchNorm>())
        {
            yield return norm.PopulationMean;
            yield return norm.PopulationVariance;
        }
    }

    private static byte[] Identity(Trainer trainer, TrainingData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(trainer.Network.Recipe.TextSha256));
        foreach (ImageSet images in new[] { data.Train, data.Test })
        {
            hash.AppendData(images.Pixels);
            hash.AppendData(images.Labels);
        }
        return hash.GetHashAndReset();
    }
}
