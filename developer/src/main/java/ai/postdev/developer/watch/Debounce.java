package ai.postdev.developer.watch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a stream of changed paths into fewer: the first change of a path passes at once, further ones within the settle
 * time are passed together at its end; in a burst even the first ones wait. Single-threaded; time comes from the caller.
 */
final class Debounce {
    private static final class Cooling {
        private long untilNanos;
        private boolean dirty;
    }

    private final long settleNanos;
    private final int burstPaths;
    private final int pathsMax;
    private final Map<String, Cooling> cooling = new LinkedHashMap<>();
    private boolean overflowed;

    Debounce(long settleNanos, int burstPaths, int pathsMax) {
        this.settleNanos = settleNanos;
        this.burstPaths = burstPaths;
        this.pathsMax = pathsMax;
    }

    /** Whether {@code path} is to be passed on at once. */
    boolean changed(String path, long nowNanos) {
        Cooling known = cooling.get(path);
        if (known != null) {
            known.dirty = true;
            return false;
        }
        if (cooling.size() >= pathsMax) {
            overflowed = true;
            return false;
        }
        Cooling fresh = new Cooling();
        fresh.untilNanos = nowNanos + settleNanos;
        fresh.dirty = cooling.size() >= burstPaths;
        cooling.put(path, fresh);
        return !fresh.dirty;
    }

    /** Paths that settled by now and changed since they were last passed. */
    List<String> settled(long nowNanos) {
        List<String> paths = new ArrayList<>();
        for (Iterator<Map.Entry<String, Cooling>> entries = cooling.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<String, Cooling> entry = entries.next();
            Cooling state = entry.getValue();
            if (nowNanos - state.untilNanos >= 0) {
                if (state.dirty) {
                    paths.add(entry.getKey());
                    state.dirty = false;
                    state.untilNanos = nowNanos + settleNanos;
                } else {
                    entries.remove();
                }
            }
        }
        return paths;
    }

    /** Whether paths were dropped because too many waited; asking resets it. */
    boolean takeOverflow() {
        boolean result = overflowed;
        overflowed = false;
        return result;
    }

    /** Whether {@link #settled} has nothing to wait for. */
    boolean isIdle() {
        return cooling.isEmpty() && !overflowed;
    }
}
