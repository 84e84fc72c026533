namespace HwGen.Tools.Tests;

public class InputExceptionTests
{
    [Fact]
    public void An_error_names_its_place_its_key_its_value_and_what_is_allowed() =>
        new InputError("must divide rows") { File = "edge64.yaml", Line = 3, Column = 12, Key = "array.lanes", Value = "7", Allowed = "1, 2, 4, 8" }
            .ToString().ShouldBe("edge64.yaml:3:12: array.lanes = 7: must divide rows; allowed: 1, 2, 4, 8");

    [Fact]
    public void What_is_not_known_is_not_printed()
    {
        new InputError("is empty").ToString().ShouldBe("is empty");
        new InputError("no such file") { File = "a.yaml", Column = 3 }.ToString().ShouldBe("a.yaml: no such file");
        new InputError("is wrong") { Value = "x" }.ToString().ShouldBe("x: is wrong");
        new InputError("is missing") { Key = "name" }.ToString().ShouldBe("name: is missing");
    }

    [Fact]
    public void An_input_cannot_drive_the_terminal_or_flood_it()
    {
        var text = new InputError("bad") { Value = "\u001b[2J\u202e" + new string('x', 10_000) }.ToString();
        text.ShouldNotContain('\u001b');
        text.ShouldNotContain('\u202e');
        text.ShouldContain("\\u001b");
        text.Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void Several_errors_are_told_at_once()
    {
        var exception = new InputException([new InputError("one"), new InputError("two")]);
        exception.Message.ShouldBe("one\ntwo");
        exception.Errors.Count.ShouldBe(2);
        exception.ExitCode.ShouldBe(ExitCode.WrongInput);
        Should.Throw<ArgumentException>(() => new InputException([]));
    }

    [Fact]
    public void Exit_codes_are_the_contract() =>
        Enum.GetValues<ExitCode>().Select(code => (int)code).ShouldBe([0, 1, 2, 3, 4, 130]);

    [Fact]
    public void Plain_text_stays_as_it_is()
    {
        const string text = "grün, 1.5, €";
        PlainText.Escape(text).ShouldBeSameAs(text);
        PlainText.Escape("a\tb\nc").ShouldBe("a\\u0009b\\u000ac");
        PlainText.Escape("a\tb\nc\r", keepLines: true).ShouldBe("a\tb\nc\\u000d");
    }
}
