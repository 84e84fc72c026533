using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("HwGen.Networks.Tests")]
