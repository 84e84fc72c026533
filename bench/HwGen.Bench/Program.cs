using HwGen.Bench;

if (args is ["golden", ..])
    return GoldenSpeed.Run();
Console.Error.WriteLine("measurements: golden");
return 2;
