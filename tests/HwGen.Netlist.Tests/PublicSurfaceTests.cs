using HwGen.PublicSurface;

namespace HwGen.Netlist.Tests;

public class PublicSurfaceTests
{
    [Fact]
    public void TheSurfaceIsAsAgreed() => PublicSurfaceFile.Check(typeof(Module).Assembly);
}
