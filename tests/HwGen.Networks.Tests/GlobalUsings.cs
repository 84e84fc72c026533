global using System.Collections.Immutable;
global using static System.FormattableString;
