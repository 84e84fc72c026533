global using System.Collections.Immutable;
global using HwGen.Training.Arithmetic;
global using static System.FormattableString;
