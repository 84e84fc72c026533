global using System.Collections.Immutable;
global using HwGen.Networks;
global using static System.FormattableString;
