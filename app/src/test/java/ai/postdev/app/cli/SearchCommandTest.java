package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.v1.AsOf;
import ai.postdev.v1.Event;
import ai.postdev.v1.Hit;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.Relation;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.TimelineAnswer;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

/** What a search shows, and what it passes on. */
class SearchCommandTest extends CommandFixture {
    static final SearchAnswer ANSWER = SearchAnswer.newBuilder()
            .setQuery("retry")
            .setTookMs(3.25)
            .setMode("auto")
            .setComplete(true)
            .addAsOf(AsOf.newBuilder().setCommit("4f2a91c0ffee").setSequence(1234))
            .addHits(Hit.newBuilder()
                    .setProject("p")
                    .setPath("src/Retry.java")
                    .setStartLine(9)
                    .setEndLine(11)
                    .setSymbol("Retry.again")
                    .addWhy("definition")
                    .addWhy("text")
                    .setSnippet("void again() {\n"
                            + "\treturn later(\"\u001b[31m a line that is far too long for the"
                            + " terminal\");\n"
                            + "}"))
            .build();

    @Test
    void showsHitsWithPlaceReasonAndNumberedLines() {
        node.answers("Search", ANSWER);
        assertEquals(Exit.DONE, run("search", "retry"));
        assertEquals("""
            src/Retry.java:9-11  Retry.again
              definition, text
               9  void again() {
              10      return later("\ufffd[31m a line that is far too long f…
              11  }

            1 hit in 3.3 ms · auto · as of 4f2a91c0ff, sequence 1,234
            """, out);
        assertEquals("", err);
    }

    @Test
    void coloursOnlyWhereAsked() {
        node.answers("Search", ANSWER);
        run("search", "retry");
        assertFalse(out.contains("\u001b"), "a pipe gets no colours, and no file may send any");
        run("", true, "search", "retry");
        assertTrue(out.startsWith("\u001b[1;36msrc/Retry.java:9-11\u001b[0m"), out);
    }

    @Test
    void saysWhatIsMissing() {
        node.answers(
                "Search",
                ANSWER.toBuilder()
                        .setComplete(false)
                        .addMissing("lib: no answer")
                        .build());
        run("search", "retry");
        assertTrue(out.endsWith("not complete: lib: no answer\n"), out);
    }

    @Test
    void printsTheContractAsOneLineOfJson() {
        node.answers("Search", ANSWER);
        assertEquals(Exit.DONE, run("search", "--json", "retry"));
        assertTrue(out.startsWith("{\"query\":\"retry\",\"tookMs\":3.25,\"complete\":true,"), out);
        assertEquals(1, out.lines().count());
    }

    @Test
    void passesEveryFilterOn() throws InvalidProtocolBufferException {
        node.answers("Search", ANSWER);
        assertEquals(
                Exit.DONE,
                run(
                        "search",
                        "where",
                        "do",
                        "we",
                        "--project",
                        "app",
                        "--path=src/**",
                        "--lang",
                        "java",
                        "--mode",
                        "text",
                        "--at",
                        "HEAD~5",
                        "--limit",
                        "7"));
        assertEquals(
                SearchRequest.newBuilder()
                        .setQuery("where do we")
                        .setProject("app")
                        .setPath("src/**")
                        .setLanguage("java")
                        .setMode("text")
                        .setAt("HEAD~5")
                        .setLimit(7)
                        .build(),
                SearchRequest.parseFrom(node.asked.getFirst().message()));
    }

    @Test
    void aQueryMayBeginWithADashAfterTwo() throws InvalidProtocolBufferException {
        node.answers("Search", ANSWER);
        run("search", "--limit", "2", "--", "--verbose");
        assertEquals(
                "--verbose",
                SearchRequest.parseFrom(node.asked.getFirst().message()).getQuery());
    }

    @Test
    void projectsAreNamedWhereThereAreSeveral() {
        Event.Builder event = Event.newBuilder()
                .setTime("2026-05-03T15:00:00Z")
                .setKind("note")
                .setText("x");
        node.answers(
                "Timeline",
                TimelineAnswer.newBuilder()
                        .setComplete(true)
                        .addEvents(event.setProject("aaaa1111").setProjectName("app"))
                        .addEvents(event.setProject("bbbb2222").setProjectName(""))
                        .build());
        assertEquals(Exit.DONE, run("timeline"));
        assertEquals("""
            2026-05-03 15:00  note        app  x
            2026-05-03 15:00  note        bbbb2222  x
            """, out);
    }

    @Test
    void relationsAreGrouped() {
        node.answers(
                "Related",
                RelatedAnswer.newBuilder()
                        .setComplete(true)
                        .addRelations(Relation.newBuilder()
                                .setKind("touched-by")
                                .setType("commit")
                                .setKey("4f2a91c0ffee1")
                                .setTime("2026-05-03T15:00:00Z")
                                .setText("Guard against null"))
                        .addRelations(Relation.newBuilder()
                                .setKind("defines")
                                .setType("symbol")
                                .setKey("A.b")
                                .setStartLine(4))
                        .build());
        assertEquals(Exit.DONE, run("related", "A.java"));
        assertEquals("""
            touched-by
              4f2a91c0ff  2026-05-03 15:00  Guard against null
            defines
              A.b:4
            """, out);
    }
}
