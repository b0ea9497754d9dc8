package ai.postdev.benchmarks.door;

import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.ServingAnswer;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What the HTTP door adds to the time to a first token: streams through it, beside streams taken from the keeper of models
 * directly, in turns in one run, with a model that speaks at once. Takes less than two minutes. Arguments: seconds of each
 * measurement (default 8), milliseconds between two words (default 25).
 */
public final class GatewayOverhead {
    private static final int ROUNDS = 2;
    private static final int WORDS = 10;
    private static final int WARM_SECONDS = 20;
    private static final long PATIENCE_SECONDS = 30;

    private final ServedDoor door;
    private final long pace;
    /** Of the clients of the last measurement, their first answers. */
    private final List<Long> fresh = Collections.synchronizedList(new ArrayList<>());

    private GatewayOverhead(ServedDoor door, long pace) {
        this.door = door;
        this.pace = pace;
    }

    /** One client: has one answer made and returns the nanoseconds to its first word. */
    private interface Client extends AutoCloseable {
        long firstWord() throws Exception;

        @Override
        void close() throws IOException;
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        long pace = arguments.length > 1 ? Long.parseLong(arguments[1]) : 25;
        Path scratch = Files.createTempDirectory("door-bench-");
        try (ServedDoor door = new ServedDoor(scratch, 0)) {
            // As many answers as it takes until all code is compiled; a node that is used has had them.
            new GatewayOverhead(door, 0).measure(8, WARM_SECONDS, true);
            new GatewayOverhead(door, 0).measure(8, WARM_SECONDS / 2, false);
        }
        try (ServedDoor door = new ServedDoor(scratch, pace)) {
            GatewayOverhead bench = new GatewayOverhead(door, pace);
            System.out.printf(
                    "| streams | way | answers | p10 ms | p50 ms | p99 ms | CPU ms |%n|---|---|---|---|---|---|---|%n");
            for (int streams : new int[] {1, 32}) {
                Measured direct = new Measured(new ArrayList<>());
                Measured http = new Measured(new ArrayList<>());
                for (int round = 0; round < ROUNDS; round++) {
                    direct.add(bench, streams, seconds, false);
                    http.add(bench, streams, seconds, true);
                }
                double[] one = direct.row(streams, "actor");
                double[] other = http.row(streams, "door");
                System.out.printf(
                        Locale.ROOT,
                        "| %d | what the door adds | | %.3f | %.3f | %.3f | %.3f |%n",
                        streams,
                        other[0] - one[0],
                        other[1] - one[1],
                        other[2] - one[2],
                        other[3] - one[3]);
                long[] opened =
                        bench.fresh.stream().mapToLong(Long::longValue).sorted().toArray();
                System.out.printf(
                        Locale.ROOT,
                        "| %d | first answers of connections opened at once | %d | %.3f | %.3f | %.3f | |%n",
                        streams,
                        opened.length,
                        opened[opened.length / 10] / 1e6,
                        opened[opened.length / 2] / 1e6,
                        opened[opened.length - 1] / 1e6);
            }
            bench.leave();
        }
        System.exit(0);
    }

    /** What was measured, and the time of processors that this process took for it; a busy machine disturbs that least. */
    private static final class Measured {
        private final List<Long> nanos;
        private long cpu;

        Measured(List<Long> nanos) {
            this.nanos = nanos;
        }

        void add(GatewayOverhead bench, int streams, int seconds, boolean http) throws Exception {
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long begun = system.getProcessCpuTime();
            nanos.addAll(bench.measure(streams, seconds, http));
            cpu += system.getProcessCpuTime() - begun;
        }

        double[] row(int streams, String way) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            int count = sorted.length;
            double[] row = {
                sorted[count / 10] / 1e6,
                sorted[count / 2] / 1e6,
                sorted[Math.min(count - 1, count * 99 / 100)] / 1e6,
                cpu / 1e6 / count
            };
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %s | %d | %.3f | %.3f | %.3f | %.3f |%n",
                    streams,
                    way,
                    count,
                    row[0],
                    row[1],
                    row[2],
                    row[3]);
            return row;
        }
    }

    /** So many streams, each beginning its next answer when one is over, not all at the same moment. */
    private List<Long> measure(int streams, int seconds, boolean http) throws Exception {
        List<Long> all = new ArrayList<>();
        fresh.clear();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (ExecutorService threads = Executors.newFixedThreadPool(streams)) {
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                running.add(threads.submit(() -> one(end, http)));
            }
            for (Future<List<Long>> one : running) {
                all.addAll(one.get());
            }
        }
        return all;
    }

    /** The first answer of a client is not counted: with it goes a new connection, and the load of the model. */
    private List<Long> one(long end, boolean http) throws Exception {
        List<Long> nanos = new ArrayList<>();
        try (Client client = http ? new HttpClient() : new ActorClient()) {
            fresh.add(client.firstWord());
            while (System.nanoTime() < end) {
                Thread.sleep(ThreadLocalRandom.current().nextLong(1 + pace));
                nanos.add(client.firstWord());
            }
        }
        return nanos;
    }

    /** A hundred clients of whom half leave after the first word: nothing goes on for them. */
    private void leave() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(100)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                boolean leaves = i % 2 == 0;
                running.add(threads.submit(() -> {
                    try (HttpClient client = new HttpClient()) {
                        if (leaves) {
                            client.ask();
                        } else {
                            client.firstWord();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        ServingAnswer figures = door.figures();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (figures.getRunning() + waiting(figures) > 0 && System.nanoTime() < patience) {
            figures = door.figures();
        }
        System.out.println("after 100 clients of whom half left: " + figures.getRunning() + " running, "
                + waiting(figures) + " waiting, " + figures.getModelsCount() + " models");
    }

    private static int waiting(ServingAnswer figures) {
        return figures.getWaitingList().stream()
                .mapToInt(waiting -> waiting.getWaiting())
                .sum();
    }

    private final class ActorClient implements Client {
        private final SynchronousQueue<ServingProtocol.Event> events = new SynchronousQueue<>();
        private final ActorRef<ServingProtocol.Event> ref = door.spawn(listener(events));

        private static Behavior<ServingProtocol.Event> listener(SynchronousQueue<ServingProtocol.Event> events) {
            boolean[] first = {true};
            return Behaviors.receiveMessage(event -> {
                if (event instanceof ServingProtocol.Text && first[0]) {
                    first[0] = false;
                    events.offer(event, PATIENCE_SECONDS, TimeUnit.SECONDS);
                } else if (event instanceof ServingProtocol.Finished || event instanceof ServingProtocol.Failed) {
                    first[0] = true;
                    events.offer(event, PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                return Behaviors.same();
            });
        }

        @Override
        public long firstWord() throws Exception {
            long begun = System.nanoTime();
            door.serving.tell(new ServingProtocol.Generate(
                    UUID.randomUUID().toString(),
                    "bench",
                    GenerateRequest.newBuilder()
                            .setModel(ServedDoor.MODEL)
                            .setPrompt("Say something")
                            .setMaxTokens(WORDS)
                            .build(),
                    ref));
            ServingProtocol.Event first = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            long nanos = System.nanoTime() - begun;
            if (!(first instanceof ServingProtocol.Text)
                    || !(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) instanceof ServingProtocol.Finished)) {
                throw new IllegalStateException("not answered: " + first);
            }
            return nanos;
        }

        @Override
        public void close() {
            // the actor ends with its system
        }
    }

    private final class HttpClient implements Client {
        private final Socket socket;
        private final InputStream in;

        HttpClient() throws IOException {
            socket = new Socket(door.address().getAddress(), door.address().getPort());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        void ask() throws IOException {
            String body = "{\"model\":\"" + ServedDoor.MODEL
                    + "\",\"prompt\":\"Say something\",\"stream\":true,\"max_tokens\":" + WORDS + "}";
            String head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + door.key
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public long firstWord() throws IOException {
            long begun = System.nanoTime();
            ask();
            long nanos = 0;
            for (String line = line(); !line.equals("data: [DONE]"); line = line()) {
                if (nanos == 0 && line.contains("\"text\":\"word \"")) {
                    nanos = System.nanoTime() - begun;
                }
            }
            while (!line().equals("0")) {
                // the last chunk is empty
            }
            line();
            return nanos;
        }

        private String line() throws IOException {
            byte[] line = new byte[512];
            int length = 0;
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the door closed the connection after: "
                            + new String(line, 0, length, StandardCharsets.UTF_8));
                }
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = (byte) c;
            }
            return new String(line, 0, length, StandardCharsets.UTF_8).strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
