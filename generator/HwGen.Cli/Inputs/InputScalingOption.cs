using System.CommandLine;
using HwGen.Networks;

namespace HwGen.Cli.Inputs;

/// <summary><c>--input-scaling</c>: what the floats of a foreign file's input are for a pixel.</summary>
internal static class InputScalingOption
{
    /// <summary>A new option.</summary>
    public static Option<InputScaling?> Create() => new("--input-scaling")
    {
        Description = "What a float input expects of a pixel of 0 to 255: zero-to-one (pixel/255, the default), minus-one-to-one, pixels, or MEAN,DEVIATION of pixel/255",
        HelpName = "RULE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            switch (text)
            {
                case "zero-to-one":
                    return InputScaling.ZeroToOne;
                case "minus-one-to-one":
                    return InputScaling.MinusOneToOne;
                case "pixels":
                    return InputScaling.Pixels;
            }
            try
            {
                var numbers = text.Split(',').Select(Rational.Parse).ToList();
                if (numbers.Count == 2 && numbers[1].Sign > 0)
                    return InputScaling.Normalised([numbers[0]], [numbers[1]]);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or DivideByZeroException)
            {
                // Told below, with what is allowed.
            }
            result.AddError($"--input-scaling = {text}: not a rule; allowed: zero-to-one, minus-one-to-one, pixels, or two numbers such as 0.1307,0.3081");
            return null;
        },
    };
}
