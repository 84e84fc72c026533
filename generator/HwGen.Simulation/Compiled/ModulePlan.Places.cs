namespace HwGen.Simulation.Compiled;

/// <content>This part lays out the frame.</content>
internal sealed partial class ModulePlan
{
    /// <summary>Registers of an array are beside each other.</summary>
    private int[] PlaceRegisters()
    {
        var places = new int[Graph.Registers.Count];
        Array.Fill(places, -1);
        foreach (var array in Vectors.Arrays.Where(array => array.Kind == ArrayKind.Registers))
        {
            array.Offset = Reserve(VectorCalls.Padded(array.Count), padded: true);
            for (var index = 0; index < array.Count; index++)
                places[Graph.Nodes[array.Nodes[index]].Payload] = array.Offset + index;
        }

        for (var register = 0; register < places.Length; register++)
        {
            if (places[register] < 0)
                places[register] = Reserve(BitWords.Count(Graph.Registers[register].Width));
        }

        return places;
    }

    private void PlaceVectors()
    {
        foreach (var array in Vectors.Arrays.Where(array => array.Kind != ArrayKind.Registers))
        {
            // A vector that begins within an array may be read or written beyond its end.
            array.Offset = Reserve(VectorCalls.Padded(array.Count) + VectorCalls.Elements, padded: true);
            for (var index = 0; array.Kind == ArrayKind.Operator && index < array.Count; index++)
                _slots.TryAdd(array.Nodes[index], array.Offset + index);
        }

        foreach (var constants in Vectors.Constants)
            constants.Offset = Reserve(VectorCalls.Padded(constants.Values.Length), padded: true);
    }

    private int[] PlaceMemories()
    {
        var places = new int[Graph.Memories.Count];
        Array.Fill(places, -1);
        foreach (var array in Vectors.MemoryArrays)
        {
            array.Stride = VectorCalls.Padded(array.Memories.Length);
            // One row more, of zeros, is what is read beyond the last word.
            array.Offset = Reserve(checked((Graph.Memories[array.Memories[0]].Depth + 1) * array.Stride), padded: true);
            for (var index = 0; index < array.Memories.Length; index++)
                places[array.Memories[index]] = array.Offset + index;
        }

        for (var memory = 0; memory < places.Length; memory++)
        {
            if (places[memory] < 0)
                places[memory] = Reserve(checked(Graph.Memories[memory].Depth * BitWords.Count(Graph.Memories[memory].Width)));
        }

        return places;
    }
}
