using HwGen.Cli.Hosting;

return await Application.RunAsync(args);
