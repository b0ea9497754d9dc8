package ai.postdev.dragon.lake.history;

/** The newest (or oldest) so many events seen so far: a binary heap with the one to drop on top. */
final class TopByTime {
    private final int[] events;
    private final long[] times;
    private final boolean newest;
    private int held;

    TopByTime(int limit, boolean newest) {
        events = new int[Math.max(0, limit)];
        times = new long[events.length];
        this.newest = newest;
    }

    /** Whether an event of this time could still get in. */
    boolean wants(long time, int event) {
        return held < events.length || (held > 0 && better(time, event, 0));
    }

    /** Whether every further event that gets in drives another one out. */
    boolean isFull() {
        return held == events.length;
    }

    /** Whether nothing of up to this time can get in among the newest, or nothing from this time on among the oldest. */
    boolean past(long time) {
        return held == events.length && (held == 0 || (newest ? time < times[0] : time > times[0]));
    }

    /** Among the newest nothing before this time can get in. */
    long least() {
        return newest && held == events.length && held > 0 ? times[0] : Long.MIN_VALUE;
    }

    void offer(long time, int event) {
        if (held < events.length) {
            int at = held++;
            while (at > 0 && !better(time, event, (at - 1) / 2)) {
                move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }
            put(at, time, event);
        } else if (held > 0 && better(time, event, 0)) {
            down(time, event);
        }
    }

    private void down(long time, int event) {
        int at = 0;
        for (int child = 1; child < held; child = 2 * at + 1) {
            if (child + 1 < held && better(times[child], events[child], child + 1)) {
                child++;
            }
            if (!better(time, event, child)) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, time, event);
    }

    private boolean better(long time, int event, int than) {
        if (time != times[than]) {
            return newest == (time > times[than]);
        }
        return newest == (event > events[than]);
    }

    private void move(int from, int to) {
        put(to, times[from], events[from]);
    }

    private void put(int at, long time, int event) {
        times[at] = time;
        events[at] = event;
    }

    /** Best first: the newest first, or the oldest first. Empties the heap. */
    int[] drain() {
        int[] drained = new int[held];
        while (held > 0) {
            drained[held - 1] = events[0];
            held--;
            if (held > 0) {
                down(times[held], events[held]);
            }
        }
        return drained;
    }
}
