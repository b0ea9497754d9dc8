package ai.postdev.dragon.lake.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.Store;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import ai.postdev.dragon.model.QueryGate;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final CodeSettings SETTINGS = settings(PATIENCE);

    private static CodeSettings settings(Duration parseTimeout) {
        return new CodeSettings(1 << 20, 1 << 20, 2, 2, 2, parseTimeout, 4);
    }

    private final ActorTestKit kit = ActorTestKit.create();
    private final QueryGate gate = new QueryGate();
    private final Map<ContentHash, byte[]> disk = new ConcurrentHashMap<>();
    private final Map<ContentHash, byte[]> derivedBytes = new ConcurrentHashMap<>();
    private final DerivedStore derived = new DerivedStore() {
        @Override
        public Optional<byte[]> get(ContentHash hash) {
            return Optional.ofNullable(derivedBytes.get(hash));
        }

        @Override
        public void put(ContentHash hash, byte[] bytes) {
            derivedBytes.put(hash, bytes);
        }
    };
    private long sequence;

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** Keeps what it was told. */
    private static final class Told implements DocumentListener {
        private final long sequence;
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> behind = new LinkedBlockingQueue<>();
        private final BlockingQueue<Long> refreshed = new LinkedBlockingQueue<>();
        private final BlockingQueue<Syntax> syntaxes = new LinkedBlockingQueue<>();

        Told(long sequence) {
            this.sequence = sequence;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public void documentPut(Document document, byte[] utf8) {
            events.add("put " + document.path() + " " + new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void documentRemoved(Document document) {
            events.add("removed " + document.path());
        }

        @Override
        public void syntaxFound(Document document, Syntax syntax) {
            events.add("syntax " + document.path());
            syntaxes.add(syntax);
        }

        @Override
        public boolean quiet() {
            events.add("quiet");
            return false;
        }

        @Override
        public void behind(Backlog backlog) {
            behind.add(backlog.count());
        }

        @Override
        public void refresh(long sequence) {
            refreshed.add(sequence);
        }

        @Override
        public void close() {
            events.add("closed");
        }

        String next() {
            try {
                String event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertNotNull(event, "nothing was told");
                return event;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private CodeEngine engine() {
        return new CodeEngine(SETTINGS, hash -> Optional.ofNullable(disk.get(hash)));
    }

    private ActorRef<CodeStore.Command> store(CodeEngine engine, Told told, SyntaxSource source) {
        return store(SETTINGS, engine, told, source);
    }

    private ActorRef<CodeStore.Command> store(
            CodeSettings settings, CodeEngine engine, Told told, SyntaxSource source) {
        return kit.spawn(CodeStore.create(settings, () -> engine, List.of(told), source, derived, gate));
    }

    private CodeView apply(ActorRef<CodeStore.Command> store, Body... bodies) {
        List<Operation> operations = new ArrayList<>();
        List<LakeProtocol.Blob> blobs = new ArrayList<>();
        for (Body body : bodies) {
            sequence++;
            operations.add(
                    new Operation(new ProjectId("p"), new Origin("o"), sequence, HybridTime.of(sequence, 0), body));
            if (body instanceof Body.PutDocument put) {
                blobs.add(new LakeProtocol.Blob(put.hash(), disk.get(put.hash())));
            }
        }
        TestProbe<Store.Applied<CodeView>> probe = kit.createTestProbe();
        store.tell(new CodeStore.Apply(operations, blobs, probe.getRef()));
        Store.Applied<CodeView> applied = probe.receiveMessage(PATIENCE);
        assertEquals(bodies.length, applied.operations());
        return applied.view();
    }

    private Body put(String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        disk.put(hash, utf8);
        return new Body.PutDocument(
                new WorkspaceId("w"), path, hash, utf8.length, Language.ofPath(path), 0, utf8.length);
    }

    private static Body remove(String path) {
        return new Body.RemoveDocument(new WorkspaceId("w"), path);
    }

    @Test
    void whatIsAppliedIsShownToldAndThenParsed() {
        Told told = new Told(0);
        try (TreeSitterSyntax source = new TreeSitterSyntax(SyntaxSettings.defaults())) {
            ActorRef<CodeStore.Command> store = store(engine(), told, source);
            String text = "class Greeter {\n  void greet() {}\n}\n";
            CodeView view = apply(store, put("Greeter.java", text));
            assertEquals(1, view.documents().size());
            assertEquals("put Greeter.java " + text, told.next());
            assertEquals("syntax Greeter.java", told.next());
            assertEquals(
                    List.of("greet"),
                    view.symbolsNamed("greet", 5).stream()
                            .map(hit -> hit.symbol().name())
                            .toList(),
                    "derived data shows up in views from before");
            assertEquals(1, view.counts(new WorkspaceId("w")).parsed());
            apply(store, remove("Greeter.java"));
            assertEquals("removed Greeter.java", told.next());
            // The same content again: its syntax is known already.
            apply(store, put("Other.java", text));
            assertEquals("put Other.java " + text, told.next());
            assertEquals("syntax Other.java", told.next());
            kit.stop(store);
            assertEquals("closed", told.next());
        }
    }

    @Test
    void theGateIsHeldUntilThereAreAllSymbols() throws InterruptedException {
        CountDownLatch parsing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SyntaxSource source = (_, text) -> {
            parsing.countDown();
            try {
                assertTrue(go.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return PlainSyntax.of(text);
        };
        Told told = new Told(0);
        ActorRef<CodeStore.Command> store = store(engine(), told, source);
        assertFalse(gate.isWorkAhead());
        apply(store, put("a", "one"));
        assertEquals("put a one", told.next());
        assertTrue(parsing.await(20, TimeUnit.SECONDS));
        TestProbe<Object> probe = kit.createTestProbe();
        probe.awaitAssert(() -> {
            assertTrue(gate.isWorkAhead());
            return null;
        });
        go.countDown();
        assertEquals("syntax a", told.next());
        probe.awaitAssert(() -> {
            assertFalse(gate.isWorkAhead());
            return null;
        });
    }

    @Test
    void aFirstReadingHoldsTheGateUntilItHasBeenQuietForAWhile() {
        Told told = new Told(0);
        ActorRef<CodeStore.Command> store = store(engine(), told, (_, text) -> PlainSyntax.of(text));
        apply(store, put("large", "word ".repeat(100_000)));
        assertTrue(gate.isWorkAhead());
        for (String event = told.next(); !event.equals("quiet"); ) {
            event = told.next();
        }
        TestProbe<Object> probe = kit.createTestProbe();
        probe.awaitAssert(() -> {
            assertFalse(gate.isWorkAhead());
            return null;
        });
    }

    @Test
    void whatAFirstReadingBringsIsToldAfterIt() {
        Told told = new Told(0);
        ActorRef<CodeStore.Command> store = store(engine(), told, (_, text) -> PlainSyntax.of(text));
        String large = "word ".repeat(100_000);
        CodeView view = apply(store, put("kept", large), put("replaced", large + "x"), put("removed", large + "y"));
        assertEquals(3, view.documents().size());
        assertEquals(3, told.behind.stream().max(Integer::compare).orElseThrow(), "before it is acknowledged");
        apply(store, put("replaced", "small"), remove("removed"));
        assertEquals("put replaced small", told.next(), "a save waits for nothing");
        assertEquals("removed removed", told.next());
        List<String> later = new ArrayList<>();
        for (String event = told.next(); !event.equals("quiet"); event = told.next()) {
            if (event.startsWith("put")) {
                later.add(event.substring(0, 12));
            }
        }
        assertEquals(List.of("put kept wor"), later, "what was overtaken is not told any more");
        assertEquals(0, List.copyOf(told.behind).getLast());
        List<Long> refreshed = List.copyOf(told.refreshed);
        assertEquals(List.of(0L, 0L), refreshed.subList(0, 2), "until all is told it is complete up to the start only");
        assertEquals(5, refreshed.getLast());
    }

    @Test
    void exactSearchIsIndexedBehindTheWritesAndFindsWhatIsNotIndexedYet() throws InvalidPatternException {
        Told told = new Told(0);
        ActorRef<CodeStore.Command> store = store(engine(), told, (_, text) -> PlainSyntax.of(text));
        Body[] puts = new Body[300];
        for (int i = 0; i < puts.length; i++) {
            puts[i] = put("f" + i + ".txt", "word" + i + " is here\n" + "and nothing else\n".repeat(70));
        }
        CodeView view = apply(store, puts);
        assertEquals(List.of("f123.txt"), found(view, "word123 "));
        TestProbe<Object> patience = kit.createTestProbe();
        patience.awaitAssert(PATIENCE, () -> {
            assertTrue(view.indexBytes() > 10_000, "views from before use what was indexed since");
            assertEquals(List.of("f123.txt"), found(view, "word123 "));
            assertTrue(read(view, "word123 ") < 5_000, "most texts are passed over");
            return null;
        });
        CodeView later = apply(store, put("new.txt", "word123 is here too"), remove("f200.txt"));
        assertEquals(List.of("f123.txt", "new.txt"), found(later, "word123 "));
        assertEquals(List.of(), found(later, "word200 "));
        assertEquals(List.of("f200.txt"), found(later.at(300), "word200 "));
        kit.stop(store);
    }

    private static GrepAnswer grep(CodeView view, String literal) throws InvalidPatternException {
        return view.grep(GrepQuery.literal(literal, 10, 0, System.nanoTime() + PATIENCE.toNanos()), Runnable::run);
    }

    private static List<String> found(CodeView view, String literal) throws InvalidPatternException {
        return grep(view, literal).documents().stream()
                .map(found -> found.document().path())
                .toList();
    }

    private static long read(CodeView view, String literal) throws InvalidPatternException {
        return grep(view, literal).bytesScanned();
    }

    @Test
    void afterARestartTheParserIsNotAskedAgainAndListenersHearWhatTheyMissed(@TempDir Path folder) {
        AtomicInteger parsed = new AtomicInteger();
        SyntaxSource source = (_, text) -> {
            parsed.incrementAndGet();
            return PlainSyntax.of(text);
        };
        Told told = new Told(0);
        ActorRef<CodeStore.Command> store = store(engine(), told, source);
        apply(store, put("a", "one"), put("b", "two"), put("gone", "three"));
        for (int i = 0; i < 6; i++) {
            told.next();
        }
        assertEquals(3, parsed.get());
        apply(store, put("b", "four"), remove("gone"));
        TestProbe<Reply<Long>> probe = kit.createTestProbe();
        Path file = folder.resolve("code.snapshot");
        store.tell(new CodeStore.Snapshot(CompletableFuture.completedFuture(file), Runnable::run, probe.getRef()));
        assertTrue(probe.receiveMessage(PATIENCE) instanceof Reply.Answered<Long>);
        for (String event = told.next(); !event.equals("syntax b"); ) {
            event = told.next();
        }
        kit.stop(store);

        Told later = new Told(3); // holds everything up to the third operation
        ActorRef<CodeStore.Command> again = store(restored(file), later, source);
        assertEquals("removed gone", later.next());
        assertEquals("put b four", later.next());
        List<String> rest = new ArrayList<>(List.of(later.next(), later.next(), later.next()));
        assertEquals(
                List.of("quiet", "syntax a", "syntax b"), rest.stream().sorted().toList());
        assertEquals(4, parsed.get(), "the parser was asked only for the text that was new");
        TestProbe<CodeStore.Untold> untold = kit.createTestProbe();
        again.tell(new CodeStore.ListenersState(untold.getRef()));
        assertEquals(0, untold.receiveMessage(PATIENCE).documents());
        assertEquals(
                List.of(2, 0),
                later.behind.stream().distinct().toList(),
                "how far behind it was, then that it no longer is");
    }

    private CodeEngine restored(Path file) {
        CodeEngine engine = engine();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            engine.readSnapshot(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return engine;
    }

    @Test
    void parserThatFailsCostsTheSymbolsOfThatTextOnly() {
        Told told = new Told(0);
        SyntaxSource source = (_, text) -> {
            if (text[0] == '!') {
                throw new IllegalStateException("planted");
            }
            return new Syntax(
                    List.of(new Syntax.Symbol("good", "method", "", 1, 1, "good")), List.of(), List.of(), true);
        };
        CodeView view = apply(store(engine(), told, source), put("bad", "!"), put("good", "fine"));
        for (int i = 0; i < 4; i++) {
            told.next();
        }
        assertEquals(1, view.symbolsNamed("good", 5).size());
        Syntax bad = view.syntax(ContentHash.of("!")).orElseThrow();
        assertFalse(bad.complete());
        assertEquals(1, bad.chunks().size(), "still there for embedding");
    }

    @Test
    void parserThatHangsCostsItsThreadAndThatTextOnly() {
        Told told = new Told(0);
        CountDownLatch never = new CountDownLatch(1);
        SyntaxSource source = (_, text) -> {
            while (text[0] == '!' && never.getCount() > 0) {
                Thread.onSpinWait(); // as native code: deaf to interrupts
            }
            return PlainSyntax.of(text);
        };
        try {
            List<Body> puts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                puts.add(put("f" + i, "fine " + i));
            }
            puts.add(put("bad", "!"));
            puts.add(put("worse", "!!"));
            CodeView view =
                    apply(store(settings(Duration.ofMillis(300)), engine(), told, source), puts.toArray(Body[]::new));
            for (int i = 0; i < 2 * puts.size(); i++) {
                told.next();
            }
            assertEquals(22, view.counts(new WorkspaceId("w")).parsed());
        } finally {
            never.countDown();
        }
    }

    @Test
    void textThatEndedTheProcessTwiceIsNotParsedAgain() {
        Told told = new Told(0);
        AtomicInteger parsed = new AtomicInteger();
        SyntaxSource source = (_, text) -> {
            parsed.incrementAndGet();
            return PlainSyntax.of(text);
        };
        derivedBytes.put(ContentHash.of("deadly"), SyntaxRecord.attempts(Language.TEXT, 2));
        derivedBytes.put(ContentHash.of("once"), SyntaxRecord.attempts(Language.TEXT, 1));
        CodeView view = apply(store(engine(), told, source), put("a", "deadly"), put("b", "once"));
        for (int i = 0; i < 4; i++) {
            told.next();
        }
        assertEquals(1, parsed.get());
        assertEquals(2, view.counts(new WorkspaceId("w")).parsed());
    }
}
