namespace HwGen.Tools;

/// <summary>What the command tells the shell when it ends. There are no other values.</summary>
public enum ExitCode
{
    /// <summary>All that was asked for was done, and every comparison agreed.</summary>
    Good = 0,

    /// <summary>A comparison or a proof failed: the run itself was in order, its result is a difference.</summary>
    Differs = 1,

    /// <summary>The input is wrong: an option, a configuration, a network, a data file.</summary>
    WrongInput = 2,

    /// <summary>An outside tool is missing, or it failed.</summary>
    ToolFailed = 3,

    /// <summary>Our own bug; a report file was written.</summary>
    OwnBug = 4,

    /// <summary>Ended by Ctrl-C or by a request to terminate.</summary>
    Interrupted = 130,
}
