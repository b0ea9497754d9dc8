package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.history.Fingerprint;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistoryEvent;
import ai.postdev.dragon.lake.history.HistoryQuery;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Figures of the stores, printed: {@code StoreMeasurements vector|history|metadata}. No test: figures are no verdict. */
public final class StoreMeasurements {
    private static final int ROUNDS = 200;

    private StoreMeasurements() {}

    /** Runs one part. */
    public static void main(String[] args) throws IOException {
        switch (args[0]) {
            case "vector" -> vector();
            case "history" -> history();
            case "metadata" -> metadata();
            default -> throw new IllegalArgumentException("vector, history or metadata, not " + args[0]);
        }
    }

    private static void vector() throws IOException {
        Random random = new Random(7);
        VectorEngine engine = new VectorEngine(new VectorSettings(1_000_000, 1), Supersession.NONE);
        List<float[]> queries = new ArrayList<>();
        long start = CPU.getCurrentThreadCpuTime();
        for (int i = 1; i <= 100_000; i++) {
            float[] vector = new float[384];
            for (int d = 0; d < vector.length; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            engine.apply(Seeded.operation(i, i, new Body.PutEmbedding(ContentHash.of("c" + i), "m", vector)));
            if (i % 500 == 0) {
                queries.add(vector);
            }
        }
        line("100k x 384 folded in, s", (CPU.getCurrentThreadCpuTime() - start) / 1e9);
        VectorView view = engine.view();
        times("nearest 10 of 100k, ms", i -> view.nearest("m", queries.get(i % queries.size()), 10, _ -> true));
        times(
                "nearest 100 of 100k, half filtered, ms",
                i -> view.nearest("m", queries.get(i % queries.size()), 100, hash -> (hash.a() & 1) == 0));
        times("contains x 1000, ms", i -> {
            for (int c = 0; c < 1_000; c++) {
                view.contains("m", ContentHash.of("c" + (i + c)));
            }
        });
        line("bytes per vector", view.memoryBytes() / 100_000.0);
        snapshot(engine, new VectorEngine(new VectorSettings(1_000_000, 1), Supersession.NONE));
    }

    private static final String[] WORDS =
            ("connection refused retry timeout cache flush parser index journal commit build failed test module"
                            + " handler request response socket buffer thread pool shutdown config value null pointer illegal"
                            + " state argument stream closed permission denied file directory missing dependency version conflict"
                            + " merge branch rebase upload download token secret policy route cluster node leader member")
                    .split(" ");

    private static void history() throws IOException {
        Random random = new Random(7);
        HistoryEngine engine = new HistoryEngine(new HistorySettings(5_000_000, 65_536));
        long bytes = 0;
        long start = CPU.getCurrentThreadCpuTime();
        int events = 1_010_000;
        for (int i = 1; i <= events; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 4 + random.nextInt(16); w > 0; w--) {
                // Zipf-like: few words are common, names with numbers are rare
                int pick = (int) (WORDS.length * Math.pow(random.nextDouble(), 2));
                text.append(WORDS[pick])
                        .append(random.nextInt(6) == 0 ? "_" + Integer.toString(random.nextInt(5_000), 36) : "")
                        .append(' ');
            }
            bytes += text.length();
            boolean commit = i <= 10_000;
            List<String> paths = new ArrayList<>();
            for (int p = commit ? 5 : random.nextInt(2); p > 0; p--) {
                paths.add(
                        "src/main/java/com/acme/part" + random.nextInt(40) + "/File" + random.nextInt(3_000) + ".java");
            }
            Map<String, String> facts = commit
                    ? Map.of(
                            "commit", ContentHash.of("k" + i).hex().substring(0, 40), "author", "Ada <ada@example.org>")
                    : Map.of();
            engine.apply(Seeded.operation(
                    i,
                    i,
                    new Body.AppendEvent(
                            commit ? "commit" : "command",
                            1_700_000_000_000L + random.nextInt(1_000_000_000),
                            text.toString(),
                            facts,
                            paths)));
        }
        double seconds = (CPU.getCurrentThreadCpuTime() - start) / 1e9;
        line("events per second folded in", events / seconds);
        HistoryView view = engine.view();
        line("text bytes per event", (double) bytes / events);
        line("bytes of memory per event, text included", (double) view.memoryBytes() / events);
        times("newest 20, ms", _ -> view.find(HistoryQuery.newest(20)));
        times(
                "one common word, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20).withText(WORDS[i % 20])));
        times(
                "two words, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20)
                        .withText(WORDS[i % WORDS.length] + " " + WORDS[(i * 7 + 3) % WORDS.length])));
        times(
                "rare word, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20).withText("timeout_" + Integer.toString(i * 23, 36))));
        times(
                "phrase, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20)
                        .withText("\"" + WORDS[i % WORDS.length] + " " + WORDS[(i + 5) % WORDS.length] + "\"")));
        times("word that is nowhere, ms", i -> view.find(HistoryQuery.newest(20).withText("quixotic" + i)));
        times(
                "by path, ms",
                i -> view.find(HistoryQuery.newest(20)
                        .withPath("src/main/java/com/acme/part" + i % 40 + "/File" + i + ".java")));
        times(
                "similar 10, ms",
                i -> view.similar(
                        "error: connection_" + i + " refused while merge of branch timeout_" + i, 10, Runnable::run));
        long day = 86_400_000L;
        times(
                "an hour of 1 M events, newest 100, ms",
                i -> view.find(HistoryQuery.newest(100)
                        .withTime(1_700_000_000_000L + i * day / 20, 1_700_000_000_000L + i * day / 20 + 3_600_000)));
        times("kind, newest 20, ms", _ -> view.find(HistoryQuery.newest(20).withKinds(Set.of("commit"))));
        times(
                "folder, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20).withPath("src/main/java/com/acme/part" + i % 40 + "/")));
        times(
                "substring of a word, newest 20, ms",
                i -> view.find(HistoryQuery.newest(20).withText("ut_" + Integer.toString(i * 23, 36))));
        List<String> texts = view.find(HistoryQuery.newest(ROUNDS)).stream()
                .map(HistoryEvent::text)
                .toList();
        times("same fingerprint, 20, ms", i -> view.same(Fingerprint.of(texts.get(i)), 20));
        times("similar 10 to one that was, ms", i -> view.similar(texts.get(i), 10, Runnable::run));
        HistoryEvent event = view.find(HistoryQuery.newest(1_000)).getLast();
        times("after one, 10, ms", _ -> view.after(event, 3_600_000, 10));
        snapshot(engine, new HistoryEngine(new HistorySettings(5_000_000, 65_536)));
    }

    private static void metadata() throws IOException {
        Random random = new Random(7);
        MetadataSettings bounds = new MetadataSettings(10_000_000, 5_000_000, 64, 50);
        MetadataEngine engine = new MetadataEngine(bounds);
        long start = CPU.getCurrentThreadCpuTime();
        int commits = 200_000;
        for (int i = 1; i <= commits; i++) {
            List<String> paths = new ArrayList<>();
            for (int p = 0; p < 5; p++) {
                int file = (int) (8_000 * Math.pow(random.nextDouble(), 2));
                paths.add("src/main/java/com/acme/part" + file % 40 + "/File" + file + ".java");
            }
            engine.apply(Seeded.operation(
                    i,
                    i,
                    new Body.AppendEvent(
                            "commit",
                            1_700_000_000_000L + i * 60_000L,
                            "Mend the thing number " + i,
                            Map.of("commit", ContentHash.of("k" + i).hex().substring(0, 40), "author", "Ada"),
                            paths)));
        }
        line("commits of 5 files per second folded in", commits / ((CPU.getCurrentThreadCpuTime() - start) / 1e9));
        MetadataView view = engine.view();
        line("edges", (double) view.edgeCount());
        line("bytes of memory per edge, nodes included", (double) view.memoryBytes() / view.edgeCount());
        times(
                "touching, 20, ms",
                i -> view.touching("src/main/java/com/acme/part" + i % 40 + "/File" + i + ".java", 20));
        times(
                "changes with, 20, ms",
                i -> view.changesWith("src/main/java/com/acme/part" + i % 40 + "/File" + i + ".java", 20));
        long counted = CPU.getCurrentThreadCpuTime();
        engine.view().touchCounts();
        line("touch counts of all files, ms", (CPU.getCurrentThreadCpuTime() - counted) / 1e6);
        snapshot(engine, new MetadataEngine(bounds));
    }

    private static void snapshot(StoreEngine<?> from, StoreEngine<?> to) throws IOException {
        Path file = Files.createTempFile("store", ".snapshot");
        long start = CPU.getCurrentThreadCpuTime();
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            from.writeSnapshot(out);
        }
        line("snapshot MB", Files.size(file) / 1e6);
        line("snapshot written, s", (CPU.getCurrentThreadCpuTime() - start) / 1e9);
        start = CPU.getCurrentThreadCpuTime();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            to.readSnapshot(in);
        }
        line("snapshot read, s", (CPU.getCurrentThreadCpuTime() - start) / 1e9);
        Files.delete(file);
    }

    /** Time of the processor for this thread: the machine may have other work. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private interface Step {
        void run(int round);
    }

    private static void times(String what, Step step) {
        for (int i = 0; i < ROUNDS; i++) {
            step.run(i);
        }
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long start = CPU.getCurrentThreadCpuTime();
            step.run(i);
            nanos[i] = CPU.getCurrentThreadCpuTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-45s p50 %9.3f   p95 %9.3f%n", what, nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS * 95 / 100] / 1e6);
    }

    private static void line(String what, double value) {
        System.out.printf("%-45s     %9.3f%n", what, value);
    }
}
