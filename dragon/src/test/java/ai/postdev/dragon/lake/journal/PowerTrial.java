package ai.postdev.dragon.lake.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.disk.DiskImage;
import ai.postdev.dragon.disk.DiskRecorder;
import ai.postdev.dragon.disk.ModelDisk.Lie;
import ai.postdev.dragon.disk.ModelDisk.Losses;
import ai.postdev.dragon.disk.PowerCuts;
import ai.postdev.dragon.disk.PowerCuts.Cut;
import ai.postdev.dragon.disk.Recording;
import ai.postdev.dragon.lake.journal.PowerOracle.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Records a journal at work, cuts the power in it, opens what is left, and counts what came of it. One thread. */
final class PowerTrial {
    private final Path dir;
    private final DiskRecorder recorder;
    private final Random random;
    private final Map<Losses, Integer> opened = new EnumMap<>(Losses.class);
    private final Map<Losses, Integer> repaired = new EnumMap<>(Losses.class);
    private int recordings;
    private int cuts;
    private int losing;
    private int beyondRepair;
    private long events;
    private long acknowledged;

    PowerTrial(Path dir, DiskRecorder recorder, Random random) {
        this.dir = dir;
        this.recorder = recorder;
        this.random = random;
    }

    /** Cuts after which acknowledged operations were missing from a journal that opened. */
    int losing() {
        return losing;
    }

    int cuts() {
        return cuts;
    }

    @Override
    public String toString() {
        return recordings + " recordings of " + events + " events, " + cuts + " cuts: opened " + opened
                + ", opened after the repair that they asked for " + repaired + "; " + acknowledged
                + " acknowledged operations looked for, " + losing + " cuts lost some, " + beyondRepair
                + " could not be repaired";
    }

    /** A fresh folder for a recording. */
    Path root() throws IOException {
        return Files.createDirectory(dir.resolve("recorded-" + recordings));
    }

    /** Has a process salvage the journal in {@code root}. */
    Recording recordSalvage(Path root) throws Exception {
        return record(root, ChildJvm.of(SalvageChild.class, List.of("-Djava.io.tmpdir=" + dir)));
    }

    /** Has a process work on the journal in {@code root}: some sessions, each of some commits in each of its threads. */
    Recording record(Path root, Durability durability, int sessions, int commits) throws Exception {
        return record(
                root,
                ChildJvm.of(
                        PowerChild.class,
                        List.of("-Djava.io.tmpdir=" + dir),
                        Long.toString(random.nextLong()),
                        durability.name().toLowerCase(Locale.ROOT),
                        Integer.toString(sessions),
                        Integer.toString(commits)));
    }

    private Recording record(Path root, ProcessBuilder process) throws Exception {
        recordings++;
        Recording recording =
                recorder.record(process, root, PowerChild.journal(root).resolve("native"), dir, PowerChild.ENDED);
        remove(root);
        events += recording.events().size();
        return recording;
    }

    /** Cuts the power, {@code count} times: everything must be as the oracle says. */
    void cut(Recording recording, PowerOracle oracle, int count) throws IOException {
        cut(recording, oracle, Lie.NONE, true, count);
    }

    /** Cuts the power, {@code count} times, and only counts what is lost. */
    void look(Recording recording, PowerOracle oracle, Lie lie, int count) throws IOException {
        cut(recording, oracle, lie, false, count);
    }

    private void cut(Recording recording, PowerOracle oracle, Lie lie, boolean must, int count) throws IOException {
        PowerCuts.each(recording, lie, count, random, new PowerCuts.Witness() {
            @Override
            public void marked(String text) {
                oracle.marked(text);
            }

            @Override
            public void cut(DiskImage image, Cut cut) throws IOException {
                Path root = dir.resolve("cut");
                image.write(root);
                try {
                    Findings findings = examine(root, oracle, cut);
                    assertTrue(!must || findings.none(), findings::toString);
                } catch (IOException | RuntimeException | AssertionError e) {
                    if (must) {
                        throw new AssertionError(cut + "; what was on the disk is kept in " + keep(image), e);
                    }
                    beyondRepair++;
                }
                remove(root);
            }
        });
    }

    private Findings examine(Path root, PowerOracle oracle, Cut cut) throws IOException {
        Path home = PowerChild.journal(root);
        cuts++;
        acknowledged += oracle.acknowledged();
        Findings findings;
        try (Journal journal = Journal.open(home, PowerChild.settings(Durability.FSYNC))) {
            findings = oracle.compare(journal, false);
            opened.merge(cut.losses(), 1, Integer::sum);
        } catch (JournalRefused refused) {
            System.out.println(cut + ": " + refused.getMessage());
            assertTrue(refused.getMessage().contains("postdevai doctor --repair"), refused.getMessage());
            Journal.salvage(home, PowerChild.settings(Durability.FSYNC));
            try (Journal journal = Journal.open(home, PowerChild.settings(Durability.FSYNC))) {
                findings = oracle.compare(journal, true);
            }
            repaired.merge(cut.losses(), 1, Integer::sum);
        }
        losing += findings.lost().isEmpty() ? 0 : 1;
        return findings;
    }

    /**
     * Puts into {@code root} what one cut of a recording leaves, for a process that goes on there.
     *
     * @return what a journal tells that is opened on it
     */
    PowerOracle left(Recording recording, Path root) throws IOException {
        DiskImage image = PowerCuts.one(recording, random);
        remove(root);
        image.write(root);
        // A journal that had no origin yet makes a new one each time.
        boolean named = told(image, false).origin().equals(told(image, false).origin());
        return told(image, !named);
    }

    private PowerOracle told(DiskImage image, boolean anyOrigin) throws IOException {
        Path copy = dir.resolve("copy");
        image.write(copy);
        try (Journal journal = Journal.open(PowerChild.journal(copy), PowerChild.settings(Durability.FSYNC))) {
            return PowerOracle.of(journal, anyOrigin);
        } finally {
            remove(copy);
        }
    }

    private Path keep(DiskImage image) throws IOException {
        Path kept = Path.of("target", "power-cut-" + System.nanoTime()).toAbsolutePath();
        image.write(kept);
        return kept;
    }

    static void remove(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}
