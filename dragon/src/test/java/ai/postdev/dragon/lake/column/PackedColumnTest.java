package ai.postdev.dragon.lake.column;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.Seeded;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedColumnTest {
    /** Values as columns have them, and the ends of what a long can be. */
    private static List<Long> values(Random random, int count) {
        List<Long> values = new ArrayList<>();
        int shape = random.nextInt(8);
        int width = 1 + random.nextInt(63);
        long at = random.nextLong();
        for (int i = 0; i < count; i++) {
            at += random.nextInt(1_000);
            values.add(
                    switch (shape) {
                        case 0 -> 7L;
                        case 1 -> at;
                        case 2 -> at << 16;
                        case 3 -> random.nextLong() >>> width;
                        case 4 -> -(at << 8);
                        case 5 -> Math.floorMod(at, 1L << 41) + (i == 1_000 ? random.nextLong() >>> 23 : 0);
                        case 6 -> random.nextLong() >> width;
                        default -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
                    });
        }
        return values;
    }

    private static PackedColumn column(List<Long> values) {
        PackedColumn column = new PackedColumn();
        for (int i = 0; i < values.size(); i++) {
            assertEquals(i, column.append(values.get(i)));
        }
        return column;
    }

    private static void check(List<Long> values, PackedColumn column) {
        assertEquals(values.size(), column.size());
        for (int i = 0; i < values.size(); i++) {
            assertEquals(values.get(i), column.get(i), "row " + i);
        }
        int from = values.size() / 3;
        long[] copied = new long[values.size() - from];
        column.copy(from, values.size(), copied);
        for (int i = from; i < values.size(); i++) {
            assertEquals(values.get(i), copied[i - from], "copied row " + i);
        }
    }

    @Test
    void givesBackWhatWasPutIn() {
        Random random = Seeded.random("givesBackWhatWasPutIn");
        for (int round = 0; round < 200; round++) {
            List<Long> values = values(random, random.nextInt(3_000));
            check(values, column(values));
        }
    }

    @Test
    void aSnapshotHasTheSameRows() throws IOException {
        Random random = Seeded.random("aSnapshotHasTheSameRows");
        for (int rows : new int[] {0, 1, 1_023, 1_024, 1_025, 2_048, 2_500}) {
            List<Long> values = values(random, rows);
            PackedColumn column = column(values);
            PackedColumn read = new PackedColumn();
            read.load(new DataInputStream(new ByteArrayInputStream(saved(column, rows))));
            check(values, read);
            assertEquals(column.memoryBytes(), read.memoryBytes());
            // Goes on as the other does, and what it was at a moment is told the same.
            byte[] before = saved(column, rows);
            for (long more : values(random, 1_500)) {
                values.add(more);
                column.append(more);
                read.append(more);
            }
            check(values, read);
            assertArrayEquals(before, saved(read, rows));
            assertArrayEquals(saved(column, column.size()), saved(read, read.size()));
        }
    }

    private static byte[] saved(PackedColumn column, int rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        column.save(rows, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    void takesOnlyTheBitsThatTheValuesNeed() {
        PackedColumn growing = new PackedColumn();
        PackedColumn same = new PackedColumn();
        for (int i = 0; i < 100 * 1_024; i++) {
            growing.append((1_700_000_000_000L + i) << 16);
            same.append(3);
        }
        assertTrue(growing.memoryBytes() < 100 * 1_024 / 10, "bytes " + growing.memoryBytes());
        assertTrue(same.memoryBytes() < 100 * 1_024 / 10, "bytes " + same.memoryBytes());
    }
}
