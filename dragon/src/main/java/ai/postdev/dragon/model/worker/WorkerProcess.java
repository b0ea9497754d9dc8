package ai.postdev.dragon.model.worker;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.LoadRequest;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.worker.v1.Cancel;
import ai.postdev.worker.v1.Count;
import ai.postdev.worker.v1.FromWorker;
import ai.postdev.worker.v1.Ping;
import ai.postdev.worker.v1.ToWorker;
import ai.postdev.worker.v1.Trim;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A node's end of a worker. Every call returns at once; what the worker says comes to the listener on a thread of this
 * class, in order, and {@link Event.Died} is always the last. Any thread.
 */
public final class WorkerProcess implements AutoCloseable {
    /** Messages that may wait for a worker which does not read; one that lets so many wait is taken for hung. */
    private static final int PENDING_MAX = 4_096;

    private static final long GRACE_MILLIS = 2_000;
    /** What the system does to a process when memory is short, and nothing that can be seen from outside tells it apart. */
    private static final String KILLED_HINT = ", which is also what the system does when memory runs out";

    /** What the code of a process that a signal ended is above. */
    private static final int SIGNALS = 128;

    private static final int KILLED = SIGNALS + 9; // SIGKILL

    /** What becomes of a worker and of what it was asked. */
    public sealed interface Event {
        /** The model is in memory. */
        record Loaded(ModelFacts facts) implements Event {}

        /** It cannot be loaded. */
        record LoadFailed(EngineFault fault) implements Event {}

        /** More of an answer. */
        record Piece(long id, String text) implements Event {}

        /** The end of an answer. */
        record Ended(long id, Generation.End end) implements Event {}

        /** An answer, or a count, ends with a fault. */
        record Failed(long id, EngineFault fault) implements Event {}

        /** What was counted. */
        record Counted(long id, int tokens) implements Event {}

        /** It lives. */
        record Alive(long number, Memory memory) implements Event {}

        /** It gave memory back, as much as it could. @param bytes that came back */
        record Trimmed(long bytes, Memory memory) implements Event {}

        /** It is gone. @param reason for people */
        record Died(String reason) implements Event {}
    }

    /**
     * What a worker takes.
     *
     * @param resident bytes in RAM; 0: not known
     * @param trimmable bytes that {@link #trim} brings back at most
     */
    public record Memory(long resident, long trimmable) {}

    private final Process process;
    private final Path log;
    private final BlockingQueue<ToWorker> pending = new ArrayBlockingQueue<>(PENDING_MAX);
    private volatile String killedFor = "";

    /**
     * Starts a worker.
     *
     * @param command line of it
     * @param log file that gets what it and its engine print; emptied first
     * @throws IOException if the system does not start it
     */
    public static WorkerProcess start(List<String> command, Path log, Consumer<Event> listener) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        WorkerProcess worker = new WorkerProcess(process, log);
        String name = "worker-" + process.pid();
        Thread.ofVirtual().name(name + "-out").start(worker::write);
        Thread.ofPlatform().daemon().name(name).start(() -> worker.read(listener));
        return worker;
    }

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Of the process. */
    public long pid() {
        return process.pid();
    }

    /** Has the model loaded; the first call. */
    public void load(String engine, LoadRequest request) {
        send(ToWorker.newBuilder().setLoad(WorkerMessages.load(engine, request)).build());
    }

    /** Begins an answer. */
    public void generate(long id, GenerationRequest request) {
        send(ToWorker.newBuilder()
                .setGenerate(WorkerMessages.generate(id, request))
                .build());
    }

    /** Has an answer end early; its end is told like any other. */
    public void cancel(long id) {
        send(ToWorker.newBuilder().setCancel(Cancel.newBuilder().setId(id)).build());
    }

    /** Has the tokens of a text counted. */
    public void count(long id, String text) {
        send(ToWorker.newBuilder()
                .setCount(Count.newBuilder().setId(id).setText(text))
                .build());
    }

    /** Has it give back memory that it keeps for requests that may come; {@link Event.Trimmed} tells what came of it. */
    public void trim(long bytes) {
        send(ToWorker.newBuilder().setTrim(Trim.newBuilder().setBytes(bytes)).build());
    }

    /** Asks for a sign of life. */
    public void ping(long number) {
        send(ToWorker.newBuilder().setPing(Ping.newBuilder().setNumber(number)).build());
    }

    private void send(ToWorker message) {
        if (!pending.offer(message)) {
            kill("it did not read " + PENDING_MAX + " messages");
        }
    }

    /** Ends it by force. @param reason for people, told with {@link Event.Died} */
    public void kill(String reason) {
        if (killedFor.isEmpty()) {
            killedFor = reason;
        }
        process.destroyForcibly();
    }

    /** Ends it; the process is gone, or being ended by force, when this returns. Waits up to two seconds. */
    @Override
    public void close() {
        killedFor = "it was ended";
        process.destroy();
        try {
            if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try (OutputStream out = new BufferedOutputStream(process.getOutputStream())) {
            while (process.isAlive()) {
                ToWorker next = pending.poll(1, TimeUnit.SECONDS);
                for (; next != null; next = pending.poll()) {
                    next.writeDelimitedTo(out);
                }
                out.flush();
            }
        } catch (IOException _) {
            // It is gone, or going; the reader tells.
            process.destroyForcibly();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Consumer<Event> listener) {
        try (InputStream in = new BufferedInputStream(process.getInputStream())) {
            for (FromWorker next = FromWorker.parseDelimitedFrom(in);
                    next != null;
                    next = FromWorker.parseDelimitedFrom(in)) {
                listener.accept(event(next));
            }
        } catch (IOException | IllegalArgumentException e) {
            // One that dies while it speaks leaves half a message; how it died is the reason then.
            if (!endsSoon()) {
                kill("what it said does not parse: " + e.getMessage() + LogTail.of(log));
            }
        }
        process.destroyForcibly();
        listener.accept(new Event.Died(reason()));
    }

    private boolean endsSoon() {
        try {
            return process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String reason() {
        try {
            int code = process.waitFor();
            String signal =
                    code > SIGNALS ? " (signal " + (code - SIGNALS) + (code == KILLED ? KILLED_HINT : "") + ")" : "";
            return killedFor.isEmpty()
                    ? "process " + process.pid() + " ended with code " + code + signal + LogTail.of(log)
                    : killedFor;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "it was not waited for";
        }
    }

    private static Event event(FromWorker message) throws IOException {
        return switch (message.getMessageCase()) {
            case LOADED ->
                new Event.Loaded(new ModelFacts(
                        message.getLoaded().getEngine(),
                        message.getLoaded().getContext(),
                        message.getLoaded().getSequences()));
            case LOAD_FAILED -> new Event.LoadFailed(WorkerMessages.fault(message.getLoadFailed()));
            case PIECE ->
                new Event.Piece(message.getPiece().getId(), message.getPiece().getText());
            case ENDED -> new Event.Ended(message.getEnded().getId(), WorkerMessages.end(message.getEnded()));
            case FAULT -> new Event.Failed(message.getFault().getId(), WorkerMessages.fault(message.getFault()));
            case COUNTED ->
                new Event.Counted(
                        message.getCounted().getId(), message.getCounted().getTokens());
            case PONG ->
                new Event.Alive(
                        message.getPong().getNumber(),
                        new Memory(
                                message.getPong().getResidentBytes(),
                                message.getPong().getTrimmableBytes()));
            case TRIMMED ->
                new Event.Trimmed(
                        message.getTrimmed().getBytes(),
                        new Memory(
                                message.getTrimmed().getResidentBytes(),
                                message.getTrimmed().getTrimmableBytes()));
            case MESSAGE_NOT_SET -> throw new IOException("a message of an unknown kind");
        };
    }
}
