namespace HwGen.House.Tests;

/// <summary>The walls, held against this checkout. That each check can fail is shown in <see cref="PlantedViolationTests"/>.</summary>
public class HouseTests
{
    [Fact]
    public void Arrows_between_projects_run_one_way() => ProjectWalls.WrongArrows(Checkout.Root).ShouldBeEmpty();

    [Fact]
    public void A_room_sees_only_what_its_project_names() => ProjectWalls.TransitiveReferences(Checkout.Root).ShouldBeEmpty();

    [Fact]
    public void There_are_no_side_doors() => ProjectWalls.SideDoors(Checkout.Root).ShouldBeEmpty();

    [Fact]
    public void No_project_and_no_test_is_forgotten() => ProjectWalls.Forgotten(Checkout.Root).ShouldBeEmpty();

    [Fact]
    public void The_plan_itself_has_no_circle()
    {
        Rooms.All.ShouldNotBeEmpty();
        foreach (var room in Rooms.All)
            Rooms.VisibleFrom(room).ShouldNotBeNull().ShouldNotContain(room);
        Rooms.VisibleFrom("HwGen.Golden").ShouldBe(["HwGen.Networks"]);
        Rooms.VisibleFrom("HwGen.Netlist").ShouldBeEmpty();
    }

    [Fact]
    public void Compiled_rooms_keep_the_arrows() => EachAssembly(assembly => assembly.WrongArrows());

    [Fact]
    public void Golden_takes_no_bit_packing_from_networks() => Assembly("HwGen.Golden", assembly => assembly.PackingTakenFrom("HwGen.Networks"));

    [Fact]
    public void Netlist_knows_nothing_of_compute_in_memory() => Assembly("HwGen.Netlist", assembly => assembly.WordsOfTheProduct());

    [Fact]
    public void Names_say_what_things_are() => EachAssembly(assembly => assembly.EmptyNames());

    [Fact]
    public void Tracked_files_are_short_the_same_on_every_machine_and_in_one_spelling()
    {
        var texts = Checkout.TrackedFiles.Where(path => Checkout.IsText(Path.Combine(Checkout.Root, path))).ToList();
        // A check that looked at nothing proves nothing.
        texts.Count.ShouldBeGreaterThan(100);
        texts.SelectMany(path => TextRules.Check(path, File.ReadAllText(Path.Combine(Checkout.Root, path)))).ShouldBeEmpty();
    }

    [Fact]
    public void No_data_set_and_no_package_source_is_committed() => Checkout.TrackedFiles.SelectMany(TextRules.CheckName).ShouldBeEmpty();

    private static void Assembly(string room, Func<AssemblyWalls, IEnumerable<string>> check)
    {
        // The command's own output folder: it references every room, so all of them are there.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = Path.Combine(Checkout.Root, "generator", "HwGen.Cli", "bin", configuration, "net10.0");
        using var walls = new AssemblyWalls(File.OpenRead(Path.Combine(folder, (room == "HwGen.Cli" ? "hwgen" : room) + ".dll")));
        check(walls).ShouldBeEmpty();
    }

    private static void EachAssembly(Func<AssemblyWalls, IEnumerable<string>> check)
    {
        var rooms = ProjectWalls.ProductProjects(Checkout.Root).Select(project => Path.GetFileNameWithoutExtension(project)!)
            // The compiler loads these; they are not in the program's folder. Their project files are held to the arrows all the same.
            .Where(room => !room.EndsWith(ProjectWalls.Analyzers, StringComparison.Ordinal)).ToList();
        rooms.Count.ShouldBeGreaterThan(10);
        foreach (var room in rooms)
            Assembly(room, check);
    }
}
