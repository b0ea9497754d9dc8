package ai.postdev.actors.op;

import ai.postdev.actors.code.Language;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an operation does. Immutable; arrays are handed over and never changed afterwards. */
public sealed interface Body {
    /**
     * A document of a workspace now has this content. The text itself is a blob under {@code hash}.
     *
     * @param path project-relative, {@code /} between names
     * @param hash of the stored UTF-8 text
     * @param size bytes of the stored text
     * @param language from the file's name
     * @param modifiedMillis of the file on disk when it was read
     * @param fileSize bytes of the file on disk when it was read
     */
    record PutDocument(
            WorkspaceId workspace,
            String path,
            ContentHash hash,
            long size,
            Language language,
            long modifiedMillis,
            long fileSize)
            implements Body {}

    /** A document of a workspace is gone. */
    record RemoveDocument(WorkspaceId workspace, String path) implements Body {}

    /**
     * Something happened.
     *
     * @param kind {@code commit}, {@code note}, {@code edit}, {@code checkout}, {@code command}, {@code error}, …
     * @param timeMillis when it happened, which may be long before it was recorded
     * @param attributes small facts, for a commit {@code commit}, {@code author}, {@code added}, {@code removed}
     * @param paths the project-relative paths it touches
     */
    record AppendEvent(String kind, long timeMillis, String text, Map<String, String> attributes, List<String> paths)
            implements Body {
        public AppendEvent {
            attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
            paths = List.copyOf(paths);
        }
    }

    /** A node exists, with these attributes. */
    record PutNode(NodeKey node, Map<String, String> attributes) implements Body {
        public PutNode {
            attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        }
    }

    /** A node and its edges are no longer valid. */
    record RemoveNode(NodeKey node) implements Body {}

    /** An edge is valid from {@code validFromMillis} on. */
    record PutEdge(NodeKey from, String type, NodeKey to, long validFromMillis, Map<String, String> attributes)
            implements Body {
        public PutEdge {
            attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
        }
    }

    /** An edge is no longer valid from the operation's time on. */
    record RemoveEdge(NodeKey from, String type, NodeKey to) implements Body {}

    /** The embedding of a piece of content under a model. Grow-only and immutable. */
    record PutEmbedding(ContentHash hash, String model, float[] vector) implements Body {}

    /** A setting; the last writer by hybrid time wins. An empty value removes it. */
    record SetSetting(String key, String value) implements Body {}

    /**
     * An event is kept whatever the rules of retention say, or no longer; the last writer by hybrid time wins. Pinning an
     * event that was dropped does not bring it back.
     *
     * @param of the origin that wrote the event
     * @param sequence of the operation that wrote it
     */
    record PinEvent(Origin of, long sequence, boolean pinned) implements Body {}

    /**
     * Events are dropped for good: no view shows them any more, of no time, in whatever order this and they are read.
     *
     * @param kind of all of them; never {@code commit} or {@code note}
     * @param textBytes of their texts together, as memory held them
     * @param of the origin that wrote them
     * @param sequences of the operations that wrote them; held in ascending order, each once
     */
    record DropEvents(String kind, long textBytes, Origin of, List<Long> sequences) implements Body {
        public DropEvents {
            sequences = List.copyOf(new TreeSet<>(sequences));
        }
    }
}
