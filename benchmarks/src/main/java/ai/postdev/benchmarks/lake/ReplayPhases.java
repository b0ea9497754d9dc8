package ai.postdev.benchmarks.lake;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.OperationCodec;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.dragon.lake.ReplayFolding;
import ai.postdev.dragon.lake.ReplaySettings;
import ai.postdev.dragon.lake.StoreEngine;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.JournalWrite;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a replay of the journal is made of: {@code ReplayPhases [OPERATIONS [ROUNDS]]}. For operations of all kinds, and of
 * each kind alone: reading and decoding them from the database, decoding them alone, folding them into each store. CPU of
 * the thread, as the machine may have other work; the last of several rounds, as the first ones are those of a cold Java
 * machine.
 */
public final class ReplayPhases {
    private static final int GROUP = 2_000;

    private final Config config = ConfigFactory.parseResources("reference.conf").resolve();
    private final int rounds;

    private ReplayPhases(int rounds) {
        this.rounds = rounds;
    }

    /** Measures and prints. */
    public static void main(String[] args) throws IOException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        ReplayPhases phases = new ReplayPhases(args.length > 1 ? Integer.parseInt(args[1]) : 3);
        System.out.println("microseconds of CPU for an operation; operations for a second of one processor");
        phases.measure("all kinds", new MadeWork(7).mixed(count));
        for (MadeWork.Kind kind : MadeWork.Kind.values()) {
            int few = kind == MadeWork.Kind.EMBEDDING ? count / 10 : count / 4;
            phases.measure(kind.name().toLowerCase(Locale.ROOT), new MadeWork(7).of(kind, few));
        }
    }

    private void measure(String what, List<Operation> operations) throws IOException {
        Path folder = Files.createTempDirectory("replay");
        try {
            Map<String, Double> micros = new LinkedHashMap<>();
            JournalSettings settings = JournalSettings.from(config);
            try (Journal journal = Journal.open(folder.resolve("journal"), settings)) {
                write(journal, operations);
            }
            try (Journal journal = Journal.open(folder.resolve("journal"), settings)) {
                for (int round = 0; round < rounds; round++) {
                    phases(journal, operations, micros);
                }
                print(what, micros);
                whole(journal, operations.size());
            }
        } finally {
            delete(folder);
        }
    }

    private static void write(Journal journal, List<Operation> operations) {
        for (int from = 0; from < operations.size(); from += GROUP) {
            List<Operation> group = operations.subList(from, Math.min(operations.size(), from + GROUP)).stream()
                    .map(each ->
                            new Operation(each.project(), journal.origin(), each.sequence(), each.time(), each.body()))
                    .toList();
            List<LakeProtocol.Blob> texts =
                    group.stream().flatMap(each -> MadeWork.text(each).stream()).toList();
            JournalWrite.Outcome outcome = journal.append(group, texts);
            if (outcome instanceof JournalWrite.Refused refused) {
                throw new IllegalStateException(refused.message());
            }
        }
    }

    private void phases(Journal journal, List<Operation> operations, Map<String, Double> micros) throws IOException {
        long[] read = new long[1];
        double reading = micros(operations.size(), () -> {
            journal.replay(MadeWork.PROJECT, VersionVector.EMPTY, _ -> read[0]++);
        });
        if (read[0] != operations.size()) {
            throw new IllegalStateException("replayed " + read[0] + " of " + operations.size());
        }
        List<byte[]> encoded = operations.stream().map(OperationCodec::encode).toList();
        double decoding = micros(operations.size(), () -> encoded.forEach(OperationCodec::decode));
        micros.put("read, checked", reading - decoding);
        micros.put("decoded", decoding);
        for (Map.Entry<String, StoreEngine<?>> store : stores().entrySet()) {
            try (StoreEngine<?> engine = store.getValue()) {
                micros.put(store.getKey(), micros(operations.size(), () -> operations.forEach(engine::apply)));
            }
        }
    }

    /** Reading and folding by several threads, as a lake that opens does it. Other work makes it longer on the wall. */
    private void whole(Journal journal, int count) throws IOException {
        for (int threads : new int[] {0, 1, 2, 4}) {
            long best = Long.MAX_VALUE;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < rounds; round++) {
                List<StoreEngine<?>> all = List.copyOf(stores().values());
                long start = System.nanoTime();
                long cpu = Measured.processCpu();
                try (ReplayFolding folding = new ReplayFolding(
                        new ReplaySettings(threads, 1_000, 4 << 20, 8),
                        List.of(all.subList(0, 2), all.subList(2, 3), all.subList(3, 4)))) {
                    journal.replay(MadeWork.PROJECT, VersionVector.EMPTY, folding::add);
                    folding.end();
                }
                best = Math.min(best, System.nanoTime() - start);
                least = Math.min(least, Measured.processCpu() - cpu);
                all.forEach(StoreEngine::close);
            }
            System.out.printf(
                    "%20s beside the reader: %,10.0f/s on the wall, %,10.0f for a second of CPU, all threads together%n",
                    threads + " threads", count / (best / 1e9), count / (least / 1e9));
        }
    }

    private Map<String, StoreEngine<?>> stores() {
        Map<String, StoreEngine<?>> stores = new LinkedHashMap<>();
        stores.put("code", new CodeEngine(CodeSettings.from(config), _ -> Optional.empty()));
        stores.put("vector", new VectorEngine(VectorSettings.from(config), Supersession.NONE));
        stores.put("history", new HistoryEngine(HistorySettings.from(config)));
        stores.put("metadata", new MetadataEngine(MetadataSettings.from(config)));
        return stores;
    }

    private static double micros(int count, Measured.Work work) throws IOException {
        long start = Measured.cpu();
        work.run();
        return (Measured.cpu() - start) / 1e3 / count;
    }

    private static void print(String what, Map<String, Double> micros) {
        double all = micros.values().stream().mapToDouble(Double::doubleValue).sum();
        List<String> parts = new ArrayList<>();
        micros.forEach((phase, each) -> parts.add("%s %.2f".formatted(phase, each)));
        System.out.printf("%-10s %8.2f us %,10.0f/s   %s%n", what, all, 1e6 / all, String.join(", ", parts));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
