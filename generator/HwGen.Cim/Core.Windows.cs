using HwGen.Architecture.Program;
using HwGen.Netlist;

namespace HwGen.Cim;

// Windows that are packed densely.
public sealed partial class Core
{
    /// <summary>What gathers windows; null in a core without a window memory.</summary>
    private WindowGather? Gather(DescriptorRegisters descriptor, Sequencer sequencer, Func<ControlBits, Signal> flag)
    {
        if (!configuration.PacksWindows)
        {
            return null;
        }

        Instance(out var gather, new WindowGather(configuration));
        gather.Connect(descriptor);
        gather.Start.Drive(sequencer.Starting & flag(ControlBits.DenseWindows));
        // What an aborted layer had still to gather must not go on in a layer that gathers nothing.
        gather.Enable.Drive(sequencer.Gathers! & flag(ControlBits.DenseWindows));
        gather.Take.Drive(sequencer.WindowsTaken!);
        sequencer.PacksWindows!.Drive(flag(ControlBits.DenseWindows));
        sequencer.WindowsReady!.Drive(gather.Ready);
        sequencer.WindowWord!.Drive(gather.WindowWord);
        sequencer.WindowBit!.Drive(gather.WindowBit);
        return gather;
    }

    /// <summary>The operand that meets the rows: the word that was read, or bits of the window memory.</summary>
    private Signal Windows(DescriptorRegisters descriptor, Sequencer sequencer, WindowGather? gather, Signal operand, Func<ControlBits, Signal> flag)
    {
        if (gather is null)
        {
            return operand;
        }

        var columns = configuration.Columns;
        Instance(out var windows, new WindowMemory(configuration));
        using var scope = Scope("windows");
        Wire(out var lastMask, ~Ones(columns).ShiftLeft(descriptor.Of(DescriptorField.PixelColumns)));
        windows.Data.Drive(operand & Repeat(gather.AppendInside, columns) & (lastMask | ~Repeat(gather.AppendLastWord, columns)));
        windows.NextStream.Drive(gather.ReadStream);
        windows.Append.Drive(gather.Append);
        windows.Address.Drive(gather.AppendAddress);
        windows.Next.Drive(gather.AppendNext);
        windows.Place.Drive(gather.AppendBit);
        windows.Fills.Drive(gather.AppendFills);
        windows.Crosses.Drive(gather.AppendCrosses);
        windows.Stream.Drive(gather.AppendStream);
        windows.First.Drive(gather.AppendFirst);
        windows.Last.Drive(gather.AppendLast);
        windows.Fresh.Drive(gather.AppendFresh);
        windows.ReadAddress.Drive(sequencer.FetchWindow!);
        windows.ReadNext.Drive(sequencer.FetchWindowNext!);
        windows.ReadBit.Drive(sequencer.FetchWindowBit!);
        Wire(out var meeting, Choose(flag(ControlBits.DenseWindows), windows.Operand, operand));
        return meeting;
    }
}
