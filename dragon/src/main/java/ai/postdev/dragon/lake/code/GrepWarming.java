package ai.postdev.dragon.lake.code;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Searches a real project by its index until the platform has compiled how. The first searches take some ten times
 * longer than later ones, which the first person to search would pay. Any thread.
 */
public final class GrepWarming {
    /** At most this long in all, and once in the life of a process. */
    private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    /** As many as a search of a person brings. */
    private static final int DOCUMENTS = 50;

    /** A text of less is no help: almost nothing would be walked and intersected. */
    private static final long INDEX_BYTES_MIN = 1 << 18;

    private static final AtomicBoolean DONE = new AtomicBoolean();

    private static final List<String> PATTERNS =
            List.of("return", "zqx", "(?i)todo.*zq", "import \\w+", "(for|while) \\(", "[A-Z]+_MAX", "\\bget\\w+\\(");

    private GrepWarming() {}

    /** Does the work unless it was done before or the index is small. */
    public static void run(CodeView view) {
        if (view.indexBytes() < INDEX_BYTES_MIN || DONE.getAndSet(true)) {
            return;
        }
        long end = System.nanoTime() + NANOS_MAX;
        try {
            while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
                for (String pattern : PATTERNS) {
                    view.grep(GrepQuery.regex(pattern, DOCUMENTS, 3, end), Runnable::run);
                }
            }
        } catch (InvalidPatternException e) {
            throw new IllegalStateException("the patterns above are valid", e);
        }
    }
}
