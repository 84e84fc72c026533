using HwGen.Architecture.Configuration;
using HwGen.Architecture.Instructions;
using HwGen.Architecture.Program;
using HwGen.Formal;
using HwGen.Netlist;
using static HwGen.Architecture.Program.DescriptorField;

namespace HwGen.Cim.Tests;

/// <summary>
/// The gather of windows with a descriptor that stays from the start on, and a rank: the words that it has still to read for an output. It falls with each of them, so windows are ready in the end, whatever the walk has to stand still for.
/// </summary>
internal sealed class GatherProgress : Module
{
    private static readonly ArrayConfiguration s_configuration = new("gather", 8, 8, 4, ArrayConfiguration.AllOperations, 16, 16, 8, 64, 2, 2, 8, 0) { WindowWords = 16 };

    /// <summary>Each counter of the walk with what it counts to, the slowest first; columns count to one number at the begin of a row and to another behind it.</summary>
    private static readonly (string Counter, string End, int Width)[] s_counters =
    [
        ("pool_row", "pool_height", DescriptorLayout.PixelBits), ("plane", "planes", Planes.Width(s_configuration)),
        ("column", "({gather.begins_row} ? window_columns : step_columns)", DescriptorLayout.PixelBits), ("kernel_row", "window_rows", DescriptorLayout.PixelBits), ("word", "pixel_words", DescriptorLayout.PixelBits),
    ];

    private static readonly DescriptorField[] s_fields = [.. new WindowGather(s_configuration).Descriptor.Select(port => DescriptorLayout.Fields.Single(field => Names.ToSnakeCase(field.ToString()) == port.Name))];

    public IReadOnlyList<Input> NextFields { get; } = [.. s_fields.Select(field => new Input(field.Width(s_configuration), "next_" + Names.ToSnakeCase(field.ToString())))];

    public Input Start { get; } = new(1);

    public Input Enable { get; } = new(1);

    public Input Take { get; } = new(1);

    public Input Rank { get; } = new(s_counters.Sum(c => c.Width));

    public Output Falls { get; } = new(1);

    /// <summary>What is taken, and what is shown.</summary>
    public static IReadOnlyList<StateProperty> Properties()
    {
        var rank = "{" + string.Join(", ", s_counters.Select(c => FormattableString.Invariant($"({{gather.reading}} ? {c.End} - {{gather.{c.Counter}}} : {c.Width}'d0)"))) + "}";
        IEnumerable<StateProperty> Rules(string prefix, StatePropertyKind kind, string unless) => DescriptorRules.Of(s_configuration).Where(rule => rule.Least > 0 && s_fields.Contains(rule.Field))
            .Select(rule => new StateProperty(kind, FormattableString.Invariant($"{unless}{prefix}{Names.ToSnakeCase(rule.Field.ToString())} >= {rule.Least}")));
        return
        [
            new(StatePropertyKind.Assume, $"rank == {rank}"),
            .. Rules("next_", StatePropertyKind.Assume, string.Empty),
            .. Rules(string.Empty, StatePropertyKind.Invariant, "!started || "),
            new(StatePropertyKind.Invariant, "started || !{gather.reading}"),
            .. s_counters.Select(c => new StateProperty(StatePropertyKind.Invariant, $"!{{gather.reading}} || {{gather.{c.Counter}}} < {c.End}")),
            new(StatePropertyKind.Invariant, "falls"),
        ];
    }

    protected override void Build()
    {
        Instance(out var gather, new WindowGather(s_configuration), name: "gather");
        Register(out var started, 1, reset: 0);
        When(Start, () => started.Drive(1));
        foreach (var (port, next) in gather.Descriptor.Zip(NextFields))
        {
            Register(out var field, port.Width, name: port.Name);
            When(~started, () => field.Drive(next));
            port.Drive(field);
        }

        gather.Start.Drive(Start & ~started);
        gather.Enable.Drive(Enable);
        gather.Take.Drive(Take & gather.Ready & started);
        Register(out var previous, Rank);
        Register(out var hasRead, gather.Read, reset: 0);
        Falls.Drive(~hasRead | Rank.LessThan(previous));
        foreach (var unused in typeof(WindowGather).GetProperties().Where(p => p.PropertyType == typeof(Output) && p.Name is not (nameof(WindowGather.Read) or nameof(WindowGather.Ready))).Select(p => (Output)p.GetValue(gather)!))
        {
            Discard(unused);
        }
    }
}
