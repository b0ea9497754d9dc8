package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.Syntax.Chunk;
import ai.postdev.dragon.lake.syntax.Syntax.Symbol;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.ContextRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a context gathers for a question and around a place. */
class EvidenceTest {
    // However busy the machine is, no answer lacks something for want of time.
    private static final Config CONFIG = ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m")
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    private static final String CACHE = """
        class Cache:
            def get(self, key):
                return self.load(key)

            def load(self, key):
                policy = RetryPolicy(3)
                return policy.attempt(key)
        """;

    private final TextIndex index = TextIndex.inMemory();
    private final VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
    private final MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG));
    private final TestCode code = new TestCode(CONFIG, index);
    private long sequence;

    @BeforeEach
    void fill() {
        put(
                "src/cache.py",
                CACHE,
                symbol("Cache", "class", "", 1, 7),
                symbol("get", "method", "Cache", 2, 3),
                symbol("load", "method", "Cache", 5, 7));
        put(
                "src/policy.py",
                "class RetryPolicy:\n    def attempt(self, key):\n        return key\n",
                symbol("RetryPolicy", "class", "", 1, 3),
                symbol("attempt", "method", "RetryPolicy", 2, 3));
        put("src/main.py", "import cache\n\ncache.Cache().load('prices')\n");
        put("src/loading.py", "def loading_screen():\n    return 'please wait, it loads'\n");
        put("src/other.py", "def unrelated():\n    return 'weather'\n", symbol("unrelated", "function", "", 1, 2));
        event("commit", "Make load retry failed requests", Map.of("commit", "4f2a91c0ffee"), List.of("src/cache.py"));
        event("note", "the cache is cleared on purpose", Map.of(), List.of("src/cache.py"));
    }

    @AfterEach
    void closeEngines() {
        index.close();
        vectors.close();
        history.close();
        metadata.close();
    }

    private static Symbol symbol(String name, String kind, String container, int start, int end) {
        return new Symbol(name, kind, container, start, end, name);
    }

    private void put(String path, String text, Symbol... symbols) {
        code.put(path, text);
        int lines = (int) text.lines().count();
        code.parsed(
                path,
                new Syntax(List.of(symbols), List.of(new Chunk(1, lines, 0, text.length(), "")), List.of(), true));
    }

    private void event(String kind, String text, Map<String, String> attributes, List<String> paths) {
        sequence++;
        Operation operation = new Operation(
                new ProjectId("p"),
                new Origin("o"),
                sequence,
                HybridTime.of(1_000_000 + sequence, 0),
                new Body.AppendEvent(kind, 1_000_000 + sequence, text, attributes, paths));
        history.apply(operation);
        metadata.apply(operation);
    }

    private Reply<ContextAnswer> reply(ContextRequest.Builder request, List<String> gaps) {
        LakeViews views = new LakeViews(
                new ProjectId("p"),
                code.view(),
                index.current(),
                vectors.view(),
                history.view(),
                metadata.view(),
                Map.of());
        return new Retrieval(RetrievalSettings.from(CONFIG), QueryMeaning.NONE, Runnable::run)
                .context(request.build(), views, gaps);
    }

    private ContextAnswer context(ContextRequest.Builder request) {
        return switch (reply(request, List.of())) {
            case Reply.Answered<ContextAnswer> answered -> answered.answer();
            case Reply.Refused<ContextAnswer> refused -> throw new AssertionError(refused.message());
        };
    }

    private static List<String> places(ContextAnswer answer) {
        return answer.getItemsList().stream()
                .map(item -> item.getPath() + ":" + item.getStartLine() + "-" + item.getEndLine())
                .toList();
    }

    @Test
    void aPlaceInALongDefinitionComesWithTheLinesAroundItWhereTheWholeIsTooMuch() {
        StringBuilder text = new StringBuilder("def long():\n");
        for (int line = 2; line <= 60; line++) {
            text.append(line == 40 ? "\n" : "    step_" + line + "()\n");
        }
        put("src/long.py", text.toString(), symbol("long", "function", "", 1, 60));
        ContextAnswer answer = context(
                ContextRequest.newBuilder().setPath("src/long.py").setLine(40).setTokens(400));
        assertEquals("src/long.py:34-46", places(answer).getFirst());
        assertTrue(answer.getTokens() <= 400);
    }

    @Test
    void aPlaceComesWithWhatItUsesAndWhoMentionsIt() {
        ContextAnswer answer =
                context(ContextRequest.newBuilder().setPath("src/cache.py").setLine(6));
        ContextItem first = answer.getItems(0);
        assertEquals("src/cache.py:5-7", places(answer).getFirst(), "the definition around the line");
        assertEquals("line 6, asked for", first.getWhy(0));
        assertTrue(
                places(answer).contains("src/policy.py:1-3"),
                () -> places(answer).toString());
        ContextItem policy = answer.getItemsList().stream()
                .filter(item -> item.getPath().equals("src/policy.py"))
                .findFirst()
                .orElseThrow();
        assertTrue(policy.getWhyList().contains("defines RetryPolicy, used in line 6"), policy::toString);
        assertTrue(
                answer.getItemsList().stream()
                        .anyMatch(item -> item.getPath().equals("src/main.py")
                                && item.getWhyList().contains("mentions load")),
                () -> places(answer).toString());
        assertFalse(
                answer.getItemsList().stream().anyMatch(item -> item.getPath().equals("src/loading.py")),
                "it has a word like the name, and not the name");
        assertFalse(
                answer.getItemsList().stream().anyMatch(item -> item.getPath().equals("src/other.py")),
                () -> places(answer).toString());
        assertTrue(answer.getComplete());
    }

    @Test
    void factsAreToldOnceWithTheFileTheyAreAbout() {
        ContextAnswer answer = context(ContextRequest.newBuilder()
                .setQuery("load retry failed requests")
                .setPath("src/cache.py"));
        assertEquals(
                List.of(
                        "notes: the cache is cleared on purpose",
                        "touched-by: src/cache.py: Make load retry failed requests"),
                answer.getFactsList().stream()
                        .map(fact -> fact.getKind() + ": " + fact.getText())
                        .toList(),
                "the commit happened and touched the file, which is one fact");
    }

    @Test
    void aQuestionIsAnsweredFromTheHitsOfASearch() {
        ContextAnswer answer = context(ContextRequest.newBuilder().setQuery("RetryPolicy"));
        assertEquals("src/policy.py", answer.getItems(0).getPath());
        assertEquals(
                context(ContextRequest.newBuilder().setQuery("RetryPolicy")).getItemsList(), answer.getItemsList());
        assertEquals(0, context(ContextRequest.newBuilder().setQuery("zzzqqq")).getItemsCount());
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithWhatWasFoundAndExpected() {
        for (ContextRequest.Builder wrong : List.of(
                ContextRequest.newBuilder(),
                ContextRequest.newBuilder().setQuery("x").setTokens(255),
                ContextRequest.newBuilder().setQuery("x").setTokens(-1),
                ContextRequest.newBuilder().setPath("src/cache.py").setLine(8),
                ContextRequest.newBuilder().setPath("nosuch.py"))) {
            assertInstanceOf(Reply.Refused.class, reply(wrong, List.of()), wrong::toString);
        }
        Reply.Refused<ContextAnswer> line = (Reply.Refused<ContextAnswer>)
                reply(ContextRequest.newBuilder().setPath("src/cache.py").setLine(8), List.of());
        assertEquals("line 8 was asked for, but src/cache.py has 7 lines", line.message());
    }

    @Test
    void gapsOfTheViewsMakeItIncomplete() {
        ContextAnswer answer = ((Reply.Answered<ContextAnswer>)
                        reply(ContextRequest.newBuilder().setQuery("RetryPolicy"), List.of("history: does not fit")))
                .answer();
        assertFalse(answer.getComplete());
        assertEquals(List.of("history: does not fit"), answer.getMissingList());
    }
}
