package ai.postdev.dragon.model.worker;

import ai.postdev.dragon.model.engine.EngineFault;
import ai.postdev.dragon.model.engine.Generation;
import ai.postdev.dragon.model.engine.InferenceEngine;
import ai.postdev.dragon.model.engine.LanguageModel;
import ai.postdev.dragon.model.engine.ModelFacts;
import ai.postdev.worker.v1.Count;
import ai.postdev.worker.v1.Counted;
import ai.postdev.worker.v1.FromWorker;
import ai.postdev.worker.v1.Generate;
import ai.postdev.worker.v1.Load;
import ai.postdev.worker.v1.Loaded;
import ai.postdev.worker.v1.Piece;
import ai.postdev.worker.v1.Pong;
import ai.postdev.worker.v1.ToWorker;
import ai.postdev.worker.v1.Trimmed;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The process that runs one model. Reads messages from its standard input and answers on the file that its first argument
 * names, because native engines print on the standard output. One thread reads, so that a ping is answered and a cancel
 * heard while the engine works; each generation is pulled on a thread of its own. Ends at once when its input does: its
 * node is gone then, or wants no more of it.
 */
public final class WorkerMain {
    private static final int DAMAGED = 3;

    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Map<Long, Job> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("work-", 0).factory());
    private volatile LanguageModel model;

    private WorkerMain(OutputStream out) {
        this.out = out;
    }

    /** @param arguments the file to answer on */
    public static void main(String[] arguments) {
        int code = 0;
        try (OutputStream out = new BufferedOutputStream(new FileOutputStream(arguments[0]))) {
            new WorkerMain(out).read(System.in);
        } catch (IOException e) {
            System.err.println("the conversation with the node broke off: " + e);
            code = DAMAGED;
        }
        // Not an orderly exit: an engine in the middle of its work would hold it up, and has nothing to lose.
        Runtime.getRuntime().halt(code);
    }

    private void read(InputStream in) throws IOException {
        for (ToWorker next = ToWorker.parseDelimitedFrom(in); next != null; next = ToWorker.parseDelimitedFrom(in)) {
            ToWorker message = next;
            switch (message.getMessageCase()) {
                case LOAD -> threads.execute(() -> load(message.getLoad()));
                case GENERATE -> {
                    Job job = new Job(message.getGenerate());
                    running.put(message.getGenerate().getId(), job);
                    threads.execute(job);
                }
                case CANCEL -> {
                    Job job = running.get(message.getCancel().getId());
                    if (job != null) {
                        job.cancel();
                    }
                }
                case COUNT -> threads.execute(() -> count(message.getCount()));
                case PING ->
                    send(FromWorker.newBuilder()
                            .setPong(Pong.newBuilder()
                                    .setNumber(message.getPing().getNumber())
                                    .setResidentBytes(resident())
                                    .setTrimmableBytes(trimmable()))
                            .build());
                case TRIM -> threads.execute(() -> trim(message.getTrim().getBytes()));
                case MESSAGE_NOT_SET -> throw new IOException("a message of an unknown kind");
            }
        }
    }

    private void load(Load load) {
        try {
            InferenceEngine engine = Engines.named(load.getEngine());
            model = engine.load(WorkerMessages.load(load));
            ModelFacts facts = model.facts();
            send(FromWorker.newBuilder()
                    .setLoaded(Loaded.newBuilder()
                            .setEngine(facts.engine())
                            .setContext(facts.context())
                            .setSequences(facts.sequences()))
                    .build());
        } catch (EngineFault e) {
            loadFailed(e);
        } catch (RuntimeException e) {
            loadFailed(new EngineFault(EngineFault.Kind.FAILED, e.toString(), e));
        }
    }

    private void loadFailed(EngineFault fault) {
        send(FromWorker.newBuilder()
                .setLoadFailed(WorkerMessages.fault(0, fault))
                .build());
    }

    /** One generation; a cancel may come before it is open. */
    private final class Job implements Runnable {
        private final Generate message;
        private Generation generation;
        private boolean cancelled;

        Job(Generate message) {
            this.message = message;
        }

        synchronized void cancel() {
            cancelled = true;
            if (generation != null) {
                generation.cancel();
            }
        }

        private synchronized void opened(Generation opened) {
            generation = opened;
            if (cancelled) {
                opened.cancel();
            }
        }

        @Override
        public void run() {
            long id = message.getId();
            FromWorker.Builder last = FromWorker.newBuilder();
            try (Generation pulled = model.open(WorkerMessages.request(message))) {
                opened(pulled);
                last.setEnded(WorkerMessages.ended(id, pull(id, pulled)));
            } catch (EngineFault e) {
                last.setFault(WorkerMessages.fault(id, e));
            } catch (IOException | RuntimeException e) {
                last.setFault(WorkerMessages.fault(id, new EngineFault(EngineFault.Kind.FAILED, e.toString(), e)));
            }
            running.remove(id);
            send(last.build());
        }

        private Generation.End pull(long id, Generation pulled) throws EngineFault {
            while (true) {
                switch (pulled.next()) {
                    case Generation.Piece(String text) ->
                        send(FromWorker.newBuilder()
                                .setPiece(Piece.newBuilder().setId(id).setText(text))
                                .build());
                    case Generation.End end -> {
                        return end;
                    }
                }
            }
        }
    }

    private static long resident() {
        return Resident.bytes(ProcessHandle.current().pid());
    }

    private long trimmable() {
        LanguageModel loaded = model;
        return loaded == null ? 0 : loaded.trimmable();
    }

    /** Also one that cannot is answered: who asked has to know what it can count on. */
    private void trim(long bytes) {
        long freed = 0;
        try {
            LanguageModel loaded = model;
            freed = loaded == null ? 0 : loaded.trim(bytes);
        } catch (EngineFault | RuntimeException e) {
            System.err.println("nothing can be given back: " + e);
        }
        NativeHeap.trim();
        send(FromWorker.newBuilder()
                .setTrimmed(Trimmed.newBuilder()
                        .setBytes(freed)
                        .setResidentBytes(resident())
                        .setTrimmableBytes(trimmable()))
                .build());
    }

    private void count(Count message) {
        try {
            int tokens = model.tokens(message.getText());
            send(FromWorker.newBuilder()
                    .setCounted(Counted.newBuilder().setId(message.getId()).setTokens(tokens))
                    .build());
        } catch (EngineFault e) {
            fail(message.getId(), e);
        }
    }

    private void fail(long id, EngineFault fault) {
        send(FromWorker.newBuilder().setFault(WorkerMessages.fault(id, fault)).build());
    }

    /** A node that does not listen any more has closed the input too, which ends the process. */
    private void send(FromWorker message) {
        writing.lock();
        try {
            message.writeDelimitedTo(out);
            out.flush();
        } catch (IOException e) {
            System.err.println("the node does not listen: " + e);
        } finally {
            writing.unlock();
        }
    }
}
