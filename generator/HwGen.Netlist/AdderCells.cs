namespace HwGen.Netlist;

/// <summary>Adds three bits of one weight: an adder cell of its own module, so that synthesis can put the library's cell in its place.</summary>
internal sealed class FullAdder : Module
{
    public Output Sum { get; } = new(1);

    public Output Carry { get; } = new(1);

    public Input A { get; } = new(1);

    public Input B { get; } = new(1);

    public Input C { get; } = new(1);

    protected override void Build()
    {
        Sum.Drive(A ^ B ^ C);
        Carry.Drive((A & B) | (C & (A | B)));
    }
}

/// <summary>Adds two bits of one weight: an adder cell of its own module, so that synthesis can put the library's cell in its place.</summary>
internal sealed class HalfAdder : Module
{
    public Output Sum { get; } = new(1);

    public Output Carry { get; } = new(1);

    public Input A { get; } = new(1);

    public Input B { get; } = new(1);

    protected override void Build()
    {
        Sum.Drive(A ^ B);
        Carry.Drive(A & B);
    }
}
