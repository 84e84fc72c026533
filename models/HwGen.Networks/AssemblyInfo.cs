using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("HwGen.Networks.Tests")]
[assembly: InternalsVisibleTo("HwGen.Golden.Tests")]
// They build ONNX files of their own, with the schema of the wire format.
[assembly: InternalsVisibleTo("HwGen.Cosimulation.Tests")]
[assembly: InternalsVisibleTo("HwGen.Cli.Tests")]
