package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.CodeThen;
import ai.postdev.v1.Event;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.Relation;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandLineTest extends CommandFixture {
    @Test
    void exitCodesFollowTheContract() throws IOException {
        node.answers("Search", SearchAnswer.newBuilder().setComplete(true).build());
        assertEquals(Exit.NOTHING, run("search", "nothing"));
        for (Map.Entry<FaultCode, Integer> each : Map.of(
                        FaultCode.NOT_FOUND, 1,
                        FaultCode.INVALID_ARGUMENT, 2,
                        FaultCode.FAILED_PRECONDITION, 4,
                        FaultCode.PERMISSION_DENIED, 4,
                        FaultCode.INTERNAL, 5)
                .entrySet()) {
            node.refuses("Search", each.getKey(), "because");
            assertEquals(each.getValue(), run("search", "x"), each.getKey().name());
            assertEquals("postdevai: because\n", err);
        }
        node.refuses("Search", FaultCode.NOT_FOUND, "because");
        assertEquals(Exit.NOTHING, run("search", "x", "--json"));
        assertEquals("{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"because\"}}\n", out);
        node.close();
        Files.delete(folder.resolve("home").resolve("run").resolve("node.sock"));
        assertEquals(Exit.NO_NODE, run("search", "x"));
        assertTrue(err.contains("start one with: postdevai up PATH"), err);
    }

    @Test
    void wrongUseIsExplained() {
        for (List<String> wrong : List.of(
                List.of("serch", "x"),
                List.of("search", "x", "--colour"),
                List.of("search", "x", "--limit"),
                List.of("search", "x", "--limit", "0"),
                List.of("search", "x", "--limit", "many"),
                List.of("search"),
                List.of("search", "--stdin", "x"),
                List.of("show"),
                List.of("show", "a", "b"),
                List.of("up", "--role", "king"),
                List.of("up", "not-there"),
                List.<String>of())) {
            assertEquals(Exit.USAGE, run(wrong.toArray(String[]::new)), wrong + ": " + err);
            assertFalse(err.isBlank(), wrong.toString());
        }
        assertTrue(node.asked.isEmpty(), "nothing wrong may reach the node: " + node.asked);
    }

    @Test
    void laterVerbsSaySo() {
        for (String verb : Verbs.LATER) {
            assertEquals(Exit.REFUSED, run(verb, "x"));
            assertTrue(err.startsWith("not supported: "), err);
        }
    }

    @Test
    void benchKnowsItsSuites() {
        assertEquals(Exit.REFUSED, run("bench", "other", "."));
        assertTrue(err.contains("this version has: ask, node, overload, recovery, semble, soak"), err);
        assertEquals(Exit.FAILED, run("bench", "semble", "not-there", "--text-only"));
        assertTrue(err.contains(folder.resolve("not-there").toString()), err);
    }

    @Test
    void helpNamesEveryVerbAndOption() {
        assertEquals(Exit.DONE, run("--help"));
        for (Verb verb : Verbs.ALL) {
            assertTrue(out.contains(" " + verb.name()), verb.name());
        }
        for (Verb verb : Verbs.ALL) {
            assertEquals(Exit.DONE, run(verb.name(), "--help"));
            for (Option option : verb.options()) {
                assertTrue(out.contains(option.name()), verb.name() + " " + option.name() + " in " + out);
            }
        }
        assertEquals(Exit.DONE, run("--version"));
    }

    @Test
    void completionIsAScriptForTheShell() {
        assertEquals(Exit.DONE, run("completion", "bash"));
        assertTrue(out.contains("_complete_postdevai"), "the script registers its function");
        assertTrue(out.contains("--stdin"));
        assertEquals(Exit.REFUSED, run("completion", "tcsh"));
    }

    @Test
    void bothParsersUnderstandTheSame() {
        String[] args = {"search", "a", "--limit=3", "b", "--json", "--", "-c"};
        Arguments fast = Arguments.plain(args);
        Arguments[] slow = new Arguments[1];
        Manual.answer(args, terminalForParsing(), arguments -> {
            slow[0] = arguments;
            return 0;
        });
        assertEquals(fast.options(), slow[0].options());
        assertEquals(fast.positional(), slow[0].positional());
        assertEquals(fast.verb(), slow[0].verb());
    }

    private Terminal terminalForParsing() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(
                new ByteArrayInputStream(new byte[0]),
                nowhere,
                nowhere,
                false,
                false,
                60,
                ZoneOffset.UTC,
                folder,
                Map.of());
    }

    @Test
    void batchAnswersLineByLineInOrder() throws InvalidProtocolBufferException {
        node.answers("Search", SearchCommandTest.ANSWER);
        int code = run(
                "retry\n\n{\"query\":\"/x+/\",\"mode\":\"regex\"}\n{\"nope\":1}\nlast\n",
                false,
                "search",
                "--stdin",
                "--limit",
                "4");
        List<String> lines = out.lines().toList();
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).startsWith("{\"query\":"), lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"error\":{\"code\":\"INVALID_ARGUMENT\""), lines.get(2));
        assertTrue(lines.get(3).startsWith("{\"query\":"), lines.get(3));
        assertEquals(Exit.USAGE, code, "the worst of the lines");
        SearchRequest second = SearchRequest.parseFrom(node.asked.get(1).message());
        assertEquals("/x+/", second.getQuery());
        assertEquals("regex", second.getMode());
        assertEquals(4, second.getLimit(), "options hold for every line");
    }

    @Test
    void batchRemembers() throws InvalidProtocolBufferException {
        node.answers("Remember", RememberAnswer.newBuilder().setSequence(5).build());
        assertEquals(Exit.DONE, run("a note\n{\"text\":\"another\",\"path\":\"x\"}\n", false, "remember", "--stdin"));
        assertEquals(2, out.lines().count());
        assertEquals(
                "another",
                RememberRequest.parseFrom(node.asked.get(1).message()).getText());
    }

    @Test
    void recallShowsTheCodeAsItWasAndWhatMendedIt() {
        RecallAnswer answer = RecallAnswer.newBuilder()
                .setComplete(true)
                .addEvents(Event.newBuilder()
                        .setTime("2026-05-03T15:00:00Z")
                        .setKind("error")
                        .setSequence(77)
                        .setPinned(true)
                        .setText("boom")
                        .addCode(CodeThen.newBuilder()
                                .setPath("src/A.java")
                                .setLine(10)
                                .setStartLine(9)
                                .setEndLine(11)
                                .setText("void a() {\n\tb(\"\u001b[31m\");\n}")
                                .setSequence(70)
                                .setChangedTime("2026-05-03T15:09:00Z")
                                .setChange("@@ -10 +10 @@\n-\tb(\"\u001b[31m\");\n+\tc();")
                                .setCut(true)))
                .build();
        node.answers("Recall", answer);
        assertEquals(Exit.DONE, run("recall", "boom"));
        assertEquals("""
            2026-05-03 15:00  error       #77 pinned  boom
                src/A.java:10 as it was then, show it all with --at 70
                   9 void a() {
                > 10     b("\ufffd[31m");
                  11 }
                changed 2026-05-03 15:09, the nearest lines:
                  @@ -10 +10 @@
                  -    b("\ufffd[31m");
                  +    c();

            """, out);
        assertEquals(Exit.DONE, run("", true, "recall", "boom"));
        assertTrue(out.contains("\u001b[1;31m-    b"), out);
        assertTrue(out.contains("\u001b[32m+    c();"), out);
        assertEquals(Exit.DONE, run("recall", "boom", "--json"));
        assertTrue(out.contains("\"code\":[{\"path\":\"src/A.java\",\"line\":10,"), out);
    }

    @Test
    void aWayIsShownStepByStep() throws InvalidProtocolBufferException {
        RelatedAnswer way = RelatedAnswer.newBuilder()
                .setTarget("a.c")
                .setKind("path")
                .setComplete(true)
                .addRelations(Relation.newBuilder()
                        .setKind("touches")
                        .setType("commit")
                        .setKey("4f2a91c0ffee1")
                        .setFromType("file")
                        .setFromKey("a.c")
                        .setBackward(true)
                        .setText("Mend it"))
                .addRelations(
                        Relation.newBuilder().setKind("touches").setType("file").setKey("b.c"))
                .build();
        node.answers("Related", way);
        assertEquals(Exit.DONE, run("related", "a.c", "--to", "b.c"));
        assertEquals("""
            a.c
              ← touches ─ commit 4f2a91c0ff  Mend it
              ─ touches → b.c
            """, out);
        assertEquals(
                "b.c", RelatedRequest.parseFrom(node.asked.getFirst().message()).getTo());
        node.answers("Related", way.toBuilder().clearRelations().build());
        assertEquals(Exit.NOTHING, run("related", "a.c", "--to", "b.c"));
        assertEquals("no way from a.c within the bounds\n", out);
    }

    @Test
    void pinAndUnpinNameTheEvent() throws InvalidProtocolBufferException {
        Event event = Event.newBuilder()
                .setTime("2026-05-03T15:00:00Z")
                .setKind("error")
                .setSequence(77)
                .setPinned(true)
                .setText("boom")
                .build();
        node.answers("Pin", PinAnswer.newBuilder().setEvent(event).build());
        assertEquals(Exit.DONE, run("pin", "77"));
        assertTrue(out.startsWith("pinned: no rule of retention drops this event\n2026-05-03 15:00  error"), out);
        assertEquals(Exit.DONE, run("unpin", "laptop/77", "--project", "p", "--json"));
        assertTrue(out.startsWith("{\"event\":{\"origin\":\"\",\"sequence\":77,"), out);
        PinRequest first = PinRequest.parseFrom(node.asked.getFirst().message());
        PinRequest second = PinRequest.parseFrom(node.asked.getLast().message());
        assertEquals("77", first.getEvent());
        assertEquals(folder.toString(), first.getCwd());
        assertFalse(first.getUnpin());
        assertEquals("laptop/77", second.getEvent());
        assertTrue(second.getUnpin());
    }

    @Test
    void recallReadsStandardInputForADash() {
        node.answers(
                "Recall",
                RecallAnswer.newBuilder()
                        .setComplete(true)
                        .addEvents(Event.newBuilder()
                                .setTime("2026-05-03T15:00:00Z")
                                .setKind("error")
                                .setText("NullPointerException at A")
                                .addWhy("same fingerprint")
                                .addFollowedBy(Event.newBuilder()
                                        .setTime("2026-05-03T15:09:00Z")
                                        .setKind("commit")
                                        .putAttributes("commit", "4f2a91c0ffee1")
                                        .setText("Guard against null")))
                        .build());
        assertEquals(Exit.DONE, run("NullPointerException\n at A\n", false, "recall", "-"));
        assertEquals("""
            2026-05-03 15:00  error       NullPointerException at A
                same fingerprint
              → 2026-05-03 15:09  commit      4f2a91c0ff  Guard against null

            """, out);
    }
}
