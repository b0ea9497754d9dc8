package ai.postdev.coordinator.gateway;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.Event;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.Hit;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.VersionsAnswer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A lake of a few lines that speaks the real protocol: every question has one answer that names the project. */
final class TestLake {
    /** Of every context; four items and more do not fit. */
    static final int BUDGET = 300;

    /** How a lake behaves. */
    enum Mood {
        ANSWERS,
        SILENT,
        REFUSES_AS_INVALID,
        REFUSES_AS_NOT_FOUND,
        REFUSES_AS_OVERLOADED
    }

    final Queue<LakeProtocol.Command> heard = new ConcurrentLinkedQueue<>();
    final Queue<Body> appended = new ConcurrentLinkedQueue<>();
    /** Answers that a silent lake did not give. */
    final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    private final ProjectId project;
    private final double score;
    private volatile Mood mood = Mood.ANSWERS;
    private volatile String holds = "";

    TestLake(String project, double score) {
        this.project = new ProjectId(project);
        this.score = score;
    }

    /** The one path of which a diff finds something here, at any moment. */
    void holds(String path) {
        holds = path;
    }

    private ContextItem item(String path, int line, double itemScore, String text) {
        return ContextItem.newBuilder()
                .setProject(project.value())
                .setPath(path)
                .setStartLine(line)
                .setEndLine(line)
                .setScore(itemScore)
                .setText(text)
                .build();
    }

    void is(Mood next) {
        mood = next;
    }

    Behavior<LakeProtocol.Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            heard.add(command);
            on(command);
            return Behaviors.same();
        });
    }

    private boolean isPinned(long sequence) {
        boolean pinned = false;
        for (LakeProtocol.Command command : heard) {
            if (command instanceof LakeProtocol.Append append
                    && append.bodies().getFirst() instanceof Body.PinEvent pin
                    && pin.sequence() == sequence) {
                pinned = pin.pinned();
            }
        }
        return pinned;
    }

    private void on(LakeProtocol.Command command) {
        switch (command) {
            case LakeProtocol.Search search ->
                reply(
                        search.replyTo(),
                        SearchAnswer.newBuilder()
                                .setQuery(search.request().getQuery())
                                .setComplete(true)
                                .setMode("auto")
                                .addAsOf(AsOf.newBuilder()
                                        .setProject(project.value())
                                        .setSequence(7))
                                .addHits(Hit.newBuilder()
                                        .setProject(project.value())
                                        .setPath("src/A.java")
                                        .setStartLine(1)
                                        .setEndLine(2)
                                        .setScore(score))
                                .addHits(Hit.newBuilder()
                                        .setProject(project.value())
                                        .setPath("src/B.java")
                                        .setStartLine(3)
                                        .setEndLine(3)
                                        .setScore(score / 10))
                                .build());
            case LakeProtocol.Recall recall ->
                reply(
                        recall.replyTo(),
                        RecallAnswer.newBuilder()
                                .setComplete(true)
                                .setFingerprint("f")
                                .addEvents(event("2026-01-0" + (1 + (int) (score % 9)) + "T00:00:00Z"))
                                .build());
            case LakeProtocol.FindEvent find ->
                reply(
                        find.replyTo(),
                        Event.newBuilder()
                                .setOrigin("o1")
                                .setSequence(find.sequence())
                                .setPinned(isPinned(find.sequence()))
                                .build());
            case LakeProtocol.Related related ->
                reply(
                        related.replyTo(),
                        RelatedAnswer.newBuilder()
                                .setComplete(true)
                                .setKind("file")
                                .setTarget(related.request().getTarget())
                                .addRelations(Relation.newBuilder()
                                        .setKind("touched-by")
                                        .setKey("c0ffee")
                                        .setScore(score)
                                        .setProject(project.value()))
                                .build());
            case LakeProtocol.Show show
            when show.request().getOrAbsent() && !show.request().getPath().equals(holds) ->
                reply(
                        show.replyTo(),
                        ShowAnswer.newBuilder()
                                .setProject(project.value())
                                .setAbsent(true)
                                .build());
            case LakeProtocol.Show show ->
                reply(
                        show.replyTo(),
                        ShowAnswer.newBuilder()
                                .setProject(project.value())
                                .setPath(show.request().getPath())
                                .setText("text of " + project + " at "
                                        + show.request().getAt() + "\n")
                                .setSource("lake")
                                .build());
            case LakeProtocol.Context context ->
                reply(
                        context.replyTo(),
                        ContextAnswer.newBuilder()
                                .setQuery(context.request().getQuery())
                                .setComplete(true)
                                .setBudget(BUDGET)
                                .setLeftOut(3)
                                .addAsOf(AsOf.newBuilder().setProject(project.value()))
                                .addItems(item("src/A.java", 1, score, "in both"))
                                .addItems(item("src/A.java", 40, score / 10, "tail of " + project))
                                .addItems(item("src/B.java", 7, score / 2, "word ".repeat(100) + project))
                                .addFacts(Relation.newBuilder()
                                        .setKind("notes")
                                        .setType("note")
                                        .setText("note of " + project)
                                        .setProject(project.value()))
                                .build());
            case LakeProtocol.Versions versions ->
                reply(
                        versions.replyTo(),
                        VersionsAnswer.newBuilder()
                                .setComplete(true)
                                .addVersions(FileVersion.newBuilder()
                                        .setProject(project.value())
                                        .setSequence(7)
                                        .setTime("2026-01-0" + (1 + (int) (score * 8)) + "T00:00:00Z"))
                                .build());
            case LakeProtocol.Timeline timeline ->
                reply(
                        timeline.replyTo(),
                        TimelineAnswer.newBuilder()
                                .setComplete(true)
                                .addEvents(event("2026-01-0" + (1 + (int) (score % 9)) + "T00:00:00Z"))
                                .addEvents(event("2025-01-0" + (1 + (int) (score % 9)) + "T00:00:00Z"))
                                .build());
            case LakeProtocol.Append append -> {
                appended.addAll(append.bodies());
                reply(
                        append.replyTo(),
                        new LakeProtocol.Appended(
                                new Origin("node-a"), 42, HybridTime.of(1_000, 0), VersionVector.EMPTY));
            }
            case LakeProtocol.Status status ->
                reply(
                        status.replyTo(),
                        new LakeProtocol.LakeState(
                                LakeStatus.newBuilder()
                                        .setOperations(10)
                                        .setBlobs(2)
                                        .build(),
                                List.of(ProjectStatus.newBuilder()
                                        .setId(project.value())
                                        .setWorkspace(project.value() + "-w")
                                        .setFiles(5)
                                        .setChunks(20)
                                        .setEmbedded(3)
                                        .setSequence(7)
                                        .build())));
            case LakeProtocol.Forget forget -> reply(forget.replyTo(), new LakeProtocol.Forgotten(9));
            case LakeProtocol.Manifest _,
                    LakeProtocol.Setting _,
                    LakeProtocol.SearchTree _,
                    LakeProtocol.PutTree _,
                    LakeProtocol.MissingCommits _,
                    LakeProtocol.Unembedded _,
                    LakeProtocol.Open _,
                    LakeProtocol.Passivate _ -> throw new IllegalStateException("the doors never ask this: " + command);
        }
    }

    private Event event(String time) {
        return Event.newBuilder()
                .setOrigin("node-a")
                .setSequence(1)
                .setTime(time)
                .setKind("commit")
                .setProject(project.value())
                .setScore(score)
                .build();
    }

    private <T> void reply(ActorRef<Reply<T>> to, T answer) {
        switch (mood) {
            case ANSWERS -> to.tell(new Reply.Answered<>(answer));
            // The caller's deadline must end the wait, or the test.
            case SILENT -> held.add(() -> to.tell(new Reply.Answered<>(answer)));
            case REFUSES_AS_INVALID -> to.tell(new Reply.Refused<>(Reply.Reason.INVALID, "unclosed group in /(/"));
            case REFUSES_AS_NOT_FOUND -> to.tell(new Reply.Refused<>(Reply.Reason.NOT_FOUND, "no such thing"));
            case REFUSES_AS_OVERLOADED ->
                to.tell(new Reply.Refused<>(Reply.Reason.OVERLOADED, "8 reads are waiting, at most 8 are allowed"));
        }
    }
}
