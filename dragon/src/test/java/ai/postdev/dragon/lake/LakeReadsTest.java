package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.LakeProtocol.Read;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.RetentionSettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.retrieval.LakeViews;
import ai.postdev.dragon.lake.retrieval.QueryMeaning;
import ai.postdev.dragon.lake.retrieval.Retrieval;
import ai.postdev.dragon.lake.retrieval.RetrievalSettings;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.model.QueryGate;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads of a lake whose memory keeps embeddings less exactly take the best in full from its journal. To see that, the
 * journal has other embeddings than memory: by memory "near" is nearer to "asked" than "far", by the journal farther.
 */
class LakeReadsTest {
    // However busy the machine is, no answer lacks something for want of time.
    private static final Config CONFIG =
            ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m").withFallback(ConfigFactory.load());
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final String MODEL = "m";
    private static final float[] ASKED = {1, 0, 0, 0};
    private static final float[] CLOSE = {8, 1, 0, 0};
    private static final float[] LESS_CLOSE = {4, 3, 0, 0};

    @TempDir
    Path dir;

    private final ActorTestKit kit = ActorTestKit.create();
    private final CodeEngine code = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());
    private final VectorEngine vector = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final TextIndex text = TextIndex.inMemory();
    private final HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
    private final MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG));
    private final LakeSettings settings = LakeSettings.from(CONFIG);
    private final ReadPool pool = new ReadPool(settings);
    private LakeFiles files;
    private LakeReads reads;
    private long sequence;

    @BeforeEach
    void open() throws IOException {
        files = LakeFiles.open(dir.resolve("data"), CONFIG);
        put("asked", ASKED, ASKED);
        put("near", CLOSE, LESS_CLOSE);
        put("far", LESS_CLOSE, CLOSE);
        while (vector.shrink(0)) {
            // until every embedding is kept as little exactly as can be
        }
        assertTrue(vector.view().kept().missingBytes() > 0, "memory keeps embeddings less exactly");
        Retrieval retrieval = new Retrieval(RetrievalSettings.from(CONFIG), new Always(), Runnable::run);
        QueryGate gate = new QueryGate();
        LakeRoom room = new LakeRoom(
                files.journal().origin(),
                files,
                null,
                null,
                null,
                new LakeReader(settings, retrieval, gate, MODEL),
                gate,
                pool,
                Runnable::run,
                settings,
                null);
        reads = new LakeReads(PROJECT, room, null, RetentionSettings.from(CONFIG));
    }

    @AfterEach
    void close() throws IOException {
        kit.shutdownTestKit();
        pool.close();
        text.close();
        code.close();
        vector.close();
        files.close();
    }

    /** Every question means {@link #ASKED}. */
    private record Always() implements QueryMeaning {
        @Override
        public String model(LakeViews views) {
            return MODEL;
        }

        @Override
        public Optional<float[]> of(String query, String model) {
            return Optional.of(ASKED);
        }

        @Override
        public Optional<String> whyNot(String model) {
            return Optional.empty();
        }
    }

    private void put(String name, float[] inMemory, float[] inJournal) {
        byte[] utf8 = (name + "\n").getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        Body put = new Body.PutDocument(WORKSPACE, name + ".txt", hash, utf8.length, Language.TEXT, 1, utf8.length);
        code.fold(Seeded.operation(++sequence, sequence, put), Map.of(hash, utf8));
        code.attachSyntax(
                hash, new Syntax(List.of(), List.of(new Syntax.Chunk(1, 1, 0, utf8.length, "")), List.of(), true));
        files.journal()
                .append(List.of(Seeded.operation(sequence, sequence, put)), List.of(new LakeProtocol.Blob(hash, utf8)));
        sequence++;
        vector.apply(Seeded.operation(sequence, sequence, new Body.PutEmbedding(hash, MODEL, inMemory)));
        files.journal()
                .append(
                        List.of(Seeded.operation(sequence, sequence, new Body.PutEmbedding(hash, MODEL, inJournal))),
                        List.of());
    }

    private <T> T ask(Function<ActorRef<Reply<T>>, Read> read) {
        TestProbe<Reply<T>> probe = kit.createTestProbe();
        Views now = new Views(
                code.view(), text.current(), vector.view(), history.view(), metadata.view(), VersionVector.EMPTY);
        reads.answer(read.apply(probe.ref()), now);
        return switch (probe.receiveMessage(Duration.ofSeconds(30))) {
            case Reply.Answered<T>(T answer) -> answer;
            case Reply.Refused<T> refused -> throw new AssertionError(refused.message());
        };
    }

    @Test
    void aSearchByMeaningHasTheOrderOfTheJournal() {
        SearchAnswer answer = ask(replyTo -> new LakeProtocol.Search(
                SearchRequest.newBuilder()
                        .setQuery("any words")
                        .setMode("vector")
                        .build(),
                replyTo));
        assertEquals(
                List.of("asked.txt", "far.txt", "near.txt"),
                answer.getHitsList().stream().map(Hit::getPath).toList());
    }

    @Test
    void whatIsRelatedToAFileHasTheOrderOfTheJournal() {
        RelatedAnswer answer = ask(replyTo -> new LakeProtocol.Related(
                RelatedRequest.newBuilder().setTarget("asked.txt").build(), replyTo));
        assertEquals(
                List.of("far.txt", "near.txt"),
                answer.getRelationsList().stream()
                        .filter(relation -> relation.getKey().endsWith(".txt"))
                        .map(relation -> relation.getKey())
                        .toList(),
                answer::toString);
    }

    @Test
    void aContextHasTheOrderOfTheJournal() {
        ContextAnswer answer = ask(replyTo -> new LakeProtocol.Context(
                ContextRequest.newBuilder().setQuery("any words").build(), replyTo));
        String all = answer.toString();
        assertTrue(all.indexOf("far.txt") >= 0 && all.indexOf("far.txt") < all.indexOf("near.txt"), all);
    }

    @Test
    void aMissingFileAndAMissingEventNameTheProjectAsAPersonDoes() {
        metadata.apply(Seeded.operation(
                ++sequence, sequence, new Body.SetSetting("workspace/" + WORKSPACE + "/name", "shop")));
        Views now = new Views(
                code.view(), text.current(), vector.view(), history.view(), metadata.view(), VersionVector.EMPTY);
        TestProbe<Reply<ai.postdev.v1.Event>> probe = kit.createTestProbe();
        reads.answer(new LakeProtocol.FindEvent("", 77, probe.ref()), now);
        String message = ((Reply.Refused<?>) probe.receiveMessage(Duration.ofSeconds(30))).message();
        assertTrue(message.startsWith("no event of project shop was written by operation 77"), message);
    }
}
