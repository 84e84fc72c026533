using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace HwGen.Simulation.Compiled;

/// <summary>The widest vectors of 64-bit words that this machine works on, as what compiled code calls.</summary>
internal static class VectorCalls
{
    private static readonly (int Words, Type Calls, Type Vector)[] s_sizes =
    [
        (8, typeof(Vector512), typeof(Vector512<>)), (4, typeof(Vector256), typeof(Vector256<>)), (2, typeof(Vector128), typeof(Vector128<>)),
    ];

    private static readonly Type s_calls;

    static VectorCalls()
    {
        Elements = Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : Vector128.IsHardwareAccelerated ? 2 : 0;
        var (_, calls, vector) = s_sizes.FirstOrDefault(size => size.Words == Elements, s_sizes[^1]);
        s_calls = calls;
        VectorType = vector.MakeGenericType(typeof(ulong));
        Add = Binary(nameof(Vector256.Add));
        Subtract = Binary(nameof(Vector256.Subtract));
        Multiply = Binary(nameof(Vector256.Multiply));
        And = Binary(nameof(Vector256.BitwiseAnd));
        Or = Binary(nameof(Vector256.BitwiseOr));
        Xor = Binary(nameof(Vector256.Xor));
        IsEqual = Binary(nameof(Vector256.Equals));
        IsLess = Binary(nameof(Vector256.LessThan));
        var signed = vector.MakeGenericType(typeof(long));
        IsLessSigned = Method(nameof(Vector256.LessThan), typeof(long), signed, signed);
        ToSigned = Method(nameof(Vector256.AsInt64), typeof(ulong), VectorType);
        FromSigned = Method(nameof(Vector256.AsUInt64), typeof(long), signed);
        ShiftLeft = Method(nameof(Vector256.ShiftLeft), null, VectorType, typeof(int));
        ShiftRight = Method(nameof(Vector256.ShiftRightLogical), null, VectorType, typeof(int));
        Choose = Method(nameof(Vector256.ConditionalSelect), typeof(ulong), VectorType, VectorType, VectorType);
        Broadcast = Method(nameof(Vector256.Create), null, typeof(ulong));
        TopBits = Method(nameof(Vector256.ExtractMostSignificantBits), typeof(ulong), VectorType);
        Load = Pointer(nameof(Vector256.Load));
        Store = Pointer(nameof(Vector256.Store));
    }

    /// <summary>64-bit words of a vector; 0 when the machine has none.</summary>
    public static int Elements { get; }

    public static Type VectorType { get; }

    public static MethodInfo Add { get; }

    public static MethodInfo Subtract { get; }

    public static MethodInfo Multiply { get; }

    public static MethodInfo And { get; }

    public static MethodInfo Or { get; }

    public static MethodInfo Xor { get; }

    /// <summary>All ones in the elements that are equal.</summary>
    public static MethodInfo IsEqual { get; }

    /// <summary>All ones in the elements that are less.</summary>
    public static MethodInfo IsLess { get; }

    public static MethodInfo IsLessSigned { get; }

    public static MethodInfo ToSigned { get; }

    public static MethodInfo FromSigned { get; }

    public static MethodInfo ShiftLeft { get; }

    public static MethodInfo ShiftRight { get; }

    /// <summary>Bits of the second where the first is 1, else of the third.</summary>
    public static MethodInfo Choose { get; }

    public static MethodInfo Broadcast { get; }

    /// <summary>The top bit of each element, the first one lowest.</summary>
    public static MethodInfo TopBits { get; }

    public static MethodInfo Load { get; }

    public static MethodInfo Store { get; }

    /// <summary>So many elements that whole vectors hold all.</summary>
    public static int Padded(int count) => Elements == 0 ? count : (count + Elements - 1) / Elements * Elements;

    public static void Emit(this ILGenerator code, MethodInfo method) => code.Emit(OpCodes.Call, method);

    private static MethodInfo Binary(string name) => Method(name, typeof(ulong), VectorType, VectorType);

    /// <summary>A method by its parameters, itself or as an instance of a generic one.</summary>
    private static MethodInfo Method(string name, Type? element, params Type[] parameters) => s_calls.GetMethods()
        .Where(method => method.Name == name && method.IsGenericMethodDefinition == element is not null)
        .Select(method => element is null ? method : method.MakeGenericMethod(element))
        .Single(method => method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters));

    private static MethodInfo Pointer(string name) => s_calls.GetMethods()
        .Where(method => method.Name == name && method.IsGenericMethodDefinition).Select(method => method.MakeGenericMethod(typeof(ulong)))
        .Single(method => method.GetParameters()[^1].ParameterType == typeof(ulong*));
}
