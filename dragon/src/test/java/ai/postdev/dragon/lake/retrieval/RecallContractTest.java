package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.Event;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What recall promises: an error that appears again, with other paths, lines, addresses and times, cut, coloured or
 * among other lines, is found where it was seen before, not where something almost equal was, and what made it go away
 * is named first.
 */
@Execution(ExecutionMode.CONCURRENT)
class RecallContractTest {
    private static final double HIT_MIN = 0.90;
    private static final int ERRORS = 200;
    private static final int OTHERS = 5_000;
    // However busy the machine is, no answer lacks something for want of time.
    private static final Config CONFIG = ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m")
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();

    /** Questions that are answered by one thread and by two. */
    private static final int SHARED = 50;

    /** How many of how many were right. */
    private record Score(int hits, int mended, int all, Map<String, Integer> missed) {}

    private static Score score(long seed) throws IOException {
        RecallWorld world = new RecallWorld(seed, ErrorKinds.all(), ERRORS, OTHERS);
        try (ForkJoinPool others = new ForkJoinPool(2);
                TextIndex index = TextIndex.inMemory();
                VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
                HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
                MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG))) {
            TestCode code = new TestCode(CONFIG, index);
            world.operations().forEach(operation -> {
                history.apply(operation);
                metadata.apply(operation);
            });
            LakeViews views = new LakeViews(
                    new ProjectId("p"),
                    code.view(),
                    index.current(),
                    vectors.view(),
                    history.view(),
                    metadata.view(),
                    Map.of());
            Retrieval alone = new Retrieval(RetrievalSettings.from(CONFIG), QueryMeaning.NONE, Runnable::run);
            Retrieval shared = new Retrieval(RetrievalSettings.from(CONFIG), QueryMeaning.NONE, others);
            List<RecallWorld.Recurrence> recurrences = world.recurrences();
            for (RecallWorld.Recurrence again : recurrences.subList(0, SHARED)) {
                assertEquals(
                        recall(alone, views, again.text()),
                        recall(shared, views, again.text()),
                        "what two threads make of " + again.text());
            }
            return score(recurrences, shared, views);
        }
    }

    private static Score score(List<RecallWorld.Recurrence> recurrences, Retrieval retrieval, LakeViews views) {
        int hits = 0;
        int mended = 0;
        Map<String, Integer> missed = new TreeMap<>();
        for (RecallWorld.Recurrence again : recurrences) {
            List<Event> found = recall(retrieval, views, again.text());
            boolean hit =
                    !found.isEmpty() && again.seen().contains(found.getFirst().getSequence());
            boolean named = hit
                    && found.getFirst().getFollowedByCount() > 0
                    && found.getFirst().getFollowedBy(0).getSequence() == again.mended();
            hits += hit ? 1 : 0;
            mended += named ? 1 : 0;
            if (!hit) {
                missed.merge(again.error().kind().toString(), 1, Integer::sum);
            }
            if (Boolean.getBoolean("postdevai.recall.show") && !named) {
                show(again, found, hit);
            }
        }
        return new Score(hits, mended, recurrences.size(), missed);
    }

    private static void show(RecallWorld.Recurrence again, List<Event> found, boolean hit) {
        System.out.println((hit ? "== not what mended it: " : "== missed: ")
                + again.error().said() + "\n" + again.text());
        found.stream()
                .limit(2)
                .forEach(event -> System.out.println("-- " + event.getSequence() + " " + event.getScore() + " "
                        + event.getWhyList() + "\n" + event.getText() + "\n   then "
                        + event.getFollowedByList().stream()
                                .map(next -> next.getSequence() + " " + next.getKind() + " " + next.getText())
                                .collect(Collectors.joining("; "))));
        System.out.println("   wanted " + again.seen() + ", mended by " + again.mended() + " " + again.remedy());
    }

    private static List<Event> recall(Retrieval retrieval, LakeViews views, String text) {
        RecallRequest request = RecallRequest.newBuilder().setText(text).build();
        return switch (retrieval.recall(request, views)) {
            case Reply.Answered<RecallAnswer>(RecallAnswer answer) -> answer.getEventsList();
            case Reply.Refused<RecallAnswer> refused -> throw new AssertionError(refused.message());
        };
    }

    private static void check(long seed) throws IOException {
        long started = System.nanoTime();
        Score score = score(seed);
        System.out.printf(
                "recall, -Dpostdevai.seed=%d: %d of %d found first, of %d what mended it named first, %d ms; missed %s%n",
                seed,
                score.hits(),
                score.all(),
                score.mended(),
                (System.nanoTime() - started) / 1_000_000,
                score.missed());
        assertTrue(
                score.hits() >= HIT_MIN * score.all(),
                "seed " + seed + ": only " + score.hits() + " of " + score.all() + " found first");
        assertTrue(
                score.mended() >= HIT_MIN * score.hits(),
                "seed " + seed + ": of only " + score.mended() + " of " + score.hits() + " is what mended it first");
    }

    @Test
    void anErrorThatAppearsAgainIsFoundWhereItWasSeenBefore() throws IOException {
        check(Long.getLong("postdevai.seed", 20_001));
    }

    @Test
    @Tag("campaign")
    void theSameForManySeeds() throws IOException {
        long first = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            check(first + i);
        }
    }
}
