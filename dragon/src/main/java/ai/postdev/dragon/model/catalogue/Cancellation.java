package ai.postdev.dragon.model.catalogue;

import java.util.ArrayList;
import java.util.List;

/** The wish that a pull ends. Any thread. */
public final class Cancellation {
    private final List<Runnable> closers = new ArrayList<>();
    private boolean cancelled;

    /** Ends it; what waits is woken up. Again: does nothing. */
    public void cancel() {
        List<Runnable> run;
        synchronized (this) {
            cancelled = true;
            run = List.copyOf(closers);
            closers.clear();
        }
        run.forEach(Runnable::run);
    }

    /** Whether it was cancelled. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** @throws PullCancelled if it was cancelled */
    void check(String what) throws PullCancelled {
        if (isCancelled()) {
            throw new PullCancelled(what);
        }
    }

    /** Has {@code wake} run at a cancel, at once if that was before, until the registration is closed. */
    Registration onCancel(Runnable wake) {
        boolean now;
        synchronized (this) {
            now = cancelled;
            if (!now) {
                closers.add(wake);
            }
        }
        if (now) {
            wake.run();
        }
        return () -> {
            synchronized (this) {
                closers.remove(wake);
            }
        };
    }

    /** What to close when there is nothing to wake any more. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
