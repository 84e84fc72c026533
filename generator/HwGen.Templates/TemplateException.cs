namespace HwGen.Templates;

/// <summary>A template is missing, does not parse, or uses a name that its model does not have: a bug of ours, never of the input.</summary>
/// <param name="message">The template and what is wrong with it.</param>
/// <param name="inner">What the engine said.</param>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
