using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace HwGen.House.Tests;

/// <summary>What the compiled rooms must keep, read from their metadata without loading them.</summary>
internal sealed partial class AssemblyWalls : IDisposable
{
    /// <summary>Words of compute-in-memory and of networks, which a hardware DSL that anyone could use does not know.</summary>
    private static readonly string[] s_wordsOfTheProduct =
    [
        // Not among them: lane. A memory that is written by parts has lanes in any hardware.
        "cim", "macro", "macros", "rram", "memristor", "crossbar", "similarity", "weight", "weights", "filter", "filters",
        "layer", "layers", "network", "networks", "neuron", "activation", "mnist", "golden", "bitplane", "convolution", "pruning",
    ];

    private static readonly string[] s_emptyNames = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities"];

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    public AssemblyWalls(Stream assembly)
    {
        _file = new PEReader(assembly);
        _metadata = _file.GetMetadataReader();
        Name = _metadata.GetString(_metadata.GetAssemblyDefinition().Name);
        // The command's assembly is named for what the person types.
        Room = Name == "hwgen" ? "HwGen.Cli" : Name;
    }

    public string Name { get; }

    public string Room { get; }

    public void Dispose() => _file.Dispose();

    /// <summary>References to rooms that the plan does not let this one see.</summary>
    public IEnumerable<string> WrongArrows()
    {
        var visible = Rooms.VisibleFrom(Room);
        return _metadata.AssemblyReferences.Select(handle => _metadata.GetString(_metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("HwGen.", StringComparison.OrdinalIgnoreCase) || name == "hwgen")
            .Where(name => visible is null || !visible.Contains(name))
            .Select(name => $"{Room} may not see {name}");
    }

    /// <summary>Uses of another room's types or members whose names speak of packed bits.</summary>
    /// <param name="room">The other room.</param>
    public IEnumerable<string> PackingTakenFrom(string room)
    {
        foreach (var handle in _metadata.TypeReferences)
        {
            var name = _metadata.GetString(_metadata.GetTypeReference(handle).Name);
            if (IsFrom(handle, room) && IsPacking(name))
                yield return $"{Room} uses {name} of {room}";
        }
        foreach (var handle in _metadata.MemberReferences)
        {
            var member = _metadata.GetMemberReference(handle);
            var name = _metadata.GetString(member.Name);
            if (member.Parent.Kind == HandleKind.TypeReference && IsFrom((TypeReferenceHandle)member.Parent, room) && IsPacking(name))
                yield return $"{Room} uses {_metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name)}.{name} of {room}";
        }
    }

    /// <summary>Public names (namespaces, types, members, parameters) that speak of the product.</summary>
    public IEnumerable<string> WordsOfTheProduct() =>
        PublicNames().SelectMany(name => Words(name).Where(word => s_wordsOfTheProduct.Contains(word, StringComparer.OrdinalIgnoreCase))
            .Select(word => $"{Room}: the public name {name} has the word {word}")).Distinct(StringComparer.Ordinal);

    /// <summary>Types whose name says nothing about what they are.</summary>
    public IEnumerable<string> EmptyNames() =>
        _metadata.TypeDefinitions.Select(handle => _metadata.GetString(_metadata.GetTypeDefinition(handle).Name))
            // What the compiler and its generators name is not ours.
            .Where(name => !name.Contains('<'))
            .Where(name => s_emptyNames.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
            .Select(name => $"{Room}: {name} says nothing about what it is");

    private IEnumerable<string> PublicNames()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var type = _metadata.GetTypeDefinition(handle);
            if (!IsVisible(type))
                continue;
            yield return _metadata.GetString(type.Namespace);
            yield return _metadata.GetString(type.Name);
            foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition).Where(method => IsVisible(method.Attributes)))
            {
                yield return _metadata.GetString(method.Name);
                foreach (var parameter in method.GetParameters())
                    yield return _metadata.GetString(_metadata.GetParameter(parameter).Name);
            }
            foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition).Where(field => (field.Attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family))
                yield return _metadata.GetString(field.Name);
        }
    }

    private bool IsVisible(TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic or TypeAttributes.NestedFamily => IsVisible(_metadata.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private bool IsFrom(TypeReferenceHandle handle, string room)
    {
        var scope = _metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == room,
            HandleKind.TypeReference => IsFrom((TypeReferenceHandle)scope, room),
            _ => false,
        };
    }

    private static bool IsPacking(string name) =>
        Words(name).Any(word => word.ToUpperInvariant() is "PACK" or "PACKED" or "PACKING" or "PACKER" or "UNPACK" or "PLANE" or "PLANES" or "BITPLANE" or "BITPLANES");

    /// <summary>The words of a name: <c>WeightPlanes</c>, <c>get_Weight_planes</c>.</summary>
    private static ImmutableArray<string> Words(string name) => [.. WordPattern().Matches(name).Select(match => match.Value)];

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex WordPattern();
}
