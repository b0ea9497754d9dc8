package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.CodeThen;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.Event;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.Finding;
import ai.postdev.v1.Hit;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.ProjectsAnswer;
import ai.postdev.v1.RamDisk;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.Relation;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.VersionsAnswer;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path folder;

    private Partner node;
    private String out;
    private String err;

    @BeforeEach
    void open() throws IOException {
        System.setProperty("postdevai.home", folder.resolve("home").toString());
        node = new Partner(folder.resolve("home"));
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        System.clearProperty("postdevai.home");
    }

    private int run(String... args) {
        return run("", false, args);
    }

    private int run(String in, boolean colour, String... args) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                colour,
                false,
                60,
                ZoneOffset.UTC,
                folder,
                Map.of());
        int code = Main.run(args, terminal);
        terminal.flush();
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    private static final SearchAnswer ANSWER = SearchAnswer.newBuilder()
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

    private static final LakeAnswer MEMORY = LakeAnswer.newBuilder()
            .setBudgetBytes(2_000_000_000)
            .setResidentBytes(900_000_000)
            .setJavaBytes(300_000_000)
            .setBaseBytes(400_000_000)
            .setAvailableBytes(510_000_000)
            .setRefused(2)
            .setGivenBackBytes(4_194_304)
            .addShares(MemoryShare.newBuilder()
                    .setStore("code")
                    .setPercent(40)
                    .setLimitBytes(640_000_000)
                    .setUsedBytes(500_000_000))
            .addHoldings(MemoryHolding.newBuilder()
                    .setProject("p1")
                    .setName("app")
                    .setPart("texts")
                    .setStore("code")
                    .setBytes(450_000_000))
            .addHoldings(MemoryHolding.newBuilder()
                    .setProject("p1")
                    .setName("app")
                    .setPart("graph")
                    .setStore("metadata")
                    .setBytes(50_000_000))
            .setRamDisk(RamDisk.newBuilder()
                    .setFolder("/dev/shm")
                    .setCapacityBytes(8_000_000_000L)
                    .setFreeBytes(7_000_000_000L)
                    .setMappedBytes(450_000_000))
            .build();

    @Test
    void showsMemoryByStoreAndProjectAndChangesTheBudget() throws InvalidProtocolBufferException {
        node.answers("Lake", MEMORY);
        assertEquals(
                Exit.DONE,
                run("lake", "--budget", "1.5GiB", "--shares", "vector=10,code=70,history=10,metadata=10"),
                () -> err);
        assertEquals("""
            memory
              900 MB of 2.0 GB · stores 500 MB of 510 MB · besides 400 MB (Java holds 300 MB)
              full: texts that do not fit are read from disk; make room with --budget SIZE or forget · 4.2 MB given back
              store  share  its own    used
              code    40 %   640 MB  500 MB
            projects
              name   texts  code index  vectors  events    graph  together
              app   450 MB         0 B      0 B     0 B  50.0 MB    500 MB
            RAM disk
              /dev/shm · 450 MB in use · 7.0 GB of 8.0 GB free
            """, out);
        LakeRequest asked = LakeRequest.parseFrom(node.asked.getFirst().message());
        assertEquals(1_610_612_736L, asked.getBudgetBytes());
        assertEquals(Map.of("vector", 10, "code", 70, "history", 10, "metadata", 10), asked.getSharesMap());
        assertEquals(Exit.USAGE, run("lake", "--budget", "much"));
        assertTrue(err.contains("found 'much'"), err);
        assertEquals(Exit.USAGE, run("lake", "--shares", "code"));
        assertTrue(err.contains("found 'code'"), err);
    }

    @Test
    void sizesAreReadAsPeopleWriteThem() throws ClientFault {
        assertEquals(800_000_000, ByteSize.parse("800MB"));
        assertEquals(2L << 30, ByteSize.parse(" 2 gib "));
        assertEquals(2L << 30, ByteSize.parse("2g"));
        assertEquals(1_500, ByteSize.parse("1.5kb"));
        assertEquals(77, ByteSize.parse("77"));
        assertEquals(77, ByteSize.parse("77b"));
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
        assertTrue(err.contains("this version has: node, overload, semble, soak"), err);
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
        node.answers("Search", ANSWER);
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

    @Test
    void showMeansFromHereFirst() throws Exception {
        node.refuses("Show", FaultCode.NOT_FOUND, "lies in no remembered project");
        assertEquals(Exit.NOTHING, run("show", "src/A.java"));
        assertEquals(2, node.asked.size());
        assertEquals(
                folder.resolve("src/A.java").toString(),
                ShowRequest.parseFrom(node.asked.get(0).message()).getPath());
        assertEquals(
                "src/A.java", ShowRequest.parseFrom(node.asked.get(1).message()).getPath());
        node.answers("Show", ShowAnswer.newBuilder().setText("one\n\u001btwo").build());
        run("show", "src/A.java");
        assertEquals("one\n\u001btwo", out, "a pipe gets the file as it is");
        run("", true, "show", "src/A.java");
        assertEquals("one\n\ufffdtwo\n", out, "a terminal is protected");
    }

    @Test
    void timelineIsOneEventALine() {
        node.answers(
                "Timeline",
                TimelineAnswer.newBuilder()
                        .setComplete(true)
                        .addEvents(Event.newBuilder()
                                .setTime("2026-05-03T15:00:00Z")
                                .setKind("note")
                                .setText("first\nsecond"))
                        .build());
        assertEquals(Exit.DONE, run("timeline", "--since", "2h"));
        assertEquals("2026-05-03 15:00  note        first\n    second\n", out);
    }

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

    @Test
    void aDiffGoesToAPipeAsItIs() {
        String diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\n";
        node.answers(
                "Diff",
                DiffAnswer.newBuilder()
                        .setChange("modified")
                        .setPath("x")
                        .setDiff(diff)
                        .build());
        assertEquals(Exit.DONE, run("diff", "/code/x", "--from", "HEAD~1"));
        assertEquals(diff, out);
        node.answers(
                "Diff", DiffAnswer.newBuilder().setChange("none").setPath("x").build());
        assertEquals(Exit.NOTHING, run("diff", "/code/x", "--from", "HEAD~1"));
        assertEquals("", out);
        assertTrue(err.startsWith("no difference in x"), err);
    }

    @Test
    void versionsAreOneALine() {
        node.answers(
                "Versions",
                VersionsAnswer.newBuilder()
                        .setComplete(true)
                        .addVersions(FileVersion.newBuilder()
                                .setTime("2026-05-03T15:00:00Z")
                                .setSequence(7)
                                .setCommit("4f2a91c0ffee1")
                                .setBytes(1200)
                                .setAdded(3)
                                .setRemoved(1)
                                .setSource("lake"))
                        .addVersions(FileVersion.newBuilder()
                                .setTime("2026-05-01T15:00:00Z")
                                .setCommit("c0ffee1234567")
                                .setText("Begin")
                                .setSource("git"))
                        .build());
        assertEquals(Exit.DONE, run("timeline", "--versions", "--path", "/code/x"));
        assertEquals("""
            2026-05-03 15:00  sequence 7    4f2a91c0ff    1.2 kB  +3 −1
            2026-05-01 15:00  git           c0ffee1234  Begin
            """, out);
        assertEquals(Exit.USAGE, run("timeline", "--versions"));
        assertEquals(Exit.USAGE, run("timeline", "--versions", "--path", "x", "--kind", "commit"));
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

    @Test
    void projectsAreATable() {
        node.answers(
                "Projects",
                ProjectsAnswer.newBuilder()
                        .addProjects(ProjectStatus.newBuilder()
                                .setId("aaaa1111bbbb2222")
                                .setName("app")
                                .setRoot("/code/app")
                                .setFiles(1234)
                                .setBytes(5_600_000)
                                .setSymbols(99)
                                .setChunks(20)
                                .setEmbedded(3)
                                .setCommits(7)
                                .setState("watching")
                                .setIndexed(true)
                                .setBranch("main")
                                .setCommit("4f2a91c0ffee1")
                                .setSequence(42)
                                .setProblem("permission denied")
                                .addSkipped(SkippedReason.newBuilder()
                                        .setReason("binary")
                                        .setCount(3)))
                        .build());
        assertEquals(Exit.DONE, run("projects"));
        assertEquals("""
              name  files    size  symbols  chunks  embedded  commits  state     id
              app   1,234  5.6 MB       99      20         3        7  watching  aaaa1111bb

              /code/app  main at 4f2a91c0ff · sequence 42
              permission denied
              skipped: 3 binary
            """, out);
        node.answers("Projects", ProjectsAnswer.getDefaultInstance());
        assertEquals(Exit.NOTHING, run("projects"));
    }

    @Test
    void doctorEndsWithItsVerdict() {
        node.answers(
                "Doctor",
                DoctorAnswer.newBuilder()
                        .addFindings(Finding.newBuilder()
                                .setLevel("error")
                                .setCheck("journal")
                                .setFound("damaged")
                                .setAdvice("postdevai doctor --repair"))
                        .build());
        assertEquals(Exit.FAILED, run("doctor"));
        assertEquals("""
            error    journal: damaged
                     postdevai doctor --repair
            not healthy
            """, out);
    }

    @Test
    void upFollowsARunningNodeInPlainLines() {
        node.answers(
                "Up",
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("scanning")
                        .build(),
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("reading")
                        .setFilesDone(10)
                        .setFilesTotal(1_000)
                        .setBytesDone(2_000_000)
                        .setMegabytesPerSecond(21.44)
                        .setSecondsLeft(90)
                        .setSkipped(2)
                        .build(),
                UpProgress.newBuilder()
                        .setRoot("/code/app")
                        .setPhase("searchable")
                        .setFilesDone(1_000)
                        .setFilesTotal(1_000)
                        .setBytesDone(9_000_000)
                        .build());
        assertEquals(Exit.DONE, run("up", "."));
        assertEquals("""
            app  scanning
            app  reading  10 of 1,000 files, 2.0 MB, 21.4 MB/s, 2 skipped, 1 min 30 s left
            app  searchable  1,000 files, 9.0 MB
            """, err);
        node.refuses("Up", FaultCode.FAILED_PRECONDITION, "the folder is a node's home");
        assertEquals(Exit.REFUSED, run("up", "."));
    }
}
