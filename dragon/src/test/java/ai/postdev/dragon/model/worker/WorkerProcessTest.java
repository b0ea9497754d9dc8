package ai.postdev.dragon.model.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.postdev.dragon.model.TestModels;
import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation.Finish;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LlamaEngine;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.MlxInference;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import ai.postdev.dragon.model.engine.TinyModel;
import ai.postdev.dragon.model.worker.WorkerProcess.Event;
import ai.postdev.mlx.MlxLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, and a real model in most of them. */
class WorkerProcessTest {
    @TempDir
    Path dir;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private WorkerProcess worker;

    @AfterEach
    void close() {
        if (worker != null) {
            worker.close();
        }
    }

    private void start(List<String> command) throws IOException {
        worker = WorkerProcess.start(command, dir.resolve("worker.log"), events::add);
    }

    private Event next() throws InterruptedException {
        Event event = events.poll(60, TimeUnit.SECONDS);
        return event == null ? fail("nothing came from the worker") : event;
    }

    private <E extends Event> E next(Class<E> kind) throws InterruptedException {
        Event event = next();
        return kind.isInstance(event) ? kind.cast(event) : fail("expected " + kind.getSimpleName() + ", got " + event);
    }

    private void load() throws Exception {
        start(WorkerCommand.thisBuild());
        worker.load(LlamaEngine.NAME, new LoadRequest(TestModels.smollm2(), 512, 2, 1));
        assertEquals(512, next(Event.Loaded.class).facts().context());
    }

    private static GenerationRequest story(int maxTokens) {
        return new GenerationRequest(
                new Prompt.Text("Once upon a time there was"),
                maxTokens,
                Sampling.GREEDY,
                List.of(),
                Optional.empty(),
                "");
    }

    private static void requireMlx() {
        Optional<String> reason = MlxLibrary.absent();
        reason.ifPresent(text -> System.err.println("SKIPPED, NO MLX: " + text));
        assumeTrue(reason.isEmpty(), reason.orElse(""));
    }

    /** Where the system tells what a process takes. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatMlxGivesBackLeavesTheProcess() throws Exception {
        requireMlx();
        start(WorkerCommand.thisBuild());
        worker.trim(1); // before there is a model
        assertEquals(0, next(Event.Trimmed.class).bytes());
        worker.load(MlxInference.NAME, new LoadRequest(TestModels.smollm2(), 512, 1, 1));
        next(Event.Loaded.class);
        worker.generate(
                1,
                new GenerationRequest(
                        new Prompt.Text("one two three ".repeat(100)),
                        2,
                        Sampling.GREEDY,
                        List.of(),
                        Optional.empty(),
                        ""));
        while (!(next() instanceof Event.Ended)) {
            // its pieces
        }
        WorkerProcess.Memory kept;
        long number = 0;
        do {
            worker.ping(++number);
            kept = next(Event.Alive.class).memory();
        } while (kept.trimmable() == 0);
        worker.trim(Long.MAX_VALUE);
        Event.Trimmed trimmed = next(Event.Trimmed.class);
        // 300 tokens in two blocks of 256, each token 30 layers of 2 * 192 floats
        long session = 512L * 30 * 2 * 192 * Float.BYTES;
        assertTrue(kept.trimmable() >= session, kept + " with a session of " + session);
        assertTrue(trimmed.bytes() >= session, trimmed + " of a session of " + session);
        assertEquals(0, trimmed.memory().trimmable());
        assertTrue(kept.resident() - trimmed.memory().resident() > session / 2, kept + " before, then " + trimmed);
    }

    /** Settings go with the load, cached tokens come with the end. */
    @Test
    void aWorkerWithMlxAnswersToo() throws Exception {
        requireMlx();
        start(WorkerCommand.thisBuild());
        Path file = TinyModel.write(dir.resolve("tiny.gguf"), 1, false);
        worker.load(MlxInference.NAME, new LoadRequest(file, 512, 2, 1));
        assertEquals("mlx", next(Event.Loaded.class).facts().engine());
        for (long id = 1; id <= 2; id++) {
            worker.generate(
                    id,
                    new GenerationRequest(
                            new Prompt.Text("Once upon a time there was a model that read this twice"),
                            5,
                            Sampling.GREEDY,
                            List.of(),
                            Optional.empty(),
                            ""));
            Event event = next();
            while (event instanceof Event.Piece) {
                event = next();
            }
            Event.Ended ended = (Event.Ended) event;
            assertEquals(id, ended.id());
            int prompt = ended.end().usage().promptTokens();
            assertEquals(id == 1 ? 0 : prompt - 1, ended.end().usage().cachedTokens());
        }
    }

    @Test
    void itLoadsAnswersCountsAndCancels() throws Exception {
        load();
        worker.generate(1, story(8));
        worker.generate(2, story(400));
        worker.generate(3, story(600));
        worker.count(4, "Once upon a time");
        worker.ping(5);
        Map<Long, StringBuilder> texts = new HashMap<>();
        Map<Long, Finish> ends = new HashMap<>();
        List<Event> others = new ArrayList<>();
        while (ends.size() < 2 || others.size() < 3) {
            switch (next()) {
                case Event.Piece(long id, String text) -> {
                    texts.computeIfAbsent(id, _ -> new StringBuilder()).append(text);
                    if (id == 2) {
                        worker.cancel(2);
                    }
                }
                case Event.Ended(long id, var end) -> ends.put(id, end.finish());
                case Event other -> others.add(other);
            }
        }
        assertEquals(Map.of(1L, Finish.LENGTH, 2L, Finish.CANCELLED), ends);
        assertTrue(texts.get(1L).toString().startsWith(" a"), texts.toString());
        for (Event other : others) {
            switch (other) {
                case Event.Failed(long id, EngineFault fault) -> {
                    assertEquals(3, id);
                    assertEquals(EngineFault.Kind.TOO_LONG, fault.kind());
                }
                case Event.Counted(long id, int tokens) -> {
                    assertEquals(4, id);
                    assertEquals(4, tokens);
                }
                case Event.Alive(long number, var memory) -> {
                    assertEquals(5, number);
                    assertTrue(memory.resident() == 0 || memory.resident() > 50 << 20, "" + memory);
                }
                case Event unexpected -> fail("" + unexpected);
            }
        }
    }

    @Test
    void aKilledWorkerIsToldAsTheLastEvent() throws Exception {
        load();
        worker.generate(1, story(400));
        next(Event.Piece.class);
        ProcessHandle.of(worker.pid()).orElseThrow().destroyForcibly();
        Event last = next();
        while (last instanceof Event.Piece) {
            last = next();
        }
        assertTrue(((Event.Died) last).reason().contains("signal 9"), last.toString());
        assertTrue(events.isEmpty(), events.toString());
    }

    @Test
    void theReasonOfAKillIsTold() throws Exception {
        load();
        worker.kill("it took too much memory");
        assertEquals("it took too much memory", next(Event.Died.class).reason());
    }

    @Test
    void aModelThatCannotBeLoadedIsAFaultAndTheWorkerLives() throws Exception {
        start(WorkerCommand.thisBuild());
        Path none = Files.writeString(dir.resolve("none.gguf"), "GGUF, but not more");
        worker.load(LlamaEngine.NAME, new LoadRequest(none, 512, 2, 1));
        assertEquals(
                EngineFault.Kind.BAD_MODEL, next(Event.LoadFailed.class).fault().kind());
        worker.ping(1);
        assertEquals(1, next(Event.Alive.class).number());
    }

    @Test
    void anUnknownEngineIsAFault() throws Exception {
        start(WorkerCommand.thisBuild());
        worker.load("abacus", new LoadRequest(dir, 512, 2, 1));
        EngineFault fault = next(Event.LoadFailed.class).fault();
        assertTrue(
                fault.getMessage().contains("abacus") && fault.getMessage().contains("llama.cpp"), fault.getMessage());
    }

    @Test
    void aWorkerWhoseNodeClosesThePipeEnds() throws Exception {
        load();
        ProcessHandle process = ProcessHandle.of(worker.pid()).orElseThrow();
        worker.generate(1, story(400));
        next(Event.Piece.class);
        worker.close();
        process.onExit().get(30, TimeUnit.SECONDS);
        assertFalse(process.isAlive());
    }

    @Test
    void wordsThatAreNoMessagesEndItWithThatReason() throws Exception {
        start(List.of("/bin/sh", "-c", "echo this is no message; echo oh dear >&2; cat > /dev/null"));
        Event.Died died = next(Event.Died.class);
        assertTrue(died.reason().contains("does not parse"), died.reason());
        assertTrue(died.reason().contains("oh dear"), died.reason());
    }

    @Test
    void aWorkerThatDoesNotReadIsTakenForHung() throws Exception {
        start(List.of("/bin/sh", "-c", "exec sleep 600"));
        for (int i = 0; i < 3; i++) {
            worker.ping(i);
        }
        String text = "x".repeat(1 << 16);
        for (int i = 0; i < 6_000; i++) {
            worker.count(i, text);
        }
        Event.Died died = next(Event.Died.class);
        assertTrue(died.reason().contains("did not read"), died.reason());
    }
}
