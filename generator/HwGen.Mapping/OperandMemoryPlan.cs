using HwGen.Architecture.Configuration;
using HwGen.Architecture.Program;

namespace HwGen.Mapping;

/// <summary>Where each feature map lies in the operand memory: two that are needed at one time never share a word.</summary>
internal sealed class OperandMemoryPlan
{
    private readonly Dictionary<FeatureTensor, FeatureMapLayout> _layouts = [];
    private readonly List<Life> _lives;

    public OperandMemoryPlan(ArrayConfiguration configuration, FeatureTensor input, IReadOnlyList<Step> steps)
    {
        // A map lives from the first step that writes it to the last that reads it.
        var lives = new List<Life> { new(input, Words(configuration, input)) { First = -1 } };
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Output is { } output && !lives.Exists(life => life.Map == output))
            {
                lives.Add(new Life(output, Words(configuration, output)) { First = i, Last = i });
            }

            foreach (var map in steps[i].Terms.Select(term => term.Source).Append(steps[i].Output))
            {
                if (lives.Find(life => life.Map == map) is { } life)
                {
                    life.Last = i;
                }
            }
        }

        if (!Place(configuration, lives) && !Place(configuration, [.. lives.OrderByDescending(life => life.Words)]))
        {
            var peak = Enumerable.Range(0, steps.Count).Select(i => (Step: steps[i], Words: lives.Where(life => life.First <= i && life.Last >= i).Sum(life => life.Words))).MaxBy(at => at.Words);
            throw new MappingException(peak.Step.Place, FormattableString.Invariant($"it needs {peak.Words} words, and memories.operandWords is {configuration.OperandWords}"));
        }

        _lives = lives;
        foreach (var life in lives)
        {
            _layouts.Add(life.Map, new FeatureMapLayout(
                (int)life.Base, life.Map.Channels, life.Map.Height, life.Map.Width, life.Map.Planes, configuration.Columns, life.Map.IsSigned));
        }
    }

    /// <summary>Where a map lies.</summary>
    public FeatureMapLayout this[FeatureTensor map] => _layouts[map];

    /// <summary>The maps that are there behind a pass of one step and needed by a pass of another, or of the same.</summary>
    public IEnumerable<FeatureMapLayout> Between(int before, int behind) =>
        _lives.Where(life => life.First <= before && life.Last >= behind).Select(life => _layouts[life.Map]);

    private static long Words(ArrayConfiguration configuration, FeatureTensor map) =>
        (long)map.Height * map.Width * (((map.Channels - 1) / configuration.Columns) + 1) * map.Planes;

    /// <summary>Puts each map at the lowest address where nothing lies that lives at the same time.</summary>
    private static bool Place(ArrayConfiguration configuration, IReadOnlyList<Life> lives)
    {
        var placed = new List<Life>();
        foreach (var life in lives)
        {
            life.Base = 0;
            foreach (var other in placed.Where(other => other.First <= life.Last && life.First <= other.Last).OrderBy(other => other.Base))
            {
                if (other.Base < life.Base + life.Words && life.Base < other.Base + other.Words)
                {
                    life.Base = other.Base + other.Words;
                }
            }

            if (life.Base + life.Words > configuration.OperandWords)
            {
                return false;
            }

            placed.Add(life);
        }

        return true;
    }

    private sealed class Life(FeatureTensor map, long words)
    {
        public FeatureTensor Map { get; } = map;

        public long Words { get; } = words;

        public int First { get; init; }

        public int Last { get; set; }

        public long Base { get; set; }
    }
}
