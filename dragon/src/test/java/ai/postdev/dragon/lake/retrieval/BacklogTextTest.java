package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.code.Backlog;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Text that no index knows yet is found like text that is indexed. */
class BacklogTextTest {
    private static final Config CONFIG =
            ConfigFactory.parseResources("reference.conf").resolve();
    private static final int DOCUMENTS = 300;
    /** However slow the machine is. */
    private static final Map<String, Object> PATIENT = Map.of("postdevai.lake.retrieval.deadline", "10m");

    private final TextIndex index = TextIndex.inMemory();
    private final TextIndex unused = TextIndex.inMemory();
    private final VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
    private final MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG));
    private final TestCode code = new TestCode(CONFIG, unused);
    private final ExecutorService pool = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        pool.shutdown();
        index.close();
        unused.close();
        vectors.close();
        history.close();
        metadata.close();
    }

    private SearchAnswer search(String query, String mode, Map<String, Object> settings) {
        return search(SearchRequest.newBuilder().setQuery(query).setMode(mode).build(), settings);
    }

    private SearchAnswer search(SearchRequest request, Map<String, Object> settings) {
        Config config = ConfigFactory.parseMap(settings).withFallback(CONFIG).resolve();
        LakeViews views = new LakeViews(
                new ProjectId("p"),
                code.view(),
                index.current(),
                vectors.view(),
                history.view(),
                metadata.view(),
                Map.of());
        Reply<SearchAnswer> reply =
                new Retrieval(RetrievalSettings.from(config), QueryMeaning.NONE, pool).search(request, views);
        return ((Reply.Answered<SearchAnswer>) reply).answer();
    }

    private List<String> paths(String query, String mode) {
        SearchAnswer answer = search(query, mode, PATIENT);
        assertTrue(answer.getComplete(), answer::toString);
        return answer.getHitsList().stream().map(Hit::getPath).distinct().toList();
    }

    /** Nothing, or only some, is in the index. */
    private void indexOnly(Random random, double share) {
        List<Document> late = new ArrayList<>();
        code.view().documents().forEach(document -> {
            if (random.nextDouble() < share) {
                index.documentPut(document, code.view().text(document.hash()).orElseThrow());
            } else {
                late.add(document);
            }
        });
        index.refresh(1);
        index.behind(Backlog.of(late));
    }

    @Test
    void whatHasAllWordsIsFirstWhereverItIs() {
        Random random = Seeded.random("backlog");
        String[] words = "gather ripple quarry lantern meadow velvet anchor copper thicket harbour".split(" ");
        for (int i = 0; i < DOCUMENTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int line = 0; line < 200; line++) {
                text.append("x").append(random.nextInt(1_000)).append(" = ");
                text.append(words[random.nextInt(words.length)]).append(random.nextInt(100) == 0 ? "\n\n" : "\n");
            }
            code.put("d" + i + ".txt", text.toString());
        }
        code.put(
                "deep/wanted.txt",
                "filler = 1\n".repeat(300) + "the zebraCrossing has a lantern\n" + "y = 2\n".repeat(300));
        for (double share : new double[] {0, 0.5, 1}) {
            indexOnly(random, share);
            for (String mode : List.of("auto", "text")) {
                List<String> found = paths("zebra crossing lantern", mode);
                assertEquals("deep/wanted.txt", found.getFirst(), () -> share + " " + found);
            }
            assertEquals(List.of("deep/wanted.txt"), paths("crossings", "text"), "by its stem");
            assertEquals("deep/wanted.txt", paths("wanted", "auto").getFirst(), "by its path");
        }
    }

    @Test
    void aNameIsFoundWhereItIsDefinedHoweverManyUseIt() {
        for (int i = 0; i < DOCUMENTS; i++) {
            code.put("use" + i + ".py", "import shelf\n" + "x = shelf.RetryPolicy(3)\n".repeat(400));
        }
        code.put("zz/shelf.py", "x = 1\n".repeat(3_000) + "class RetryPolicy:\n    pass\n" + "y = 2\n".repeat(3_000));
        indexOnly(new Random(1), 0);
        assertEquals("zz/shelf.py", paths("RetryPolicy", "auto").getFirst());
        assertEquals(List.of("zz/shelf.py"), paths("RetryPolicy", "symbol"));
    }

    @Test
    void whatTheIndexHoldsOfAnOlderVersionIsNotShown() {
        code.put("a.txt", "the marmalade of old\n");
        indexOnly(new Random(1), 1);
        code.put("a.txt", "the porridge of today\n");
        code.put("b.txt", "porridge\n");
        index.behind(Backlog.of(code.view().documents()));
        assertEquals(List.of(), paths("marmalade", "text"));
        assertEquals(2, paths("porridge", "text").size());
    }

    @Test
    void whatWasOvertakenOrIsOutOfScopeIsPassedOver() {
        code.put("a.txt", "the marmalade of old\n");
        Backlog before = Backlog.of(code.view().documents());
        code.put("a.txt", "the porridge of today\n");
        index.behind(before);
        assertEquals(List.of(), paths("marmalade", "text"));
        code.put("lib/b.txt", "marmalade\n");
        code.put("src/b.txt", "marmalade\n");
        index.behind(Backlog.of(code.view().documents()));
        SearchAnswer scoped = search(
                SearchRequest.newBuilder()
                        .setQuery("marmalade")
                        .setPath("src/**")
                        .build(),
                PATIENT);
        assertEquals(
                List.of("src/b.txt"),
                scoped.getHitsList().stream().map(Hit::getPath).distinct().toList());
    }

    @Test
    void aPoolThatTakesNothingAndTooLittleTimeAreNoFailure() {
        for (int i = 0; i < DOCUMENTS; i++) {
            code.put("d" + i + ".txt", "marmalade " + i + "\n");
        }
        index.behind(Backlog.of(code.view().documents()));
        pool.shutdown();
        assertFalse(paths("marmalade", "text").isEmpty(), "this thread looks through it all");
        SearchAnswer late = search("marmalade", "text", Map.of("postdevai.lake.retrieval.deadline", "1ns"));
        assertFalse(late.getComplete());
        assertTrue(
                late.getMissingList().stream().anyMatch(text -> text.contains("300 files are not indexed yet")),
                late::toString);
    }
}
