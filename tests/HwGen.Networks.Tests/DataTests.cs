using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace HwGen.Networks.Tests;

public sealed class DataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hwgen").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Save(string name, byte[] bytes, bool packed = false)
    {
        string path = Path.Combine(_folder, name);
        using FileStream file = File.Create(path);
        using Stream target = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        target.Write(bytes);
        return path;
    }

    private static byte[] Idx(byte type, int[] dimensions, int count)
    {
        var bytes = new byte[4 + (4 * dimensions.Length) + count];
        bytes[2] = type;
        bytes[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dimensions[i]);
        for (int i = 0; i < count; i++)
            bytes[4 + (4 * dimensions.Length) + i] = (byte)i;
        return bytes;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_plain_and_packed(bool packed)
    {
        string images = Save("i", Idx(8, [3, 2, 4], 24), packed), labels = Save("l", Idx(8, [3], 3), packed);
        ImageSet set = ImageSet.ReadIdx("s", images, labels);
        set.Shape.ShouldBe(new TensorShape(1, 2, 4));
        set.Count.ShouldBe(3);
        set.Image(2).ToArray().ShouldBe([16, 17, 18, 19, 20, 21, 22, 23]);
        set.First(1).Pixels.Length.ShouldBe(8);
        Should.Throw<ArgumentOutOfRangeException>(() => set.First(4));
    }

    [Fact]
    public void Damaged_idx_files_are_told_with_expected_and_found()
    {
        string Message(byte[] bytes, bool packed = false) => Should.Throw<InputFileException>(() => IdxFile.Read(Save("x", bytes, packed), 3)).Message;
        Message(Idx(8, [3, 2, 4], 23)).ShouldContain("is cut: 40 bytes are expected for the dimensions 3×2×4, 39 were found");
        Message(Idx(8, [3, 2, 4], 23)).ShouldContain(Path.Combine(_folder, "x"));
        Message(Idx(8, [3, 2, 4], 25)).ShouldContain("longer than its dimensions say");
        Message(Idx(8, [3], 3)).ShouldContain("header");
        Message(Idx(8, [24], 24)).ShouldContain("the magic number is 2049; 2051 is expected");
        Message(Idx(9, [3, 2, 4], 24)).ShouldContain("the magic number is 2307");
        Message(Idx(8, [3, 0, 4], 0)).ShouldContain("dimension 1 is 0");
        Message(Idx(8, [int.MaxValue, int.MaxValue, int.MaxValue], 0)).ShouldContain("is cut");
        Message([]).ShouldContain("0 were found");
        byte[] packed = File.ReadAllBytes(Save("p", Idx(8, [3, 20, 40], 2400), packed: true));
        Message(packed[..(packed.Length / 2)]).ShouldContain("x");
        Message([0x1F, 0x8B, 1, 2, 3]).ShouldContain("damaged or cut gzip");
        Should.Throw<InputFileException>(() => ImageSet.ReadIdx("s", Save("i", Idx(8, [3, 1, 1], 3)), Save("l", Idx(8, [2], 2)))).Message.ShouldContain("2 labels for the 3 images");
        Should.Throw<InputFileException>(() => IdxFile.Read(_folder, 3)).Message.ShouldContain("is a folder");
    }

    [Fact]
    public void A_gzip_bomb_is_stopped_at_the_bound()
    {
        string path = Save("bomb", new byte[10_000_000], packed: true);
        new FileInfo(path).Length.ShouldBeLessThan(1_000_000);
        Should.Throw<InputFileException>(() => BoundedFile.ReadUnpacked(path, 1_000_000)).Message.ShouldContain("more than 1000000 bytes");
    }

    [Theory]
    [InlineData("i1", -128, 127)]
    [InlineData("u1", 0, 255)]
    [InlineData("i2", -32768, 32767)]
    [InlineData("u2", 0, 65535)]
    [InlineData("i4", int.MinValue, int.MaxValue)]
    [InlineData("u4", 0, uint.MaxValue)]
    [InlineData("i8", long.MinValue, long.MaxValue)]
    [InlineData("u8", 0, long.MaxValue)]
    [InlineData("b1", 0, 1)]
    public void Arrays_come_back_in_every_type(string type, long minimum, long maximum)
    {
        var array = new NpyArray([2, 1, 2], type, [minimum, maximum, 1, 0]);
        string path = Path.Combine(_folder, "a.npy");
        array.Write(path);
        NpyArray again = NpyArray.Read(path);
        again.Shape.ShouldBe(array.Shape);
        again.Type.ShouldBe(type);
        again.Values.ShouldBe(array.Values);
        ((new FileInfo(path).Length - (4 * (type[1] - '0'))) % 64).ShouldBe(0);
        if (minimum > long.MinValue && type != "u8")
            Should.Throw<ArgumentException>(() => (array with { Values = [minimum - 1, 0, 0, 0] }).ToBytes());
    }

    [Fact]
    public void Big_endian_and_scalar_arrays_are_read()
    {
        byte[] bytes = [0x93, .. "NUMPY\x01\0"u8, 60, 0, .. "{'descr': '>i2', 'fortran_order': False, 'shape': (), }     \n"u8, 0xFF, 0xFE];
        bytes[8] = (byte)(bytes.Length - 12);
        NpyArray array = NpyArray.Parse(bytes, "a.npy");
        array.Shape.ShouldBeEmpty();
        array.Values.ShouldBe([-2]);
    }

    [Fact]
    public void Other_arrays_are_refused()
    {
        string Message(string header, int data)
        {
            byte[] text = System.Text.Encoding.Latin1.GetBytes(header + "\n");
            byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, .. new byte[data]];
            return Should.Throw<InputFileException>(() => NpyArray.Parse(bytes, "a.npy")).Message;
        }
        Message("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8).ShouldContain("integer types are read");
        Message("{'descr': '<i4', 'fortran_order': True, 'shape': (2,), }", 8).ShouldContain("Fortran");
        Message("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }", 8).ShouldContain("12 bytes are expected for the shape (3) of i4, 8 were found");
        Message("{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999,), }", 8).ShouldContain("99999999999");
        Message("{'descr': '<i4', 'fortran_order': False, 'shape': (" + string.Concat(Enumerable.Repeat("2147483647,", 15)) + "), }", 8).ShouldContain("8 were found");
        Message("nonsense", 0).ShouldContain("not understood");
        Should.Throw<InputFileException>(() => NpyArray.Parse("PK\x03\x04abcdefgh"u8, "a.npy")).Message.ShouldContain("not a .npy file");
        Should.Throw<InputFileException>(() => NpyArray.Parse([0x93, .. "NUMPY\x01\0"u8, 255, 255], "a.npy")).Message.ShouldContain("is cut");
        byte[] large = new NpyArray([1], "i8", [-1]).ToBytes();
        large[(int)System.Text.Encoding.Latin1.GetString(large).IndexOf("<i8", StringComparison.Ordinal) + 1] = (byte)'u';
        Should.Throw<InputFileException>(() => NpyArray.Parse(large, "a.npy")).Message.ShouldContain("beyond 64 signed bits");
    }

    [Fact]
    public void Folders_are_looked_at_in_the_order_of_the_command_page()
    {
        string first = Path.Combine(_folder, "first");
        Directory.CreateDirectory(Path.Combine(first, "some-set"));
        DataFolders.Find("some-set", first).ShouldBe(Path.Combine(first, "some-set"));
        DataFolders.Find("some-set-that-nobody-has").ShouldBeNull();
        IReadOnlyList<string> folders = DataFolders.Candidates("given");
        folders[0].ShouldBe("given");
        folders[^1].ShouldEndWith(Path.Combine("hwgen", "data"));
        folders.ShouldContain(folder => folder.EndsWith(Path.Combine("shared", "data"), StringComparison.Ordinal));
        Should.Throw<ArgumentException>(() => DataFolders.Find("../etc"));
        Should.Throw<InputFileException>(() => DataFolders.LoadIdx("some-set", train: true, first)).Message.ShouldContain("no such file");
    }

    [Fact]
    public void Drawn_digits_are_the_same_bytes_on_every_machine()
    {
        ImageSet set = DrawnDigits.Draw(200, seed: 1);
        set.Shape.ShouldBe(new TensorShape(1, 28, 28));
        Convert.ToHexStringLower(SHA256.HashData(set.Pixels))[..16].ShouldBe("8d75e71181d45df7");
        DrawnDigits.Draw(50, seed: 1).Pixels.ShouldBe(set.First(50).Pixels);
        DrawnDigits.Draw(50, seed: 2).Pixels.ShouldNotBe(set.First(50).Pixels);
        set.Labels.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void Drawn_digits_can_be_told_apart_but_not_by_comparing_pixels_alone()
    {
        // Nearest neighbour on pixels over a small set: far above chance, far from done, so a network has something to learn.
        ImageSet train = DrawnDigits.Draw(300, seed: 3), test = DrawnDigits.Draw(100, seed: 4);
        int right = 0;
        for (int i = 0; i < test.Count; i++)
        {
            int best = Enumerable.Range(0, train.Count).MinBy(j => Distance(test.Image(i), train.Image(j)));
            right += train.Labels[best] == test.Labels[i] ? 1 : 0;
        }
        right.ShouldBeInRange(40, 95);
    }

    private static long Distance(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
