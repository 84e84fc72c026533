namespace HwGen.Networks;

/// <summary>Why a node cannot be imported; the importer adds the file and the node's name.</summary>
internal sealed class NodeException(string reason) : Exception(reason);
