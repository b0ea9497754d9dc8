package ai.postdev.dragon.lake.code;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.code.CodeEngine.Unparsed;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import java.util.List;
import java.util.Optional;

/**
 * Finds the syntax of one text: kept from before, or by the parser. Safe on any thread; reads and writes the disk.
 */
final class SyntaxWork {
    private final SyntaxSource source;
    private final DerivedStore derived;
    private final int attemptsMax;

    SyntaxWork(SyntaxSource source, DerivedStore derived, int attemptsMax) {
        this.source = source;
        this.derived = derived;
        this.attemptsMax = attemptsMax;
    }

    /**
     * The result for one text.
     *
     * @param problem why there are no symbols; empty if all went well
     */
    record Outcome(Syntax syntax, List<ContentHash> chunkHashes, String problem) {}

    /** @param text the text of {@code unparsed} */
    Outcome run(Unparsed unparsed, byte[] text) {
        Optional<SyntaxRecord> known =
                derived.get(unparsed.hash()).flatMap(bytes -> SyntaxRecord.read(bytes, unparsed.language()));
        int attempts = 0;
        if (known.isPresent()) {
            switch (known.get()) {
                case SyntaxRecord.Found found -> {
                    return new Outcome(found.syntax(), found.chunkHashes(), "");
                }
                case SyntaxRecord.Attempts begun -> attempts = begun.count();
            }
        }
        if (attempts >= attemptsMax) {
            return keep(unparsed, PlainSyntax.of(text), text, "parsing was begun " + attempts + " times without end");
        }
        derived.put(unparsed.hash(), SyntaxRecord.attempts(unparsed.language(), attempts + 1));
        try {
            return keep(unparsed, source.parse(unparsed.language(), text), text, "");
        } catch (RuntimeException | StackOverflowError e) {
            return keep(unparsed, PlainSyntax.of(text), text, "the parser failed: " + e);
        }
    }

    /** What there is of a text whose parse does not end. Not kept: the next start tries again, while attempts last. */
    static Outcome withoutEnd(byte[] text) {
        Syntax plain = PlainSyntax.of(text);
        return new Outcome(plain, CodeEngine.chunkHashes(plain, text), "parsing took too long");
    }

    private Outcome keep(Unparsed of, Syntax syntax, byte[] text, String problem) {
        List<ContentHash> chunkHashes = CodeEngine.chunkHashes(syntax, text);
        derived.put(of.hash(), SyntaxRecord.found(of.language(), syntax, chunkHashes));
        return new Outcome(syntax, chunkHashes, problem);
    }
}
