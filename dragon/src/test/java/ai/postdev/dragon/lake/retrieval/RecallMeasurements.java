package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.v1.RecallRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/**
 * Recall in a large history, printed: {@code RecallMeasurements EVENTS VECTORS [FOLDER MEGABYTES]}; with a folder its texts are held
 * as code of the project, as often as it takes for so many megabytes, each time under other paths and a little different. The events are half years of work as in
 * {@link RecallWorld}, one after the other; the vectors only fill the process. No test: figures are no verdict.
 */
public final class RecallMeasurements {
    private static final int ERRORS = 1_000;
    private static final int OTHERS = 20_000;
    private static final int ASKED_MAX = 400;

    private RecallMeasurements() {}

    /** Measures. */
    public static void main(String[] args) throws IOException {
        int events = Integer.parseInt(args[0]);
        int count = Integer.parseInt(args[1]);
        Config config = ConfigFactory.parseResources("reference.conf").resolve();
        List<ErrorKinds.Kind> kinds = ErrorKinds.all();
        try (ForkJoinPool scans = new ForkJoinPool(2);
                TextIndex index = TextIndex.inMemory();
                VectorEngine vectors = new VectorEngine(VectorSettings.from(config), Supersession.NONE);
                HistoryEngine history = new HistoryEngine(HistorySettings.from(config));
                MetadataEngine metadata = new MetadataEngine(MetadataSettings.from(config))) {
            CodeEngine code = new CodeEngine(CodeSettings.from(config), _ -> Optional.empty());
            if (args.length > 3) {
                hold(code, Path.of(args[2]), Long.parseLong(args[3]) * 1_000_000);
            }
            long sequence = 0;
            Random random = new Random(1);
            for (int i = 0; i < count; i++) {
                float[] vector = new float[384];
                for (int d = 0; d < vector.length; d++) {
                    vector[d] = (float) random.nextGaussian();
                }
                Body embedding = new Body.PutEmbedding(ContentHash.of("c" + i), "m", vector);
                vectors.apply(Seeded.operation(++sequence, sequence, embedding));
            }
            RecallWorld world = null;
            long start = cpu();
            long made = 0;
            for (long seed = 1; sequence - count < events; seed++) {
                long making = cpu();
                world = new RecallWorld(seed, kinds, ERRORS, OTHERS);
                List<Operation> operations = world.operations();
                made += cpu() - making;
                for (Operation operation : operations) {
                    history.apply(Seeded.operation(++sequence, operation.time().millis(), operation.body()));
                }
            }
            long held = sequence - count;
            System.out.printf(
                    "%d events, %.0f a CPU second, %.0f bytes each with their text, %d vectors%n",
                    held, held / ((cpu() - start - made) / 1e9), history.view().memoryBytes() / (double) held, count);
            LakeViews views = new LakeViews(
                    new ProjectId("p"),
                    code.view(),
                    index.current(),
                    vectors.view(),
                    history.view(),
                    metadata.view(),
                    Map.of());
            Retrieval retrieval = new Retrieval(RetrievalSettings.from(config), QueryMeaning.NONE, scans);
            List<String> texts = world.recurrences().stream()
                    .map(RecallWorld.Recurrence::text)
                    .limit(ASKED_MAX)
                    .toList();
            time("warm-up", texts, retrieval, views);
            time("recall", texts, retrieval, views);
        }
    }

    private static void hold(CodeEngine code, Path folder, long bytesMin) throws IOException {
        long bytes = 0;
        long sequence = 0;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (int copy = 0; bytes < bytesMin && !files.isEmpty(); copy++) {
            for (Path file : files) {
                String path = "copy" + copy + "/" + folder.relativize(file);
                byte[] text = (Files.readString(file) + "// " + copy + "\n").getBytes(StandardCharsets.UTF_8);
                ContentHash hash = ContentHash.of(text);
                Body.PutDocument put = new Body.PutDocument(
                        TestCode.WORKSPACE, path, hash, text.length, Language.ofPath(path), 0, text.length);
                code.fold(
                        new Operation(new ProjectId("p"), new Origin("o"), ++sequence, HybridTime.of(sequence, 0), put),
                        Map.of(hash, text));
                bytes += text.length;
            }
        }
        System.out.printf("%d files, %d MB of code%n", sequence, bytes / 1_000_000);
    }

    private static void time(String what, List<String> texts, Retrieval retrieval, LakeViews views) {
        double[] spent = new double[texts.size()];
        double[] wall = new double[texts.size()];
        for (int i = 0; i < spent.length; i++) {
            RecallRequest request =
                    RecallRequest.newBuilder().setText(texts.get(i)).build();
            long started = System.nanoTime();
            long start = cpu();
            retrieval.recall(request, views);
            spent[i] = (cpu() - start) / 1e6;
            wall[i] = (System.nanoTime() - started) / 1e6;
        }
        Arrays.sort(spent);
        Arrays.sort(wall);
        System.out.printf(
                "%s, ms CPU of the answering thread p50 %.1f p95 %.1f, wall p50 %.1f p95 %.1f%n",
                what,
                spent[spent.length / 2],
                spent[spent.length * 95 / 100],
                wall[wall.length / 2],
                wall[wall.length * 95 / 100]);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
