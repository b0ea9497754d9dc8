package ai.postdev.dragon.lake.code.pattern;

import ai.postdev.dragon.lake.code.InvalidPatternException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs each kind of scan until the platform has compiled it. The vector scans cost hundreds of times more before that,
 * which the first person to search would pay.
 */
public final class PatternWarming {
    /** At most this long in all, and once in the life of a process. */
    private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1_500);

    private static final int TEXT_BYTES = 1 << 16;
    private static final int ROUNDS_MAX = 400;
    private static final AtomicBoolean DONE = new AtomicBoolean();

    private PatternWarming() {}

    /** Does the work unless it was done before. */
    public static void run() {
        if (DONE.getAndSet(true)) {
            return;
        }
        byte[] text = "    int value = compute(index, \"text\"); // näher\n"
                .repeat(TEXT_BYTES / 48)
                .getBytes(StandardCharsets.UTF_8);
        try {
            List<LinePattern> patterns = List.of(
                    LinePattern.literal("zqx", false),
                    LinePattern.literal("zqjx", true),
                    LinePattern.regex("zq(x|j)y", false),
                    LinePattern.regex("[A-Z]{3}\\d", false),
                    LinePattern.literal("value", false));
            long end = System.nanoTime() + NANOS_MAX;
            for (int round = 0; round < ROUNDS_MAX && System.nanoTime() - end < 0; round++) {
                for (LinePattern pattern : patterns) {
                    pass(pattern, text, end);
                }
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
        } catch (InvalidPatternException e) {
            throw new IllegalStateException("the patterns above are valid", e);
        }
    }

    private static void pass(LinePattern pattern, byte[] text, long end) {
        LineMatcher matcher = pattern.matcher(() -> System.nanoTime() - end > 0);
        int at = 0;
        while (matcher.find(text, at)) {
            at = matcher.lineEnd() + 1;
        }
    }
}
