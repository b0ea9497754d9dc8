package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
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
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.Hit;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of ranking on a corpus where it decides. */
class RetrievalTest {
    // However busy the machine is, no answer lacks something for want of time.
    private static final Config CONFIG = ConfigFactory.parseString("postdevai.lake.retrieval.deadline = 10m")
            .withFallback(ConfigFactory.parseResources("reference.conf"))
            .resolve();
    private static final String MODEL = "test-model";

    private final TextIndex index = TextIndex.inMemory();
    private final VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final HistoryEngine history = new HistoryEngine(HistorySettings.from(CONFIG));
    private final MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(CONFIG));
    private final TestCode code = new TestCode(CONFIG, index);
    private QueryMeaning meaning = QueryMeaning.NONE;
    private long sequence;

    @AfterEach
    void closeEngines() {
        index.close();
        vectors.close();
        history.close();
        metadata.close();
    }

    private void put(String path, String text) {
        code.put(path, text);
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

    private Reply<SearchAnswer> reply(SearchRequest request) {
        LakeViews views = views();
        return new Retrieval(RetrievalSettings.from(CONFIG), meaning, Runnable::run)
                .search(
                        request,
                        views,
                        request.getAt().isEmpty() ? views.code() : views.code().at(Long.parseLong(request.getAt())));
    }

    private SearchAnswer search(SearchRequest request) {
        return switch (reply(request)) {
            case Reply.Answered<SearchAnswer> answered -> answered.answer();
            case Reply.Refused<SearchAnswer> refused -> throw new AssertionError(refused.message());
        };
    }

    private List<String> paths(String query, String mode) {
        return search(SearchRequest.newBuilder().setQuery(query).setMode(mode).build()).getHitsList().stream()
                .map(Hit::getPath)
                .distinct()
                .toList();
    }

    private List<String> paths(String query) {
        return paths(query, "");
    }

    @Test
    void putsTheDefinitionBeforeItsUses() {
        put("use.py", "from a import RetryPolicy\n" + "RetryPolicy().run(RetryPolicy)\n".repeat(5));
        put("policy.py", "class RetryPolicy:\n    pass\n");
        assertEquals(List.of("policy.py", "use.py"), paths("RetryPolicy"));
        assertTrue(search(SearchRequest.newBuilder().setQuery("RetryPolicy").build())
                .getHits(0)
                .getWhyList()
                .contains("defines RetryPolicy"));
    }

    @Test
    void putsTheDefinitionInTheFileNamedAfterItFirst() {
        put("a_misc.py", "class Widget:\n    x = 1\n");
        put("widget.py", "import y\nclass Widget:\n    x = 1\n");
        assertEquals("widget.py", paths("Widget").getFirst());
    }

    @Test
    void putsAMentionedIdentifiersDefinitionFirst() {
        put("other.go", "// how requests are dispatched to handlers, dispatch of requests\nfunc dispatch() {}\n");
        put("route.go", "type RouteTable struct {\n  x int\n}\n");
        assertEquals("route.go", paths("how RouteTable dispatches requests").getFirst());
    }

    @Test
    void takesTheFileThatHandsANameOnForItsDefinitionWhenThereIsNone() {
        put("aa_user.rs", "use outer::Extractor;\nfn go(e: Extractor) { Extractor::new(); Extractor::old() }\n");
        put("extract/mod.rs", "//! things\n\npub use outer::{\n    Extractor, Other,\n};\n");
        assertEquals("extract/mod.rs", paths("Extractor").getFirst());
    }

    @Test
    void prefersAFileWhosePathNamesTheWords() {
        String body = "def open_all(items):\n    # session cookie handling for a session cookie\n    return items\n";
        put("b/alpha.py", body);
        put("a/session_cookie.py", body.replace("open_all", "open_each"));
        put("a/aaa.py", body.replace("open_all", "open_some"));
        assertEquals("a/session_cookie.py", paths("session cookie handling").getFirst());
    }

    @Test
    void prefersAFileThatSpeaksOfItThroughout() {
        String filler = "\n" + "line of other things\n".repeat(80) + "\n";
        put("a.txt", "throttle requests" + filler);
        put("b.txt", "throttle requests" + filler + "throttle requests" + filler + "throttle requests" + filler);
        assertEquals("b.txt", paths("throttle requests").getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "src/test/java/a/CacheTest.java",
        "pkg/cache_test.go",
        "tests/test_cache.py",
        "vendor/x/cache.go",
        "third_party/cache.c",
        "gen/cache.pb.go",
        "examples/cache.py",
        "legacy/cache.py",
    })
    void ranksTestsCopiesAndExamplesBelowTheCode(String lower) {
        String text = "evict cache entries by age\n";
        put(lower, text);
        put("zz/store.go", text);
        assertEquals(List.of("zz/store.go", lower), paths("evict cache entries"));
    }

    @Test
    void doesNotRankTestsLowerForAQuestionAboutTests() {
        String text = "evict cache entries by age\n";
        put("cache_test.go", text);
        put("zz/store.go", text);
        assertEquals(
                "cache_test.go", paths("test that cache entries are evicted").getFirst());
    }

    @Test
    void ranksADeprecatedClassBelowTheOneThatReplacesIt() {
        put(
                "a/StrJoiner.java",
                "/** Joins strings. */\n@Deprecated\npublic class StrJoiner {\n  // joins strings\n}\n");
        put("b/TextJoiner.java", "/** Joins strings. */\npublic class TextJoiner {\n  // joins strings\n}\n");
        assertEquals("b/TextJoiner.java", paths("joins strings").getFirst());
    }

    @Test
    void showsEveryFileBeforeAnyFileTwice() {
        String section = "# retry failed requests\n" + "text of something else\n".repeat(70) + "\n";
        put("long.txt", section.repeat(6));
        put("short.txt", "retry failed requests\n");
        List<String> hits =
                search(SearchRequest.newBuilder()
                                .setQuery("retry failed requests")
                                .build())
                        .getHitsList()
                        .stream()
                        .map(Hit::getPath)
                        .toList();
        assertEquals(2, hits.subList(0, 2).stream().distinct().count());
        assertTrue(hits.size() > 2, "further places fill what is left: " + hits);
    }

    @Test
    void showsTheLinesThatHoldTheWords() {
        put(
                "a.py",
                "x = 1\n".repeat(20) + "def flush_queue(q):\n    q.drain_pending_writes()\n" + "y = 2\n".repeat(20));
        Hit hit = search(SearchRequest.newBuilder()
                        .setQuery("drain pending writes")
                        .build())
                .getHits(0);
        assertTrue(hit.getStartLine() <= 22 && hit.getEndLine() >= 22, hit.toString());
        assertTrue(hit.getSnippet().startsWith("def flush_queue"), hit.getSnippet());
        assertEquals(hit.getEndLine() - hit.getStartLine() + 1, hit.getSnippet().split("\n", -1).length);
    }

    private static QueryMeaning queryMeans(float... vector) {
        return new QueryMeaning() {
            @Override
            public String model(LakeViews views) {
                return MODEL;
            }

            @Override
            public Optional<float[]> of(String query, String model) {
                return Optional.of(vector);
            }

            @Override
            public Optional<String> whyNot(String model) {
                return Optional.empty();
            }
        };
    }

    private void closeInPython() {
        String text = "def close(x):\n    x.shut()\n";
        put("a.py", text);
        code.parsed(
                "a.py",
                new Syntax(List.of(), List.of(new Syntax.Chunk(1, 2, 0, text.length(), "close")), List.of(), true));
        embed(ContentHash.of(text), new float[] {1, 0});
    }

    @Test
    void whatIsFarInMeaningIsNotFoundWhenNoWordOfTheQueryOccurs() {
        closeInPython();
        meaning = queryMeans(0.2f, 0.98f);
        assertEquals(List.of(), paths("qzxv blorp wibble"));
        assertEquals(
                List.of("a.py"), paths("qzxv blorp wibble", "vector"), "who asks for meaning alone gets the nearest");
        assertEquals(List.of("a.py"), paths("qzxv shut wibble"), "a word that occurs");
        meaning = queryMeans(0.9f, 0.1f);
        assertEquals(List.of("a.py"), paths("terminate session"));
        Hit hit = search(
                        SearchRequest.newBuilder().setQuery("terminate session").build())
                .getHits(0);
        assertEquals(List.of("near in meaning only: no word of the query occurs"), hit.getWhyList());
    }

    @Test
    void findsByMeaningWhatNoWordFinds() {
        put("a.py", "def close(x):\n    x.shut()\n");
        put("b.py", "def open(x):\n    x.start()\n");
        String text = "def close(x):\n    x.shut()\n";
        code.parsed(
                "a.py",
                new Syntax(List.of(), List.of(new Syntax.Chunk(1, 2, 0, text.length(), "close")), List.of(), true));
        embed(ContentHash.of(text), new float[] {1, 0});
        meaning = queryMeans(0.9f, 0.1f);
        assertEquals(List.of("a.py"), paths("terminate"));
        assertEquals(List.of("a.py"), paths("terminate", "vector"));
        assertEquals(List.of(), paths("terminate", "text"));
        assertEquals(List.of(), paths("frobQux_2"), "a name that occurs nowhere is not found");
    }

    private void embed(ContentHash hash, float[] vector) {
        sequence++;
        vectors.apply(new Operation(
                new ProjectId("p"),
                new Origin("o"),
                sequence,
                HybridTime.of(sequence, 0),
                new Body.PutEmbedding(hash, MODEL, vector)));
    }

    @Test
    void searchOfThePastByMeaningSaysWhichTextsItLacks() {
        String text = "def close(x):\n    x.shut()\n";
        put("same.py", text);
        put("a.py", "def finish(x):\n    x.end()\n");
        put("other/b.py", "def leave(x):\n    x.go()\n");
        long then = code.view().sequence();
        code.parsed(
                "same.py",
                new Syntax(List.of(), List.of(new Syntax.Chunk(1, 2, 0, text.length(), "close")), List.of(), true));
        embed(ContentHash.of(text), new float[] {1, 0});
        meaning = queryMeans(0.9f, 0.1f);
        SearchRequest past = SearchRequest.newBuilder()
                .setQuery("terminate")
                .setMode("vector")
                .setAt(Long.toString(then))
                .build();
        assertTrue(search(past).getComplete(), "nothing has changed since: as complete as the present is");
        put("a.py", text + "# changed before it was embedded\n");
        put("other/b.py", text + "# changed too\n");
        SearchAnswer answer = search(past);
        assertEquals("same.py", answer.getHits(0).getPath());
        assertFalse(answer.getComplete());
        assertTrue(
                answer.getMissing(0).startsWith("meaning: 2 of the 2 texts that have changed"), answer.getMissing(0));
        assertTrue(search(past.toBuilder().setPath("other/**").build())
                .getMissing(0)
                .startsWith("meaning: 1 of the 1"));
        assertTrue(search(past.toBuilder().setMode("text").build()).getComplete(), "words are found in full");
    }

    @Test
    void saysWhatIsMissingWhenNothingIsEmbedded() {
        put("a.py", "x\n");
        SearchAnswer answer = search(
                SearchRequest.newBuilder().setQuery("x").setMode("vector").build());
        assertFalse(answer.getComplete());
        assertTrue(answer.getMissing(0).startsWith("meaning: "), answer.getMissing(0));
    }

    @Test
    void readsSlashesAsARegularExpressionAndQuotesAsALiteral() {
        put("a.go", "func main() {\n\tserve(8080)\n}\n");
        put("b.go", "func Main() {}\n// serve(80)\n");
        assertEquals(List.of("a.go"), paths("/serve\\(\\d{4}\\)/"));
        assertEquals(List.of("a.go", "b.go"), paths("/func main/i"));
        assertEquals(List.of("b.go"), paths("\"serve(80)\""));
        assertEquals(List.of("a.go"), paths("\\d{4}", "regex"));
        assertEquals(
                "regex",
                search(SearchRequest.newBuilder().setQuery("/x/").build()).getMode());
    }

    @Test
    void findsSymbolsByNameCaseBeginningAndWord() {
        put("a.py", "def parse_header(): pass\n");
        put("b.py", "def parse_header_line(): pass\n");
        put("c.py", "def lazy_parse(): pass\n");
        code.parsed("a.py", symbol("parse_header"));
        code.parsed("b.py", symbol("parse_header_line"));
        code.parsed("c.py", symbol("lazy_parse"));
        assertEquals(List.of("a.py", "b.py", "c.py"), paths("parse_header", "symbol"));
        assertEquals("a.py", paths("PARSE_HEADER", "symbol").getFirst());
    }

    private static Syntax symbol(String name) {
        return new Syntax(
                List.of(new Syntax.Symbol(name, "function", "", 1, 1, "def " + name + "()")),
                List.of(),
                List.of(),
                true);
    }

    @Test
    void showsAnEmptyFileThatOnlyItsPathNames() {
        put("retry/policy.py", "");
        Hit hit = search(SearchRequest.newBuilder().setQuery("retry policy").build())
                .getHits(0);
        assertEquals("", hit.getSnippet());
        assertEquals(1, hit.getStartLine());
    }

    @Test
    void keepsToPathAndLanguage() {
        put("src/a.py", "needle\n");
        put("src/a.go", "needle\n");
        put("lib/a.go", "needle\n");
        assertEquals(
                List.of("src/a.go"),
                search(SearchRequest.newBuilder()
                                .setQuery("needle")
                                .setPath("src/**")
                                .setLanguage("go")
                                .build())
                        .getHitsList()
                        .stream()
                        .map(Hit::getPath)
                        .toList());
    }

    @Test
    void searchesThePastAsItWas() {
        put("a.py", "old needle\n");
        put("b.py", "needle elsewhere\n");
        long then = code.view().sequence();
        put("a.py", "new text\n");
        code.remove("b.py");
        assertEquals(List.of(), paths("needle"));
        SearchRequest past = SearchRequest.newBuilder()
                .setQuery("needle")
                .setAt(Long.toString(then))
                .build();
        SearchAnswer answer = search(past);
        assertEquals(
                List.of("a.py", "b.py"),
                answer.getHitsList().stream().map(Hit::getPath).sorted().toList());
        assertEquals(then, answer.getAsOf(0).getSequence());
        assertTrue(
                answer.getHitsList().stream().anyMatch(hit -> hit.getSnippet().equals("old needle")));
        assertEquals(
                List.of("a.py"),
                search(past.toBuilder().setQuery("/^old/").build()).getHitsList().stream()
                        .map(Hit::getPath)
                        .toList());
    }

    @Test
    void givesTheSameAnswerEveryTime() {
        for (int i = 0; i < 30; i++) {
            put("f" + i + ".py", "def handler_" + i + "():\n    retry the failed request\n");
        }
        SearchRequest request = SearchRequest.newBuilder()
                .setQuery("retry failed request handler")
                .build();
        SearchAnswer first = search(request).toBuilder().clearTookMs().build();
        for (int i = 0; i < 5; i++) {
            assertEquals(first, search(request).toBuilder().clearTookMs().build());
        }
    }

    @Test
    void refusesWhatCannotBeReadAndSaysWhy() {
        put("a.py", "x\n");
        for (SearchRequest bad : List.of(
                SearchRequest.newBuilder().setQuery(" ").build(),
                SearchRequest.newBuilder().setQuery("x").setMode("fuzzy").build(),
                SearchRequest.newBuilder().setQuery("x").setPath("[").build(),
                SearchRequest.newBuilder().setQuery("x").setLanguage("klingon").build(),
                SearchRequest.newBuilder().setQuery("/(/").build(),
                SearchRequest.newBuilder().setQuery("x".repeat(5_000)).build())) {
            Reply.Refused<?> refused = assertInstanceOf(Reply.Refused.class, reply(bad), bad.toString());
            assertEquals(Reply.Reason.INVALID, refused.reason());
            assertFalse(refused.message().isBlank());
        }
    }
}
