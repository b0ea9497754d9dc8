package ai.postdev.app.bench;

import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Somebody who asks one question after another and saves a file now and then, while the node's process is watched. */
final class SteadyUse {
    /** A save after so many questions. */
    private static final int SAVE_EVERY = 10;

    private static final Duration SAMPLE = Duration.ofMillis(500);
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);
    /** Parts of the time whose means are compared. */
    private static final int PARTS = 4;

    /**
     * The process at one moment.
     *
     * @param after since the beginning
     * @param javaBytes heap, classes and compiled code
     * @param handles open files; 0 where the system does not tell
     */
    record Sample(Duration after, long resident, long javaBytes, long handles) {}

    private final NodeClient client;
    private final long pid;
    private final List<SearchRequest> asked;
    private final Path saves;
    private final Latencies latencies = new Latencies();
    private final List<String> unanswered = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private long lacking;
    private long saved;
    private long unsaved;

    /**
     * Nothing asked yet.
     *
     * @param pid of the node
     * @param saves a watched folder to save in
     */
    SteadyUse(NodeClient client, long pid, List<SearchRequest> asked, Path saves) {
        this.client = client;
        this.pid = pid;
        this.asked = asked;
        this.saves = saves;
    }

    void run(Duration time) throws IOException, ClientFault {
        long start = System.nanoTime();
        long sampled = start;
        for (int i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            ask(asked.get(i % asked.size()));
            if (i % SAVE_EVERY == 0) {
                save(i);
            }
            if (System.nanoTime() - sampled > SAMPLE.toNanos()) {
                sampled = System.nanoTime();
                sample(Duration.ofNanos(sampled - start));
            }
        }
    }

    private void ask(SearchRequest request) {
        long before = System.nanoTime();
        try {
            SearchAnswer answer = client.search(request);
            latencies.add(System.nanoTime() - before);
            lacking += answer.getMissingCount() > 0 ? 1 : 0;
        } catch (ClientFault e) {
            unanswered.add(e.getMessage());
        }
    }

    private void save(int number) throws IOException, ClientFault {
        String word = "steady" + number + "mark";
        Files.writeString(saves.resolve("Part0.java"), "class " + word + " {}\n");
        SearchRequest request =
                SearchRequest.newBuilder().setQuery(word).setMode("regex").build();
        long deadline = System.nanoTime() + SEEN_WITHIN.toNanos();
        while (client.search(request).getHitsCount() == 0) {
            if (System.nanoTime() - deadline > 0) {
                unsaved++;
                return;
            }
        }
        saved++;
    }

    private void sample(Duration after) throws IOException, ClientFault {
        LakeAnswer lake = client.lake(LakeRequest.getDefaultInstance());
        samples.add(new Sample(after, lake.getResidentBytes(), lake.getJavaBytes(), handles()));
    }

    private long handles() throws IOException {
        Path open = Path.of("/proc", Long.toString(pid), "fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> each = Files.list(open)) {
            return each.count();
        }
    }

    /** Resident bytes at each sample but those of the first {@code settling}. */
    List<Long> resident(Duration settling) {
        return samples.stream()
                .filter(sample -> sample.after().compareTo(settling) > 0)
                .map(Sample::resident)
                .toList();
    }

    void report(PrintStream out) {
        row(out, "questions", latencies + ", " + unanswered.size() + " not answered");
        unanswered.stream().distinct().limit(5).forEach(why -> row(out, "  not answered", why));
        row(out, "answers that said what they lack", Long.toString(lacking));
        row(out, "saves seen", saved + ", not within " + SEEN_WITHIN.toSeconds() + " s: " + unsaved);
        row(out, "in RAM, mean of each quarter", means(Sample::resident, 1e6, "MB"));
        row(out, "Java, mean of each quarter", means(Sample::javaBytes, 1e6, "MB"));
        row(out, "open files, mean of each quarter", means(Sample::handles, 1, ""));
    }

    private String means(ToLongFunction<Sample> of, double unit, String name) {
        StringBuilder means = new StringBuilder();
        for (int part = 0; part < PARTS; part++) {
            double mean = samples.subList(part * samples.size() / PARTS, (part + 1) * samples.size() / PARTS).stream()
                    .mapToLong(of)
                    .average()
                    .orElse(0);
            means.append(String.format(Locale.ROOT, "%s%.1f", part == 0 ? "" : ", ", mean / unit));
        }
        return means.append(' ').append(name).toString().strip();
    }

    private static void row(PrintStream out, String what, String value) {
        out.printf(Locale.ROOT, "%-45s %s%n", what, value);
        out.flush();
    }
}
