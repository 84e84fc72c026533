using HwGen.Tools.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HwGen.House.Tests;

/// <summary>Each wall, with something wrong on purpose: a check that cannot fail proves nothing.</summary>
public sealed class PlantedViolationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_wrong_arrow_between_projects_is_found()
    {
        Project("models/HwGen.Golden", "../HwGen.Networks/HwGen.Networks.csproj", @"..\..\generator\HwGen.Cim\HwGen.Cim.csproj");
        Project("generator/HwGen.Netlist", "../HwGen.Architecture/HwGen.Architecture.csproj");
        Project("generator/HwGen.Cosimulation", "../HwGen.Netlist/HwGen.Netlist.csproj");
        Project("generator/HwGen.New");
        ProjectWalls.WrongArrows(_folder.FullPath).ShouldBe(
        [
            "HwGen.Netlist may not see HwGen.Architecture",
            "HwGen.New is not in the plan (Rooms.cs and the architecture page)",
            "HwGen.Golden may not see HwGen.Cim",
        ]);
    }

    [Theory]
    [InlineData("HwGen.Cim", "OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\"", null)]
    [InlineData("HwGen.Cim", "OutputItemType=\"Analyzer\"", "HwGen.Cim may not see HwGen.Netlist.Analyzers")]
    [InlineData("HwGen.Tools", "OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\"", "HwGen.Tools may not see HwGen.Netlist")]
    public void Analyzers_go_to_those_who_see_their_room_and_into_no_program(string room, string attributes, string? wrong)
    {
        Write($"generator/{room}/{room}.csproj",
            $"<Project><ItemGroup><ProjectReference Include=\"../HwGen.Netlist.Analyzers/HwGen.Netlist.Analyzers.csproj\" {attributes} /></ItemGroup></Project>");
        ProjectWalls.WrongArrows(_folder.FullPath).ShouldBe(wrong is null ? [] : [wrong]);
    }

    [Theory]
    [InlineData("<Project><PropertyGroup /></Project>", "")]
    [InlineData("<Project><PropertyGroup><DisableTransitiveProjectReferences>false</DisableTransitiveProjectReferences></PropertyGroup></Project>", "")]
    [InlineData("<Project><PropertyGroup Condition=\"'$(A)' == 'b'\"><DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences></PropertyGroup></Project>", "")]
    [InlineData("<Project><PropertyGroup><DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences></PropertyGroup></Project>",
        "<PropertyGroup><DisableTransitiveProjectReferences>false</DisableTransitiveProjectReferences></PropertyGroup>")]
    public void A_door_that_opens_by_itself_is_found(string common, string project)
    {
        File.WriteAllText(_folder["Directory.Build.props"], common);
        Write("generator/HwGen.Cim/HwGen.Cim.csproj", $"<Project>{project}</Project>");
        ProjectWalls.TransitiveReferences(_folder.FullPath).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_closed_door_is_not_complained_about()
    {
        File.WriteAllText(_folder["Directory.Build.props"],
            "<Project><PropertyGroup><DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences></PropertyGroup></Project>");
        Project("generator/HwGen.Cim");
        ProjectWalls.TransitiveReferences(_folder.FullPath).ShouldBeEmpty();
    }

    [Fact]
    public void A_side_door_is_found()
    {
        Write("models/HwGen.Golden/HwGen.Golden.csproj",
            "<Project><ItemGroup><Compile Include=\"../../generator/HwGen.Cim/Lane.cs\" /><Reference Include=\"HwGen.Cim\" HintPath=\"x\" /></ItemGroup></Project>");
        ProjectWalls.SideDoors(_folder.FullPath).Count().ShouldBe(2);
    }

    [Fact]
    public void A_forgotten_project_is_found()
    {
        Write("HwGen.sln", @"""generator\HwGen.Cim\HwGen.Cim.csproj"" ""tests\HwGen.Cim.Tests\HwGen.Cim.Tests.csproj""");
        Project("generator/HwGen.Cim");
        Project("tests/HwGen.Cim.Tests");
        ProjectWalls.Forgotten(_folder.FullPath).ShouldBeEmpty();
        Write("HwGen.sln", File.ReadAllText(_folder["HwGen.sln"]) + "generator/HwGen.Cim.Analyzers/HwGen.Cim.Analyzers.csproj");
        Project("generator/HwGen.Cim.Analyzers");
        ProjectWalls.Forgotten(_folder.FullPath).ShouldBeEmpty();
        Project("generator/HwGen.Tools");
        ProjectWalls.Forgotten(_folder.FullPath).ShouldBe(
            ["generator/HwGen.Tools/HwGen.Tools.csproj is not in HwGen.sln", "HwGen.Tools has no test project tests/HwGen.Tools.Tests"]);
    }

    [Fact]
    public void A_wrong_arrow_in_a_compiled_room_is_found()
    {
        var cim = Compile("HwGen.Cim", "namespace HwGen.Cim; public class Lane;");
        using var golden = Walls(Compile("HwGen.Golden", "namespace HwGen.Golden; public class Model { public HwGen.Cim.Lane? Lane; }", cim));
        golden.WrongArrows().ShouldBe(["HwGen.Golden may not see HwGen.Cim"]);
        using var itself = Walls(cim);
        itself.WrongArrows().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("WeightPlanes.Count()")]
    [InlineData("Weights.PackBits()")]
    [InlineData("Weights.Unpacked.Size")] // a nested type
    [InlineData("Weights.BitPlanes")]
    public void Packing_that_golden_takes_from_networks_is_found(string use)
    {
        var networks = Compile("HwGen.Networks", """
            namespace HwGen.Networks;
            public static class WeightPlanes { public static int Count() => 1; }
            public static class Weights
            {
                public static int Number => 1;
                public static int BitPlanes => 1;
                public static int PackBits() => 1;
                public static class Unpacked { public static int Size => 1; public static class PackedRow; }
            }
            """);
        using var good = Walls(Compile("HwGen.Golden", "public class Model { public int X = HwGen.Networks.Weights.Number; }", networks));
        good.PackingTakenFrom("HwGen.Networks").ShouldBeEmpty();
        if (use.Contains("Unpacked", StringComparison.Ordinal))
            use = "Weights.Unpacked.Size + typeof(HwGen.Networks.Weights.Unpacked.PackedRow).Name.Length";
        using var bad = Walls(Compile("HwGen.Golden", $"public class Model {{ public int X = HwGen.Networks.{use}; }}", networks));
        bad.PackingTakenFrom("HwGen.Networks").ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("public class MacroCounter;", "Macro")]
    [InlineData("public class A { public int WeightBits => 1; }", "Weight")]
    [InlineData("public class A { public void B(int macroRows) { } }", "macro")]
    [InlineData("public class A { protected int filter_count; }", "filter")]
    [InlineData("public class A { public class CIM; }", "CIM")]
    [InlineData("public enum A { Layer }", "Layer")]
    [InlineData("namespace HwGen.Networks.X { public class A; }", "Networks")]
    public void A_word_of_the_product_in_a_public_name_of_the_netlist_is_found(string source, string word)
    {
        using var walls = Walls(Compile("HwGen.Netlist", source));
        walls.WordsOfTheProduct().ShouldContain(text => text.EndsWith("the word " + word, StringComparison.Ordinal));
    }

    [Fact]
    public void Words_inside_of_words_and_names_that_nobody_sees_are_fine()
    {
        using var walls = Walls(Compile("HwGen.Netlist", "public class Planet { public int Decimal; private int weight; } internal class Filter { public int Macro; }"));
        walls.WordsOfTheProduct().ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_says_nothing_is_found()
    {
        using var walls = Walls(Compile("HwGen.Cim", "internal class CacheManager; class StringUtils; class Cache;"));
        walls.EmptyNames().Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("see /{0}/shared/x", "work")]
    [InlineData("\"/{0}/someone/.cache\"", "home")]
    [InlineData("cd /{0}/repo", "root")]
    public void A_path_of_one_machine_is_found(string format, string folder) =>
        TextRules.Check("a.md", string.Format(System.Globalization.CultureInfo.InvariantCulture, format, folder)).ShouldHaveSingleItem().ShouldContain("a.md:1");

    [Theory]
    [InlineData("http", "10.0.0.7:8080/x")]
    [InlineData("https", "packages.acme.internal/v3/index.json")]
    [InlineData("https", "artifactory.acme.com/")]
    [InlineData("http", "feed/")]
    public void An_address_of_one_workplace_is_found(string scheme, string rest) =>
        TextRules.Check("a.cs", $"// {scheme}://{rest}").ShouldHaveSingleItem();

    [Theory]
    [InlineData("https://arxiv.org/abs/2506.13151 http://127.0.0.1:5000/ http://localhost/ https://dotnet.microsoft.com/download")]
    [InlineData("../work/x ./home/x a/work/b {root}/home/x quantised QuantizeLinear quantization_annotation")]
    public void What_is_the_same_everywhere_is_fine(string text) => TextRules.Check("a.md", text).ShouldBeEmpty();

    [Fact]
    public void A_file_of_many_ideas_is_found()
    {
        TextRules.Check("A.cs", new string('\n', TextRules.MostLines)).ShouldHaveSingleItem();
        TextRules.Check("A.cs", new string('\n', TextRules.MostLines - 1)).ShouldBeEmpty();
        TextRules.Check("a.csv", new string('\n', 10 * TextRules.MostLines)).ShouldBeEmpty();
    }

    [Fact]
    public void Another_spelling_is_found()
    {
        TextRules.Check("a.md", "The " + "utili" + "zation and the " + "Behav" + "ior").Count().ShouldBe(2);
        TextRules.Check("LICENSE", "Behav" + "ior").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("NuGet.config")]
    [InlineData("models/zoo/train-images-idx3-ubyte.gz")]
    [InlineData("tests/x/1.bs2")]
    [InlineData("models/TFC_1W1A.onnx")]
    public void A_file_that_does_not_belong_is_found_by_its_name(string path) => TextRules.CheckName(path).ShouldNotBeEmpty();

    private void Project(string folder, params string[] references) =>
        Write($"{folder}/{Path.GetFileName(folder)}.csproj",
            $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{string.Concat(references.Select(reference => $"<ProjectReference Include=\"{reference}\" />"))}</ItemGroup></Project>");

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }

    private static AssemblyWalls Walls(byte[] assembly) => new(new MemoryStream(assembly));

    private static byte[] Compile(string name, string source, params byte[][] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll");
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)],
            [.. platform.Select(path => MetadataReference.CreateFromFile(path)), .. references.Select(reference => MetadataReference.CreateFromImage(reference))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return stream.ToArray();
    }
}
