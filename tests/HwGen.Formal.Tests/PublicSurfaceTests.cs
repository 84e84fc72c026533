using HwGen.PublicSurface;

namespace HwGen.Formal.Tests;

public class PublicSurfaceTests
{
    [Fact]
    public void The_surface_is_as_agreed() => PublicSurfaceFile.Check(typeof(PropertyProof).Assembly);
}
