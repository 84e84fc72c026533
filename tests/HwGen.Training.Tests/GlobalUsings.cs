global using System.Collections.Immutable;
global using HwGen.Training.Arithmetic;
