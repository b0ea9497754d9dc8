package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.CodeThen;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.Relation;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A small past: an error, what was tried, the commit that mended it, and other things in between. */
class RecallTest {
    // However busy the machine is, no answer lacks something for want of time.
    private static final Config CONFIG = ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m")
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long START = 1_700_000_000_000L;
    private static final String FIX = "4f2a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6";
    private static final String OTHER = "99aa6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6";

    private final TextIndex index = TextIndex.inMemory();
    private final TestCode code = new TestCode(CONFIG, index);
    private final VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
    private final MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG));
    private final Retrieval retrieval = new Retrieval(RetrievalSettings.from(CONFIG), QueryMeaning.NONE, Runnable::run);
    private long sequence;

    @BeforeEach
    void live() {
        code.put("src/Cache.java", "class Cache {\n  void clear() {}\n}\n");
        code.put("src/Other.java", "class Other {}\n// Cache is used\n");
        code.parsed(
                "src/Cache.java",
                new Syntax(
                        List.of(
                                new Syntax.Symbol("Cache", "class", "", 1, 3, "class Cache {"),
                                new Syntax.Symbol("clear", "method", "Cache", 2, 2, "void clear() {}")),
                        List.of(),
                        List.of("java.util.Map"),
                        true));
        error(0, "NullPointerException: cache is null\n\tat a.Cache.clear(Cache.java:17)");
        event("command", START + 60_000, "mvn test", Map.of());
        commit(FIX, START + 2 * DAY, "Clear the cache only when it is there", "src/Cache.java", "src/Other.java");
        error(9, "ConnectException: port 8080 refused");
        commit(OTHER, START + 10 * DAY, "Rename things", "src/Cache.java");
    }

    @AfterEach
    void closeEngines() {
        index.close();
        vectors.close();
        history.close();
        metadata.close();
    }

    private void error(int day, String text) {
        event("error", START + day * DAY, text, Map.of());
    }

    private void event(String kind, long time, String text, Map<String, String> attributes, String... paths) {
        apply(new Body.AppendEvent(kind, time, text, attributes, List.of(paths)));
    }

    private void commit(String id, long time, String message, String... paths) {
        event("commit", time, message, Map.of("commit", id, "parents", ""), paths);
        NodeKey commit = new NodeKey("commit", id);
        apply(new Body.PutNode(commit, Map.of("subject", message)));
        for (String path : paths) {
            apply(new Body.PutEdge(commit, "touches", new NodeKey("file", path), time, Map.of()));
        }
    }

    private void apply(Body body) {
        sequence++;
        Operation operation =
                new Operation(new ProjectId("p"), new Origin("o"), sequence, HybridTime.of(START + sequence, 0), body);
        history.apply(operation);
        metadata.apply(operation);
    }

    private LakeViews views() {
        return new LakeViews(
                new ProjectId("p"),
                code.view(),
                index.current(),
                vectors.view(),
                history.view(),
                metadata.view(),
                Map.of());
    }

    private static <T> T answered(Reply<T> reply) {
        return switch (reply) {
            case Reply.Answered<T> answered -> answered.answer();
            case Reply.Refused<T> refused -> throw new AssertionError(refused.message());
        };
    }

    private RecallAnswer recall(String text) {
        return answered(
                retrieval.recall(RecallRequest.newBuilder().setText(text).build(), views()));
    }

    private List<String> related(String target, String kind) {
        RelatedAnswer answer = answered(
                retrieval.related(RelatedRequest.newBuilder().setTarget(target).build(), views()));
        return answer.getRelationsList().stream()
                .filter(relation -> relation.getKind().equals(kind))
                .map(Relation::getKey)
                .toList();
    }

    private static String numbered(String... changes) {
        StringBuilder text = new StringBuilder();
        for (int line = 1; line <= 30; line++) {
            text.append("line ").append(line);
            for (String change : changes) {
                text.append(change.startsWith(line + " ") ? change.substring(change.indexOf(' ')) : "");
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Test
    void showsTheCodeAsItWasAndWhatMendedIt() {
        code.at(START + 20 * DAY);
        code.put("src/deep/Pump.java", numbered("17 broken"));
        error(
                21,
                "IllegalStateException: pump is dry\n\tat a.Pump.run(Pump.java:17)\n\tat java.lang.Thread.run(Thread.java:9)");
        code.at(START + 22 * DAY);
        code.put("src/deep/Pump.java", numbered("17 mended", "3 too"));
        commit(
                "abcd6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6",
                START + 23 * DAY,
                "Fill the pump first",
                "src/deep/Pump.java");
        code.at(START + 24 * DAY);
        code.put("src/deep/Pump.java", "something else\n");
        Event event = recall("IllegalStateException: pump is dry\n\tat a.Pump.run(Pump.java:40)")
                .getEvents(0);
        assertEquals(1, event.getCodeCount(), event::toString);
        CodeThen then = event.getCode(0);
        assertEquals("src/deep/Pump.java", then.getPath());
        assertEquals(17, then.getLine());
        assertEquals(List.of(13, 21), List.of(then.getStartLine(), then.getEndLine()));
        assertEquals(numbered("17 broken").lines().skip(12).limit(9).collect(Collectors.joining("\n")), then.getText());
        assertEquals(
                "@@ -14,7 +14,7 @@\n line 14\n line 15\n line 16\n-line 17 broken\n+line 17 mended\n line 18\n"
                        + " line 19\n line 20",
                then.getChange());
        assertTrue(then.getCut(), "the other place that changed is not shown");
        assertTrue(then.getSequence() < then.getChangedSequence());
        assertEquals(
                numbered("17 broken"),
                new String(
                        code.view()
                                .at(then.getSequence())
                                .document(TestCode.WORKSPACE, then.getPath())
                                .flatMap(document -> code.view().text(document.hash()))
                                .orElseThrow(),
                        StandardCharsets.UTF_8),
                "show --at tells the same");
    }

    @Test
    void showsOnlyWhatWasKnownThen() {
        error(30, "LateException: pipe is cold\n\tat a.Late.run(src/Late.java:2)");
        code.at(START + 31 * DAY);
        code.put("src/Late.java", numbered());
        assertEquals(
                0, recall("LateException: pipe is cold").getEvents(0).getCodeCount(), "the file was not there yet");
    }

    @Test
    void aFileThatIsGoneIsShownAsItWasAndItsRemovalAsTheChange() {
        code.at(START + 40 * DAY);
        code.put("tools/gone.py", "import x\nx.run()\n");
        event(
                "command",
                START + 41 * DAY,
                "AttributeError: module x has no attribute run\n  File \"tools/gone.py\", line 2, in <module>",
                Map.of());
        code.at(START + 42 * DAY);
        code.remove("tools/gone.py");
        commit("beef6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6", START + 42 * DAY + 60_000, "Drop the tool", "tools/gone.py");
        CodeThen then = recall("AttributeError: module x has no attribute run")
                .getEvents(0)
                .getCode(0);
        assertEquals(List.of(2, 1, 2), List.of(then.getLine(), then.getStartLine(), then.getEndLine()));
        assertEquals("@@ -1,2 +0,0 @@\n-import x\n-x.run()", then.getChange());
    }

    @Test
    void placesAreFoundAsToolsWriteThem() {
        Map<String, Integer> places = CodePlaces.in(
                new HistoryEvent(
                        0,
                        new Origin("o"),
                        1,
                        HybridTime.of(1, 0),
                        "error",
                        1,
                        "src/main.rs:3:5 and web/a.ts(12,5): x\nFile \"t/b.py\", line 7\nC:\\w\\D.cs(9,1) plain.go",
                        Map.of(),
                        List.of("z.md"),
                        false),
                9);
        assertEquals("{src/main.rs=3, web/a.ts=12, t/b.py=7, /w/D.cs=9, plain.go=0, z.md=0}", places.toString());
        assertEquals(
                2, CodePlaces.in(history.view().commit(FIX).orElseThrow(), 9).size());
    }

    private RelatedAnswer way(String from, String to) {
        return answered(retrieval.related(
                RelatedRequest.newBuilder().setTarget(from).setTo(to).build(), views()));
    }

    @Test
    void theShortestWayLeadsOverWhatBothHaveToDoWith() {
        RelatedAnswer way = way("src/Other.java", "src/Cache.java");
        assertEquals("path", way.getKind());
        assertTrue(way.getComplete());
        assertEquals(
                List.of("src/Other.java touches commit " + FIX + " true", FIX + " touches file src/Cache.java false"),
                way.getRelationsList().stream()
                        .map(step -> step.getFromKey() + " " + step.getKind() + " " + step.getType() + " "
                                + step.getKey() + " " + step.getBackward())
                        .toList());
        event("note", START + DAY, "Other is slow", Map.of(), "src/Deep.java");
        RelatedAnswer note = way("src/Deep.java", "o/" + sequence);
        assertEquals(
                List.of("Other is slow"),
                note.getRelationsList().stream().map(Relation::getText).toList());
        assertEquals(1, way(FIX.substring(0, 8), "Other.java").getRelationsCount(), "a part of a name is enough");
        assertEquals(0, way("src/Cache.java", "src/Cache.java").getRelationsCount());
        Reply<RelatedAnswer> unknown = retrieval.related(
                RelatedRequest.newBuilder()
                        .setTarget("src/Cache.java")
                        .setTo("nowhere")
                        .build(),
                views());
        assertEquals(
                Reply.Reason.NOT_FOUND,
                unknown instanceof Reply.Refused<RelatedAnswer> refused ? refused.reason() : null);
    }

    @Test
    void aWayBeyondTheBoundsIsNotFoundAndSaysSo() {
        for (int i = 0; i < 30; i++) {
            commit("%040x".formatted(0xabc000 + i), START + i, "Chain", "chain/" + i, "chain/" + (i + 1));
        }
        RelatedAnswer far = way("chain/0", "chain/30");
        assertEquals(0, far.getRelationsCount());
        assertTrue(far.getComplete(), "no way of so few steps");
        assertEquals(8, way("chain/0", "chain/4").getRelationsCount());
        Retrieval bounded = new Retrieval(
                RetrievalSettings.from(ConfigFactory.parseString("postdevai.lake.retrieval.path.edges-max = 3")
                        .withFallback(CONFIG)),
                QueryMeaning.NONE,
                Runnable::run);
        RelatedAnswer cut = answered(bounded.related(
                RelatedRequest.newBuilder()
                        .setTarget("chain/0")
                        .setTo("chain/4")
                        .build(),
                views()));
        assertFalse(cut.getComplete());
        assertEquals(1, cut.getMissingCount());
    }

    @Test
    void findsTheSameErrorAtOtherLinesAndWhatMendedIt() {
        Event first = recall("NullPointerException: cache is null\n\tat a.Cache.clear(Cache.java:91)")
                .getEvents(0);
        assertEquals("error", first.getKind());
        assertTrue(
                first.getWhyList().contains("the same again"),
                first.getWhyList().toString());
        assertEquals(
                List.of("commit", "command"),
                first.getFollowedByList().stream().map(Event::getKind).toList());
        assertEquals(
                FIX, first.getFollowedBy(0).getAttributesOrThrow("commit"), "the first commit after, not the last");
        assertTrue(
                first.getWhyList().contains("then commit 4f2a6b7c8d touched src/Cache.java"),
                first.getWhyList().toString());
    }

    @Test
    void findsWhatIsAlikeByItsWordsAndLeavesTheRest() {
        List<String> texts = recall("connection to port refused").getEventsList().stream()
                .map(Event::getText)
                .toList();
        assertEquals("ConnectException: port 8080 refused", texts.getFirst());
        assertTrue(recall("zzz qqq vvv").getEventsList().isEmpty());
    }

    @Test
    void putsTheNewerOfTwoEqualEventsFirst() {
        error(20, "NullPointerException: cache is null\n\tat a.Cache.clear(Cache.java:17)");
        List<Event> events = recall("NullPointerException: cache is null\n\tat a.Cache.clear(Cache.java:17)")
                .getEventsList();
        assertTrue(events.get(0).getTime().compareTo(events.get(1).getTime()) > 0);
    }

    @Test
    void tellsWhatBelongsToAFile() {
        apply(new Body.PutNode(new NodeKey("note", "n1"), Map.of("text", "mind the cache")));
        apply(new Body.PutEdge(
                new NodeKey("note", "n1"), "about", new NodeKey("file", "src/Cache.java"), START, Map.of()));
        assertEquals(List.of(OTHER, FIX), related("src/Cache.java", "touched-by"));
        assertEquals(List.of("src/Other.java"), related("Cache.java", "changes-with"));
        assertEquals(List.of("Cache", "Cache.clear"), related("src/Cache.java", "defines"));
        assertEquals(List.of("java.util.Map"), related("src/Cache.java", "imports"));
        assertEquals(List.of("n1"), related("src/Cache.java", "notes"));
        assertEquals(List.of("Cache.clear", "Cache"), related("src/Cache.java:2", "inside"));
    }

    @Test
    void tellsWhatBelongsToASymbolAndACommit() {
        assertEquals(List.of("src/Cache.java"), related("Cache", "defined-in"));
        assertEquals(List.of("src/Other.java"), related("Cache", "mentioned-in"));
        assertEquals(List.of(OTHER, FIX), related("Cache.clear", "touched-by"));
        assertEquals(List.of("src/Cache.java", "src/Other.java"), related("4f2a6b7c", "touches"));
        assertEquals(List.of(OTHER), related(FIX, "later-touched-by"));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        Reply.Refused<?> refused = assertInstanceOf(
                Reply.Refused.class,
                retrieval.related(
                        RelatedRequest.newBuilder().setTarget("nowhere").build(), views()));
        assertEquals(Reply.Reason.NOT_FOUND, refused.reason());
        assertInstanceOf(
                Reply.Refused.class,
                retrieval.recall(RecallRequest.newBuilder().setText(" ").build(), views()));
    }
}
