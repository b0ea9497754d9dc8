package ai.postdev.benchmarks;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.benchmarks.CodeQueries.Query;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.GrepAnswer;
import ai.postdev.dragon.lake.code.GrepWarming;
import ai.postdev.dragon.lake.code.InvalidPatternException;
import ai.postdev.dragon.lake.code.ngram.NgramIndex;
import ai.postdev.dragon.lake.code.ngram.SegmentBuilder;
import ai.postdev.dragon.lake.code.ngram.SegmentMerge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The index of grams beside ripgrep and, where it is installed, csearch, in one run on one machine: the speed at which
 * it is built, its size, and the research note's 24 queries with and without it. Counts of files and lines must agree
 * with ripgrep's. Argument: a folder of UTF-8 text files; then optionally {@code --no-peers}.
 */
public final class CodeIndexSideBySide {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final int WARM_ROUNDS = 6;
    private static final int ROUNDS = 9;
    private static final int PEER_ROUNDS = 3;
    private static final long TEXT_BYTES_MAX = 1L << 30;

    private CodeIndexSideBySide() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            System.err.println("usage: CodeIndexSideBySide FOLDER [--no-peers]");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        boolean ripgrep = arguments.length == 1 && CodeQueries.installed("rg", "--version");
        boolean csearch = arguments.length == 1 && CodeQueries.installed("csearch", "-h");
        List<byte[]> texts = new ArrayList<>();
        CodeEngine engine = new CodeEngine(settings(TEXT_BYTES_MAX / 2), _ -> Optional.empty());
        CodeEngine scanning = new CodeEngine(settings(0), _ -> Optional.empty());
        load(folder, texts, engine, scanning);
        CodeView before = scanning.view();
        index(engine, texts);
        indexInParallel(texts);
        engine.warming().run();
        if (!ripgrep || !csearch) {
            System.out.println("NOT COMPARED: " + (ripgrep ? "" : "rg ") + (csearch ? "" : "csearch ") + "absent");
        }
        Path theirs = csearch ? csearchIndex(folder) : folder;
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            CodeView after = engine.view();
            GrepWarming.run(after);
            List<Double> cold = new ArrayList<>();
            for (Query query : CodeQueries.ALL) {
                long began = System.nanoTime();
                after.grep(query.grep(50, 3), pool);
                cold.add((System.nanoTime() - began) / 1e6);
            }
            System.out.printf("each query's first time, first 50 documents: %s%n", percentiles(cold));
            for (int round = 0; round < WARM_ROUNDS; round++) {
                for (Query query : CodeQueries.ALL) {
                    after.grep(query.grep(Integer.MAX_VALUE, 0), pool);
                    after.grep(query.grep(50, 3), pool);
                }
            }
            Table table = new Table();
            for (Query query : CodeQueries.ALL) {
                compare(query, before, after, pool, ripgrep ? folder : null, csearch ? theirs : null, table);
            }
            table.print("the 24 queries");
            table = new Table();
            for (Query query : CodeQueries.HARD) {
                compare(query, before, after, pool, null, null, table);
            }
            table.print("hard expressions");
        }
    }

    private static CodeSettings settings(long indexBytesMax) {
        return new CodeSettings(TEXT_BYTES_MAX, indexBytesMax, THREADS, 1, 1, Duration.ofSeconds(10), 1);
    }

    private static void load(Path folder, List<byte[]> texts, CodeEngine... engines) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        long sequence = 0;
        for (Path file : files) {
            byte[] text = Files.readAllBytes(file);
            texts.add(text);
            bytes += text.length;
            ContentHash hash = ContentHash.of(text);
            String path = folder.relativize(file).toString();
            Body put = new Body.PutDocument(
                    new WorkspaceId("bench"), path, hash, text.length, Language.ofPath(path), 0, text.length);
            sequence++;
            Operation operation = new Operation(
                    new ProjectId("bench"), new Origin("bench"), sequence, HybridTime.of(sequence, 0), put);
            for (CodeEngine engine : engines) {
                engine.fold(operation, Map.of(hash, text));
            }
        }
        System.out.printf("%d files, %.0f MB, %d threads%n", files.size(), bytes / 1e6, THREADS);
    }

    private static void index(CodeEngine engine, List<byte[]> texts) {
        double megabytes = texts.stream().mapToLong(text -> text.length).sum() / 1e6;
        long began = System.nanoTime();
        engine.indexAll();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "index, 1 thread, merges included: %.2f s, %.0f MB/s, %.3f bytes for a byte of text%n",
                seconds, megabytes / seconds, engine.view().indexBytes() / 1e6 / megabytes);
    }

    /** The same work without the store, texts shared out between the threads. */
    private static void indexInParallel(List<byte[]> texts) throws InterruptedException, ExecutionException {
        double megabytes = texts.stream().mapToLong(text -> text.length).sum() / 1e6;
        NgramIndex index = new NgramIndex();
        AtomicInteger next = new AtomicInteger();
        long began = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                workers.add(pool.submit(() -> {
                    while (next.get() < texts.size()) {
                        SegmentBuilder builder = new SegmentBuilder();
                        for (int at = next.getAndIncrement();
                                at < texts.size() && builder.add(at, texts.get(at)) && builder.textBytes() < 8 << 20;
                                at = next.getAndIncrement()) {}
                        var segment = builder.build();
                        Optional<SegmentMerge> merge;
                        synchronized (index) {
                            index.add(segment);
                            merge = index.merge();
                            merge.ifPresent(each -> index.replace(each, each.run()));
                        }
                    }
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                "index, %d threads: %.2f s, %.0f MB/s, %d segments%n",
                THREADS, seconds, megabytes / seconds, index.view().segments());
    }

    private static final class Table {
        private final List<Double> first = new ArrayList<>();
        private final List<Double> all = new ArrayList<>();
        private final List<Double> scan = new ArrayList<>();
        private final List<Double> ripgrep = new ArrayList<>();
        private final List<Double> csearch = new ArrayList<>();

        private void print(String name) {
            System.out.printf("== %s%n", name);
            System.out.printf("first 50 documents          %s%n", percentiles(first));
            System.out.printf("all matches                 %s%n", percentiles(all));
            System.out.printf("all matches, no index       %s%n", percentiles(scan));
            System.out.printf("ripgrep                     %s%n", percentiles(ripgrep));
            System.out.printf("csearch -n                  %s%n", percentiles(csearch));
        }
    }

    private static void compare(
            Query query,
            CodeView before,
            CodeView after,
            ExecutorService pool,
            Path ripgrepFolder,
            Path csearchIndex,
            Table table)
            throws IOException, InterruptedException, InvalidPatternException {
        double[] top = new double[ROUNDS];
        double[] whole = new double[ROUNDS];
        double[] scan = new double[PEER_ROUNDS];
        GrepAnswer answer = null;
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            after.grep(query.grep(50, 3), pool);
            top[round] = (System.nanoTime() - began) / 1e6;
            began = System.nanoTime();
            answer = after.grep(query.grep(Integer.MAX_VALUE, 0), pool);
            whole[round] = (System.nanoTime() - began) / 1e6;
        }
        long[] ours = count(answer);
        String note = "";
        for (int round = 0; round < PEER_ROUNDS; round++) {
            long began = System.nanoTime();
            long[] scanned = count(before.grep(query.grep(Integer.MAX_VALUE, 0), pool));
            scan[round] = (System.nanoTime() - began) / 1e6;
            note = Arrays.equals(ours, scanned) ? note : "   DIFFERENT: scan " + Arrays.toString(scanned);
        }
        table.first.add(median(top));
        table.all.add(median(whole));
        table.scan.add(median(scan));
        double rg = Double.NaN;
        if (ripgrepFolder != null) {
            double[] times = new double[PEER_ROUNDS];
            for (int round = 0; round < PEER_ROUNDS; round++) {
                long began = System.nanoTime();
                long[] expected = query.ripgrep(ripgrepFolder);
                times[round] = (System.nanoTime() - began) / 1e6;
                note = Arrays.equals(ours, expected) ? note : "   DIFFERENT: rg " + Arrays.toString(expected);
            }
            rg = median(times);
            table.ripgrep.add(rg);
        }
        double cs = Double.NaN;
        if (csearchIndex != null) {
            double[] times = new double[PEER_ROUNDS];
            for (int round = 0; round < PEER_ROUNDS; round++) {
                long began = System.nanoTime();
                csearch(query, csearchIndex);
                times[round] = (System.nanoTime() - began) / 1e6;
            }
            cs = median(times);
            table.csearch.add(cs);
        }
        System.out.printf(
                "%-40s first 50 %7.2f   all %7.2f   no index %7.1f   rg %7.1f   csearch %7.1f ms"
                        + "   read %6.2f MB   files %d lines %d%s%n",
                query.pattern(),
                median(top),
                median(whole),
                median(scan),
                rg,
                cs,
                answer.bytesScanned() / 1e6,
                ours[0],
                ours[1],
                note);
    }

    private static long[] count(GrepAnswer answer) {
        if (!answer.complete()) {
            throw new IllegalStateException("incomplete: " + answer.missing());
        }
        long lines = answer.documents().stream()
                .mapToLong(GrepAnswer.GrepDocument::lineCount)
                .sum();
        return new long[] {answer.documents().size(), lines};
    }

    private static Path csearchIndex(Path folder) throws IOException, InterruptedException {
        Path index = Files.createTempFile("csearch", ".index");
        Files.delete(index); // it takes an empty file for a damaged index
        index.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder("cindex", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CSEARCHINDEX", index.toString());
        long began = System.nanoTime();
        builder.start().waitFor();
        System.out.printf("cindex: %.2f s, %.0f MB%n", (System.nanoTime() - began) / 1e9, Files.size(index) / 1e6);
        return index;
    }

    private static void csearch(Query query, Path index) throws IOException, InterruptedException {
        String pattern = query.literal() ? query.pattern().replaceAll("[.\\\\!()\\[\\]]", "\\\\$0") : query.pattern();
        ProcessBuilder builder = new ProcessBuilder("csearch", "-n", pattern)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CSEARCHINDEX", index.toString());
        builder.start().waitFor();
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String percentiles(List<Double> times) {
        if (times.isEmpty()) {
            return "-";
        }
        double[] sorted =
                times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return String.format(
                "p50 %.2f   p95 %.2f   worst %.2f ms",
                sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.95)], sorted[sorted.length - 1]);
    }
}
