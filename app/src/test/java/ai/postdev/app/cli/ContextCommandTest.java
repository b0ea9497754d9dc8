package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Relation;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

/** A context for people and for a prompt. */
class ContextCommandTest extends CommandFixture {
    private static ContextAnswer context() {
        return ContextAnswer.newBuilder()
                .setComplete(true)
                .setBudget(4000)
                .setTokens(1234)
                .setLeftOut(2)
                .setTookMs(3.14)
                .addItems(ContextItem.newBuilder()
                        .setProject("p")
                        .setPath("src/A.java")
                        .setStartLine(9)
                        .setEndLine(10)
                        .setSymbol("A.run")
                        .setLanguage("java")
                        .addWhy("defines run")
                        .setText("void run() {\n\u001b[31m}"))
                .addFacts(Relation.newBuilder()
                        .setProject("p")
                        .setKind("notes")
                        .setType("note")
                        .setTime("2026-05-03T15:00:00Z")
                        .setText("mind the gap"))
                .build();
    }

    @Test
    void aContextShowsEvidenceFactsAndTheBudget() {
        node.answers("Context", context());
        assertEquals(Exit.DONE, run("context", "how", "does", "it", "run"));
        assertEquals("""
            src/A.java:9-10  A.run
              defines run
               9  void run() {
              10  \ufffd[31m}

            also
              notes (2026-05-03): mind the gap

            1 passage, 1 fact · at most 1,234 of 4,000 tokens · left out: 2 passages, 0 facts · 3.1 ms
            """, out);
    }

    @Test
    void aContextAsMarkdownCanBePasted() throws InvalidProtocolBufferException {
        node.answers("Context", context());
        assertEquals(
                Exit.DONE, run("context", "--markdown", "--file", "/code/A.java", "--line", "9", "--tokens", "500"));
        assertEquals("""
            ### src/A.java:9-10 A.run
            Why: defines run
            ```java
            void run() {
            \u001b[31m}
            ```

            ### Also
            - notes (2026-05-03): mind the gap

            Left out for want of room: 2 passages, 0 facts.
            """, out);
        ContextRequest asked = ContextRequest.parseFrom(node.asked.getLast().message());
        assertEquals("/code/A.java 9 500", asked.getPath() + " " + asked.getLine() + " " + asked.getTokens());
        assertEquals(Exit.USAGE, run("context", "--line", "9"));
    }
}
