package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Brings the changes of one workspace to its lake: hands out the batches of its {@link Outbox} as far as the bounds
 * allow, and decides by how each ended whether it is done, sent again, or given up; keeps the lake's settings that are
 * due once disk and lake agree. Knows no actors and no clock but the one that it is given; single-threaded.
 */
final class LakeWriting {
    /** Takes one batch to the lake; how that ended is told to {@link #ended} later, once and on the owner's thread. */
    interface Courier {
        void carry(long batch, List<Body> bodies, List<LakeProtocol.Blob> blobs);
    }

    /** How a batch ended. */
    sealed interface End {
        /** The lake's reply. */
        static End of(Reply<LakeProtocol.Appended> reply) {
            return switch (reply) {
                case Reply.Answered<LakeProtocol.Appended> _ -> new Durable();
                case Reply.Refused<LakeProtocol.Appended> refused ->
                    refused.reason() == Reply.Reason.INVALID
                            ? new NeverTaken(refused.message())
                            : new NotWritten(refused.message());
            };
        }
    }

    /** The lake acknowledged it: it is on disk. */
    record Durable() implements End {}

    /** The lake does not take it as it is, however often it is sent. */
    record NeverTaken(String why) implements End {}

    /** It was not written, or nobody knows: it is sent again. */
    record NotWritten(String why) implements End {}

    /** A change that was given up: the lake never takes it. */
    record GivenUp(String key, String why) {}

    /** Failures in a row that are worth a word: the first ones may be a lake that is busy for a moment. */
    private static final int FAILURES_TOLD = 3;

    private final Outbox outbox;
    private final WorkspaceId workspace;
    private final Courier courier;
    private final Map<String, String> settingsDue = new TreeMap<>();
    private int failures;
    private String failure = "";

    LakeWriting(Outbox outbox, WorkspaceId workspace, Courier courier) {
        this.outbox = outbox;
        this.workspace = workspace;
        this.courier = courier;
    }

    /**
     * Hands to the courier what may go now.
     *
     * @return how long to wait until something may go that must not yet; empty: nothing has to wait
     */
    Optional<Duration> send(long nowNanos) {
        for (Optional<Outbox.Batch> batch = outbox.next(nowNanos); batch.isPresent(); batch = outbox.next(nowNanos)) {
            List<Outbox.Item> items = batch.get().items();
            courier.carry(
                    batch.get().id(),
                    items.stream().map(Outbox.Item::body).toList(),
                    items.stream().flatMap(item -> item.blob().stream()).toList());
        }
        long wait = outbox.waitNanos(nowNanos);
        return wait > 0 ? Optional.of(Duration.ofNanos(wait)) : Optional.empty();
    }

    /** A batch ended so; tells the change that is given up by that, if one is. */
    Optional<GivenUp> ended(long batch, End end, long nowNanos) {
        return switch (end) {
            case Durable() -> {
                failures = 0;
                outbox.acknowledged(batch);
                yield Optional.empty();
            }
            case NeverTaken(String why) -> outbox.refused(batch).map(item -> new GivenUp(item.key(), why));
            case NotWritten(String why) -> {
                failures++;
                failure = why;
                outbox.failed(batch, nowNanos);
                yield Optional.empty();
            }
        };
    }

    /** Why nothing gets written, though it is tried again and again; empty: it does, or that is not known yet. */
    String standstill() {
        return failures < FAILURES_TOLD ? "" : "nothing can be written: " + failure;
    }

    /** The lake's setting {@code name} of this workspace becomes {@code value} as soon as disk and lake agree. */
    void due(String name, String value) {
        settingsDue.put(LakeInventory.settingKey(workspace, name), value);
    }

    /** Disk and lake agree: the settings that are due, which are so no longer. */
    Map<String, String> takeDue() {
        Map<String, String> taken = Map.copyOf(settingsDue);
        settingsDue.clear();
        return taken;
    }
}
