using HwGen.Simulation;

namespace HwGen.Cim.Tests;

/// <summary>The operand memory around a block that writes words and takes over old ones: ports <c>word_write</c>, <c>word_address</c>, <c>word_data</c>, and <c>word_old</c> a cycle behind the address.</summary>
/// <param name="simulator">The block.</param>
/// <param name="words">Words of the memory.</param>
/// <param name="columns">Bits of a word, at most 63.</param>
/// <param name="random">What the memory begins with.</param>
internal sealed class WordMemory(ISimulator simulator, int words, int columns, Random random)
{
    private readonly ulong[] _words = [.. Enumerable.Range(0, words).Select(_ => (ulong)random.NextInt64() & ((1UL << columns) - 1))];

    /// <summary>The words that were written, in order, until somebody clears the list.</summary>
    public List<(int Address, ulong Word)> Written { get; } = [];

    public int Length => words;

    public ulong this[int address] => _words[address];

    /// <summary>A cycle of the block.</summary>
    public void Cycle()
    {
        simulator.Evaluate();
        var address = (int)simulator.Peek("word_address");
        var old = address < words ? _words[address] : 0;
        if (simulator.Peek("word_write") == 1)
        {
            _words[address] = simulator.Peek("word_data");
            Written.Add((address, _words[address]));
        }

        simulator.Step();
        simulator.Poke("word_old", old);
    }
}
