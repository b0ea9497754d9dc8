package ai.postdev.dragon.lake.code.ngram;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NgramIndexTest {
    private final long seed = Long.getLong("postdevai.seed", System.nanoTime());
    private final Random random = new Random(seed);

    NgramIndexTest() {
        System.out.println("seed " + seed + " (set it by -Dpostdevai.seed)");
    }

    private static Segment segment(Map<Integer, String> texts) {
        SegmentBuilder builder = new SegmentBuilder();
        texts.forEach((blob, text) -> assertTrue(builder.add(blob, text.getBytes(StandardCharsets.UTF_8))));
        return builder.build();
    }

    private static GramQuery gram(String gram) {
        byte[] bytes = gram.getBytes(StandardCharsets.UTF_8);
        return GramQuery.gram(bytes[0], bytes[1], bytes[2]);
    }

    private record Range(int start, int end, int line) {}

    private static List<Range> ranges(Candidates candidates, int blob, int length) {
        List<Range> ranges = new ArrayList<>();
        candidates.ranges(blob, length, (start, end, line) -> ranges.add(new Range(start, end, line)));
        return ranges;
    }

    private String text(int lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            int length = random.nextInt(50) == 0 ? random.nextInt(9_000) : random.nextInt(90);
            for (int c = 0; c < length; c++) {
                text.append((char) ('a' + random.nextInt(8)));
            }
            text.append(i == lines - 1 && random.nextBoolean() ? "" : "\n");
        }
        return text.isEmpty() ? "x" : text.toString();
    }

    @Test
    void leavesExactlyTheTextsWithTheGramThroughMergesAndRemovals() {
        NgramIndex index = new NgramIndex();
        Map<Integer, String> texts = new TreeMap<>();
        Map<Integer, String> removed = new TreeMap<>();
        int next = 0;
        for (int step = 0; step < 120; step++) {
            Map<Integer, String> fresh = new TreeMap<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                fresh.put(next++, text(random.nextInt(300)));
            }
            index.add(segment(fresh));
            texts.putAll(fresh);
            for (int i = random.nextInt(5); i > 0 && !texts.isEmpty(); i--) {
                int blob = new ArrayList<>(texts.keySet()).get(random.nextInt(texts.size()));
                index.remove(blob);
                removed.put(blob, texts.remove(blob));
            }
            Optional<SegmentMerge> merge = index.merge();
            if (merge.isPresent()) {
                Segment merged = merge.get().run();
                // Revived while the merge ran: whether it is indexed still, the index says.
                for (int blob : List.copyOf(removed.keySet())) {
                    if (random.nextInt(10) == 0) {
                        index.revive(blob);
                        if (index.view().holds(blob)) {
                            texts.put(blob, removed.remove(blob));
                        }
                    }
                }
                for (int missed : index.replace(merge.get(), merged)) {
                    assertFalse(index.view().holds(missed));
                    removed.put(missed, texts.remove(missed));
                }
            }
            compare(index.view(), texts);
        }
        System.out.println(texts.size() + " texts, " + removed.size() + " removed, "
                + index.view().segments() + " segments");
        assertTrue(index.view().segments() < 20, "segments are merged");
        for (Optional<SegmentMerge> merge = index.merge(); merge.isPresent(); merge = index.merge()) {
            index.replace(merge.get(), merge.get().run());
        }
        long held = removed.keySet().stream().filter(index.view()::holds).count();
        assertTrue(held <= texts.size(), "removed texts go: " + held + " of " + removed.size() + " are left");
    }

    private void compare(NgramView view, Map<Integer, String> texts) {
        StringBuilder gram = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            gram.append((char) ('a' + random.nextInt(8)));
        }
        Candidates candidates = view.candidates(gram(gram.toString()));
        BitSet left = candidates.blobs();
        texts.forEach((blob, text) -> {
            assertTrue(view.holds(blob), () -> "seed " + seed);
            List<Range> ranges = ranges(candidates, blob, text.length());
            assertEquals(!ranges.isEmpty(), left.get(blob) && text.contains(gram), () -> "seed " + seed);
            // Every line with the gram is in a range, with its number; every range has the gram.
            int line = 1;
            for (int at = 0; at < text.length(); line++) {
                int end = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at) + 1;
                int start = at;
                int number = line;
                if (text.substring(at, end).contains(gram)) {
                    assertTrue(
                            ranges.stream().anyMatch(range -> range.start() <= start && end <= range.end()),
                            () -> "seed " + seed + " line " + number);
                }
                ranges.stream()
                        .filter(range -> range.start() == start)
                        .forEach(range -> assertEquals(number, range.line()));
                at = end;
            }
            ranges.forEach(range ->
                    assertTrue(text.substring(range.start(), range.end()).contains(gram), () -> "seed " + seed));
        });
    }

    @Test
    void combinesConditions() {
        NgramIndex index = new NgramIndex();
        index.add(segment(Map.of(0, "abc def\n", 1, "abc\n", 2, "def xyz\n", 3, "\n")));
        NgramView view = index.view();
        assertEquals("{0}", blobs(view, GramQuery.and(List.of(gram("abc"), gram("def")))));
        assertEquals("{0, 1, 2}", blobs(view, GramQuery.or(List.of(gram("abc"), gram("def")))));
        assertEquals(
                "{0, 2}",
                blobs(view, GramQuery.and(List.of(gram("def"), GramQuery.or(List.of(gram("abc"), gram("xyz")))))));
        assertEquals("{}", blobs(view, gram("qqq")));
        assertEquals("{0, 1, 2, 3}", blobs(view, GramQuery.ALL));
        assertEquals("{}", blobs(view, GramQuery.and(List.of(GramQuery.ALL, gram("c d"), gram("xyz")))));
    }

    private static String blobs(NgramView view, GramQuery query) {
        return view.candidates(query).blobs().toString();
    }

    @Test
    void knowsNoGramAcrossALineFeed() {
        NgramIndex index = new NgramIndex();
        index.add(segment(Map.of(0, "ab\ncd\n")));
        assertEquals("{}", blobs(index.view(), gram("abc")));
    }

    @Test
    void takesOnlyUtf8() {
        SegmentBuilder builder = new SegmentBuilder();
        assertTrue(builder.add(0, "é日😀\uFFFD\uD7FF\uE000".getBytes(StandardCharsets.UTF_8)));
        int[][] invalid = {
            {0x80},
            {0xC0, 0x80},
            {0xC1, 0x81},
            {0xC3},
            {0xE0, 0x80, 0x80},
            {0xED, 0xA0, 0x80},
            {0xE2, 0x82},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF5, 0x80, 0x80, 0x80},
            {0xFF},
            {0xE2, 0x82, 0x41}
        };
        for (int[] bytes : invalid) {
            byte[] text = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                text[i] = (byte) bytes[i];
            }
            assertFalse(builder.add(1, text));
        }
        assertFalse(builder.add(1, new byte[0]));
        assertEquals(1, builder.build().units());
    }

    @Test
    void writesAndReadsEverySetOfUnits() {
        for (int round = 0; round < 2_000; round++) {
            int units = 1 + random.nextInt(round % 10 == 0 ? 40_000 : 300);
            double share = Math.pow(random.nextDouble(), 3);
            int[] from = random.ints(0, units)
                    .limit(1 + (int) (units * share))
                    .distinct()
                    .sorted()
                    .toArray();
            byte[] data = new byte[5 + Postings.bytesMax(units)];
            int end = Postings.write(from, 0, from.length, units, data, 5);
            int[] back = new int[units];
            assertEquals(from.length, Postings.read(data, 5, end, units, back), () -> "seed " + seed);
            assertArrayEquals(from, Arrays.copyOf(back, from.length), () -> "seed " + seed);
            BitSet expected = new BitSet();
            for (int unit : from) {
                expected.set(unit);
            }
            long[] other = new long[Postings.words(units)];
            for (int i = 0; i < other.length; i++) {
                other[i] = random.nextLong();
            }
            long[] both = other.clone();
            Postings.intersect(data, 5, end, units, both);
            BitSet and = (BitSet) expected.clone();
            and.and(BitSet.valueOf(other));
            assertEquals(and, BitSet.valueOf(both), () -> "seed " + seed);
            Postings.union(data, 5, end, units, both);
            assertEquals(expected, BitSet.valueOf(both), () -> "seed " + seed);
        }
    }

    @Test
    void accountsForItsMemory() {
        NgramIndex index = new NgramIndex();
        assertEquals(0, index.view().bytes());
        index.add(segment(Map.of(0, text(2_000))));
        Segment only = index.view().segment(0);
        assertEquals(only.bytes() + 4, index.view().bytes(), "what the arrays hold, and where each text is");
        assertTrue(only.bytes() >= only.data.length + 4L * only.grams.length);
    }
}
