using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("HwGen.Networks.Tests")]
[assembly: InternalsVisibleTo("HwGen.Golden.Tests")]
