package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.worker.v1.Ended;
import ai.postdev.worker.v1.Fault;
import ai.postdev.worker.v1.FromWorker;
import ai.postdev.worker.v1.Generate;
import ai.postdev.worker.v1.Load;
import ai.postdev.worker.v1.Loaded;
import ai.postdev.worker.v1.Piece;
import ai.postdev.worker.v1.Pong;
import ai.postdev.worker.v1.ToWorker;
import ai.postdev.worker.v1.Trimmed;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A worker without an engine, which does what its prompts and its files say: {@code hold} says one word and then waits to be
 * cancelled, {@code die} says one and dies, {@code die at once} says none; a file of a model named {@code dies} ends the load.
 */
final class FakeWorker {
    /** The bytes that it says to take. */
    private static final String RESIDENT = "test.resident";
    /** Those of them that it gives back when it is asked to. */
    private static final String TRIMMABLE = "test.trimmable";

    private final OutputStream out;
    private final Set<Long> held = new HashSet<>();
    private long resident = Long.getLong(RESIDENT);
    private long trimmable = Long.getLong(TRIMMABLE);

    private FakeWorker(OutputStream out) {
        this.out = out;
    }

    /** Its command line. @param resident bytes that it says to take */
    static List<String> command(long resident) {
        return command(resident, 0);
    }

    /** Its command line. @param trimmable those of its bytes that it gives back when it is asked to */
    static List<String> command(long resident, long trimmable) {
        return List.of(
                "/bin/sh",
                "-c",
                "exec \"$@\" 3>&1 1>&2",
                "fake-worker",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dpostdevai.process=model-worker",
                "-D" + RESIDENT + "=" + resident,
                "-D" + TRIMMABLE + "=" + trimmable,
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                ManagementFactory.getRuntimeMXBean().getClassPath(),
                FakeWorker.class.getName(),
                "/dev/fd/3");
    }

    public static void main(String[] arguments) throws IOException {
        try (OutputStream out = new FileOutputStream(arguments[0])) {
            FakeWorker worker = new FakeWorker(out);
            for (ToWorker next = ToWorker.parseDelimitedFrom(System.in);
                    next != null;
                    next = ToWorker.parseDelimitedFrom(System.in)) {
                worker.on(next);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private void on(ToWorker message) throws IOException {
        switch (message.getMessageCase()) {
            case LOAD -> load(message.getLoad());
            case GENERATE -> generate(message.getGenerate());
            case CANCEL -> {
                if (held.remove(message.getCancel().getId())) {
                    end(message.getCancel().getId(), 1, Generation.Finish.CANCELLED);
                }
            }
            case PING ->
                send(FromWorker.newBuilder()
                        .setPong(Pong.newBuilder()
                                .setNumber(message.getPing().getNumber())
                                .setResidentBytes(resident)
                                .setTrimmableBytes(trimmable)));
            case TRIM -> {
                long freed = Math.min(message.getTrim().getBytes(), trimmable);
                trimmable -= freed;
                resident -= freed;
                send(FromWorker.newBuilder()
                        .setTrimmed(Trimmed.newBuilder()
                                .setBytes(freed)
                                .setResidentBytes(resident)
                                .setTrimmableBytes(trimmable)));
            }
            case COUNT, MESSAGE_NOT_SET -> throw new IOException("nobody asks that: " + message);
        }
    }

    private void load(Load load) throws IOException {
        if (load.getFile().contains("/dies/")) {
            Runtime.getRuntime().halt(7);
        }
        send(FromWorker.newBuilder()
                .setLoaded(Loaded.newBuilder()
                        .setEngine("fake")
                        .setContext(load.getContext())
                        .setSequences(load.getSequences())));
    }

    private void generate(Generate asked) throws IOException {
        long id = asked.getId();
        switch (asked.getText()) {
            case "die at once" -> Runtime.getRuntime().halt(9);
            case "die" -> {
                piece(id);
                Runtime.getRuntime().halt(9);
            }
            case "hold" -> {
                piece(id);
                held.add(id);
            }
            case "nonsense" ->
                send(FromWorker.newBuilder()
                        .setFault(Fault.newBuilder()
                                .setId(id)
                                .setKind(EngineFault.Kind.FAILED.ordinal())
                                .setMessage("numbers that are none")));
            default -> {
                for (int i = 0; i < asked.getMaxTokens(); i++) {
                    piece(id);
                }
                end(id, asked.getMaxTokens(), Generation.Finish.LENGTH);
            }
        }
    }

    private void piece(long id) throws IOException {
        send(FromWorker.newBuilder().setPiece(Piece.newBuilder().setId(id).setText("word ")));
    }

    private void end(long id, int tokens, Generation.Finish finish) throws IOException {
        send(FromWorker.newBuilder()
                .setEnded(Ended.newBuilder()
                        .setId(id)
                        .setFinish(finish.ordinal())
                        .setPromptTokens(3)
                        .setAnswerTokens(tokens)
                        .setPrefillNanos(1_000_000)
                        .setDecodeNanos(2_000_000)));
    }

    private void send(FromWorker.Builder message) throws IOException {
        message.build().writeDelimitedTo(out);
        out.flush();
    }
}
