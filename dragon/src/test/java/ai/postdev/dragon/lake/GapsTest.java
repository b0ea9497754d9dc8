package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static ai.postdev.dragon.lake.Seeded.operation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.Backlog;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.retrieval.QueryMeaning;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.retrieval.RetrievalSettings;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.ColdRerank;
import ai.postdev.dragon.lake.vector.FullVectors;
import ai.postdev.dragon.lake.vector.RerankSettings;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.dragon.model.QueryGate;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An answer says that it is complete only if it is. */
class GapsTest {
    // Time is no gap here, however busy the machine.
    private static final Config CONFIG =
            ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m").withFallback(ConfigFactory.load());
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");

    private final TextIndex text = TextIndex.inMemory();
    private final CodeEngine code = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());
    private final VectorEngine vector = new VectorEngine(new VectorSettings(1, 1), Supersession.NONE);
    private final HistoryEngine history = new HistoryEngine(new HistorySettings(1, 100));
    private final MetadataEngine metadata = new MetadataEngine(new MetadataSettings(10, 2, 10, 10));
    private final LakeReader reader = new LakeReader(
            LakeSettings.from(CONFIG),
            new Retrieval(RetrievalSettings.from(CONFIG), QueryMeaning.NONE, Runnable::run),
            new QueryGate(),
            "model");
    private long sequence;

    @AfterEach
    void close() {
        text.close();
    }

    private Operation next(Body body) {
        sequence++;
        return operation(sequence, 1_000 + sequence, body);
    }

    private void file(String path) {
        text.documentPut(fold(path), "quince\n".getBytes(StandardCharsets.UTF_8));
        text.refresh(sequence);
    }

    private Document fold(String path) {
        byte[] utf8 = "quince\n".getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        code.fold(
                next(new Body.PutDocument(WORKSPACE, path, hash, utf8.length, Language.TEXT, 1, utf8.length)),
                Map.of(hash, utf8));
        return code.view().document(WORKSPACE, path).orElseThrow();
    }

    private void readToItsEnd() {
        metadata.apply(next(new Body.SetSetting("workspace/w/root", "/project")));
    }

    private Views views() {
        return new Views(
                code.view(), text.current(), vector.view(), history.view(), metadata.view(), VersionVector.EMPTY);
    }

    private SearchAnswer search(String query, String mode) {
        SearchRequest request =
                SearchRequest.newBuilder().setQuery(query).setMode(mode).build();
        return answered(reader.search(PROJECT, views(), new LakeProtocol.Search(request, null)));
    }

    private static void says(SearchAnswer answer, String gap) {
        assertEquals(gap.isEmpty(), answer.getComplete(), answer::toString);
        assertTrue(gap.isEmpty() || answer.getMissing(0).startsWith(gap), answer::toString);
    }

    @Test
    void aFolderThatIsStillBeingReadIsSaidToBe() {
        file("a.txt");
        for (String mode : List.of("auto", "text", "regex", "symbol")) {
            says(search("quince", mode), "a folder is being read for the first time: 1 files so far");
        }
        readToItsEnd();
        for (String mode : List.of("auto", "text", "regex", "symbol")) {
            says(search("quince", mode), "");
        }
    }

    @Test
    void textThatIsNotIndexedYetIsFoundAllTheSame() {
        fold("a.txt");
        Document document = code.view().document(WORKSPACE, "a.txt").orElseThrow();
        text.behind(Backlog.of(List.of(document)));
        readToItsEnd();
        for (String mode : List.of("auto", "text", "regex")) {
            SearchAnswer answer = search("quince", mode);
            says(answer, "");
            assertEquals("a.txt", answer.getHits(0).getPath(), answer::toString);
        }
        assertEquals(1, unranked());
        text.documentPut(document, "quince\n".getBytes(StandardCharsets.UTF_8));
        text.refresh(sequence);
        text.behind(Backlog.NONE);
        assertEquals(0, unranked());
    }

    private long unranked() {
        LakeProtocol.LakeState state = answered(reader.status(PROJECT, views(), sequence, List.of()));
        assertEquals(1, state.workspaces().size());
        return state.workspaces().getFirst().getUnranked();
    }

    @Test
    void embeddingsBeyondTheBoundAreMissedWhereMeaningCounts() {
        file("a.txt");
        readToItsEnd();
        for (String chunk : List.of("one", "two", "three")) {
            vector.apply(next(new Body.PutEmbedding(ContentHash.of(chunk), "model", new float[] {1, 0})));
        }
        says(search("quince", "auto"), "meaning: 2 embeddings do not fit");
        says(search("quince", "text"), "");
        says(search("/quince/", "auto"), "");
    }

    @Test
    void embeddingsThatAreKeptLessExactlyAreSaidToBeAndWhatWasReadInFull() {
        file("a.txt");
        readToItsEnd();
        vector.apply(next(new Body.PutEmbedding(ContentHash.of("one"), "model", new float[] {1, 0.3f})));
        boolean more = true;
        while (more) {
            more = vector.shrink(0);
        }
        String coarse = "meaning: 1 are kept at 4 bit (postdevai.memory.budget)";
        assertEquals(List.of(coarse), search("quince", "auto").getMissingList());
        Duration time = Duration.ofMinutes(5);
        assertEquals(
                coarse + ", the best 1 were read in full",
                gap(
                        (_, _, to) -> {
                            to.vector(0, new float[] {1, 0.3f});
                            return Optional.empty();
                        },
                        time));
        assertEquals(
                coarse + ", 1 of the best are not in the journal any more", gap((_, _, _) -> Optional.empty(), time));
        assertEquals(
                coarse + ", further ones could not be read: no disk", gap((_, _, _) -> Optional.of("no disk"), time));
        assertEquals(
                coarse + ", time ran out before further ones were read (postdevai.lake.vector.rerank-time)",
                gap((_, _, _) -> Optional.empty(), Duration.ZERO));
    }

    private String gap(FullVectors full, Duration time) {
        VectorView asked = vector.view().with(new ColdRerank(full, new RerankSettings(10, time)));
        asked.nearest("model", new float[] {1, 0}, 1);
        List<String> gaps = Gaps.ofSearch(views().withVector(asked), SearchRequest.getDefaultInstance());
        assertEquals(gaps, Gaps.ofRelated(views().withVector(asked)));
        return gaps.getFirst();
    }

    @Test
    void eventsAndNodesBeyondTheBoundAreSaidToBeMissing() {
        TimelineRequest all = TimelineRequest.getDefaultInstance();
        assertTrue(answered(reader.timeline(PROJECT, views(), new LakeProtocol.Timeline(all, null)))
                .getComplete());
        for (int i = 0; i < 4; i++) {
            Body event = new Body.AppendEvent("note", i, "event " + i, Map.of(), List.of());
            history.apply(next(event));
            metadata.apply(next(new Body.PutNode(new NodeKey("commit", "c" + i), Map.of())));
        }
        TimelineAnswer timeline = answered(reader.timeline(PROJECT, views(), new LakeProtocol.Timeline(all, null)));
        assertEquals(
                List.of("history: 3 events do not fit (postdevai.lake.history.events-max)"), timeline.getMissingList());
        RecallRequest recall = RecallRequest.newBuilder().setText("event").build();
        assertFalse(answered(reader.recall(PROJECT, views(), new LakeProtocol.Recall(recall, null)))
                .getComplete());
        metadata.apply(next(
                new Body.PutEdge(new NodeKey("commit", "c0"), "touches", new NodeKey("file", "a.txt"), 1, Map.of())));
        assertTrue(
                Gaps.ofGraph(views()).getFirst().contains("do not fit"),
                () -> Gaps.ofGraph(views()).toString());
    }

    private static <T> T answered(Reply<T> reply) {
        return switch (reply) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw new AssertionError(refused.message());
        };
    }
}
