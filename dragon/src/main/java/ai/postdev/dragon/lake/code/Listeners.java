package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.syntax.Syntax;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes that listen to a {@link CodeEngine}: told of each change as it comes, or in slices if that was put off, and after a
 * start of what they missed while they were away. What they have not been told is their {@link Backlog}, which readers look
 * through themselves. The store's own thread only.
 */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    /** Documents told in one go; between two goes other work has its turn. */
    private static final int SLICE_DOCUMENTS = 64;
    /** Bytes of text told in one go. */
    private static final long SLICE_BYTES = 1 << 20;
    /** Bytes of text after which they are shown: a part of the index is written then, and small parts cost more to merge. */
    private static final long SHOWN_BYTES = 8 << 20;

    private final CodeEngine engine;
    private final List<Missing> all;
    private long bytesUnshown;

    /** Finds out what each has missed, and tells it how much that is. */
    Listeners(CodeEngine engine, List<DocumentListener> listeners) {
        this.engine = engine;
        this.all = listeners.stream().map(Missing::new).toList();
        all.forEach(this::remember);
        all.forEach(Missing::tellBehind);
    }

    /** Documents that listeners have not been told of yet. */
    int untold() {
        return all.stream().mapToInt(Missing::count).sum();
    }

    /** Bytes of text that they have not been told of yet. */
    long untoldBytes() {
        return all.stream().mapToLong(missing -> missing.bytes).sum();
    }

    /** Tells all of a change. */
    void tell(CodeEngine.Change change) {
        all.forEach(missing -> tell(missing.listener, change));
    }

    /** Leaves a change for {@link #tellMissed}; until then readers are told that it is missing. */
    void defer(CodeEngine.Change change) {
        all.forEach(missing -> missing.add(change));
    }

    /** Tells all of the syntax of a document. */
    void syntaxFound(Document document, Syntax syntax) {
        all.forEach(missing -> missing.listener.syntaxFound(document, syntax));
    }

    /** While a listener still misses something, it is complete only up to where it was so last. */
    void refresh(long sequence) {
        all.forEach(missing -> {
            missing.listener.refresh(missing.count() == 0 ? sequence : missing.listener.sequence());
            missing.tellBehind();
        });
        bytesUnshown = 0;
    }

    /** The next slice of what was missed. */
    void tellMissed() {
        CodeView now = engine.view();
        long bytes = 0;
        int documents = 0;
        for (Missing missing : all) {
            while (documents < SLICE_DOCUMENTS && bytes < SLICE_BYTES && missing.count() > 0) {
                documents++;
                bytes += tellIfStill(missing.listener, missing.next(), now);
            }
        }
        bytesUnshown += bytes;
        if (bytesUnshown >= SHOWN_BYTES || untold() == 0) {
            refresh(now.sequence());
        }
    }

    /** A first reading is over; whether any has more to do for it. */
    boolean quiet() {
        boolean more = false;
        for (Missing missing : all) {
            more |= missing.listener.quiet();
        }
        return more;
    }

    /** Does something with each of them. */
    void each(Consumer<DocumentListener> what) {
        all.forEach(missing -> what.accept(missing.listener));
    }

    /** Notes what a listener has missed while it was away. */
    private void remember(Missing missing) {
        CodeView now = engine.view();
        long told = missing.listener.sequence();
        if (told > 0) {
            now.at(told).documents().stream()
                    .filter(then -> now.document(then.workspace(), then.path()).isEmpty())
                    .forEach(then -> missing.add(new CodeEngine.Change.Removed(then)));
        }
        now.documentsByTouch(document -> {
            if (document.sequence() > told) {
                missing.add(new CodeEngine.Change.Put(document, false));
            }
        });
    }

    /** Tells a change unless an operation has overtaken it, which was told already; answers the bytes told. */
    private long tellIfStill(DocumentListener listener, CodeEngine.Change next, CodeView now) {
        return switch (next) {
            case CodeEngine.Change.Put put -> {
                Document document = put.document();
                if (!now.document(document.workspace(), document.path()).equals(Optional.of(document))) {
                    yield 0;
                }
                tell(listener, put);
                yield document.size();
            }
            case CodeEngine.Change.Removed removed -> {
                Document document = removed.document();
                if (now.document(document.workspace(), document.path()).isEmpty()) {
                    tell(listener, removed);
                }
                yield 0;
            }
        };
    }

    private void tell(DocumentListener listener, CodeEngine.Change change) {
        switch (change) {
            case CodeEngine.Change.Removed removed -> listener.documentRemoved(removed.document());
            case CodeEngine.Change.Put put -> {
                Document document = put.document();
                Optional<byte[]> text = engine.text(document.hash());
                if (text.isEmpty()) {
                    LOG.error(
                            "the text of {} ({}) is not stored; it is not indexed until doctor --repair reads it again",
                            document.path(),
                            document.hash());
                    return;
                }
                if (put.first()) {
                    listener.documentFirstPut(document, text.get());
                } else {
                    listener.documentPut(document, text.get());
                }
                engine.syntax(document.hash()).ifPresent(syntax -> listener.syntaxFound(document, syntax));
            }
        }
    }

    /** A listener and what it has yet to be told, in order. */
    private static final class Missing {
        private final DocumentListener listener;
        private final Deque<CodeEngine.Change> changes = new ArrayDeque<>();
        // The same documents once more, for readers on other threads: grows only, until all are told.
        private Document[] documents = new Document[16];
        private int end;
        private long bytes;

        Missing(DocumentListener listener) {
            this.listener = listener;
        }

        int count() {
            return changes.size();
        }

        void add(CodeEngine.Change change) {
            changes.addLast(change);
            bytes += change.document().size();
            if (end == documents.length) {
                documents = Arrays.copyOf(documents, 2 * end);
            }
            documents[end++] = change.document();
        }

        CodeEngine.Change next() {
            CodeEngine.Change next = changes.removeFirst();
            bytes -= next.document().size();
            return next;
        }

        void tellBehind() {
            listener.behind(changes.isEmpty() ? Backlog.NONE : new Backlog(documents, end - changes.size(), end));
            if (changes.isEmpty()) {
                documents = new Document[16];
                end = 0;
            }
        }
    }
}
