package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.syntax.Syntax;

/** A definition and the document it stands in. */
public record SymbolHit(Document document, Syntax.Symbol symbol) {}
