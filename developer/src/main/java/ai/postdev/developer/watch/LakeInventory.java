package ai.postdev.developer.watch;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.ManifestEntry;
import ai.postdev.actors.protocol.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Asks a lake what it holds of a workspace, page by page and for as long as it takes, tells it and ends. */
final class LakeInventory extends AbstractBehavior<LakeInventory.Command> {
    /** Setting of a workspace: the newest reflog entry that became an event. */
    static final String REFLOG = "reflog";
    /** Setting of a workspace: see {@link Ledger#reset}. */
    static final String SETTLED = "settled";

    /** What the inventory understands; local to the node. */
    sealed interface Command {}

    private record PageCame(Reply<LakeProtocol.ManifestPage> reply) implements Command {}

    private record SettingCame(String name, Reply<String> reply) implements Command {}

    private record Failed(String why) implements Command {}

    private enum Retry implements Command {
        INSTANCE
    }

    /** What the inventory tells. */
    sealed interface Report {}

    /**
     * Everything, once.
     *
     * @param settledMillis see {@link Ledger#reset}
     * @param reflogMarker the newest reflog entry that became an event; empty if none did
     */
    record Complete(List<ManifestEntry> documents, long settledMillis, String reflogMarker) implements Report {}

    /** The lake does not answer; it is asked again. */
    record Silent(String why) implements Report {}

    private final TimerScheduler<Command> timers;
    private final WatchSettings settings;
    private final RecipientRef<LakeProtocol.Command> lake;
    private final WorkspaceId workspace;
    private final Consumer<Report> report;
    private final List<ManifestEntry> entries = new ArrayList<>();
    private final Map<String, String> found = new HashMap<>();
    private boolean listed;

    static Behavior<Command> create(
            WatchSettings settings,
            RecipientRef<LakeProtocol.Command> lake,
            WorkspaceId workspace,
            Consumer<Report> report) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new LakeInventory(context, timers, settings, lake, workspace, report)));
    }

    private LakeInventory(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            WatchSettings settings,
            RecipientRef<LakeProtocol.Command> lake,
            WorkspaceId workspace,
            Consumer<Report> report) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.lake = lake;
        this.workspace = workspace;
        this.report = report;
        askNext();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onCommand).build();
    }

    private Behavior<Command> onCommand(Command command) {
        return switch (command) {
            case PageCame came -> onPage(came.reply());
            case SettingCame came -> onSetting(came.name(), came.reply());
            case Failed failed -> askLater(failed.why());
            case Retry.INSTANCE -> askNext();
        };
    }

    private Behavior<Command> askNext() {
        if (listed) {
            String name = found.containsKey(SETTLED) ? REFLOG : SETTLED;
            getContext()
                    .ask(
                            Replies.<String>type(),
                            lake,
                            settings.askTimeout(),
                            replyTo -> new LakeProtocol.Setting(settingKey(workspace, name), replyTo),
                            (reply, failure) ->
                                    failure == null ? new SettingCame(name, reply) : new Failed(failure.getMessage()));
        } else {
            String after = entries.isEmpty() ? "" : entries.getLast().path();
            getContext()
                    .ask(
                            Replies.<LakeProtocol.ManifestPage>type(),
                            lake,
                            settings.askTimeout(),
                            replyTo -> new LakeProtocol.Manifest(workspace, after, settings.manifestPage(), replyTo),
                            (reply, failure) ->
                                    failure == null ? new PageCame(reply) : new Failed(failure.getMessage()));
        }
        return this;
    }

    private Behavior<Command> onPage(Reply<LakeProtocol.ManifestPage> reply) {
        return switch (reply) {
            case Reply.Refused<LakeProtocol.ManifestPage> refused -> askLater(refused.message());
            case Reply.Answered<LakeProtocol.ManifestPage> answered -> {
                entries.addAll(answered.answer().entries());
                listed = answered.answer().complete();
                yield askNext();
            }
        };
    }

    private Behavior<Command> onSetting(String name, Reply<String> reply) {
        return switch (reply) {
            case Reply.Refused<String> refused -> askLater(refused.message());
            case Reply.Answered<String> answered -> {
                found.put(name, answered.answer());
                if (!name.equals(REFLOG)) {
                    yield askNext();
                }
                String settled = found.get(SETTLED);
                report.accept(new Complete(
                        List.copyOf(entries), settled.isEmpty() ? 0 : Long.parseLong(settled), found.get(REFLOG)));
                yield Behaviors.stopped();
            }
        };
    }

    private Behavior<Command> askLater(String why) {
        report.accept(new Silent(why));
        timers.startSingleTimer(Retry.INSTANCE, Retry.INSTANCE, settings.retryMax());
        return this;
    }

    /** The lake's setting {@code name} of a workspace. */
    static String settingKey(WorkspaceId workspace, String name) {
        return "workspace/" + workspace + "/" + name;
    }
}
