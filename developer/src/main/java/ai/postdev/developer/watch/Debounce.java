package ai.postdev.developer.watch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a stream of changed paths into fewer. The first change of a path passes at once. What follows waits, at first
 * for a very short time, for a save is often two changes, and twice as long after each pass, up to the settle time: so a
 * save is seen when it is complete, and a file that never rests is passed once in the settle time. In a burst of many
 * paths even the first change waits for the settle time. Single-threaded; time comes from the caller.
 */
final class Debounce {
    private static final class Cooling {
        /** No pass before this. */
        private long untilNanos;
        /** After this the path counts as one that rested. */
        private long restedNanos;

        private long waitNanos;
        private boolean dirty;
    }

    private final long firstNanos;
    private final long settleNanos;
    private final int burstPaths;
    private final int pathsMax;
    private final Map<String, Cooling> cooling = new LinkedHashMap<>();
    private boolean overflowed;

    /**
     * A debounce that knows no path yet.
     *
     * @param firstNanos how long the second change of a path waits after the first, at most {@code settleNanos}
     * @param burstPaths so many paths within the settle time are a burst
     * @param pathsMax more are not kept but told as an overflow
     */
    Debounce(long firstNanos, long settleNanos, int burstPaths, int pathsMax) {
        this.firstNanos = Math.min(firstNanos, settleNanos);
        this.settleNanos = settleNanos;
        this.burstPaths = burstPaths;
        this.pathsMax = pathsMax;
    }

    /** Whether {@code path} is to be passed on at once. */
    boolean changed(String path, long nowNanos) {
        Cooling known = cooling.get(path);
        if (known != null) {
            boolean mayPass = !known.dirty && nowNanos - known.untilNanos >= 0;
            if (mayPass) {
                passed(known, nowNanos);
            }
            known.dirty |= !mayPass;
            return mayPass;
        }
        if (cooling.size() >= pathsMax) {
            overflowed = true;
            return false;
        }
        Cooling fresh = new Cooling();
        fresh.dirty = cooling.size() >= burstPaths;
        fresh.waitNanos = firstNanos;
        fresh.untilNanos = nowNanos + (fresh.dirty ? settleNanos : firstNanos);
        fresh.restedNanos = nowNanos + settleNanos;
        cooling.put(path, fresh);
        return !fresh.dirty;
    }

    private void passed(Cooling path, long nowNanos) {
        path.dirty = false;
        path.waitNanos = Math.min(settleNanos, 2 * path.waitNanos);
        path.untilNanos = nowNanos + path.waitNanos;
        path.restedNanos = nowNanos + settleNanos;
    }

    /** Paths whose wait is over by now and that changed since they were last passed. */
    List<String> settled(long nowNanos) {
        List<String> paths = new ArrayList<>();
        for (Iterator<Map.Entry<String, Cooling>> entries = cooling.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<String, Cooling> entry = entries.next();
            Cooling state = entry.getValue();
            if (state.dirty && nowNanos - state.untilNanos >= 0) {
                paths.add(entry.getKey());
                passed(state, nowNanos);
            } else if (!state.dirty && nowNanos - state.restedNanos >= 0) {
                entries.remove();
            }
        }
        return paths;
    }

    /** How long until {@link #settled} may have something to say or to forget; 0 or less: now. */
    long waitNanos(long nowNanos) {
        long wait = settleNanos;
        for (Cooling state : cooling.values()) {
            wait = Math.min(wait, (state.dirty ? state.untilNanos : state.restedNanos) - nowNanos);
        }
        return wait;
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
