using System.Collections.Immutable;
using HwGen.Architecture.Configuration;

namespace HwGen.Architecture.Program;

/// <summary>Encrypts the rows of a program with a key that is drawn from a seed, as the key store of its configuration can hold it.</summary>
/// <remarks>A key bit belongs to a bit of the network: a row that is loaded again for each image has the same key each time.</remarks>
public static class RowEncryption
{
    /// <summary>The program with rows that hold ciphertext and carry their key.</summary>
    /// <param name="program">A program of a configuration with a key store; its rows are not encrypted.</param>
    /// <param name="seed">What the key is drawn from.</param>
    /// <exception cref="ArgumentException">The configuration has no key store.</exception>
    public static CoreProgram Encrypt(CoreProgram program, int seed)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (program.Configuration.Keys == KeyStoreKind.None)
        {
            throw new ArgumentException("The configuration has no key store.", nameof(program));
        }

        var random = new Random(seed);
        var loads = program.Stages.SelectMany(s => s.Passes).Count(p => p.Rows.Length > 0) + (program.Rows.Length > 0 ? 1 : 0);

        // Keys of a load stay until their rows are overwritten: each load gets a share of the entries.
        var share = Math.Max(1, program.Configuration.KeyEntries / Math.Max(1, loads));
        var left = program.Configuration.KeyEntries;
        return program with
        {
            Rows = Encrypt(program.Rows),
            Stages = [.. program.Stages.Select(stage => stage with { Passes = [.. stage.Passes.Select(pass => pass with { Rows = Encrypt(pass.Rows) })] })],
        };

        ImmutableArray<RowImage> Encrypt(ImmutableArray<RowImage> rows)
        {
            if (rows.Length == 0)
            {
                return rows;
            }

            var keys = program.Configuration.Keys == KeyStoreKind.Dense ? Dense(rows) : Sparse(rows);
            return [.. rows.Zip(keys, (row, key) => row with { Bits = [.. row.Bits.Zip(key, (bits, pad) => bits ^ pad)], Key = key })];
        }

        IEnumerable<ImmutableArray<ulong>> Dense(ImmutableArray<RowImage> rows)
        {
            var columns = program.Configuration.Columns;
            var top = columns % 64 == 0 ? ulong.MaxValue : (1UL << (columns % 64)) - 1;
            return rows.Select(row =>
            {
                var key = new ulong[row.Bits.Length];
                for (var word = 0; word < key.Length; word++)
                {
                    key[word] = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (word == key.Length - 1 ? top : ulong.MaxValue);
                }

                return ImmutableArray.Create(key);
            }).ToList();
        }

        IEnumerable<ImmutableArray<ulong>> Sparse(ImmutableArray<RowImage> rows)
        {
            var keys = rows.Select(row => new ulong[row.Bits.Length]).ToArray();
            var addresses = new HashSet<(int, int)>();
            var count = (int)Math.Min(Math.Min(share, left), (long)rows.Length * program.Configuration.Columns);
            while (addresses.Count < count)
            {
                var (row, column) = (random.Next(rows.Length), random.Next(program.Configuration.Columns));
                if (addresses.Add((row, column)))
                {
                    keys[row][column / 64] |= 1UL << (column % 64);
                }
            }

            left -= count;
            return keys.Select(key => ImmutableArray.Create(key));
        }
    }
}
