package ai.postdev.dragon.lake.syntax;

import ai.postdev.actors.code.Language;

/** Finds the definitions, chunks and imports of a text. Safe on any thread, one call at a time per thread. */
@FunctionalInterface
public interface SyntaxSource {
    /**
     * Parses one text. Text that the parser does not understand is no error: the answer then has
     * {@link Syntax#complete()} false and chunks that cover the lines all the same.
     *
     * @param utf8 valid UTF-8; never changed
     */
    Syntax parse(Language language, byte[] utf8);
}
