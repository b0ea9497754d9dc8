package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.ArchiveProtocol;
import ai.postdev.actors.protocol.ArchiveProtocol.Command;
import ai.postdev.actors.protocol.ArchiveProtocol.Event;
import ai.postdev.actors.protocol.ArchiveProtocol.Finished;
import ai.postdev.actors.protocol.ArchiveProtocol.Moved;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.portable.Export;
import ai.postdev.dragon.lake.portable.PortableRefused;
import ai.postdev.dragon.lake.portable.PortableSettings;
import ai.postdev.v1.BackupAnswer;
import ai.postdev.v1.BackupProject;
import ai.postdev.v1.CopyProgress;
import ai.postdev.v1.ExportAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Copies a node's journal to backups and exports, one at a time, on a thread that may wait for the disk; lakes go on
 * writing meanwhile. The work is that of {@link Backup} and {@link Export}.
 */
public final class ArchiveKeeper extends AbstractBehavior<ArchiveKeeper.Message> {
    private static final String DISPATCHER = "postdevai.backup.dispatcher";

    /** What the keeper receives: requests, and the end of its own work. */
    sealed interface Message {}

    private record Asked(Command command) implements Message {}

    private record Done(ActorRef<Event> replyTo, Finished outcome) implements Message {}

    private final Journal journal;
    private final PortableSettings portable;
    private final BackupSettings settings;
    private final InstantSource clock;
    private final Executor disk;
    private String running = "";

    /** A keeper of {@code journal}. */
    public static Behavior<Command> create(
            Journal journal, PortableSettings portable, BackupSettings settings, InstantSource clock) {
        Behavior<Message> keeper =
                Behaviors.setup(context -> new ArchiveKeeper(context, journal, portable, settings, clock));
        return Behaviors.transformMessages(Command.class, keeper, match -> match.match(Command.class, Asked::new));
    }

    private ArchiveKeeper(
            ActorContext<Message> context,
            Journal journal,
            PortableSettings portable,
            BackupSettings settings,
            InstantSource clock) {
        super(context);
        this.journal = journal;
        this.portable = portable;
        this.settings = settings;
        this.clock = clock;
        this.disk = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(DISPATCHER));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::onMessage).build();
    }

    private Behavior<Message> onMessage(Message message) {
        switch (message) {
            case Asked(ArchiveProtocol.Backup backup) ->
                begin("the backup to " + backup.folder(), backup.replyTo(), () -> backup(backup));
            case Asked(ArchiveProtocol.Export export) ->
                begin("the export to " + export.file(), export.replyTo(), () -> export(export));
            case Done done -> {
                running = "";
                done.replyTo().tell(done.outcome());
            }
        }
        return this;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void begin(String what, ActorRef<Event> replyTo, Work work) {
        if (!running.isEmpty()) {
            replyTo.tell(refused(Reply.Reason.OVERLOADED, running + " is still running; try again when it is done"));
            return;
        }
        running = what;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> outcome(what, work), disk),
                        (outcome, bug) -> new Done(
                                replyTo,
                                bug == null ? outcome : refused(Reply.Reason.FAILED, what + " broke off: " + bug)));
    }

    private static Finished outcome(String what, Work work) {
        try {
            work.run();
            return new Finished(Optional.empty());
        } catch (BackupRefused e) {
            return refused(e.reason(), e.getMessage());
        } catch (JournalRefused e) {
            return refused(e.reason(), e.getMessage());
        } catch (PortableRefused e) {
            return refused(Reply.Reason.PRECONDITION, e.getMessage());
        } catch (FileSystemException e) {
            return refused(
                    Reply.Reason.PRECONDITION,
                    what + " cannot be written: " + e.getFile() + ": "
                            + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason()));
        } catch (IOException | UncheckedIOException e) {
            return refused(Reply.Reason.PRECONDITION, what + " cannot be written: " + e.getMessage());
        }
    }

    private static Finished refused(Reply.Reason reason, String message) {
        return new Finished(Optional.of(new Reply.Refused<>(reason, message)));
    }

    private void backup(ArchiveProtocol.Backup ask) throws IOException {
        Set<ProjectId> here = journal.projects();
        Map<ProjectId, String> projects = new TreeMap<>();
        if (ask.only().isPresent()) {
            require(ask.only().get());
            here = Set.of(ask.only().get());
        }
        here.forEach(project -> projects.put(project, ask.names().getOrDefault(project, "")));
        if (projects.isEmpty()) {
            throw new BackupRefused(
                    Reply.Reason.NOT_FOUND, "no project is remembered yet; add one with: postdevai up PATH");
        }
        Backup.Report report = new Backup(journal, ask.folder(), portable, settings, clock)
                .run(projects, ask.keep(), progress(projects, ask.replyTo()));
        BackupAnswer.Builder answer = BackupAnswer.newBuilder()
                .setFolder(ask.folder().toString())
                .setId(report.moment().id())
                .setTime(report.moment().time().toString())
                .setCopiedBytes(report.copied().bytes())
                .setCopiedParts(report.copied().parts())
                .setPresentBytes(report.present().bytes())
                .setPresentParts(report.present().parts())
                .addAllRemoved(report.removed())
                .setFreedBytes(report.freedBytes())
                .addAllFindings(report.findings());
        for (Manifest.Project project : report.moment().projects()) {
            answer.addProjects(ArchiveAnswers.project(report.moment(), project)
                    .setNewOperations(report.newOperations().get(project.project())));
        }
        ask.replyTo().tell(new Moved(CopyProgress.newBuilder().setBackup(answer).build()));
    }

    private void require(ProjectId project) throws BackupRefused {
        if (!journal.projects().contains(project)) {
            throw new BackupRefused(
                    Reply.Reason.NOT_FOUND,
                    "project " + project + " does not lie on this node; ask the node that holds it, see: postdevai"
                            + " projects");
        }
    }

    private void export(ArchiveProtocol.Export ask) throws IOException {
        require(ask.project());
        Export.Report report = Export.write(
                journal,
                ask.project(),
                ask.name(),
                ask.file(),
                portable,
                progress(Map.of(ask.project(), ask.name()), ask.replyTo()));
        ask.replyTo()
                .tell(new Moved(CopyProgress.newBuilder()
                        .setExport(ExportAnswer.newBuilder()
                                .setFile(ask.file().toString())
                                .setBytes(report.bytes())
                                .setSha256(report.sha256().hex())
                                .setProject(BackupProject.newBuilder()
                                        .setProject(ask.project().value())
                                        .setProjectName(ask.name())
                                        .setSequence(sequence(report.upTo()))
                                        .setOperations(report.tally().operations())
                                        .setLost(report.tally().lost())
                                        .setTexts(report.tally().texts())
                                        .setBytes(report.bytes())))
                        .build()));
    }

    private static long sequence(VersionVector upTo) {
        return upTo.sequences().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private static Export.Progress progress(Map<ProjectId, String> names, ActorRef<Event> replyTo) {
        return (project, done, total, bytes) -> replyTo.tell(new Moved(CopyProgress.newBuilder()
                .setProject(project.value())
                .setProjectName(names.get(project))
                .setOperationsDone(done)
                .setOperationsTotal(total)
                .setBytes(bytes)
                .build()));
    }
}
