package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What waits to be written to the lake and what is on its way. Two changes of the same thing are never on their way
 * together, so a write that is sent again cannot overtake a newer one; while it waits, only the newest is kept.
 * Single-threaded.
 */
final class Outbox {
    /**
     * One change.
     *
     * @param key of the thing that it changes
     * @param blob the text that the body refers to, if any
     */
    record Item(String key, Body body, Optional<Blob> blob) {
        /** Bytes of memory and of a message, roughly. */
        long bytes() {
            int own = switch (body) {
                case Body.AppendEvent event ->
                    event.text().length()
                            + event.paths().stream().mapToInt(String::length).sum();
                default -> 0;
            };
            return 200L
                    + 2L * key.length()
                    + own
                    + blob.map(b -> (long) b.text().length).orElse(0L);
        }
    }

    /** Changes written as one. */
    record Batch(long id, List<Item> items) {}

    private final WatchSettings settings;
    private final LinkedHashMap<String, Item> urgent = new LinkedHashMap<>();
    private final LinkedHashMap<String, Item> bulk = new LinkedHashMap<>();
    private final Map<Long, Batch> inFlight = new HashMap<>();
    private final Set<String> keysInFlight = new HashSet<>();
    /** Keys whose batch was refused: each is sent by itself. */
    private final Set<String> alone = new HashSet<>();

    private long nextId = 1;
    private long bytes;
    private int failures;
    private long retryAtNanos = System.nanoTime();

    Outbox(WatchSettings settings) {
        this.settings = settings;
    }

    /** Queues a change; an older one of the same thing that still waits is dropped. */
    void put(Item item, boolean isUrgent) {
        drop(item.key());
        (isUrgent ? urgent : bulk).put(item.key(), item);
        bytes += item.bytes();
    }

    /** The next batch to send; empty while there is none, too many are unanswered, or a retry must wait. */
    Optional<Batch> next(long nowNanos) {
        if (inFlight.size() >= settings.appendsInFlightMax() || nowNanos - retryAtNanos < 0) {
            return Optional.empty();
        }
        List<Item> items = new ArrayList<>();
        long size = 0;
        for (Map<String, Item> queue : List.of(urgent, bulk)) {
            for (Item item : queue.values()) {
                boolean single = alone.contains(item.key());
                boolean full = items.size() >= settings.appendOperationsMax()
                        || (!items.isEmpty()
                                && (single || alone.contains(items.getLast().key())))
                        || (!items.isEmpty() && size + item.bytes() > settings.appendBytesMax());
                if (full) {
                    break;
                }
                if (!keysInFlight.contains(item.key())) {
                    items.add(item);
                    size += item.bytes();
                }
            }
        }
        if (items.isEmpty()) {
            return Optional.empty();
        }
        for (Item item : items) {
            drop(item.key());
            keysInFlight.add(item.key());
            alone.remove(item.key());
        }
        bytes += size;
        Batch batch = new Batch(nextId++, List.copyOf(items));
        inFlight.put(batch.id(), batch);
        return Optional.of(batch);
    }

    /** A batch is durable. */
    void acknowledged(long id) {
        failures = 0;
        retryAtNanos = System.nanoTime();
        take(id).ifPresent(batch -> batch.items().forEach(item -> bytes -= item.bytes()));
    }

    /** A batch was not written and will be sent again, unless something newer waits. */
    void failed(long id, long nowNanos) {
        long wait = settings.retryMin().toNanos() << Math.min(failures, 20);
        retryAtNanos = nowNanos + Math.min(settings.retryMax().toNanos(), Math.max(wait, 1));
        failures++;
        take(id).ifPresent(batch -> {
            for (Item item : batch.items().reversed()) {
                if (urgent.containsKey(item.key()) || bulk.containsKey(item.key())) {
                    bytes -= item.bytes();
                } else {
                    urgent.putFirst(item.key(), item);
                }
            }
        });
    }

    /**
     * A batch can never be written as it is: its changes are sent again one by one, so that only the wrong one is
     * dropped.
     *
     * @return what was dropped
     */
    Optional<Item> refused(long id) {
        Batch batch = inFlight.get(id);
        if (batch == null || batch.items().size() == 1) {
            acknowledged(id);
            return batch == null ? Optional.empty() : Optional.of(batch.items().getFirst());
        }
        batch.items().forEach(item -> alone.add(item.key()));
        failed(id, System.nanoTime());
        return Optional.empty();
    }

    /** Forgets everything, also what is on its way. */
    void clear() {
        urgent.clear();
        bulk.clear();
        inFlight.clear();
        keysInFlight.clear();
        alone.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return urgent.isEmpty() && bulk.isEmpty() && inFlight.isEmpty();
    }

    /** Bytes waiting and on their way. */
    long bytes() {
        return bytes;
    }

    /** Nanoseconds until a retry may be sent; 0 if nothing has to wait. */
    long waitNanos(long nowNanos) {
        return isEmpty() ? 0 : Math.max(0, retryAtNanos - nowNanos);
    }

    private Optional<Batch> take(long id) {
        Batch batch = inFlight.remove(id);
        if (batch != null) {
            batch.items().forEach(item -> keysInFlight.remove(item.key()));
        }
        return Optional.ofNullable(batch);
    }

    private void drop(String key) {
        Item older = urgent.remove(key);
        older = older == null ? bulk.remove(key) : older;
        if (older != null) {
            bytes -= older.bytes();
        }
    }
}
