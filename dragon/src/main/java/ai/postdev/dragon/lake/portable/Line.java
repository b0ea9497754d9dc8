package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import java.util.List;
import java.util.Map;

/** One line of a portable stream. A stream is a {@link Header}, any number of the others, and an {@link End}. */
public sealed interface Line {
    /**
     * What the stream holds.
     *
     * @param name of the project, for people; may be empty
     * @param spans the origins that the stream may hold operations of
     */
    record Header(ProjectId project, String name, List<Span> spans) implements Line {
        public Header {
            spans = List.copyOf(spans);
        }

        /** The operations that come before the stream. */
        public VersionVector after() {
            return reached(Map.of());
        }

        /** The operations up to the end of a stream that goes up to {@code last} of the origins named there. */
        VersionVector reached(Map<Origin, Long> last) {
            VersionVector reached = VersionVector.EMPTY;
            for (Span span : spans) {
                long sequence = last.getOrDefault(span.origin(), span.after());
                reached = sequence < span.start() ? reached : reached.with(span.origin(), sequence);
            }
            return reached;
        }
    }

    /**
     * Where the operations of one origin begin in a stream.
     *
     * @param start the sequence that the origin begins with: 1, or more where it goes on counting after another
     * @param after the operations follow this sequence; {@code start - 1} where they begin with the first
     */
    record Span(Origin origin, long start, long after) {
        public Span {
            if (start < 1 || after < start - 1) {
                throw new IllegalArgumentException("origin " + origin + " begins with " + start + " and goes on after "
                        + after + ", which cannot be");
            }
        }
    }

    /** An operation. */
    record Change(Operation operation) implements Line {}

    /**
     * In the place of an event that the rules of retention dropped.
     *
     * @param digest the first eight bytes of the SHA-256 of the operation's durable bytes
     */
    record Dropped(Origin origin, long sequence, long digest) implements Line {}

    /** In the place of an operation that was lost to damage. */
    record Lost(Origin origin, long sequence, String why) implements Line {}

    /**
     * A text that the next operation is the first to refer to.
     *
     * @param bytes handed over, never changed afterwards
     */
    record Text(ContentHash hash, byte[] bytes) implements Line {}

    /** In the place of a text that was lost to damage. */
    record LostText(ContentHash hash) implements Line {}

    /**
     * The end of the stream.
     *
     * @param upTo the last operation of each origin, those before the stream included
     * @param sha256 of every byte before this line, uncompressed
     */
    record End(Tally tally, VersionVector upTo, ContentHash sha256) implements Line {}
}
