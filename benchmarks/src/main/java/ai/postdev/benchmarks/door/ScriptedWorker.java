package ai.postdev.benchmarks.door;

import ai.postdev.worker.v1.Ended;
import ai.postdev.worker.v1.FromWorker;
import ai.postdev.worker.v1.Loaded;
import ai.postdev.worker.v1.Piece;
import ai.postdev.worker.v1.Pong;
import ai.postdev.worker.v1.ToWorker;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A worker without a model: it says its first word at once and then one every so often, as many as the request allows. What is
 * then measured is what lies around a model. Arguments: the file to answer on, as of every worker; the pace is a property.
 */
final class ScriptedWorker {
    /** Milliseconds between two words. */
    static final String PACE = "postdevai.scripted.pace";

    static final int SEQUENCES = 64;

    private final OutputStream out;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Set<Long> cancelled = ConcurrentHashMap.newKeySet();
    private final long pace = Long.getLong(PACE, 10);

    private ScriptedWorker(OutputStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(arguments[0]))) {
            new ScriptedWorker(out).read();
        }
        Runtime.getRuntime().halt(0);
    }

    private void read() throws IOException {
        for (ToWorker next = ToWorker.parseDelimitedFrom(System.in);
                next != null;
                next = ToWorker.parseDelimitedFrom(System.in)) {
            switch (next.getMessageCase()) {
                case LOAD ->
                    send(FromWorker.newBuilder()
                            .setLoaded(Loaded.newBuilder()
                                    .setEngine("scripted")
                                    .setContext(next.getLoad().getContext())
                                    .setSequences(SEQUENCES))
                            .build());
                case GENERATE ->
                    say(next.getGenerate().getId(), next.getGenerate().getMaxTokens(), 0);
                case CANCEL -> cancelled.add(next.getCancel().getId());
                case PING ->
                    send(FromWorker.newBuilder()
                            .setPong(Pong.newBuilder().setNumber(next.getPing().getNumber()))
                            .build());
                case COUNT, TRIM, MESSAGE_NOT_SET -> throw new IOException("nobody asks a script this: " + next);
            }
        }
    }

    private void say(long id, int words, int said) {
        boolean stopped = cancelled.remove(id);
        if (!stopped && said < words) {
            send(FromWorker.newBuilder()
                    .setPiece(Piece.newBuilder().setId(id).setText("word "))
                    .build());
            var _ = clock.schedule(() -> say(id, words, said + 1), pace, TimeUnit.MILLISECONDS);
        } else {
            send(FromWorker.newBuilder()
                    .setEnded(Ended.newBuilder()
                            .setId(id)
                            .setFinish(stopped ? 2 : 0)
                            .setPromptTokens(1)
                            .setAnswerTokens(said))
                    .build());
        }
    }

    private synchronized void send(FromWorker message) {
        try {
            message.writeDelimitedTo(out);
            out.flush();
        } catch (IOException _) {
            Runtime.getRuntime().halt(1); // the node is gone
        }
    }
}
