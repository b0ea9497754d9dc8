package ai.postdev.developer.watch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Paths that must be looked at, each at most once, and never the same path by two readers, nor a folder by one and
 * something in it by another: so what is seen last is applied last. Single-threaded.
 */
final class LookQueue {
    /** One path to look at. */
    record Look(String path) {}

    private final LinkedHashMap<String, Look> urgent = new LinkedHashMap<>();
    private final LinkedHashMap<String, Look> bulk = new LinkedHashMap<>();
    private final TreeSet<String> reading = new TreeSet<>();

    void add(Look look, boolean isUrgent) {
        String path = look.path();
        if (isUrgent) {
            bulk.remove(path);
            urgent.put(path, look);
        } else if (!urgent.containsKey(path)) {
            bulk.put(path, look);
        }
    }

    /** The next paths for one reader, changed ones before the bulk; empty if nothing can be read now. */
    List<Look> take(int filesMax, long bytesMax, ToLongFunction<String> bytesOf) {
        List<Look> taken = new ArrayList<>();
        long bytes = 0;
        for (Map<String, Look> queue : List.of(urgent, bulk)) {
            for (Look look : queue.values()) {
                if (taken.size() >= filesMax || bytes >= bytesMax) {
                    break;
                }
                if (!isBeingRead(look.path())) {
                    taken.add(look);
                    bytes += bytesOf.applyAsLong(look.path());
                }
            }
        }
        for (Look look : taken) {
            urgent.remove(look.path());
            bulk.remove(look.path());
            reading.add(look.path());
        }
        return taken;
    }

    /** Whether a reader is at {@code path}, at a folder above it, or at something below it. */
    private boolean isBeingRead(String path) {
        String below = path.isEmpty() ? "" : path + "/";
        String next = reading.ceiling(below);
        boolean around = reading.contains(path) || reading.contains("") || (next != null && next.startsWith(below));
        for (int slash = path.indexOf('/'); !around && slash > 0; slash = path.indexOf('/', slash + 1)) {
            around = reading.contains(path.substring(0, slash));
        }
        return around;
    }

    void done(List<Look> looks) {
        looks.forEach(look -> reading.remove(look.path()));
    }

    /** Paths that are being read count as done. */
    void forgetReaders() {
        reading.clear();
    }

    void clear() {
        urgent.clear();
        bulk.clear();
    }

    boolean isEmpty() {
        return urgent.isEmpty() && bulk.isEmpty() && reading.isEmpty();
    }

    /** Paths waiting and being read. */
    int size() {
        return urgent.size() + bulk.size() + reading.size();
    }

    /** Changed paths that wait. */
    int urgentSize() {
        return urgent.size();
    }
}
