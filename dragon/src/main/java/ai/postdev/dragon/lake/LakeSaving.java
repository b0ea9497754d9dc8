package ai.postdev.dragon.lake;

import ai.postdev.actors.protocol.Reply;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * When a lake writes its snapshots: after so many operations, or once it was quiet for a while, and one at a time. Lives on
 * the lake's thread.
 */
final class LakeSaving {
    private final LakeSettings settings;
    private final ActorContext<LakeMessage> context;
    private final TimerScheduler<LakeMessage> timers;
    private final Supplier<CompletionStage<Reply<Long>>> save;
    private long unsaved;
    private boolean saving;

    /** @param save begins a snapshot of what is shown now */
    LakeSaving(
            LakeSettings settings,
            ActorContext<LakeMessage> context,
            TimerScheduler<LakeMessage> timers,
            Supplier<CompletionStage<Reply<Long>>> save) {
        this.settings = settings;
        this.context = context;
        this.timers = timers;
        this.save = save;
    }

    /** The lake is open, and so many operations were read from the journal alone. */
    void opened(long replayed) {
        unsaved = replayed;
        whenQuiet();
    }

    /** So many operations more are acknowledged. */
    void acknowledged(int operations, boolean allShown) {
        unsaved += operations;
        if (unsaved >= settings.snapshotOperations()) {
            due(allShown);
        } else {
            whenQuiet();
        }
    }

    private void whenQuiet() {
        if (unsaved > 0) {
            timers.startSingleTimer(LakeMessage.SnapshotDue.INSTANCE, settings.snapshotIdle());
        }
    }

    /**
     * It is time.
     *
     * @param allShown whether every store shows what was written; a snapshot waits for that
     */
    void due(boolean allShown) {
        if (!saving && unsaved > 0 && allShown) {
            begin();
        } else {
            whenQuiet();
        }
    }

    private void begin() {
        saving = true;
        unsaved = 0;
        context.pipeToSelf(
                save.get(),
                (outcome, failure) -> new LakeMessage.Saved(
                        failure == null
                                ? outcome
                                : new Reply.Refused<>(Reply.Reason.FAILED, LakeMessage.reason(failure))));
    }

    /** The snapshot that was begun is written, or is not. */
    void saved() {
        saving = false;
    }

    /**
     * Whether the lake may end as far as snapshots go. What would take long to replay is saved first: the quiet that calls
     * for a snapshot never comes while a project is still being embedded, and a person may stop the node in the middle of
     * that.
     */
    boolean mayEnd() {
        if (!saving && unsaved >= settings.snapshotAtEndOperations()) {
            begin();
        }
        return !saving;
    }
}
