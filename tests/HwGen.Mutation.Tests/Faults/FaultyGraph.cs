using System.Numerics;
using System.Runtime.InteropServices;
using HwGen.Netlist;
using HwGen.Netlist.Passes;

namespace HwGen.Mutation.Tests.Faults;

/// <summary>
/// Copies a module with one fault, or with none. The drives of a register become one expression, in the faulty module and in the sound one alike: a fault of a drive
/// then looks the same to simulators and to the writer of Verilog.
/// </summary>
internal sealed class FaultyGraph(ModuleGraph source, IReadOnlyDictionary<ModuleGraph, ModuleGraph> modules, NodeFault? fault) : GraphRewriter(source, modules)
{
    private int _seen = -1;

    /// <summary>The operands that the node of the fault has in the copy.</summary>
    public int[] Operands { get; private set; } = [];

    /// <summary>What the node of the fault would be without it.</summary>
    public int Sound { get; private set; }

    public BigInteger ConstantOf(int id) => Source.ConstantValue(id);

    public int Width(int copy) => Target.Nodes[copy].Width;

    public int Make(NodeKind kind, int width, params ReadOnlySpan<int> operands) => Target.Add(kind, width, 0, operands);

    public int MakeWith(NodeKind kind, int width, int payload, params ReadOnlySpan<int> operands) => Target.Add(kind, width, payload, operands);

    public int Constant(BigInteger value, int width) => Target.AddConstant(value & ((BigInteger.One << width) - 1), width);

    public int Inverted(int copy) => Make(NodeKind.Not, Width(copy), copy);

    /// <summary>A value with one bit inverted, or held at 0 or 1.</summary>
    public int WithBit(int copy, int bit, BitFault kind)
    {
        var width = Width(copy);
        var mask = Constant(BigInteger.One << bit, width);
        return kind switch
        {
            BitFault.Inverted => Make(NodeKind.Xor, width, copy, mask),
            BitFault.StuckAt1 => Make(NodeKind.Or, width, copy, mask),
            _ => Make(NodeKind.And, width, copy, Inverted(mask)),
        };
    }

    protected override int Rewrite(int id, Node node)
    {
        if (fault is null || id != fault.Node || !fault.IsAtNode)
        {
            return base.Rewrite(id, node);
        }

        Sound = base.Rewrite(id, node);
        Operands = [.. Source.Operands(id).ToArray().Select(Copy)];
        var made = fault.Make!(this);
        if (IsLeaf(node.Kind))
        {
            _seen = made;
            return Sound;
        }

        return made;
    }

    protected override int Operand(int user, int operand) =>
        fault is { IsAtNode: true } && operand == fault.Node && _seen >= 0 && (fault.Reader < 0 || fault.Reader == user) ? _seen : Copy(operand);

    protected override int Root(int id) => id >= 0 && fault is { IsAtNode: true, Reader: < 0 } && id == fault.Node && _seen >= 0 ? _seen : Copy(id);

    protected override void Finish()
    {
        var guarded = new List<GuardedDrive>();
        for (var register = 0; register < Source.RegisterList.Count; register++)
        {
            var info = Source.RegisterList[register];
            var drives = info.DriveList.Select(drive => (Condition: Root(drive.Condition), Value: Root(drive.Value))).ToList();
            var reset = info.Reset;
            if (fault is { Drive: not null } && fault.Node == info.Node)
            {
                (reset, drives) = fault.Drive!(this, reset, drives);
            }

            var value = Copy(info.Node);
            foreach (var drive in drives)
            {
                value = drive.Condition < 0 ? drive.Value : Make(NodeKind.Select, info.Width, drive.Condition, value, drive.Value);
            }

            var copy = new RegisterInfo(info.Name, info.Width, Copy(info.Node), info.Domain, reset, info.Location);
            copy.DriveList.Add(new ConditionalDrive(-1, value, info.Location));
            Target.RegisterList[register] = copy;
            guarded.Add(new GuardedDrive(register, 0, []));
        }

        Target.GuardedDriveList.Clear();
        Target.GuardedDriveList.AddRange(CollectionsMarshal.AsSpan(guarded));
        for (var memory = 0; memory < Source.MemoryList.Count; memory++)
        {
            if (fault is { Write: not null } && fault.Memory == memory)
            {
                var writes = Target.MemoryList[memory].WriteList;
                writes[fault.Port] = fault.Write(this, writes[fault.Port]);
            }
        }
    }

    private static bool IsLeaf(NodeKind kind) =>
        kind is NodeKind.Constant or NodeKind.Input or NodeKind.InstanceOutput or NodeKind.Register or NodeKind.Wire;
}

/// <summary>What a fault does to a bit.</summary>
internal enum BitFault
{
    /// <summary>It is what it should not be.</summary>
    Inverted,

    /// <summary>It is 0.</summary>
    StuckAt0,

    /// <summary>It is 1.</summary>
    StuckAt1,
}
