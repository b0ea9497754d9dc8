package ai.postdev.dragon.lake.syntax;

import ai.postdev.actors.code.Language;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link SyntaxSource} over tree-sitter, with an own scanner for Markdown and line windows for everything else. Safe on
 * any thread; as many native parsers exist as threads parse at the same moment. {@link #close} frees them.
 */
public final class TreeSitterSyntax implements SyntaxSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TreeSitterSyntax.class);

    private static final List<String> CPP_WORDS =
            List.of("class ", "namespace ", "template", "using ", "public:", "private:", "protected:");

    private final SyntaxSettings settings;
    private final ConcurrentLinkedDeque<TreeParser> idle = new ConcurrentLinkedDeque<>();
    private final RecentTrees recent;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Loads nothing yet: a grammar is loaded when its language is first met. */
    public TreeSitterSyntax(SyntaxSettings settings) {
        this.settings = settings;
        this.recent = new RecentTrees(settings.recentBytes());
    }

    @Override
    public Syntax parse(Language language, byte[] utf8) {
        Lines lines = new Lines(utf8);
        if (language == Language.MARKDOWN) {
            MarkdownOutline outline = MarkdownOutline.of(lines, settings.symbols());
            var symbols = outline.symbols();
            return new Syntax(symbols, Chunker.chunks(lines, outline.cuts(), symbols, settings), List.of(), true);
        }
        if (!GrammarRules.cover(language)) {
            return windows(lines, true);
        }
        Optional<Grammar> grammar = Grammars.of(language);
        if (grammar.isEmpty() || utf8.length > settings.parseBytes() || closed.get()) {
            return windows(lines, false);
        }
        TreeParser parser = idle.poll();
        try {
            if (parser == null) {
                parser = new TreeParser();
            }
            Syntax syntax = parsed(parser, grammar.get(), lines);
            return language == Language.C && !syntax.complete() && speaksCpp(lines)
                    ? better(syntax, parsedAs(Language.CPP, parser, lines))
                    : syntax;
        } catch (RuntimeException e) {
            // A text must never be lost because its structure is not understood.
            LOG.warn("no symbols for a text of {} bytes in {}: {}", utf8.length, language.id(), e.toString(), e);
            return windows(lines, false);
        } finally {
            giveBack(parser);
        }
    }

    @Override
    public void close() {
        closed.set(true);
        recent.close();
        for (TreeParser parser = idle.poll(); parser != null; parser = idle.poll()) {
            parser.close();
        }
    }

    /** Parsers that wait for work; never more than threads have parsed at one moment. */
    int idleParsers() {
        return idle.size();
    }

    /** The trees kept for the next versions of their texts. */
    RecentTrees recent() {
        return recent;
    }

    private Syntax parsed(TreeParser parser, Grammar grammar, Lines lines) {
        int bytes = lines.utf8().length;
        boolean keeps = bytes >= settings.recentFromBytes() && bytes <= settings.recentBytes();
        LineSketch sketch = keeps ? LineSketch.of(lines) : null;
        MemorySegment tree = keeps ? again(parser, grammar, lines, sketch) : MemorySegment.NULL;
        if (tree.equals(MemorySegment.NULL)) {
            tree = parser.parse(
                    grammar.language(), lines.utf8(), settings.parseTime().toNanos());
        }
        if (tree.equals(MemorySegment.NULL)) {
            return windows(lines, false);
        }
        boolean kept = false;
        try {
            TreeWalk walk = new TreeWalk(parser, grammar, lines, settings);
            boolean complete = walk.run(tree);
            var symbols = walk.symbols();
            Syntax syntax = new Syntax(
                    symbols, Chunker.chunks(lines, walk.cuts(), symbols, settings), walk.imports(), complete);
            if (keeps && !parser.hasError(tree)) {
                kept = true;
                recent.keep(new RecentTrees.Kept(grammar, lines, sketch, tree));
            }
            return syntax;
        } finally {
            if (!kept) {
                TreeSitter.deleteTree(tree);
            }
            parser.shrink();
        }
    }

    /**
     * The tree of a text of which an earlier version was parsed before, parsed only where it differs. NULL if there is none,
     * or if the text has an error: where the parser resumes after one depends on what it had, and the same text must
     * always have the same symbols.
     */
    private MemorySegment again(TreeParser parser, Grammar grammar, Lines lines, LineSketch sketch) {
        RecentTrees.Kept before = recent.like(grammar, sketch);
        if (before == null) {
            return MemorySegment.NULL;
        }
        try {
            MemorySegment tree = parser.parse(
                    grammar.language(),
                    before.tree(),
                    TextEdit.between(before.lines(), lines),
                    lines.utf8(),
                    settings.parseTime().toNanos());
            if (!tree.equals(MemorySegment.NULL) && parser.hasError(tree)) {
                TreeSitter.deleteTree(tree);
                return MemorySegment.NULL;
            }
            return tree;
        } finally {
            TreeSitter.deleteTree(before.tree());
        }
    }

    private Syntax parsedAs(Language language, TreeParser parser, Lines lines) {
        Optional<Grammar> grammar = Grammars.of(language);
        return grammar.isEmpty() ? windows(lines, false) : parsed(parser, grammar.get(), lines);
    }

    private static Syntax better(Syntax one, Syntax other) {
        return other.complete() || other.symbols().size() > one.symbols().size() ? other : one;
    }

    /** Headers of C++ are often named like those of C; these words begin lines in the one and never in the other. */
    private static boolean speaksCpp(Lines lines) {
        for (int row = 0; row < lines.count(); row++) {
            int at = lines.start(row);
            String line = lines.text(at, lines.characterStart(Math.min(lines.end(row), at + 12)));
            if (CPP_WORDS.stream().anyMatch(line::startsWith)) {
                return true;
            }
        }
        return false;
    }

    private Syntax windows(Lines lines, boolean complete) {
        return new Syntax(List.of(), Chunker.chunks(lines, new Cuts(), List.of(), settings), List.of(), complete);
    }

    private void giveBack(TreeParser parser) {
        if (parser != null) {
            idle.push(parser);
            if (closed.get()) {
                close();
            }
        }
    }

    /** The grammars of this process, each loaded once; a grammar that cannot be loaded is reported once. */
    private static final class Grammars {
        private static final Map<Language, Optional<Grammar>> LOADED = new EnumMap<>(Language.class);

        static synchronized Optional<Grammar> of(Language language) {
            Optional<Grammar> known = LOADED.get(language);
            if (known == null) {
                known = load(language);
                LOADED.put(language, known);
            }
            return known;
        }

        private static Optional<Grammar> load(Language language) {
            try {
                return GrammarRules.of(language).map(Grammar::load);
            } catch (RuntimeException | LinkageError e) {
                LOG.error("no symbols for {}: its grammar cannot be loaded: {}", language.id(), e.toString(), e);
                return Optional.empty();
            }
        }
    }
}
