using System.Diagnostics;
using System.Text.Json;

namespace HwGen.Golden.Tests;

/// <summary>ONNX Runtime in a process of its own: the package is installed once into the user's cache.</summary>
internal static class OnnxRuntime
{
    private const string Version = "1.30.0";

    private const string Script = """
        const ort = require('onnxruntime-node');
        const fs = require('fs');
        (async () => {
          for (const task of JSON.parse(fs.readFileSync(process.argv[2]))) {
            const session = await ort.InferenceSession.create(task.model, { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1 });
            const results = [];
            for (const pixels of task.images) {
              const data = task.type === 'uint8' ? Uint8Array.from(pixels) : Float32Array.from(pixels);
              const output = await session.run({ image: new ort.Tensor(task.type, data, task.shape) });
              results.push(Array.from(output[session.outputNames[0]].data, Number));
            }
            fs.writeFileSync(task.model + '.json', JSON.stringify(results));
          }
        })().catch(error => { console.error(error); process.exit(1); });
        """;

    /// <summary>Runs models on images; the outputs are [model][image][value].</summary>
    public static double[][][] Run(string folder, IReadOnlyList<(byte[] Model, string Type, int[] Shape, byte[][] Images)> tasks)
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set
            ? set : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string home = Path.Combine(cache, "hwgen", "onnxruntime-node-" + Version);
        if (!Directory.Exists(home))
            Install(home);
        var manifest = tasks.Select((task, i) =>
        {
            string model = Path.Combine(folder, Invariant($"model{i}.onnx"));
            File.WriteAllBytes(model, task.Model);
            return new { model, type = task.Type, shape = task.Shape, images = task.Images.Select(image => image.Select(pixel => (int)pixel)) };
        }).ToArray();
        File.WriteAllText(Path.Combine(folder, "tasks.json"), JsonSerializer.Serialize(manifest));
        string script = Path.Combine(folder, "run.js");
        File.WriteAllText(script, Script);
        Execute("node", home, script, Path.Combine(folder, "tasks.json"));
        return [.. manifest.Select(task => JsonSerializer.Deserialize<double[][]>(File.ReadAllText(task.model + ".json"))!)];
    }

    /// <summary>Installs the package beside its place and moves it there whole: a run that is ended leaves nothing half.</summary>
    private static void Install(string home)
    {
        string partial = Invariant($"{home}.{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(partial);
            File.WriteAllText(Path.Combine(partial, "package.json"), """{ "private": true }""");
            Execute("npm", partial, "install", "--no-audit", "--no-fund", "onnxruntime-node@" + Version);
            if (!Directory.Exists(home))
                Directory.Move(partial, home);
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    private static void Execute(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        // Packages are found from the folder, not from where the script lies.
        start.Environment["NODE_PATH"] = Path.Combine(folder, "node_modules");
        // The package's own install script fetches GPU libraries, which fails without a network of its own; the CPU build is inside.
        start.Environment["ONNXRUNTIME_NODE_INSTALL"] = "skip";
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, Invariant($"{program} {string.Join(' ', arguments)}: {errors}"));
    }
}
