package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import java.util.stream.Stream;

/**
 * Whether what retention chose may still be dropped: no pin was asked for that the view which it chose from does not
 * show. One thread.
 */
final class PinWatch {
    private long asked;
    private long shown;

    /** These operations wait to be written. */
    void asked(Stream<Body> bodies) {
        asked += pins(bodies);
    }

    /** These were asked for and will not be written. */
    void refused(Stream<Body> bodies) {
        asked -= pins(bodies);
    }

    /** Views show these from now on. */
    void shown(Stream<Body> bodies) {
        shown += pins(bodies);
    }

    private static long pins(Stream<Body> bodies) {
        return bodies.filter(Body.PinEvent.class::isInstance).count();
    }

    /** What views show now; to be taken with the view that is chosen from. */
    long seen() {
        return shown;
    }

    /** Whether a choice from a view that showed {@code seen} knew of every pin that was asked for. */
    boolean isCurrent(long seen) {
        return asked == seen;
    }
}
