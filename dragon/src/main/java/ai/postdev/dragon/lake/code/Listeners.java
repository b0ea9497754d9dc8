package ai.postdev.dragon.lake.code;

import ai.postdev.dragon.lake.syntax.Syntax;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes that listen to a {@link CodeEngine}: told of each change as it comes, and after a start, in slices, of what they
 * missed while they were away. The store's own thread only.
 */
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    /** Documents told in one go after a start; between two goes other work has its turn. */
    private static final int SLICE_DOCUMENTS = 64;
    /** Bytes of text told in one go. */
    private static final long SLICE_BYTES = 1 << 20;

    /** A document that a listener has to hear of. */
    private record Missed(DocumentListener listener, CodeEngine.Change change) {}

    private final CodeEngine engine;
    private final List<DocumentListener> all;
    private final Deque<Missed> untold = new ArrayDeque<>();
    /** How many of them each listener has yet to hear of. */
    private final Map<DocumentListener, Integer> behind = new IdentityHashMap<>();

    /** Finds out what each has missed, and tells it how much that is. */
    Listeners(CodeEngine engine, List<DocumentListener> listeners) {
        this.engine = engine;
        this.all = List.copyOf(listeners);
        all.forEach(this::remember);
        tellBehind();
    }

    /** Documents that listeners have not been told of yet. */
    int untold() {
        return untold.size();
    }

    /** Tells all of a change. */
    void tell(CodeEngine.Change change) {
        all.forEach(listener -> tell(listener, change));
    }

    /** Tells all of the syntax of a document. */
    void syntaxFound(Document document, Syntax syntax) {
        all.forEach(listener -> listener.syntaxFound(document, syntax));
    }

    /** While a listener still misses something of an earlier run, it is complete only up to where that run ended. */
    void refresh(long sequence) {
        all.forEach(listener -> listener.refresh(untold.isEmpty() ? sequence : listener.sequence()));
    }

    /** The next slice of what was missed. */
    void tellMissed() {
        CodeView now = engine.view();
        long bytes = 0;
        for (int i = 0; i < SLICE_DOCUMENTS && bytes < SLICE_BYTES && !untold.isEmpty(); i++) {
            Missed next = untold.removeFirst();
            behind.merge(next.listener(), -1, Integer::sum);
            bytes += tellIfStill(next, now);
        }
        refresh(now.sequence());
        tellBehind();
    }

    /** Does something with each of them. */
    void each(Consumer<DocumentListener> what) {
        all.forEach(what);
    }

    private void tellBehind() {
        all.forEach(listener -> listener.behind(behind.getOrDefault(listener, 0)));
    }

    /** Notes what a listener has missed while it was away. */
    private void remember(DocumentListener listener) {
        CodeView now = engine.view();
        if (listener.sequence() > 0) {
            now.at(listener.sequence()).documents().stream()
                    .filter(then -> now.document(then.workspace(), then.path()).isEmpty())
                    .forEach(then -> untold(new Missed(listener, new CodeEngine.Change.Removed(then))));
        }
        now.documentsByTouch(document -> {
            if (document.sequence() > listener.sequence()) {
                untold(new Missed(listener, new CodeEngine.Change.Put(document, false)));
            }
        });
    }

    private void untold(Missed missed) {
        untold.addLast(missed);
        behind.merge(missed.listener(), 1, Integer::sum);
    }

    /** Tells a change unless an operation has overtaken it, which was told already; answers the bytes told. */
    private long tellIfStill(Missed next, CodeView now) {
        return switch (next.change()) {
            case CodeEngine.Change.Put put -> {
                Document document = put.document();
                if (!now.document(document.workspace(), document.path()).equals(Optional.of(document))) {
                    yield 0;
                }
                tell(next.listener(), put);
                yield document.size();
            }
            case CodeEngine.Change.Removed removed -> {
                Document document = removed.document();
                if (now.document(document.workspace(), document.path()).isEmpty()) {
                    tell(next.listener(), removed);
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
}
