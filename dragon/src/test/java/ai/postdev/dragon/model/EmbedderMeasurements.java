package ai.postdev.dragon.model;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Figures of the embedder, printed: {@code EmbedderMeasurements FOLDER}, cut into windows of 30 lines. No test. */
public final class EmbedderMeasurements {
    private static final int CHUNKS = 300;
    private static final int LINES = 30;

    private EmbedderMeasurements() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException {
        List<String> chunks = chunks(Path.of(args[0]));
        System.out.printf("chunks %d of %s%n", chunks.size(), args[0]);
        System.out.printf("RSS before loading, MB        %8.1f%n", rss());
        long start = System.nanoTime();
        try (Embedder embedder =
                MiniLmEmbedder.load(EmbedderSettings.from(ConfigFactory.load(), Path.of("target", "djl")))) {
            System.out.printf("load, ms                      %8.1f%n", (System.nanoTime() - start) / 1e6);
            System.out.printf("RSS after loading, MB         %8.1f%n", rss());
            for (int threads : new int[] {1, 2}) {
                chunks.subList(0, 30).forEach(embedder::embed);
                System.out.printf("chunks/s on %d threads         %8.1f%n", threads, rate(embedder, chunks, threads));
            }
            System.out.printf("RSS after embedding, MB       %8.1f%n", rss());
            ThreadMXBean cpu = ManagementFactory.getThreadMXBean();
            long busy = cpu.getCurrentThreadCpuTime();
            chunks.subList(0, 100).forEach(embedder::embed);
            System.out.printf("chunks for a second of CPU    %8.1f%n", 100e9 / (cpu.getCurrentThreadCpuTime() - busy));
            long queries = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                embedder.embed("where do we retry the failed request number " + i);
            }
            System.out.printf("query, ms                     %8.2f%n", (System.nanoTime() - queries) / 200e6);
        }
    }

    private static double rate(Embedder embedder, List<String> chunks, int threads) {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            long start = System.nanoTime();
            chunks.stream()
                    .map(chunk -> CompletableFuture.runAsync(() -> embedder.embed(chunk), pool))
                    .toList()
                    .forEach(CompletableFuture::join);
            return chunks.size() / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static List<String> chunks(Path folder) throws IOException {
        List<String> chunks = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(f -> f.toString().matches(".*\\.(java|go|py|rs|js)$"))
                    .sorted()
                    .forEach(file -> {
                        try {
                            List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1)
                                    .lines()
                                    .toList();
                            for (int i = 0; i < lines.size() && chunks.size() < CHUNKS; i += LINES) {
                                chunks.add(String.join("\n", lines.subList(i, Math.min(lines.size(), i + LINES))));
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return chunks;
    }

    private static double rss() throws IOException {
        System.gc();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith("VmRSS:"))
                            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                            .findFirst()
                            .orElse(0)
                    / 1024.0;
        }
    }
}
