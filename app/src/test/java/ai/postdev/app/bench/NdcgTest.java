package ai.postdev.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.app.bench.Ndcg.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The values of the benchmark's own self-test. */
class NdcgTest {
    private static final double SECOND = 1 / (Math.log(3) / Math.log(2));
    private static final Entry SPAN = new Entry("p/a.go", 10, 20);
    private static final Entry CHUNK = new Entry("p/a.go", 20, 40);
    private static final Entry FAR = new Entry("p/a.go", 21, 40);

    private static List<Entry> files(String... paths) {
        return List.of(paths).stream().map(Entry::file).toList();
    }

    private static void scores(double expected, List<Entry> ranking, List<Entry> targets) {
        assertEquals(expected, Ndcg.of(ranking, targets, false), 1e-9);
    }

    @Test
    void countsByPlace() {
        scores(1, files("a", "b"), files("a"));
        scores(0.5, files("b", "c", "a"), files("a"));
        List<Entry> nine =
                IntStream.range(0, 9).mapToObj(i -> Entry.file("x" + i)).toList();
        List<Entry> tenth = new ArrayList<>(nine);
        tenth.add(Entry.file("a"));
        scores(1 / (Math.log(11) / Math.log(2)), tenth, files("a"));
        List<Entry> eleventh = new ArrayList<>(nine);
        eleventh.add(Entry.file("x9"));
        eleventh.add(Entry.file("a"));
        scores(0, eleventh, files("a"));
    }

    @Test
    void weighsAllTargetsAlike() {
        scores(1.5 / (1 + SECOND), files("a", "x", "b"), files("a", "b"));
        scores(1.5 / (1 + SECOND), files("b", "x", "a"), files("a", "b"));
        scores(1 / (1 + SECOND), files("b", "x"), files("a", "b"));
        scores(1 / (1 + SECOND), files("a", "a"), files("a", "b"));
        List<Entry> twelve =
                IntStream.range(0, 12).mapToObj(i -> Entry.file("t" + i)).toList();
        scores(1, twelve, twelve);
        scores(0, files("a"), List.of());
    }

    @Test
    void keepsRepeatsUnlessDistinctFilesAreWanted() {
        scores(0.5, files("a", "a", "b"), files("b"));
        assertEquals(SECOND, Ndcg.of(files("a", "a", "b"), files("b"), true), 1e-9);
        List<Entry> late = new ArrayList<>(Collections.nCopies(10, Entry.file("a")));
        late.add(Entry.file("b"));
        assertEquals(0, Ndcg.of(late, files("b"), true), 1e-9);
    }

    @Test
    void comparesLinesWhereBothHaveThem() {
        scores(1, List.of(CHUNK), List.of(SPAN));
        scores(SECOND, List.of(FAR, CHUNK), List.of(SPAN));
        scores(1, files("p/a.go"), List.of(SPAN));
        scores(1 / (1 + SECOND), List.of(CHUNK), List.of(SPAN, FAR));
    }

    @Test
    void matchesPathsByTheirTailsAtASlash() {
        scores(SECOND, files("a.go", "q.go"), files("src/q.go"));
        scores(0, files("a.go"), files("src/ba.go"));
        scores(1, files("./src\\a.go"), files("src/a.go"));
    }
}
