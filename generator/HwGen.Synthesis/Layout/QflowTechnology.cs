using System.Globalization;
using System.Text.RegularExpressions;
using HwGen.Synthesis.Liberty;
using HwGen.Tools;

namespace HwGen.Synthesis.Layout;

/// <summary>The technology that qflow lays out in: one of its own, or one made of a Liberty and a LEF file.</summary>
public static partial class QflowTechnology
{
    /// <summary>What to give to qflow for a library.</summary>
    /// <param name="options">The library and its layout views.</param>
    /// <param name="cells">The cells that are laid out.</param>
    /// <param name="folder">Where a technology is made when the library is not qflow's.</param>
    /// <exception cref="InputException">The library lacks a cell that qflow needs, or a cell has no layout view.</exception>
    public static string Of(SynthesisOptions options, IReadOnlyCollection<string> cells, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(cells);
        if (options is { Liberty: SynthesisOptions.Osu018Liberty, Lef: SynthesisOptions.Osu018Lef })
            return "osu018";
        var views = MacroLine().Matches(File.ReadAllText(options.Lef)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        if (views.Count == 0)
            throw new InputException(new InputError("has no layout view") { File = options.Lef, Allowed = "a LEF file with a MACRO for each cell" });
        var missing = cells.Where(cell => !views.Contains(cell)).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw new InputException(new InputError($"has no layout view of {string.Join(", ", missing)}") { File = options.Lef });
        var library = CellLibrary.Read(options.Liberty);
        var name = Path.GetFileName(folder);
        Directory.CreateDirectory(folder);
        File.Copy(options.Liberty, Path.Combine(folder, Path.GetFileName(options.Liberty)), overwrite: true);
        File.Copy(options.Lef, Path.Combine(folder, Path.GetFileName(options.Lef)), overwrite: true);
        File.WriteAllText(Path.Combine(folder, name + ".par"), "TWMC*chip.aspect.ratio : 1.0\nTWSC*feed.percent : 50.0\nGENR*row_to_tile_spacing : 1\n");
        File.WriteAllText(Path.Combine(folder, name + ".sh"), Script(library, Path.GetFileName(options.Liberty), Path.GetFileName(options.Lef), Filler(views)));
        return folder;
    }

    private static string Script(CellLibrary library, string liberty, string lef, string filler)
    {
        var flop = Find("a D flip-flop without set and reset", cell => cell.State is { IsLatch: false, Clear: null, Preset: null } && cell.Outputs.Count() == 1);
        var buffer = Find("a buffer", cell => Is(cell, 1, 0b10));
        var inverter = Find("an inverter", cell => Is(cell, 1, 0b01));
        var nor = Find("a 2-input NOR gate", cell => Is(cell, 2, 0b0001));
        var nand = Find("a 2-input NAND gate", cell => Is(cell, 2, 0b0111));
        var strong = library.Cells.Where(cell => Is(cell, 1, 0b10)).MaxBy(cell => cell.Area)!;
        return string.Create(CultureInfo.InvariantCulture, $"""
            #!/usr/bin/tcsh
            set leffile={lef}
            set spicefile=""
            set libertyfile={liberty}
            set techleffile=""
            set flopcell={flop.Name}
            set setpininvert=0
            set resetpininvert=0
            set floppinout={flop.Outputs.First().Name}
            set floppinin={flop.State!.Next.Inputs[0]}
            set floppinclk={flop.State.Clock.Inputs[0]}
            set bufcell={buffer.Name}
            set bufpin_in={Input(buffer, 0)}
            set bufpin_out={Output(buffer)}
            set clkbufcell={strong.Name}
            set clkbufpin_in={Input(strong, 0)}
            set clkbufpin_out={Output(strong)}
            set inverter={inverter.Name}
            set invertpin_in={Input(inverter, 0)}
            set invertpin_out={Output(inverter)}
            set norgate={nor.Name}
            set norpin_in1={Input(nor, 0)}
            set norpin_in2={Input(nor, 1)}
            set norpin_out={Output(nor)}
            set nandgate={nand.Name}
            set nandpin_in1={Input(nand, 0)}
            set nandpin_in2={Input(nand, 1)}
            set nandpin_out={Output(nand)}
            set fillcell="{filler}"
            set decapcell=""
            set antennacell=""
            set separator=""
            set techfile=""
            set gdsfile=""
            set fanout_options="-l 100 -c 20"
            set via_stacks="1"
            set vesta_options="--summary reports --long"
            set addspacers_options=""
            set xspice_options=""

            """);

        LibraryCell Find(string what, Func<LibraryCell, bool> isIt) =>
            library.Cells.Where(cell => cell.IsForUse && isIt(cell)).OrderBy(cell => cell.Area).ThenBy(cell => cell.Name, StringComparer.Ordinal).FirstOrDefault()
            ?? throw new InputException(new InputError($"lacks {what}, which qflow needs") { File = library.File });
    }

    /// <summary>The cell that fills gaps, by its name: Liberty files do not have it.</summary>
    private static string Filler(IEnumerable<string> views) =>
        views.Where(view => view.StartsWith("FILL", StringComparison.OrdinalIgnoreCase)).OrderBy(view => view.Length).ThenBy(view => view, StringComparer.Ordinal).FirstOrDefault() ?? string.Empty;

    [GeneratedRegex(@"^\s*MACRO\s+(\S+)", RegexOptions.Multiline)]
    private static partial Regex MacroLine();

    private static bool Is(LibraryCell cell, int inputs, ulong table) =>
        cell.State is null && cell.Inputs.Count() == inputs && cell.Outputs.Count() == 1 && cell.Outputs.First().Function is { } function
        && function.Inputs.Count == inputs && function.Table(function.Inputs) == table;

    private static string Input(LibraryCell cell, int index) => cell.Inputs.ElementAt(index).Name;

    private static string Output(LibraryCell cell) => cell.Outputs.First().Name;
}
