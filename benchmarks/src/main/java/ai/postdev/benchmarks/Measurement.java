package ai.postdev.benchmarks;

import ai.postdev.benchmarks.door.GatewayOverhead;
import ai.postdev.benchmarks.lake.ParseTimes;
import ai.postdev.benchmarks.lake.ReplayPhases;
import ai.postdev.benchmarks.lake.SnapshotFreezes;
import ai.postdev.benchmarks.lake.SnapshotMemory;
import ai.postdev.benchmarks.lake.SnapshotTimes;
import ai.postdev.benchmarks.model.EnginesSideBySide;
import ai.postdev.benchmarks.model.LlamaSideBySide;
import ai.postdev.benchmarks.model.OnnxSideBySide;
import ai.postdev.benchmarks.vector.VectorAdds;
import ai.postdev.benchmarks.vector.VectorChurn;
import ai.postdev.benchmarks.vector.VectorPlots;
import ai.postdev.benchmarks.vector.VectorSideBySide;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.Main;

/**
 * One program of {@link BenchmarkTable}.
 *
 * @param what it measures, for a reader
 * @param program its class
 * @param heap of its Java, as {@code -Xmx} takes it
 * @param flags of its Java besides those of the table
 * @param arguments with {@code {code}}, {@code {python}}, {@code {model}} and {@code {out}} for what the table has
 * @param needs what must be there
 * @param limit after which it is stopped
 */
record Measurement(
        String name,
        String what,
        String program,
        String heap,
        List<String> flags,
        List<String> arguments,
        List<Needs> needs,
        Duration limit) {
    /** What a measurement cannot do without. */
    enum Needs {
        CODE,
        PYTHON,
        MODEL
    }

    private static final String MADE = "100000";
    private static final String ENGINES = "own,plain,hnswlib,fsr,fs,lucene";

    /** A node's collector and object headers. */
    private static final List<String> AS_A_NODE = List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    /** All, the quick ones first. */
    static final List<Measurement> ALL = List.of(
            of("kernels", "inner loops by JMH", Main.class, "1g", 20, "ai.postdev.benchmarks.kernel")
                    .needing(Needs.CODE),
            of("parse", "a saved file parsed, as a whole and where it differs", ParseTimes.class, "1g", 20, "{code}")
                    .needing(Needs.CODE),
            of("code", "exact search, beside ripgrep and csearch", CodeIndexSideBySide.class, "4g", 20, "{code}")
                    .needing(Needs.CODE),
            of("grep", "search in text, beside ripgrep", GrepSideBySide.class, "4g", 20, "{code}")
                    .needing(Needs.CODE),
            of(
                            "code-sizes",
                            "search at 10 MB to 2 GB, a plot",
                            CodeSizes.class,
                            "8g",
                            60,
                            "{code}",
                            "2000",
                            "{out}/code-sizes.svg")
                    .needing(Needs.CODE),
            of(
                            "vectors-a",
                            "search by meaning, set A, beside its peers",
                            VectorSideBySide.class,
                            "3g",
                            60,
                            "A",
                            MADE,
                            "{python}",
                            ENGINES,
                            "{out}/vectors.csv")
                    .needing(Needs.PYTHON),
            of(
                            "vectors-b",
                            "search by meaning, set B, beside its peers",
                            VectorSideBySide.class,
                            "3g",
                            60,
                            "B",
                            MADE,
                            "{python}",
                            ENGINES,
                            "{out}/vectors.csv")
                    .needing(Needs.PYTHON),
            of(
                            "vector-sizes",
                            "search by meaning, 10,000 of set A",
                            VectorSideBySide.class,
                            "3g",
                            30,
                            "A",
                            "10000",
                            "{python}",
                            "own,hnswlib",
                            "{out}/vectors.csv")
                    .needing(Needs.PYTHON),
            of(
                    "vector-plots",
                    "pictures of the three before",
                    VectorPlots.class,
                    "1g",
                    5,
                    "{out}/vectors.csv",
                    "{out}"),
            of("vector-churn", "all vectors replaced in 20 rounds", VectorChurn.class, "3g", 30, "B", MADE),
            of("vector-adds", "adds beside questions", VectorAdds.class, "3g", 20, "B", MADE),
            of("freezes", "noting a store's state for a snapshot", SnapshotFreezes.class, "3g", 20, "1000000")
                    .as(AS_A_NODE),
            of("snapshots", "snapshots written and read", SnapshotTimes.class, "3g", 20, "1000000")
                    .as(AS_A_NODE),
            of("snapshot-memory", "memory while one is written", SnapshotMemory.class, "3g", 20, "1000000")
                    .as(AS_A_NODE),
            of("replay", "a journal read again", ReplayPhases.class, "3g", 20, "200000")
                    .as(AS_A_NODE),
            of("door", "what the HTTP door adds", GatewayOverhead.class, "2g", 20),
            of("onnx", "embedding, beside ONNX Runtime alone", OnnxSideBySide.class, "2g", 30, "{code}")
                    .needing(Needs.CODE),
            of("llama", "a language model, beside the binding alone", LlamaSideBySide.class, "2g", 20, "{model}")
                    .needing(Needs.MODEL),
            of("engines", "answers at once, kept prompts, cancels", EnginesSideBySide.class, "2g", 30, "{model}")
                    .needing(Needs.MODEL));

    private static Measurement of(
            String name, String what, Class<?> program, String heap, int minutes, String... arguments) {
        return new Measurement(
                name,
                what,
                program.getName(),
                heap,
                List.of(),
                List.of(arguments),
                List.of(),
                Duration.ofMinutes(minutes));
    }

    private Measurement needing(Needs... added) {
        return new Measurement(name, what, program, heap, flags, arguments, List.of(added), limit);
    }

    private Measurement as(List<String> added) {
        return new Measurement(name, what, program, heap, added, arguments, needs, limit);
    }
}
